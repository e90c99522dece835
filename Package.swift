// swift-tools-version: 6.1

import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
  name: "muster",
  products: [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2")
  ],
  targets: [
    // Leaves: no I/O, no dependencies.
    .target(name: "Diagnostics", swiftSettings: swiftSettings),
    .target(name: "JSON", swiftSettings: swiftSettings),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    .target(name: "YAML", dependencies: ["CLibYAML", "Diagnostics"], swiftSettings: swiftSettings),

    // The data: packages on disk, and the immutable snapshot of one.
    .target(
      name: "DataPackage",
      dependencies: ["Diagnostics", "JSON", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swiftSettings),
    .target(name: "Dataset", dependencies: ["DataPackage", "Diagnostics", "JSON"], swiftSettings: swiftSettings),

    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: swiftSettings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swiftSettings),
    .testTarget(name: "YAMLTests", dependencies: ["YAML", "Diagnostics"], swiftSettings: swiftSettings),
    .testTarget(name: "SourceTextTests", dependencies: [], swiftSettings: swiftSettings),
    .testTarget(
      name: "DataPackageTests", dependencies: ["DataPackage", "Diagnostics", "JSON"], swiftSettings: swiftSettings),
    .testTarget(
      name: "DatasetTests", dependencies: ["DataPackage", "Dataset", "Diagnostics"], swiftSettings: swiftSettings),
  ]
)
