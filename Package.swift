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
  dependencies: [],
  targets: [
    // Leaves: no I/O, no dependencies.
    .target(name: "Diagnostics", swiftSettings: swiftSettings),
    .target(name: "JSON", swiftSettings: swiftSettings),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    .target(name: "YAML", dependencies: ["CLibYAML", "Diagnostics"], swiftSettings: swiftSettings),

    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: swiftSettings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swiftSettings),
    .testTarget(name: "YAMLTests", dependencies: ["YAML", "Diagnostics"], swiftSettings: swiftSettings),
    .testTarget(name: "SourceTextTests", dependencies: [], swiftSettings: swiftSettings),
  ]
)
