public import Base

/// What somebody gave for a parameter, not checked yet: a text from a command line, or whatever a configuration holds.
public indirect enum ParameterInput: Hashable, Sendable {
  case text(String)
  case list([ParameterInput])
  /// In written order, each key once.
  case mapping([Entry])
  /// Nothing stands there.
  case empty

  /// One key of a mapping, with what stands behind it.
  public struct Entry: Hashable, Sendable {
    /// As it was written.
    @ExactText public var key: String
    /// What stands behind the key.
    public var value: ParameterInput

    /// - Parameter key: as it was written.
    public init(_ key: String, _ value: ParameterInput) {
      self.key = key
      self.value = value
    }
  }

  /// One way down into an input, by which an error tells its place.
  public enum Step: Hashable, Sendable {
    /// The element of that index.
    case element(Int)
    /// The key itself.
    case key(String)
    /// What stands behind the key.
    case value(String)
  }

  /// Texts by their bytes: equal inputs ask for the same, and what is asked for shows in the answer.
  public static func == (a: ParameterInput, b: ParameterInput) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): hasSameBytes(a, b)
    case (.list(let a), .list(let b)): a == b
    case (.mapping(let a), .mapping(let b)): a == b
    case (.empty, .empty): true
    case (.text, _), (.list, _), (.mapping, _), (.empty, _): false
    }
  }

  /// Texts by their bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let text): hasher.combine(ExactText(text))
    case .list(let elements): hasher.combine(elements)
    case .mapping(let entries): hasher.combine(entries)
    case .empty: hasher.combine(0)
    }
  }

  /// What stands there, for messages: `"soon"`, `a list`, `empty`.
  var summary: String {
    switch self {
    case .text(let text): "\"\(text)\""
    case .list: "a list"
    case .mapping: "a mapping"
    case .empty: "empty"
    }
  }
}
