package import ReportKit

/// A report of any number of rows, whatever the dataset: their numbers, a text of several bytes a character, and columns
/// in which every value is missing for a reason.
package struct ManyRows: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "many-rows", summary: "Many rows for tests", count, batchSize, gapCount)

  private static let count = Parameter.integer("count", "How many rows", in: 0...Int.max, default: 5000)
  private static let batchSize = Parameter.integer("batch", "How many rows a batch", in: 1...Int.max, default: 3000)
  private static let gapCount = Parameter.integer("gaps", "How many columns of nothing", in: 0...100, default: 1)

  /// Why the values are missing.
  package static let reason = Missing(symbol: "–", label: "none printed")
  /// On the table as a whole.
  package static let note = Note(.scope, "Rows of nothing")

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let gapCount = request[Self.gapCount]
    let columns =
      [Column(name: "number", title: "Number", kind: .integer), Column(name: "text", title: "Text", kind: .text)]
      + (0..<gapCount).map { Column(name: "gap_\($0)", title: "Gap \($0)", kind: .integer) }
    let batches = Batches(
      remaining: 0..<request[Self.count], size: request[Self.batchSize], gapCount: gapCount)
    return Table(columns: columns, batches: batches, notes: [Self.note])
  }

  private struct Batches: BatchStream {
    var remaining: Range<Int>
    let size: Int
    let gapCount: Int

    mutating func next() -> Batch? {
      let rows = remaining.prefix(size)
      if rows.isEmpty { return nil }
      remaining = rows.upperBound..<remaining.upperBound
      let nothing = ColumnVector.integers(
        [Int64](repeating: 0, count: rows.count),
        Gaps(codes: [UInt8](repeating: 1, count: rows.count), reasons: [ManyRows.reason]))
      return Batch(
        [.integers(rows.map(Int64.init), .none), .texts(rows.map { "Ж–𝄞 \($0)" }, .none)]
          + [ColumnVector](repeating: nothing, count: gapCount),
        count: rows.count)
    }
  }
}
