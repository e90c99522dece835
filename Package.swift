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

    .target(name: "Varlink", dependencies: ["Diagnostics", "JSON"], swiftSettings: swiftSettings),

    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: swiftSettings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swiftSettings),
    .testTarget(
      name: "VarlinkDescriptionTests", dependencies: ["Diagnostics", "JSON", "Varlink"], swiftSettings: swiftSettings),
  ]
)
