/// What stands where a number is printed. Missing is not zero.
public enum ObservedValue: Hashable, Sendable {
  case number(Int64)
  /// The index of the reason in `Snapshot.missingReasons`.
  case missing(reason: Int)

  public var number: Int64? { if case .number(let value) = self { value } else { nil } }
}

/// A reservation about observations.
public struct Caveat: Hashable, Sendable {
  public let id: String
  public let text: String
}

/// What a source itself claims a sum to be.
public struct StatedTotal: Sendable {
  public let id: String
  public let value: ObservedValue
  /// The text of its `source` field.
  public let source: String?
  public let locus: String?
  public let quote: String?
  /// The observations that it claims to sum.
  public let scope: Selection
}

/// An acknowledged disagreement between statements of the sources.
public struct Discrepancy: Sendable {
  public enum Statement: Hashable, Sendable {
    /// The row of an observation.
    case observation(Int)
    /// The index in `Snapshot.statedTotals`.
    case statedTotal(Int)
  }

  public let id: String
  public let title: String
  public let explanation: String?
  public let statements: [Statement]
}
