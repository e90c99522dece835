/// What part an observation plays in sums.
public enum Role: UInt8, Sendable, CaseIterable {
  /// Enters sums.
  case counted
  /// A part of another observation: shown, never summed.
  case ofWhich
  /// Its source contradicts it elsewhere: shown, never summed.
  case contested

  /// As the dataset writes it: `counted`, `of_which`, `contested`.
  public var name: String {
    switch self {
    case .counted: "counted"
    case .ofWhich: "of_which"
    case .contested: "contested"
    }
  }
}

/// One number printed in a source.
public struct Observation: Sendable {
  /// Its index in the list, counted from 0.
  public let row: Int
  /// The text of the observation's key; nil when the dataset declares none, or one of several fields.
  public let id: String?
  /// A code for each dimension of the snapshot.
  public let codes: [Int]
  public let value: ObservedValue
  /// The value as it stands in the file.
  public let printed: String
  public let role: Role
  public let locus: String?
  public let quote: String?
  /// The row of the observation that this one is a part of.
  public let partOf: Int?
  /// The indexes of its caveats, ascending.
  public let caveats: [Int]
}
