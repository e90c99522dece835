public import Base

/// A YAML value together with the place where it is written.
///
/// Aliases and merge keys are already resolved. A value that came through an alias keeps the place of its anchor,
/// since that is the text a person has to edit.
public struct Node: Sendable {
  /// What stands there.
  public enum Kind: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    /// The entries in written order with unique keys, which are read as text; merged entries stand where their `<<` stood.
    case mapping([(key: Node, value: Node)])
    /// Stands for a value about which a problem has been reported, so that readers pass over it in silence.
    case unreadable
  }

  /// The value itself.
  public var kind: Kind
  /// The path of the file as it was given to `loadYAML`.
  public let file: String
  /// Counts from 1.
  public let line: Int
  /// Counts Unicode scalars from 1.
  public let column: Int
}

extension Node {
  /// The place of the value's first character, for a problem or a `Located`.
  public var position: Problem.Position { .text(line: line, column: column) }

  /// A problem at this place.
  public func problem(_ message: String) -> Problem {
    Problem(file: file, position: position, message: message)
  }

  /// A value that was read from this node, with its place.
  public func locate<Value>(_ value: Value) -> Located<Value> {
    Located(value, file: file, position: position)
  }

  /// Nil when this is no scalar.
  public var scalar: Scalar? { if case .scalar(let scalar) = kind { scalar } else { nil } }
  /// In written order; nil when this is no list.
  public var elements: [Node]? { if case .sequence(let elements) = kind { elements } else { nil } }
  /// In written order, merged entries included; nil when this is no mapping.
  public var entries: [(key: Node, value: Node)]? { if case .mapping(let entries) = kind { entries } else { nil } }
  /// Whether `null`, `~` or nothing stands there.
  public var isNull: Bool { scalar?.isNull ?? false }

  /// The value of that key, when this is a mapping that has it.
  public subscript(_ key: String) -> Node? {
    entries?.first { $0.key.scalar?.text == key }?.value
  }

  /// What stands here, for messages: `the text "soon"`, `the integer 12`, `a list`, `empty`.
  public var summary: String {
    switch kind {
    case .scalar(let scalar): scalar.summary
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .unreadable: "unreadable"
    }
  }
}
