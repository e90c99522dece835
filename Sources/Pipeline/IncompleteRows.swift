internal import ReportKit

extension Parameter where Value == IncompleteSums? {
  /// Taken by every report that has no parameter of its own of that name.
  static var incomplete: Parameter {
    .optionalChoice(
      "incomplete",
      "What becomes of a sum that lacks some of its numbers: marked, not shown (omit), or shown without a mark (accept); "
        + "as the dataset has it if nothing is said")
  }
}

/// The rows of a report, with what was asked for made of sums that lack some of their numbers.
struct IncompleteRows: BatchStream {
  private var source: any BatchStream
  private let rule: IncompleteSums
  private let columns: [Column]

  init(_ table: Table, rule: IncompleteSums) {
    source = table.batches
    columns = table.columns
    self.rule = rule
  }

  var closingNotes: [Note] { source.closingNotes }

  var closingTotals: [TotalRow] {
    source.closingTotals.map { total in
      var total = total
      for index in total.row.cells.indices { total.row[index].apply(rule) }
      return total
    }
  }

  mutating func next() async throws -> Batch? {
    guard let batch = try await source.next() else { return nil }
    if batch.annotations.isEmpty { return batch }
    let isTouched = batch.annotations.columns.contains { column in
      batch.indices.contains { batch.annotations[$0, column]?.coverage?.isComplete == false }
    }
    if !isTouched { return batch }
    var builder = BatchBuilder(columns: columns)
    for var row in batch.rows {
      for index in row.cells.indices { row[index].apply(rule) }
      builder.append(row)
    }
    return builder.batch
  }
}

extension Cell {
  fileprivate mutating func apply(_ rule: IncompleteSums) {
    guard let coverage, !coverage.isComplete else { return }
    switch rule {
    case .mark: break
    case .accept: self.coverage = nil
    case .omit:
      if case .missing = value { return }
      value = .missing(Missing(symbol: "…", label: "incomplete: \(coverage.words)", kind: .incomplete))
      self.coverage = nil
      bounds = nil
    }
  }
}
