internal import Model
internal import Query

/// What observations of the same codes come to, on the way through the rules of a measure.
struct SeriesEntry {
  /// The place on the grid of all dimensions that still tell entries apart.
  var key: Int128
  var sum: Int128 = 0
  var numbers = 0
  var nils = 0
  /// By the index of the reason; empty where nothing is missing.
  var missing: [Int] = []
  /// The codes of the periods whose numbers stand for others.
  var periods: ClosedRange<Int>?
  var estimates = 0
  var lower: Int128? = 0
  var upper: Int128? = 0
  /// Ascending.
  var caveats: [Int] = []

  mutating func add(_ other: SeriesEntry) {
    sum &+= other.sum
    numbers += other.numbers
    nils += other.nils
    if missing.isEmpty {
      missing = other.missing
    } else {
      for (reason, count) in other.missing.enumerated() { missing[reason] += count }
    }
    if let others = other.periods {
      periods = periods.map { min($0.lowerBound, others.lowerBound)...max($0.upperBound, others.upperBound) } ?? others
    }
    estimates += other.estimates
    lower = lower.flatMap { lower in other.lower.map { lower &+ $0 } }
    upper = upper.flatMap { upper in other.upper.map { upper &+ $0 } }
    if !other.caveats.isEmpty { caveats = Set(caveats).union(other.caveats).sorted() }
  }

  /// What is not there of a series of which nothing is: one number, for one reason.
  mutating func lackOne() {
    guard let reason = missing.firstIndex(where: { $0 > 0 }) else { return }
    missing = missing.indices.map { $0 == reason ? 1 : 0 }
  }
}

/// Where combinations of codes stand on a grid too large to be laid out.
struct SparseGrid {
  /// By dimension of the model.
  let strides: [Int128]
  let shape: [Int128]

  /// Nil where there are more combinations than 128 bits can count.
  init?(shape: [Int]) {
    var strides = [Int128](repeating: 0, count: shape.count)
    var count: Int128 = 1
    for index in shape.indices.reversed() {
      strides[index] = count
      let (product, overflows) = count.multipliedReportingOverflow(by: Int128(max(1, shape[index])))
      if overflows { return nil }
      count = product
    }
    self.strides = strides
    self.shape = shape.map { Int128(max(1, $0)) }
  }

  func code(_ dimension: Int, of key: Int128) -> Int { Int(key / strides[dimension] % shape[dimension]) }

  /// The key with the first code in that dimension.
  func lifting(_ dimension: Int, of key: Int128) -> Int128 {
    key - Int128(code(dimension, of: key)) * strides[dimension]
  }
}
