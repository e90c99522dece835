import Base
import ExternalPlugins
import Glibc
import ReportKit
import Testing
import YAML

/// A folder for plugins that a test writes, removed with everything in it at the end.
final class Workshop: Sendable {
  let folder: String

  init() throws {
    var template = Array("/tmp/muster-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in ["plugin", "plugin.yaml"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

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
    try write("#!\(interpreter)\n\(script)\n", to: "plugin")
    chmod("\(folder)/plugin", 0o755)
    let node = try loadYAML(file: "\(folder)/plugin.yaml", contents: Array(yaml.utf8))
    let problems = ProblemCollector()
    let manifest = ExternalManifest(from: node, problems: problems)
    try problems.throwIfAny()
    return try #require(manifest)
  }

  private func write(_ text: String, to name: String) throws {
    let file = try #require(fopen("\(folder)/\(name)", "w"))
    fputs(text, file)
    fclose(file)
  }

  /// The processes whose command line names this folder.
  var processes: [Int32] {
    guard let proc = opendir("/proc") else { return [] }
    defer { closedir(proc) }
    var found: [Int32] = []
    while let entry = readdir(proc) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let pid = Int32(name), contents("/proc/\(pid)/cmdline").contains(folder) { found.append(pid) }
    }
    return found
  }
}

/// What a file says; empty when it cannot be read.
func contents(_ path: String) -> String {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return "" }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
  return String(decoding: bytes, as: UTF8.self)
}

/// The folder of built programs, which the test bundle lies in.
let buildFolder: String = {
  // The bundle's own path is the one argument that every test runner passes on, under one of these.
  for candidate in CommandLine.arguments where candidate.contains(".build") {
    let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if access("\(folder)/muster-launcher", X_OK) == 0 { return folder }
  }
  return "\(packageFolder)/.build/debug"
}()

/// The folder of this package.
let packageFolder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
  .joined(separator: "/")

extension PluginHost {
  /// One that starts plugins by the built launcher.
  static func test(limit: Int = 8, queueLimit: Int = 64) -> PluginHost {
    PluginHost(
      launcher: LauncherProgram(opening: "\(buildFolder)/muster-launcher"), limit: limit, queueLimit: queueLimit)
  }
}

/// A table of countries and persons in batches.
func table(_ batches: [[Row]], notes: [Note] = []) -> Table {
  Table(
    columns: [
      Column(name: "country", title: "Country", kind: .text),
      Column(name: "persons", title: "Persons", kind: .integer, selection: .all),
    ], rows: Batches(batches: batches), notes: notes)
}

/// Rows of that many countries.
func rows(_ count: Int) -> [Row] {
  (0..<count).map { Row([.text("country-\($0)"), .integer($0)]) }
}

struct Batches: RowStream {
  var batches: [[Row]]
  var closingTotals: [TotalRow] = []
  /// Runs before each batch.
  var pause: @Sendable () async throws -> Void = {}

  mutating func next() async throws -> [Row]? {
    try await pause()
    return batches.isEmpty ? nil : batches.removeFirst()
  }
}

/// All rows of a table, and the notes known at its end.
func readAll(_ table: Table) async throws -> (rows: [Row], notes: [Note]) {
  var stream = table.rows
  var rows: [Row] = []
  while let batch = try await stream.next() { rows += batch }
  return (rows, stream.closingNotes)
}

func run(_ manifest: ExternalManifest, on host: PluginHost, _ input: Table) async throws -> [Row] {
  try await readAll(try transformed(input, manifest, host)).rows
}

func transformed(_ input: Table, _ manifest: ExternalManifest, _ host: PluginHost) throws -> Table {
  let plugin = ExternalTransformPlugin(manifest, on: host)
  return try plugin.transform(input, arguments: .none, limits: StepLimits())
}

/// Waits until something is so, at most for a time that only a failure needs.
func eventually(_ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(30)
  while ContinuousClock.now < deadline {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return condition()
}
