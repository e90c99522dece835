package import ReportKit

/// The rows whose cells meet conditions.
package struct Where: TransformPlugin {
  package init() {}

  package let keepsColumns = true

  private static let conditions = Parameter.conditions(
    "conditions",
    "By column a value, a list of values, { not: value }, a comparison such as \">= 100\" or \"!= 0\", "
      + "present, or missing; a missing cell meets only missing")

  package let manifest = Manifest(
    name: "where", summary: "Shows the rows whose cells meet a condition on each of the columns that are named",
    conditions)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    var result = table
    result.batches = FilteredBatches(
      source: table.batches, conditions: arguments[Self.conditions], rows: ShownRows(columns: table.columns))
    return result
  }
}

private struct FilteredBatches: BatchStream {
  private var source: any BatchStream
  private let conditions: [Condition]
  private var rows: ShownRows

  init(source: any BatchStream, conditions: [Condition], rows: ShownRows) {
    self.source = source
    self.conditions = conditions
    self.rows = rows
  }

  var closingNotes: [Note] {
    let (rowCount, shownCount) = (rows.total.all, rows.total.shown)
    guard shownCount < rowCount else { return source.closingNotes }
    let terms = conditions.map(\.description).joined(separator: ", ")
    return source.closingNotes + [
      Note(.scope, "\(shownCount) of \(rowCount) \(rowCount == 1 ? "row is" : "rows are") shown: where \(terms)")
    ]
  }

  var closingTotals: [TotalRow] { rows.telling(source.closingTotals) }

  mutating func next() async throws -> Batch? {
    while let batch = try await source.next() {
      let shown = conditions.reduce(Array(batch.indices)) { rows, condition in
        condition.rows(of: rows, in: batch.columns[condition.index])
      }
      rows.count(batch, shown: shown)
      if shown.count == batch.count { return batch }
      if !shown.isEmpty { return batch.gathering(shown) }
    }
    return nil
  }
}

extension Condition {
  /// Those of the rows that meet it.
  fileprivate func rows(of rows: [Int], in column: ColumnVector) -> [Int] {
    guard case .codes(let codes, of: _, let gaps) = column else { return rows.filter { isMet(by: column[$0]) } }
    // Texts are compared once each, however many rows have them.
    var known: [UInt32: Bool] = [:]
    return rows.filter { row in
      if gaps.contains(row) { return isMet(by: column[row]) }
      if let isMet = known[codes[row]] { return isMet }
      let isMet = isMet(by: column[row])
      known[codes[row]] = isMet
      return isMet
    }
  }
}
