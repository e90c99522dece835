package import ReportKit

/// Orders the rows. Rows that are equal in all columns of the order keep their order.
package struct Sort: TransformPlugin {
  package init() {}

  package let keepsColumns = true

  private static let by = Parameter.columnOrder(
    "by", "A column or a list of them, the first one first; or { column: ascending or descending }")
  private static let descending = Parameter.boolean(
    "descending", "Whether the largest come first, in columns without a direction of their own")

  package let manifest = Manifest(
    name: "sort", summary: "Orders the rows by columns; missing values come last in either direction", by, descending)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let order = arguments[Self.by]
    let isDescending = arguments[Self.descending]
    if isDescending, order.contains(where: { $0.isDescending != nil }) {
      throw ParameterErrors(errors: [
        ParameterError(parameter: "descending", message: "descending of sort: by gives each column its direction")
      ])
    }
    var result = table
    result.batches = SortedBatches(
      source: table.batches, order: order.map { ($0.column, $0.isDescending ?? isDescending) },
      memory: StepMemory(step: manifest.name, within: limits))
    return result
  }
}

private struct SortedBatches: BatchStream {
  private var source: any BatchStream
  private let order: [(column: Int, isDescending: Bool)]
  private var memory: StepMemory
  private var isDone = false

  init(source: any BatchStream, order: [(Int, Bool)], memory: StepMemory) {
    self.source = source
    self.order = order
    self.memory = memory
  }

  var closingNotes: [Note] { source.closingNotes }
  var closingTotals: [TotalRow] { source.closingTotals }

  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var batches: [Batch] = []
    while let batch = try await source.next() {
      try memory.hold(batch)
      batches.append(batch)
    }
    guard let all = Batch(joining: batches) else { return nil }
    let relations = order.map { all.columns[$0.column].relation(isDescending: $0.isDescending) }
    let sorted = all.indices.sorted { a, b in
      for relation in relations {
        switch relation(a, b) {
        case .before: return true
        case .after: return false
        case .equal: continue
        }
      }
      return a < b
    }
    return all.gathering(sorted)
  }
}

private enum Relation { case before, equal, after }

extension ColumnVector {
  /// Tells of two rows which one comes first. What is missing comes last in either direction.
  fileprivate func relation(isDescending: Bool) -> (_ a: Int, _ b: Int) -> Relation {
    switch self {
    case .texts(let texts, let gaps): return Relation.between(texts, gaps, isDescending)
    case .codes(let codes, of: let list, let gaps):
      return Relation.between(list.ranks(of: codes), gaps, isDescending)
    case .integers(let integers, let gaps): return Relation.between(integers, gaps, isDescending)
    case .decimals(let decimals, let gaps): return Relation.between(decimals, gaps, isDescending)
    case .mixed(let values): return { Relation(values[$0], values[$1], isDescending) }
    }
  }
}

extension TextList {
  /// For each code the place of its text in the order of those that are there; equal texts share it.
  fileprivate func ranks(of codes: [UInt32]) -> [Int] {
    var ranks: [UInt32: Int] = [:]
    var rank = 0
    var last: String?
    for code in Set(codes).sorted(by: { texts[Int($0)] < texts[Int($1)] }) {
      let text = texts[Int(code)]
      if text != last { rank += 1 }
      ranks[code] = rank
      last = text
    }
    return codes.map { ranks[$0] ?? 0 }
  }
}

extension Relation {
  fileprivate init<Value: Comparable>(_ a: Value, _ b: Value, isDescending: Bool) {
    self = a == b ? .equal : (a < b) == isDescending ? .after : .before
  }

  fileprivate static func between<Value: Comparable>(
    _ values: [Value], _ gaps: Gaps, _ isDescending: Bool
  ) -> (_ a: Int, _ b: Int) -> Relation {
    if gaps.isEmpty { return { Relation(values[$0], values[$1], isDescending: isDescending) } }
    return { a, b in
      switch (gaps.contains(a), gaps.contains(b)) {
      case (true, true): .equal
      case (true, false): .after
      case (false, true): .before
      case (false, false): Relation(values[a], values[b], isDescending: isDescending)
      }
    }
  }

  /// Of values of several kinds.
  fileprivate init(_ a: Cell.Value, _ b: Cell.Value, _ isDescending: Bool) {
    self =
      switch (a, b) {
      case (.missing, .missing): .equal
      case (.missing, _): .after
      case (_, .missing): .before
      case (.integer(let a), .integer(let b)): Relation(a, b, isDescending: isDescending)
      case (.text(let a), .text(let b)): Relation(a, b, isDescending: isDescending)
      case (.decimal(let a), .decimal(let b)): Relation(a, b, isDescending: isDescending)
      case (.integer, _), (.decimal, .text): .before
      case (.text, _), (.decimal, .integer): .after
      }
  }
}
