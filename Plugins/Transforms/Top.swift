package import ReportKit

/// The first rows. The others are left out, or added up into one.
package struct Top: TransformPlugin {
  package init() {}

  package let keepsColumns = true

  private static let count = Parameter.integer("count", "How many rows to show", in: 1...Int.max)
  private static let rest = Parameter.boolean("rest", "Whether a last row \"rest\" adds up the others")

  package let manifest = Manifest(
    name: "top", summary: "Shows the first rows; the others are left out, or added up into one row", count, rest)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let hasRest = arguments[Self.rest]
    let heading = hasRest ? table.columns.firstIndex { $0.kind == .text } : nil
    var result = table
    result.batches = TopBatches(
      source: table.batches, count: arguments[Self.count], columns: table.columns, heading: heading, hasRest: hasRest)
    if let heading { result.columns[heading].values?.append(Column.Value("rest")) }
    result.showsAllRows = table.showsAllRows && hasRest
    return result
  }
}

private struct TopBatches: BatchStream {
  private var source: any BatchStream
  private let count: Int
  private let columns: [Column]
  /// The column in which the rest is named.
  private let heading: Int?
  private var rest: MergedRow?
  private var rowCount = 0
  private var isDone = false

  init(source: any BatchStream, count: Int, columns: [Column], heading: Int?, hasRest: Bool) {
    self.source = source
    self.count = count
    self.columns = columns
    self.heading = heading
    rest = hasRest ? MergedRow(columns: columns) : nil
  }

  var closingNotes: [Note] {
    guard rowCount > count else { return source.closingNotes }
    let first =
      count == 1 ? "The first of \(rowCount) rows is shown" : "The first \(count) of \(rowCount) rows are shown"
    let others = rowCount - count == 1 ? "the other one" : "the other \(rowCount - count)"
    return source.closingNotes + [Note(.scope, first + (rest == nil ? "" : "; the row \"rest\" is \(others)"))]
  }

  var closingTotals: [TotalRow] { source.closingTotals }

  /// The first rows go out as they come. Then the others are read too, for their number, their sum and the totals.
  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    while let batch = try await source.next() {
      let shownCount = min(batch.count, max(0, count - rowCount))
      rowCount += batch.count
      if rest != nil {
        for row in shownCount..<batch.count { try rest?.add(batch[row]) }
      }
      if shownCount > 0 { return batch.prefix(shownCount) }
    }
    isDone = true
    guard let rest, rest.rowCount > 0 else { return nil }
    var row = rest.row
    for (index, column) in columns.enumerated() where column.kind.isNumber && column.total == .none {
      row[index].value = .missing(Missing(symbol: "…", label: "cannot be added up"))
    }
    if let heading { row[heading].value = .text("rest") }
    return Batch([row], columns: columns)
  }
}
