import Model
import ReportKit
import ReportPlugins
import TestDatasets
import Testing

/// What a report shows, as texts: a missing value by its symbol.
struct Shown {
  let columns: [Column]
  let rows: [Row]
  let totals: [TotalRow]
  let notes: [String]

  init(
    _ plugin: any ReportPlugin, _ parameters: [String: String] = [:], of engine: any QueryEngine,
    where selection: [String: [String]] = [:]
  ) async throws {
    let texts = parameters.map { (name: $0.key, text: $0.value) }
    let request = ReportRequest(
      engine: engine, selection: try engine.model.selection(selection.map { SelectionTerm($0.key, $0.value) }),
      arguments: try plugin.manifest.check(texts, in: engine.model).get())
    var table = try await plugin.surveyed(request).table()
    columns = table.columns
    var rows: [Row] = []
    while let batch = try await table.batches.next() { rows += batch.rows }
    self.rows = rows
    totals = table.batches.closingTotals
    notes = (table.notes + table.batches.closingNotes).map(\.text)
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

  /// The observations behind a cell, in the order of the dataset.
  func observations(
    _ column: String, of row: Row, in engine: any QueryEngine
  ) async throws -> [Observation] {
    let index = try #require(columns.firstIndex { $0.name == column }, "no column \(column)")
    let selections = row.provenance(at: index, in: columns)
    return selections.isEmpty ? [] : try await engine.list(ObservationQuery(where: selections))
  }
}
