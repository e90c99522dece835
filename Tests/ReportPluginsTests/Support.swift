import Base
import Dataset
import Foundation
import ReportKit
import ReportPlugins
import Testing

/// The repository's root.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The datasets that reports are tried on; they are loaded once.
enum Datasets {
  private static let memorandumFolder = root.appending(path: "Config/datasets/repatriation-1955")

  static let memorandum = Result { try loadMemorandum(from: memorandumFolder) }

  /// A dataset with other names, and without stated totals, ledger or printed tables.
  static let harbours = Result {
    func named(_ name: String) -> Located<String> { Located(name, file: "musterd.yaml", position: .file) }
    var configuration = DatasetConfiguration(
      package: named(root.appending(path: "Tests/Fixtures/harbours/datapackage.json").path),
      place: named("harbour"), breakdown: named("cargo"), measure: named("ships"))
    configuration.observations = named("entries")
    configuration.source = named("register")
    configuration.role = named("kind")
    configuration.locus = named("page")
    configuration.label = named("label")
    configuration.schemes = named("groupings")
    configuration.blocs = named("groups")
    configuration.blocMembers = named("group-members")
    return try Snapshot.load(configuration)
  }

  /// The memorandum with other words in some of its files.
  static func memorandum(replacing changes: [(file: String, text: String, with: String)]) throws -> Snapshot {
    let folder = FileManager.default.temporaryDirectory.appending(path: "muster-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: memorandumFolder, to: folder)
    for (file, text, replacement) in changes {
      let path = folder.appending(path: file)
      let before = try String(contentsOf: path, encoding: .utf8)
      try #require(before.ranges(of: text).count == 1, "“\(text)” should be in \(file) once")
      try before.replacing(text, with: replacement).write(to: path, atomically: false, encoding: .utf8)
    }
    return try loadMemorandum(from: folder)
  }

  private static func loadMemorandum(from folder: URL) throws -> Snapshot {
    func named(_ name: String) -> Located<String> { Located(name, file: "musterd.yaml", position: .file) }
    return try Snapshot.load(
      DatasetConfiguration(
        package: named(folder.appending(path: "datapackage.json").path), place: named("country"),
        breakdown: named("disposition"), measure: named("persons")))
  }
}

/// What a report shows, as texts: a missing value by its symbol.
struct Shown {
  let columns: [Column]
  let rows: [Row]
  let totals: [TotalRow]
  let notes: [String]

  init(
    _ plugin: any ReportPlugin, _ parameters: [String: String] = [:], of dataset: Snapshot,
    where selection: [String: [String]] = [:]
  ) async throws {
    var selected = Selection.all
    for (dimension, codes) in selection {
      let index = try dataset.dimension(dimension)
      selected.restrict(index, to: CodeSet(try codes.map { try dataset.dimensions[index].code($0) }))
    }
    let texts = parameters.map { (name: $0.key, text: $0.value) }
    let arguments = try plugin.manifest.check(texts, in: dataset).get()
    var table = try plugin.table(
      for: ReportRequest(dataset: dataset, selection: selected, arguments: arguments))
    columns = table.columns
    var rows: [Row] = []
    while let batch = try await table.rows.next() { rows += batch }
    self.rows = rows
    totals = table.rows.closingTotals
    notes = (table.notes + table.rows.closingNotes).map(\.text)
  }

  var header: String { columns.map(\.name).joined(separator: "|") }
  var lines: [String] { rows.map { line($0) } }
  var totalLines: [String] { totals.map { "\($0.kind): " + line($0.row) } }

  func line(_ row: Row, _ names: [String]? = nil) -> String {
    zip(columns, row.cells).filter { names?.contains($0.0.name) ?? true }.map { "\($0.1.value)" }
      .joined(separator: "|")
  }

  /// Each row with only these columns.
  func lines(_ names: String...) -> [String] { rows.map { line($0, names) } }

  /// The row whose cells in the first columns are these.
  func row(_ heading: String...) throws -> Row {
    try #require(rows.first { row in zip(heading, row.cells).allSatisfy { $0 == "\($1.value)" } })
  }

  func cell(_ column: String, of row: Row) throws -> Cell {
    row[try #require(columns.firstIndex { $0.name == column }, "no column \(column)")]
  }

  /// The observations behind a cell, by their row in the dataset.
  func observations(_ column: String, of row: Row, in dataset: Snapshot) throws -> [Int] {
    let index = try #require(columns.firstIndex { $0.name == column }, "no column \(column)")
    let selections = row.origins(at: index, in: columns)
    return try Set(selections.flatMap { try dataset.observations.rows(where: $0) }).sorted()
  }
}
