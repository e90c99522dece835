internal import Base

/// Reads the entries of a mapping by key, and reports everything that is wrong with them.
///
///     init?(from node: Node, problems: ProblemCollector) {
///       guard let map = MappingReader(node, of: "the export", keys: ["report", "every"], problems: problems)
///       else { return nil }
///       let report = map.required("report", .located(.name))
///       every = map.optional("every", .duration(), default: .seconds(60))
///       guard let report else { return nil }
///       self.report = report
///     }
///
/// A nil or a default stands for a wrong value too, so that reading can go on: what was read holds only if no problem
/// was reported. Every key should be read before the first `return nil`.
public struct MappingReader {
  /// The mapping itself, for problems that no single key has.
  public let node: Node
  /// In written order, merged entries included.
  public let entries: [(key: Node, value: Node)]
  private let what: String
  private let keys: [String]
  private let problems: ProblemCollector

  /// Reports a node that is no mapping, and every key that is not among `keys` with the nearest of them.
  ///
  /// `what` names the mapping in messages, with its article: `the export`.
  public init?(_ node: Node, of what: String, keys: [String], problems: ProblemCollector) {
    guard let entries = node.entries else {
      problems.reportMismatch(node, label: what, wanted: "a mapping")
      return nil
    }
    self.node = node
    self.entries = entries
    self.what = what
    self.keys = keys
    self.problems = problems
    for (key, _) in entries {
      guard let name = key.scalar?.text, !keys.contains(name) else { continue }
      problems.report("unknown key \(quoted(name)) in \(what)" + problems.suggestion(for: name, among: keys), at: key)
    }
  }

  /// The node of one of the known keys; nil when it is missing.
  public subscript(_ key: String) -> Node? {
    assert(keys.contains(key), "\(key) is read but not among the known keys of \(what)")
    return node[key]
  }

  /// The value of a key; reports it missing at the mapping's place.
  public func required<Value>(_ key: String, _ reader: ValueReader<Value>) -> Value? {
    guard let value = self[key] else {
      problems.report("\(what) lacks the key \(quoted(key))", at: node)
      return nil
    }
    return reader.read(value, quoted(key), problems)
  }

  /// The value of a key, nil also when it is null or empty.
  public func optional<Value>(_ key: String, _ reader: ValueReader<Value>) -> Value? {
    guard let value = self[key], !value.isNull else { return nil }
    return reader.read(value, quoted(key), problems)
  }

  /// The value of a key; the default also when the key is null, empty or wrong.
  public func optional<Value>(
    _ key: String, _ reader: ValueReader<Value>, default defaultValue: @autoclosure () -> Value
  ) -> Value {
    optional(key, reader) ?? defaultValue()
  }
}
