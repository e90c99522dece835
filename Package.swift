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
  products: [
    .library(name: "Varlink", targets: ["Varlink"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
  ],
  targets: [
    // Leaves: no I/O, no dependencies.
    .target(name: "Diagnostics", swiftSettings: swiftSettings),
    .target(name: "JSON", swiftSettings: swiftSettings),

    // The protocol without I/O, and a blocking client; then the server on SwiftNIO.
    .target(name: "Varlink", dependencies: ["Diagnostics", "JSON"], swiftSettings: swiftSettings),
    .target(
      name: "VarlinkServer",
      dependencies: [
        "JSON", "Varlink",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings
    ),

    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: swiftSettings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swiftSettings),
    .testTarget(name: "VarlinkTests", dependencies: ["JSON", "Varlink"], swiftSettings: swiftSettings),
    // A small service to be started by tests.
    .executableTarget(
      name: "varlink-test-service",
      dependencies: [
        "JSON", "Varlink", "VarlinkServer",
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Tests/VarlinkTestService",
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "VarlinkServerTests",
      dependencies: [
        "JSON", "Varlink", "VarlinkServer", "varlink-test-service",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings
    ),
  ]
)
