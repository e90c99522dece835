/// What the selected observations of one group come to, by the rules of a measure.
public struct Aggregate: Hashable, Sendable {
  /// What the numbers of the counted observations come to, exact, in units of the measure's last digit; nil when there is
  /// none, since missing is not zero, and where the measure does not add.
  public var sum: Int128?
  /// The counted observations, those without a number included.
  public var observations = 0
  /// The addends that have a number, those that count as nothing included: observations where these are added, series
  /// where one of their numbers stands for all.
  public var numbers = 0
  /// Those of `numbers` that are marks which count as 0.
  public var nils = 0
  /// The addends without a number, by the index of the reason; empty when there are none.
  public var missing: [Int] = []
  /// The addends that should be there and have no row.
  public var absent = 0
  /// The index of the dimension over which the measure does not add, where several of its codes would have to be; nil
  /// where there is a sum.
  public var notAdditive: Int?
  /// The numbers that are left out since they are a part of others.
  public var parts = PartAggregate()
  /// Observations left out since they are a part of others.
  public var ofWhich = 0
  /// Observations left out since their source contradicts them elsewhere.
  public var contested = 0
  /// The indexes of the caveats on any counted observation, ascending.
  public var caveats: [Int] = []
  /// The codes of the earliest and the latest period whose numbers stand for others; nil where none does.
  public var periods: ClosedRange<Int>?
  /// How many of `numbers` are estimates with bounds.
  public var estimates = 0
  /// Whether a ratio has nothing below its line to be divided by.
  public var isUndefined = false
  /// What the sum is at least, where there are estimates; nil where nobody can say.
  public var lower: Int128?
  /// What the sum is at most, where there are estimates; nil where nobody can say.
  public var upper: Int128?

  /// No observation at all, as in `empty`.
  public init() {}

  /// No observation at all.
  public static let empty = Aggregate()

  /// How many addends there should be.
  public var expected: Int { numbers + missing.reduce(absent, +) }

  /// Adds what another, disjoint group comes to. Right for what is added alone: not for means, the greatest and the least.
  public mutating func formUnion(_ other: Aggregate) throws(SumOverflow) {
    (lower, upper) = (try Self.bound(self, other, \.lower), try Self.bound(self, other, \.upper))
    if let addend = other.sum {
      let (total, overflows) = (sum ?? 0).addingReportingOverflow(addend)
      if overflows { throw SumOverflow() }
      sum = total
    }
    observations += other.observations
    numbers += other.numbers
    nils += other.nils
    absent += other.absent
    ofWhich += other.ofWhich
    contested += other.contested
    estimates += other.estimates
    try parts.formUnion(other.parts)
    notAdditive = notAdditive ?? other.notAdditive
    isUndefined = isUndefined || other.isUndefined
    if notAdditive != nil { (sum, lower, upper) = (nil, nil, nil) }
    if let periods = other.periods {
      self.periods =
        self.periods.map {
          min($0.lowerBound, periods.lowerBound)...max($0.upperBound, periods.upperBound)
        } ?? periods
    }
    if missing.isEmpty {
      missing = other.missing
    } else {
      for (reason, count) in other.missing.enumerated() { missing[reason] += count }
    }
    if !other.caveats.isEmpty, caveats != other.caveats { caveats = Set(caveats).union(other.caveats).sorted() }
  }

  /// What this and another, disjoint group come to together.
  public func union(_ other: Aggregate) throws(SumOverflow) -> Aggregate {
    var result = self
    try result.formUnion(other)
    return result
  }

  private static func bound(
    _ a: Aggregate, _ b: Aggregate, _ bound: KeyPath<Aggregate, Int128?>
  ) throws(SumOverflow) -> Int128? {
    if a.estimates + b.estimates == 0 { return nil }
    guard let left = a.estimates > 0 ? a[keyPath: bound] : a.sum ?? 0,
      let right = b.estimates > 0 ? b[keyPath: bound] : b.sum ?? 0
    else { return nil }
    let (total, overflows) = left.addingReportingOverflow(right)
    if overflows { throw SumOverflow() }
    return total
  }
}

/// What numbers come to that are a part of others: shown by themselves, and never added to these.
public struct PartAggregate: Hashable, Sendable {
  /// The sum of the parts; nil when none has a number, or when they may overlap.
  public var sum: Int128?
  /// The parts that have a number.
  public var numbers = 0
  /// The parts without a number.
  public var missing = 0
  /// Whether they have no sum together: two are parts of one whole, and nobody knows whether they overlap, or the measure
  /// does not add.
  public var overlap = false

  /// No part at all.
  public init() {}

  /// How many there are.
  public var count: Int { numbers + missing }

  mutating func formUnion(_ other: PartAggregate) throws(SumOverflow) {
    overlap = overlap || other.overlap
    numbers += other.numbers
    missing += other.missing
    if let addend = other.sum {
      let (total, overflows) = (sum ?? 0).addingReportingOverflow(addend)
      if overflows { throw SumOverflow() }
      sum = total
    }
    if overlap { sum = nil }
  }
}

/// A sum beyond the range of a 128-bit integer.
public struct SumOverflow: Error, Hashable, Sendable, CustomStringConvertible {
  /// The message, without the group.
  public var description: String { "the sum is beyond the range of a 128-bit integer" }
}

/// Why a question could not be answered.
public enum AggregationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The grid asked for has more cells than are allowed.
  case tooManyGroups(limit: Int)
  /// There is no dimension of that index, or it is named twice.
  case badDimension(Int)

  /// The message, which names the group or what to do.
  public var description: String {
    switch self {
    case .tooManyGroups(let limit): "the grid has more than \(limit) cells; group by fewer dimensions"
    case .badDimension(let index): "there is no dimension \(index), or it is named twice"
    }
  }
}
