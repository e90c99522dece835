import ExporterPlugins
import Exports
import Logging
import Pipeline
import ReportPlugins
import Synchronization
import TestSupport
import Testing
import TransformPlugins

/// A copy of the harbours with an export of their arrivals, and a program that writes it.
final class Workshop: Sendable {
  static let registry = PluginRegistry(
    reports: [CountrySummary(), BlocAggregate()],
    transforms: [Sort()], exporters: [CSVExporter(), JSONExporter()])
  static let arrivals = "arrivals: { report: arrivals, exporter: csv, file: arrivals.csv, keep: 1 }"

  let folder: TemporaryFolder
  let host: TestHost
  let service: ExportsService

  /// - Parameter exports: the lines under `exports`, but for the directory.
  init(_ exports: [String] = [arrivals], other: String = "") throws {
    folder = try TemporaryFolder(copying: harboursFolder)
    // The folder of exports as version 0.1.0 of the program has left it, or an empty one.
    try folder.write("", to: "out/other.txt")
    host = TestHost()
    service = ExportsService(
      host: host, programVersion: "0.1.0", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try configure(exports, other: other)
  }

  func configure(_ exports: [String], other: String = "") throws {
    let lines = (["directory: out"] + exports).map { "  \($0)\n" }.joined()
    try folder.write("\(readFile("\(harboursFolder)/musterd.yaml"))\(other)\nexports:\n\(lines)", to: "musterd.yaml")
  }

  /// Changes a line of the entries, which begins so.
  func change(_ line: String, to replacement: String) throws {
    let text = try folder.read("entries.csv")
    try #require(text.contains("\n\(line)"))
    try folder.write(text.replacing("\n\(line)", with: "\n\(replacement)"), to: "entries.csv")
  }

  /// Leaves in the folder of exports what version 0.1.0 left there.
  func useFilesOfOldVersion() throws {
    let old = "\(repositoryRoot)/Tests/Fixtures/exports"
    for name in namesInFolder(old) { try folder.write(readFile("\(old)/\(name)"), to: "out/\(name)") }
  }

  /// What is configured, with the data as they are now.
  func load() async throws -> Generation {
    try await Generation.load(path: "\(folder.path)/musterd.yaml", registry: Self.registry)
  }

  /// Runs the one export.
  func export(isForced: Bool = false) async throws -> ExportRecord {
    let records = try await service.export(["arrivals"], isForced: isForced, in: load(), onEach: nil)
    return try #require(records.first)
  }

  func verify(limit: Int = 20) async throws -> Verification {
    try await service.verify(.export("arrivals"), limit: limit, in: load())
  }

  /// What is in the folder of exports and in plain view.
  var files: [String] { namesInFolder("\(folder.path)/out").filter { !$0.hasPrefix(".") && $0 != "other.txt" } }

  /// What only a run that goes on has in the folder.
  var leftovers: [String] { namesInFolder("\(folder.path)/out").filter { $0.hasPrefix(".muster-new") } }

  func read(_ name: String) throws -> String { try folder.read("out/\(name)") }
}

/// A program in which a test decides about turns and the end.
final class TestHost: ExportHost {
  private let ending = Promise<Void>()
  private let isEnded = Atomic(false)
  private let turn = Mutex<@Sendable () async throws -> Void>({})

  var isEnding: Bool { isEnded.load(ordering: .relaxed) }

  func end() {
    isEnded.store(true, ordering: .relaxed)
    ending.resolve()
  }

  /// What happens after the work of each turn.
  func afterWork(_ body: @escaping @Sendable () async throws -> Void) { turn.withLock { $0 = body } }

  func waitUntilEnding() async { try? await ending.value }

  func inTurn<Result: Sendable>(
    within limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let result = try await work()
    try await turn.withLock { $0 }()
    return result
  }
}
