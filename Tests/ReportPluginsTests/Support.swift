import Dataset
import ReportKit
import ReportPlugins
import Testing

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
