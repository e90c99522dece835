/// What stands where a number is printed. Missing is not zero.
public enum ObservedValue: Hashable, Sendable {
  case number(Int64)
  /// The index of the reason in `DatasetModel.missingReasons`.
  case missing(reason: Int)

  /// Nil when it is missing, which is not zero.
  public var number: Int64? { if case .number(let value) = self { value } else { nil } }
}

/// A reservation about observations.
public struct Caveat: Hashable, Sendable {
  /// The caveat's key, which is unique.
  public let id: String
  /// A sentence for readers of every number that it is on.
  public let text: String
}

/// What a source itself claims a sum to be.
public struct StatedTotal: Sendable {
  /// The total's key, which is unique.
  public let id: String
  /// The index of the measure that it is stated of.
  public let measure: Int
  /// What the source says the sum is, which may be missing as any number.
  public let value: ObservedValue
  /// The text of its `source` field.
  public let source: String?
  /// Where in the source it stands; nil where the dataset does not say it.
  public let locus: String?
  /// The source's own words; nil where the dataset has none.
  public let quote: String?
  /// The observations that it claims to sum.
  public let scope: Selection
  /// How far it may lie from their sum and still agree, in units of the measure's last digit.
  public let tolerance: Int64
  /// What it is rounded to, half away from zero, in units of the measure's last digit; nil where it is not.
  public let rounded: Int64?
  /// Whether it is an observation of a code that contains others, which its scope sums.
  public let isOfContainer: Bool

  package init(
    id: String, measure: Int, value: ObservedValue, source: String?, locus: String?, quote: String?, scope: Selection,
    tolerance: Int64 = 0, rounded: Int64? = nil, isOfContainer: Bool = false
  ) {
    self.id = id
    self.measure = measure
    self.value = value
    self.source = source
    self.locus = locus
    self.quote = quote
    self.scope = scope
    self.tolerance = tolerance
    self.rounded = rounded
    self.isOfContainer = isOfContainer
  }
}

/// An acknowledged disagreement between statements of the sources.
public struct Discrepancy: Sendable {
  /// One of the sides of a disagreement.
  public enum Statement: Hashable, Sendable {
    case observation(ObservationKey)
    /// The index in `DatasetModel.statedTotals`.
    case statedTotal(Int)
  }

  /// The key in the ledger, which is unique.
  public let id: String
  /// One line for people; empty where the ledger has none.
  public let title: String
  /// Why the statements differ; nil where the ledger only names them.
  public let explanation: String?
  /// In the order of the dataset.
  public let statements: [Statement]
  /// How far stated totals, by their index, are known to lie above the sums of their scopes; nil where the ledger does
  /// not tell differences.
  let differences: [Int: Int64]?

  /// Whether the ledger knows that a stated total differs by that much from the sum of its scope. Where the ledger tells
  /// no differences, naming the total is enough.
  ///
  /// - Parameter difference: nil when one of the two is not a number.
  public func acknowledges(difference: Int128?, ofStatedTotal index: Int) -> Bool {
    guard statements.contains(.statedTotal(index)) else { return false }
    return differences.map { $0[index].map { Int128($0) } == difference } ?? true
  }
}
