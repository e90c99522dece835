public import ReportKit

/// Orders rows by one or more columns. Rows that are equal in all of them keep their order.
public struct Sort: TransformPlugin {
  public init() {}

  public let keepsColumns = true

  public let manifest = Manifest(
    name: "sort", summary: "Orders the rows by columns; missing values come last in either direction",
    parameters: [
      Parameter(
        name: "by",
        summary: "A column or a list of them, the first one first; or { column: ascending or descending }",
        kind: .columnOrder),
      Parameter(
        name: "descending", summary: "Whether the largest come first, in columns without a direction of their own",
        kind: .boolean, default: .value(.boolean(false))),
    ])

  public func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let isDescending = arguments[boolean: "descending"] ?? false
    if isDescending, arguments[mapping: "by"] != nil {
      throw ParameterErrors(errors: [
        ParameterError(parameter: "descending", message: "descending of sort: by gives each column its direction")
      ])
    }
    let order =
      arguments[mapping: "by"]?.map { (name: $0.key, isDescending: $0.text == "descending") }
      ?? (arguments[list: "by"] ?? []).map { (name: $0, isDescending: isDescending) }
    var result = table
    result.rows = SortedRows(
      source: table.rows,
      order: order.compactMap { key in
        table.columns.firstIndex { $0.name == key.name }.map { ($0, key.isDescending) }
      },
      memory: StepMemory(step: manifest.name, limit: limits.memory))
    return result
  }
}

private struct SortedRows: RowStream {
  private var source: any RowStream
  private let order: [(column: Int, isDescending: Bool)]
  private var memory: StepMemory
  private var isDone = false

  init(source: any RowStream, order: [(Int, Bool)], memory: StepMemory) {
    self.source = source
    self.order = order
    self.memory = memory
  }

  var closingNotes: [Note] { source.closingNotes }
  var closingTotals: [TotalRow] { source.closingTotals }

  mutating func next() async throws -> [Row]? {
    if isDone { return nil }
    isDone = true
    var rows: [Row] = []
    while let batch = try await source.next() {
      try memory.hold(batch)
      rows += batch
    }
    let sorted = rows.enumerated().sorted { a, b in
      for (column, isDescending) in order {
        switch relation(a.element[column].value, b.element[column].value, isDescending) {
        case .before: return true
        case .after: return false
        case .equal: continue
        }
      }
      return a.offset < b.offset
    }
    return sorted.isEmpty ? nil : sorted.map(\.element)
  }

  private enum Relation { case before, equal, after }

  private func relation(_ a: Cell.Value, _ b: Cell.Value, _ isDescending: Bool) -> Relation {
    func directed<Value: Comparable>(_ a: Value, _ b: Value) -> Relation {
      a == b ? .equal : (a < b) == isDescending ? .after : .before
    }
    return switch (a, b) {
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
}
