public import ReportKit

/// Orders rows by one column. Rows with equal cells keep their order.
public struct Sort: TransformPlugin {
  /// More rows than this are refused: sorting holds all of them in memory.
  public static let rowLimit = 1_000_000

  public init() {}

  public let manifest = Manifest(
    name: "sort", summary: "Orders the rows by a column; missing values come last in either direction",
    parameters: [
      Parameter(name: "by", summary: "The name of the column", kind: .column),
      Parameter(
        name: "descending", summary: "Largest first", kind: .boolean, default: .value(.boolean(false))),
    ])

  public func transform(_ table: Table, arguments: Arguments) throws(ParameterError) -> Table {
    guard let column = table.columns.firstIndex(where: { $0.name == arguments[text: "by"] }) else {
      throw ParameterError(parameter: "by", message: "sort needs a column that is there")
    }
    var result = table
    result.rows = SortedRows(
      source: table.rows, column: column, isDescending: arguments[boolean: "descending"] ?? false)
    return result
  }
}

private struct SortedRows: RowStream {
  var source: any RowStream
  let column: Int
  let isDescending: Bool
  var isDone = false

  var closingNotes: [Note] { source.closingNotes }
  var closingTotals: [TotalRow] { source.closingTotals }

  mutating func next() async throws -> [Row]? {
    if isDone { return nil }
    isDone = true
    var rows: [Row] = []
    while let batch = try await source.next() {
      rows += batch
      if rows.count > Sort.rowLimit { throw RowLimitExceeded(step: "sort", limit: Sort.rowLimit) }
    }
    let keyed = rows.enumerated().sorted { a, b in
      switch order(a.element[column].value, b.element[column].value) {
      case .before: true
      case .after: false
      case .equal: a.offset < b.offset
      }
    }
    return keyed.isEmpty ? nil : keyed.map(\.element)
  }

  private enum Order { case before, equal, after }

  private func order(_ a: Cell.Value, _ b: Cell.Value) -> Order {
    switch (a, b) {
    case (.missing, .missing): .equal
    case (.missing, _): .after
    case (_, .missing): .before
    case (.integer(let a), .integer(let b)): directed(a, b)
    case (.text(let a), .text(let b)): directed(a, b)
    case (.decimal(let a), .decimal(let b)): directed(a, b)
    // A column holds values of one kind.
    case (.integer, _), (.decimal, .text): .before
    case (.text, _), (.decimal, .integer): .after
    }
  }

  private func directed<Value: Comparable>(_ a: Value, _ b: Value) -> Order {
    a == b ? .equal : (a < b) == isDescending ? .after : .before
  }
}
