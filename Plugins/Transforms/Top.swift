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
    // A column that tells totals apart says of the rest what all of it is about.
    let texts = table.columns.indices.filter { table.columns[$0].kind == .text }
    let heading = hasRest ? texts.first { !table.columns[$0].tellsTotals } ?? texts.first : nil
    var result = table
    result.batches = TopBatches(
      source: table.batches, count: arguments[Self.count], columns: table.columns, heading: heading, hasRest: hasRest)
    if let heading { result.columns[heading].values?.append(Column.Value("rest")) }
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
  /// The row of the others, once all are read.
  private var restRow: Row?
  /// For each column that tells totals apart the text of the others, as long as all have the same one.
  private var restTexts: [Int: Cell.Value] = [:]
  private var rows: ShownRows
  private var isDone = false

  init(source: any BatchStream, count: Int, columns: [Column], heading: Int?, hasRest: Bool) {
    self.source = source
    self.count = count
    self.columns = columns
    self.heading = heading
    rest = hasRest ? MergedRow(columns: columns) : nil
    rows = ShownRows(columns: columns)
  }

  var closingNotes: [Note] {
    let rowCount = rows.total.all
    guard rowCount > count else { return source.closingNotes }
    let first =
      count == 1 ? "The first of \(rowCount) rows is shown" : "The first \(count) of \(rowCount) rows are shown"
    let others = rowCount - count == 1 ? "the other one" : "the other \(rowCount - count)"
    return source.closingNotes + [Note(.scope, first + (rest == nil ? "" : "; the row \"rest\" is \(others)"))]
  }

  var closingTotals: [TotalRow] { rows.telling(source.closingTotals, mergedRow: restRow) }

  /// The first rows go out as they come. Then the others are read too, for their number, their sum and the totals.
  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    while let batch = try await source.next() {
      let shownCount = min(batch.count, max(0, count - rows.total.all))
      rows.count(batch, shown: 0..<shownCount, mergingOthers: rest != nil)
      if rest != nil {
        for row in shownCount..<batch.count { try addToRest(batch[row]) }
      }
      if shownCount > 0 { return batch.prefix(shownCount) }
    }
    isDone = true
    guard let rest, rest.rowCount > 0 else { return nil }
    var row = rest.row
    for (index, column) in columns.enumerated() where column.kind.isNumber && column.total == .none {
      row[index].value = .missing(.cannotBeAdded)
    }
    for (index, text) in restTexts { row[index].value = text }
    if let heading { row[heading].value = .text("rest") }
    restRow = row
    return Batch([row], columns: columns)
  }

  private mutating func addToRest(_ row: Row) throws {
    let isFirst = rest?.rowCount == 0
    try rest?.add(row)
    for index in columns.indices where columns[index].tellsTotals {
      if isFirst { restTexts[index] = row[index].value }
      if restTexts[index] != row[index].value { restTexts[index] = .missing(nil) }
    }
  }
}

extension Missing {
  /// Several numbers stand in one cell, and their sum would mean nothing.
  static let cannotBeAdded = Missing(symbol: "×", label: "cannot be added up", kind: .notAdditive)
}
