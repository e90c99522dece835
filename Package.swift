// swift-tools-version: 6.2

import PackageDescription

let isStrict = Context.environment["MUSTER_STRICT"] == "1"
// `make fuzz` alone: a program that only links with libFuzzer, and columns whose ends the address sanitizer watches.
let isFuzzed = Context.environment["MUSTER_FUZZ"] == "1"

// `make sanitize` alone: there are no static programs with the thread sanitizer.
let isSanitized = Context.environment["MUSTER_SANITIZE"] == "1"

let swiftSettings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (isStrict ? [.treatAllWarnings(as: .error)] : []) + (isFuzzed ? [.define("MUSTER_FUZZ")] : [])

let package = Package(
  name: "muster",
  products: [
    .library(name: "Varlink", targets: ["Varlink"]),
    .library(name: "ReportKit", targets: ["ReportKit"]),
    .executable(name: "muster", targets: ["muster"]),
    .executable(name: "musterd", targets: ["musterd"]),
    .executable(name: "muster-launcher", targets: ["muster-launcher"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
  ],
  targets: [
    // The floor: what every message and every text for a terminal needs; then what the system gives and refuses.
    .target(name: "Base", swiftSettings: swiftSettings),
    .target(
      name: "Posix", dependencies: ["CGlibc", .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: swiftSettings),

    // Leaves: no I/O, no dependencies.
    .target(name: "JSON", dependencies: ["Base"], swiftSettings: swiftSettings),
    .target(name: "ManualPages", dependencies: ["JSON"], swiftSettings: swiftSettings),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CGlibc"),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

    .target(name: "YAML", dependencies: ["Posix", "CLibYAML", "Base"], swiftSettings: swiftSettings),

    // The data: packages on disk.
    .target(
      name: "TabularPackage",
      dependencies: ["Posix", "Base", "JSON", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swiftSettings),
    // What a dataset is about, the questions that may be asked of its numbers, and what answers them.
    .target(name: "Model", dependencies: ["Base", "JSON", "TabularPackage"], swiftSettings: swiftSettings),
    .target(name: "Query", dependencies: ["Model"], swiftSettings: swiftSettings),
    .target(
      name: "Columnar", dependencies: ["Base", "Model", "Posix", "Query", "TabularPackage"],
      path: "Sources/Engines/Columnar",
      swiftSettings: swiftSettings),

    // The protocol without I/O, and a blocking client; then the server on SwiftNIO.
    .target(name: "Varlink", dependencies: ["Posix", "Base", "JSON"], swiftSettings: swiftSettings),
    // What `make generate` makes Swift of an interface with.
    .executableTarget(name: "varlink-generator", dependencies: ["Base", "Varlink"], swiftSettings: swiftSettings),
    .target(
      name: "VarlinkServer",
      dependencies: [
        "Posix", "JSON", "Varlink",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),

    // What a plugin author sees, and the shipped plugins, which see nothing else.
    .target(name: "ReportKit", dependencies: ["Model", "Query", "Base", "JSON"], swiftSettings: swiftSettings),
    .target(
      name: "ReportPlugins", dependencies: ["ReportKit"], path: "Plugins/Reports", swiftSettings: swiftSettings),
    .target(
      name: "TransformPlugins", dependencies: ["ReportKit"], path: "Plugins/Transforms", swiftSettings: swiftSettings),
    .target(
      name: "ExporterPlugins", dependencies: ["Base", "JSON", "ReportKit"], path: "Plugins/Exporters",
      swiftSettings: swiftSettings),

    // Executables as plugins, each run in isolation. The program that isolates itself and becomes the plugin has no
    // shared libraries: to link them would take longer than all else that it does.
    .target(name: "PluginLaunch", dependencies: ["CGlibc", "CLinux"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "muster-launcher", dependencies: ["PluginLaunch"], swiftSettings: swiftSettings,
      linkerSettings: isSanitized ? [] : [.unsafeFlags(["-static-executable", "-use-ld=lld"])]),
    .target(
      name: "ExternalPlugins",
      dependencies: ["Posix", "CLinux", "Model", "Query", "Base", "JSON", "PluginLaunch", "ReportKit", "YAML"],
      swiftSettings: swiftSettings),

    // A plugin as a program of its own.
    .executableTarget(
      name: "largest-observations", dependencies: ["ReportKit"], path: "Plugins/Examples/swift-report",
      swiftSettings: swiftSettings),

    // Configuration to results, and the service around it.
    .target(
      name: "Pipeline",
      dependencies: [
        "Posix", "Columnar", "Model", "Query", "Base", "ExternalPlugins", "ReportKit", "YAML",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "Exports",
      dependencies: [
        "Posix", "Base", "ExternalPlugins", "JSON", "Pipeline", "ReportKit",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "MusterAPI", dependencies: ["JSON", "Varlink"], exclude: ["Interfaces"], swiftSettings: swiftSettings),
    // The protocols between a service and systemd.
    .target(
      name: "Systemd", dependencies: ["Base", "CLinux", "Posix", .product(name: "Logging", package: "swift-log")],
      swiftSettings: swiftSettings),
    .target(
      name: "MusterDaemon",
      dependencies: [
        "Posix", "Model", "Query", "Base", "Exports", "ExternalPlugins", "JSON", "MusterAPI", "Pipeline",
        "PluginLaunch",
        "ReportKit", "Systemd", "Varlink",
        "VarlinkServer", "YAML",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "musterd",
      dependencies: [
        "Base", "ExporterPlugins", "ExternalPlugins", "ManualPages", "Model", "MusterAPI", "MusterDaemon", "Pipeline",
        "Posix", "ReportKit", "ReportPlugins", "Systemd", "TransformPlugins", "YAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),

    // The client: never the daemon's modules, never NIO.
    .executableTarget(
      name: "muster",
      dependencies: [
        "Posix", "Base", "JSON", "ManualPages", "MusterAPI", "Varlink",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: swiftSettings),

    // The protocol's conformance suite, both ends, to be held against other implementations.
    .executableTarget(
      name: "varlink-certification",
      dependencies: ["JSON", "Varlink", "VarlinkServer", .product(name: "Logging", package: "swift-log")],
      path: "Tests/Certification", swiftSettings: swiftSettings),

    // What `make bench-scale` times without a socket.
    .executableTarget(
      name: "muster-bench",
      dependencies: [
        "Columnar", "Model", "Query", "Base", "JSON", "Pipeline", "ReportKit", "ReportPlugins",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Benchmarks/MusterBench", swiftSettings: swiftSettings),

    // What tests share: places, folders, programs, waits and a clock that they turn; and the datasets that they read.
    .target(
      name: "TestSupport", dependencies: ["CGlibc", "Posix", .product(name: "Logging", package: "swift-log")],
      path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .target(
      name: "TestDatasets", dependencies: ["Base", "Columnar", "Model", "Query", "ReportKit", "TestSupport"],
      path: "Tests/TestDatasets", swiftSettings: swiftSettings),

    // Faults that nothing but a sanitizer finds, to see that one does.
    .systemLibrary(name: "CPlanted", path: "Tests/Torture/Planted"),

    // The readers of what comes from outside, given any bytes: by `make fuzz`, and with the kept inputs by FuzzTests.
    .target(
      name: "FuzzEntries",
      dependencies: [
        "Base", "Exports", "ExternalPlugins", "JSON", "Model", "Pipeline", "ReportKit", "TabularPackage", "TestSupport",
        "Varlink", "YAML", "CPlanted",
      ],
      path: "Tests/Torture/Fuzz/Entries", swiftSettings: swiftSettings),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzEntries", "TestSupport"], swiftSettings: swiftSettings),

    .testTarget(name: "TestSupportTests", dependencies: ["CPlanted", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(name: "BaseTests", dependencies: ["TestSupport", "Base"], swiftSettings: swiftSettings),
    .testTarget(name: "PosixTests", dependencies: ["TestSupport", "Posix"], swiftSettings: swiftSettings),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: swiftSettings),
    .testTarget(name: "YAMLTests", dependencies: ["TestSupport", "YAML", "Base"], swiftSettings: swiftSettings),
    .testTarget(name: "SourceTextTests", dependencies: ["TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "TabularPackageTests", dependencies: ["TestSupport", "TabularPackage", "Base", "JSON", "Posix"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ModelTests", dependencies: ["TestDatasets", "Base", "Columnar", "Model", "Query", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ColumnarTests", dependencies: ["TestDatasets", "Base", "Columnar", "Model", "Query", "TestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ExporterPluginsTests",
      dependencies: [
        "TestDatasets", "TestSupport", "Model", "Base", "ExporterPlugins", "JSON", "ReportKit",
        "ReportPlugins",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ReportPluginsTests",
      dependencies: ["TestDatasets", "ReportKit", "ReportPlugins"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SystemdTests",
      dependencies: ["Posix", "Systemd", "TestSupport", .product(name: "Logging", package: "swift-log")],
      swiftSettings: swiftSettings),
    .testTarget(name: "VarlinkTests", dependencies: ["TestSupport", "JSON", "Varlink"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ExternalPluginsTests",
      dependencies: [
        "TestDatasets", "TestSupport", "CLinux", "Model", "Query", "Base", "ExternalPlugins", "JSON",
        "PluginLaunch", "Posix", "ReportKit", "YAML",
        "largest-observations",
      ],
      swiftSettings: swiftSettings),
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
      name: "VarlinkGeneratorTests", dependencies: ["Base", "Varlink", "varlink-generator"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MusterAPITests", dependencies: ["JSON", "MusterAPI", "Varlink"], swiftSettings: swiftSettings),
    .testTarget(
      name: "VarlinkDescriptionTests", dependencies: ["TestSupport", "Base", "JSON", "Varlink"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "VarlinkServerTests",
      dependencies: [
        "TestSupport", "JSON", "Varlink", "VarlinkServer", "varlink-test-service",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TransformPluginsTests",
      dependencies: [
        "TestDatasets", "TestSupport", "Model", "ReportKit", "TransformPlugins",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "TestDatasets", "TestSupport", "Model", "Query", "Base", "ExporterPlugins", "ExternalPlugins",
        "Pipeline", "ReportKit",
        "ReportPlugins",
        "TransformPlugins", "YAML",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MusterdTests",
      dependencies: ["TestSupport", "Posix", "CLinux", "JSON", "MusterAPI", "Varlink", "muster", "musterd"],
      swiftSettings: swiftSettings),
    .testTarget(name: "ManualPagesTests", dependencies: ["ManualPages"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ExportsTests",
      dependencies: [
        "Base", "ExporterPlugins", "Exports", "JSON", "Pipeline", "Posix", "ReportPlugins", "TestSupport",
        "TransformPlugins",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MusterDaemonTests",
      dependencies: [
        "Base", "ExporterPlugins", "ExternalPlugins", "Model", "Query", "ReportKit", "ReportPlugins", "TestDatasets",
        "TestSupport", "JSON", "MusterAPI", "MusterDaemon", "Pipeline", "Posix", "Varlink", "VarlinkServer", "YAML",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "MusterClientTests",
      dependencies: [
        "TestSupport", "Base", "Posix", "JSON", "ManualPages", "MusterAPI", "Varlink", "muster",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
  ]
    + (isFuzzed
      ? [
        .executableTarget(
          name: "muster-fuzz", dependencies: ["FuzzEntries"], path: "Tests/Torture/Fuzz/Fuzzer",
          swiftSettings: swiftSettings)
      ] : [])
)
