import Base
import ExternalPlugins
import ReportKit
import TestSupport
import Testing
import YAML

/// A folder for plugins that a test writes, removed with everything in it at the end.
final class Workshop: Sendable {
  private let own: TemporaryFolder
  var folder: String { own.path }

  init() throws { own = try TemporaryFolder() }

  /// The manifest of a transform of two columns, `country` and `persons`, that is the script.
  func transform(_ script: String, limits: String = "{ time: 60s }", interpreter: String = "/bin/sh") throws
    -> ExternalManifest
  {
    try manifest(
      script, interpreter: interpreter,
      """
      name: test-plugin
      kind: transform
      summary: Under test
      command: [./plugin]
      columns: same
      limits: \(limits)
      """)
  }

  func manifest(_ script: String, interpreter: String = "/bin/sh", _ yaml: String) throws -> ExternalManifest {
    try own.write("#!\(interpreter)\n\(script)\n", to: "plugin", mode: 0o755)
    let node = try loadYAML(file: "\(folder)/plugin.yaml", contents: Array(yaml.utf8))
    let problems = ProblemCollector()
    let manifest = ExternalManifest(from: node, problems: problems)
    try problems.throwIfAny()
    return try #require(manifest)
  }

  /// The processes whose command line names this folder.
  var processes: [Int32] {
    namesInFolder("/proc").compactMap { Int32($0) }.filter { pid in
      (try? readFile("/proc/\(pid)/cmdline"))?.contains(folder) ?? false
    }
  }
}

extension PluginHost {
  /// One that starts plugins by the built launcher.
  static func test(limit: Int = 8, queueLimit: Int = 64) -> PluginHost {
    PluginHost(
      launcher: LauncherProgram(opening: "\(buildFolder)/muster-launcher"), limit: limit, queueLimit: queueLimit)
  }
}

private let columns = [
  Column(name: "country", title: "Country", kind: .text),
  Column(name: "persons", title: "Persons", kind: .integer, selection: .all),
]

/// A table of countries and persons in batches.
func table(_ batches: [[Row]], notes: [Note] = []) -> Table {
  Table(columns: columns, batches: Batches(batches), notes: notes)
}

/// Rows of that many countries.
func rows(_ count: Int) -> [Row] {
  (0..<count).map { Row([.text("country-\($0)"), .integer($0)]) }
}

struct Batches: BatchStream {
  private var batches: [Batch]
  var closingTotals: [TotalRow] = []
  /// Runs before each batch.
  private let pause: @Sendable () async throws -> Void

  /// - Parameter columns: those of countries and persons unless others are given.
  init(
    _ batches: [[Row]], columns: [Column] = columns, closingTotals: [TotalRow] = [],
    pause: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.batches = batches.map { Batch($0, columns: columns) }
    self.closingTotals = closingTotals
    self.pause = pause
  }

  mutating func next() async throws -> Batch? {
    try await pause()
    return batches.isEmpty ? nil : batches.removeFirst()
  }
}

/// All rows of a table, and the notes known at its end.
func readAll(_ table: Table) async throws -> (rows: [Row], notes: [Note]) {
  var stream = table.batches
  var rows: [Row] = []
  while let batch = try await stream.next() { rows += batch.rows }
  return (rows, stream.closingNotes)
}

func run(_ manifest: ExternalManifest, on host: PluginHost, _ input: Table) async throws -> [Row] {
  try await readAll(try transformed(input, manifest, host)).rows
}

func transformed(_ input: Table, _ manifest: ExternalManifest, _ host: PluginHost) throws -> Table {
  let plugin = ExternalTransformPlugin(manifest, on: host)
  return try plugin.transform(input, arguments: .none, limits: StepLimits())
}
