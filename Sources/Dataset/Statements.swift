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
  /// How far stated totals, by their index, are known to lie above the sums of their scopes; nil where the ledger does
  /// not tell differences.
  let differences: [Int: Int64]?

  /// Whether the ledger knows that a stated total differs by that much from the sum of its scope. Where the ledger tells
  /// no differences, naming the total is enough.
  ///
  /// - Parameter difference: nil when one of the two is not a number.
  public func acknowledges(difference: Int64?, ofStatedTotal index: Int) -> Bool {
    guard statements.contains(.statedTotal(index)) else { return false }
    return differences.map { $0[index] == difference } ?? true
  }
}
