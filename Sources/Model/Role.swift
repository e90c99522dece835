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
