/// What the selected observations of one group come to.
public struct Aggregate: Hashable, Sendable {
  /// The exact sum of the numbers of the counted observations; nil when there is none, since missing is not zero.
  public var sum: Int64?
  /// The counted observations, those without a number included.
  public var observations = 0
  /// The counted observations that give a number.
  public var numbers = 0
  /// The counted observations without a number, by the index of the reason; empty when there are none.
  public var missing: [Int] = []
  /// Observations left out since they are a part of others.
  public var ofWhich = 0
  /// Observations left out since their source contradicts them elsewhere.
  public var contested = 0
  /// The indexes of the caveats on any counted observation, ascending.
  public var caveats: [Int] = []

  /// No observation at all, as in `empty`.
  public init() {}

  /// No observation at all.
  public static let empty = Aggregate()

  /// Adds what another, disjoint group comes to.
  public mutating func formUnion(_ other: Aggregate) throws(SumOverflow) {
    if let addend = other.sum {
      let (total, overflows) = (sum ?? 0).addingReportingOverflow(addend)
      if overflows { throw SumOverflow() }
      sum = total
    }
    observations += other.observations
    numbers += other.numbers
    ofWhich += other.ofWhich
    contested += other.contested
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
}

/// A sum beyond the range of a 64-bit integer.
public struct SumOverflow: Error, Hashable, Sendable, CustomStringConvertible {
  /// The message, without the group.
  public var description: String { "the sum is beyond the range of a 64-bit integer" }
}

/// Why a question could not be answered.
public enum AggregationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The grid asked for has more cells than are allowed.
  case tooManyGroups(limit: Int)
  /// There is no dimension of that index, or it is named twice.
  case badDimension(Int)
  /// The sum of the group with these codes is beyond the range of a 64-bit integer.
  case overflow(group: [String])

  /// The message, which names the group or what to do.
  public var description: String {
    switch self {
    case .tooManyGroups(let limit): "the grid has more than \(limit) cells; group by fewer dimensions"
    case .badDimension(let index): "there is no dimension \(index), or it is named twice"
    case .overflow(let group):
      group.isEmpty
        ? "the sum of all selected observations is beyond the range of a 64-bit integer"
        : "the sum for \(group.joined(separator: ", ")) is beyond the range of a 64-bit integer"
    }
  }
}
