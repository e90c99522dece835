/// How many of the rows that a step was given it shows, by the texts that tell totals apart: so that a total which covers
/// rows that are not shown says so.
public struct ShownRows: Sendable {
  /// The columns that tell which rows a total covers.
  private let tellers: [Int]
  private var counts: [[Cell.Value]: Count] = [:]
  /// Of all rows, whatever they are about.
  public private(set) var total = Count()

  /// Numbers of rows.
  public struct Count: Sendable {
    /// That the step was given.
    public var all = 0
    /// That it shows.
    public var shown = 0
    /// Shown as a part of one row that stands for several.
    var merged = 0
  }

  /// - Parameter columns: of the table that the step is given.
  public init(columns: [Column]) {
    tellers = columns.indices.filter { columns[$0].tellsTotals }
  }

  /// Counts the rows of a batch.
  ///
  /// - Parameters:
  ///   - shown: those of them that are shown.
  ///   - mergingOthers: whether the others are a part of a row that is shown.
  public mutating func count(_ batch: Batch, shown: some RandomAccessCollection<Int>, mergingOthers: Bool = false) {
    func count(all: Int, shown: Int) -> Count {
      Count(all: all, shown: shown, merged: mergingOthers ? all - shown : 0)
    }
    total.add(count(all: batch.count, shown: shown.count))
    if tellers.isEmpty { return }
    for row in batch.indices { counts[key(batch, row), default: Count()].add(count(all: 1, shown: 0)) }
    for row in shown {
      counts[key(batch, row), default: Count()].add(Count(all: 0, shown: 1, merged: mergingOthers ? -1 : 0))
    }
  }

  /// The totals, those that cover more than is shown with a title that says so.
  ///
  /// - Parameter mergedRow: the row that stands for several, when there is one.
  public func telling(_ totals: [TotalRow], mergedRow: Row? = nil) -> [TotalRow] {
    totals.map { total in
      let told = tellers.filter { total.row[$0].value.isText(otherThan: total.title) }
      var count = Count()
      if told.isEmpty {
        count = self.total
      } else {
        for (key, part) in counts
        where zip(tellers, key).allSatisfy({ !told.contains($0) || total.row[$0].value == $1 }) { count.add(part) }
      }
      // A total of all covers whatever is in the merged row; one of some rows only a merged row of just those.
      let isMergedShown = told.allSatisfy { mergedRow?[$0].value == total.row[$0].value }
      let shownCount = count.shown + (isMergedShown ? count.merged : 0)
      return shownCount < count.all ? total.covering(count.all) : total
    }
  }

  private func key(_ batch: Batch, _ row: Int) -> [Cell.Value] { tellers.map { batch.value(row, $0) } }
}

extension ShownRows.Count {
  fileprivate mutating func add(_ other: ShownRows.Count) {
    all += other.all
    shown += other.shown
    merged += other.merged
  }
}

extension Cell.Value {
  /// Whether it is a text, and not that one.
  public func isText(otherThan title: String) -> Bool {
    if case .text(let text) = self { text != title } else { false }
  }
}
