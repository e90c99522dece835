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
      for (index, total) in dataset.statedTotals.enumerated() {
        guard let statement = try Self.statement(index, total, columns[column], cell, dataset, selection) else {
          continue
        }
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
        + (source.map { ": \(dataset.title(ofSource: $0))" } ?? "")
      var row = Row(columns.indices.map { cells[$0] ?? .empty })
      row.title(title, columns: columns)
      return TotalRow(.stated, title: title, row: row)
    }
  }

  private static func statement(
    _ index: Int, _ total: StatedTotal, _ column: Column, _ computed: Cell, _ dataset: Snapshot, _ selection: Selection
  ) throws -> (cell: Cell, differs: Bool)? {
    guard column.total == .sum, let counted = column.selection,
      column.unit == dataset.measure.unit ?? dataset.measure.name
    else { return nil }
    let coverage = selection.intersection(counted)
    let covered = try dataset.aggregate(by: [], where: coverage)[cell: 0]
    // The column adds up something else than the observations.
    guard computed.value == Cell(covered, in: dataset).value else { return nil }
    let scope = try dataset.aggregate(by: [], where: total.scope)[cell: 0]
    let both = try dataset.aggregate(by: [], where: total.scope.intersection(coverage))[cell: 0]
    guard both.observations == scope.observations, both.observations == covered.observations, both.observations > 0
    else { return nil }

    let value: Cell.Value =
      switch total.value {
      case .number(let number): .integer(number)
      case .missing(let reason): .missing(Missing(dataset.missingReasons[reason]))
      }
    guard let sum = covered.sum, total.value != .number(sum) else { return (Cell(value), false) }
    let place = total.locus ?? total.source.map { dataset.title(ofSource: $0) } ?? total.id
    var text = "\(place) states \(value); the observations come to \(sum)."
    let acknowledgements = dataset.discrepancies.filter { $0.statements.contains(.statedTotal(index)) }
    text += acknowledgements.isEmpty ? " Nobody has acknowledged this." : ""
    for discrepancy in acknowledgements { text += " \(discrepancy.explanation ?? discrepancy.title)" }
    return (Cell(value, notes: [Note(.discrepancy, text)]), true)
  }
}

extension Snapshot {
  /// The title of a source, given by the code that stated totals name it with; the code where no dimension has it.
  func title(ofSource id: String) -> String {
    for dimension in dimensions {
      if let code = dimension.codes.index(of: id) { return dimension.codes.names[code] }
    }
    return id
  }
}
