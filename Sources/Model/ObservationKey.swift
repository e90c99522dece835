public import Base

/// What tells one observation from all others, in every engine and in every revision that still has it: the text of its
/// primary key. Where the dataset declares none, an engine gives each observation `#` and its number in the dataset's
/// order, from 1.
///
/// Keys are the same when their bytes are: two that look alike may be two.
public struct ObservationKey: Hashable, Sendable, CustomStringConvertible {
  /// The text of the primary key as it stands in the file, or `#` and a number.
  @ExactText public private(set) var text: String

  /// Takes the key as an engine wrote it; whether there is such an observation shows when it is asked for.
  public init(_ text: String) {
    self.text = text
  }

  /// The text of the key.
  public var description: String { text }
}
