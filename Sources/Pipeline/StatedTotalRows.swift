internal import Base
internal import Model
internal import Query
internal import ReportKit

/// What sources state about the totals of a report's columns: one row for each source that states any.
///
/// A statement belongs to a column when it covers exactly the counted observations that the column adds up. Where it
/// differs from what they come to, the cell and the row's title say so.
func statedTotalRows(
  columns: [Column], computed: [Cell], _ engine: any QueryEngine, _ selection: Selection
) async throws -> [TotalRow] {
  let model = engine.model
  var found: [(source: ExactText?, cells: [Int: Cell], differs: Bool)] = []
  for (column, cell) in zip(columns.indices, computed) {
    for reconciled in try await statements(columns[column], cell, engine, selection) {
      let source = model.statedTotals[reconciled.index].source.map { ExactText($0) }
      var stated = StatedCell(reconciled, in: model)
      stated.cell.provenance = nil
      if let row = found.firstIndex(where: { $0.source == source && $0.cells[column] == nil }) {
        found[row].cells[column] = stated.cell
        found[row].differs = found[row].differs || stated.differs
      } else {
        found.append((source, [column: stated.cell], stated.differs))
      }
    }
  }
  return found.map { source, cells, differs in
    let title = StatedCell.title(differs: differs, source: source.map { model.name(ofSource: $0.wrappedValue) })
    var row = Row(columns.indices.map { cells[$0] ?? .empty })
    row.title(title, columns: columns)
    return TotalRow(.stated, title: title, row: row)
  }
}

/// The stated totals of what the column adds up; none when it adds up something else than the observations.
private func statements(
  _ column: Column, _ computed: Cell, _ engine: any QueryEngine, _ selection: Selection
) async throws -> [ReconciledTotal] {
  guard let counted = column.selection, let measure = column.measure ?? column.onlyMeasure(of: engine.model)
  else { return [] }
  let model = engine.model
  let coverage = model.addends(of: selection.intersection(counted), by: [])
  let covered = try await engine.aggregate(AggregateQuery(by: [], where: [coverage], measure: measure))[cell: 0]
  guard computed.value == Cell.Value(covered, of: model.measures[measure], in: model) else { return [] }
  return try await engine.reconciledTotals(covering: coverage).filter {
    model.statedTotals[$0.index].measure == measure
  }
}

extension Column {
  /// The only measure of the dataset, for a column that adds numbers of its unit up.
  fileprivate func onlyMeasure(of model: DatasetModel) -> Int? {
    total == .sum && model.measures.count == 1 && unit == model.measure.unitName ? 0 : nil
  }
}
