internal import ReportKit

/// What sources state about the totals of a report's columns: one row for each source that states any.
///
/// A statement belongs to a column when it covers exactly the counted observations that the column adds up. Where it
/// differs from what they come to, the cell and the row's title say so.
struct StatedTotalRows {
  let rows: [TotalRow]

  init(columns: [Column], computed: [Cell], _ dataset: Snapshot, _ selection: Selection) throws {
    var found: [(source: String?, cells: [Int: Cell], differs: Bool)] = []
    for (column, cell) in zip(columns.indices, computed) {
      for index in try Self.statements(columns[column], cell, dataset, selection) {
        let total = dataset.statedTotals[index]
        let statement = try Self.statement(index, total, cell, dataset)
        let row = found.firstIndex { $0.source == total.source && $0.cells[column] == nil }
        if let row {
          found[row].cells[column] = statement.cell
          found[row].differs = found[row].differs || statement.differs
        } else {
          found.append((total.source, [column: statement.cell], statement.differs))
        }
      }
    }
    rows = found.map { source, cells, differs in
      let title =
        "Stated" + (differs ? ", not what it adds up to" : "")
        + (source.map { ": \(dataset.name(ofSource: $0))" } ?? "")
      var row = Row(columns.indices.map { cells[$0] ?? .empty })
      row.title(title, columns: columns)
      return TotalRow(.stated, title: title, row: row)
    }
  }

  /// The stated totals of what the column adds up; none when it adds up something else than the observations.
  private static func statements(
    _ column: Column, _ computed: Cell, _ dataset: Snapshot, _ selection: Selection
  ) throws -> [Int] {
    guard column.total == .sum, let counted = column.selection,
      column.unit == dataset.measure.unit ?? dataset.measure.name
    else { return [] }
    let coverage = selection.intersection(counted)
    let covered = try dataset.aggregate(by: [], where: coverage)[cell: 0]
    guard computed.value == Cell(covered, in: dataset).value else { return [] }
    return try dataset.statedTotals(covering: coverage)
  }

  private static func statement(
    _ index: Int, _ total: StatedTotal, _ computed: Cell, _ dataset: Snapshot
  ) throws -> (cell: Cell, differs: Bool) {
    let value: Cell.Value =
      switch total.value {
      case .number(let number): .integer(number)
      case .missing(let reason): .missing(Missing(dataset.missingReasons[reason]))
      }
    if value == computed.value { return (Cell(value), false) }
    let place = total.locus ?? total.source.map { dataset.name(ofSource: $0) } ?? total.id
    var text = "\(place) states \(value); the observations come to \(computed.value)."
    let acknowledgements = try dataset.reconciledTotal(index).discrepancies.map { dataset.discrepancies[$0] }
    text += acknowledgements.isEmpty ? " Nobody has acknowledged this." : ""
    for discrepancy in acknowledgements { text += " \(discrepancy.explanation ?? discrepancy.title)" }
    return (Cell(value, notes: [Note(.discrepancy, text)]), true)
  }
}
