public import ReportKit

/// The rows whose cells meet conditions.
public struct Where: TransformPlugin {
  public init() {}

  public let keepsColumns = true

  public let manifest = Manifest(
    name: "where", summary: "Shows the rows whose cells meet a condition on each of the columns that are named",
    parameters: [
      Parameter(
        name: "conditions",
        summary:
          "By column a value, a list of values, { not: value }, a comparison such as \">= 100\" or \"!= 0\", "
          + "present, or missing; a missing cell meets only missing",
        kind: .conditions)
    ])

  public func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let conditions = arguments[conditions: "conditions"] ?? []
    var result = table
    result.rows = FilteredRows(
      source: table.rows,
      conditions: conditions.compactMap { condition in
        table.columns.firstIndex { $0.name == condition.column }.map { ($0, condition) }
      })
    result.showsAllRows = false
    return result
  }
}

private struct FilteredRows: RowStream {
  private var source: any RowStream
  private let conditions: [(column: Int, condition: Condition)]
  private var rowCount = 0
  private var shownCount = 0

  init(source: any RowStream, conditions: [(Int, Condition)]) {
    self.source = source
    self.conditions = conditions
  }

  var closingNotes: [Note] {
    guard shownCount < rowCount else { return source.closingNotes }
    let terms = conditions.map(\.condition.description).joined(separator: ", ")
    return source.closingNotes + [
      Note(.scope, "\(shownCount) of \(rowCount) \(rowCount == 1 ? "row is" : "rows are") shown: where \(terms)")
    ]
  }

  var closingTotals: [TotalRow] { source.closingTotals }

  mutating func next() async throws -> [Row]? {
    while let batch = try await source.next() {
      let shown = batch.filter { row in
        conditions.allSatisfy { column, condition in condition.isMet(by: row[column].value) }
      }
      rowCount += batch.count
      shownCount += shown.count
      if !shown.isEmpty { return shown }
    }
    return nil
  }
}
