public import Base

/// Reads one node as a `Value`, or reports why it is none.
public struct ValueReader<Value> {
  /// `label` names the value at the beginning of a message: `"timeout"`.
  public let read: (_ node: Node, _ label: String, _ problems: ProblemCollector) -> Value?

  /// - Parameter read: returns nil only after it reported a problem.
  public init(_ read: @escaping (_ node: Node, _ label: String, _ problems: ProblemCollector) -> Value?) {
    self.read = read
  }
}

/// A type that is read from a node, usually with a `MappingReader`.
public protocol NodeReadable {
  /// Nil only after a problem was reported.
  init?(from node: Node, problems: ProblemCollector)
}

/// One entry of a mapping whose keys are free.
public struct Entry<Value> {
  /// The key and where it is written.
  public var key: Located<String>
  /// What was read for the key.
  public var value: Value
}

extension Entry: Sendable where Value: Sendable {}

extension ValueReader {
  /// The value together with its place.
  public static func located<Inner>(_ inner: ValueReader<Inner>) -> Self where Value == Located<Inner> {
    ValueReader { node, label, problems in inner.read(node, label, problems).map(node.locate) }
  }

  /// A list; entries with a problem are left out.
  public static func list<Element>(
    of element: ValueReader<Element>, atLeast minimum: Int = 0
  ) -> Self where Value == [Element] {
    ValueReader { node, label, problems in
      guard let elements = node.elements else {
        let hint = node.scalar.map { $0.isNull ? "" : "; write [\(quoted($0.text))]" } ?? ""
        problems.reportMismatch(node, label: label, wanted: "a list", hint: hint)
        return nil
      }
      if elements.count < minimum {
        problems.report("\(label) must have at least \(minimum) \(minimum == 1 ? "entry" : "entries")", at: node)
        return nil
      }
      return elements.compactMap { element.read($0, "an entry of \(label)", problems) }
    }
  }

  /// A mapping with free keys, in written order; entries with a problem are left out.
  public static func mapping<Element>(of element: ValueReader<Element>) -> Self where Value == [Entry<Element>] {
    ValueReader { node, label, problems in
      guard let entries = node.entries else {
        problems.reportMismatch(node, label: label, wanted: "a mapping")
        return nil
      }
      return entries.compactMap { key, value in
        guard let name = key.scalar?.text,
          let value = element.read(value, "\(quoted(name)) in \(label)", problems)
        else { return nil }
        return Entry(key: key.locate(name), value: value)
      }
    }
  }

  /// A mapping of names to things that know their names, in written order; those with a problem are left out.
  ///
  /// - Parameters:
  ///   - wanted: what is said to be wanted instead of something else: `a mapping of names to reports`.
  ///   - read: makes one of them; nil after it has reported a problem.
  public static func named<Element>(
    _ wanted: String, _ read: @escaping (Located<String>, Node, ProblemCollector) -> Element?
  ) -> Self where Value == [Element] {
    ValueReader { node, label, problems in
      guard let entries = node.entries else {
        problems.reportMismatch(node, label: label, wanted: wanted)
        return nil
      }
      return entries.compactMap { key, value in
        key.scalar.flatMap { read(key.locate($0.text), value, problems) }
      }
    }
  }

  /// A value of a type that reads itself.
  public static func value(as type: Value.Type = Value.self) -> Self where Value: NodeReadable {
    ValueReader { node, _, problems in Value(from: node, problems: problems) }
  }
}

extension ValueReader where Value == Node {
  /// Whatever stands there.
  public static var node: Self { ValueReader { node, _, _ in node } }
}

extension ProblemCollector {
  /// Reports that a node is not what is wanted: `"timeout" must be an integer, not the text "soon"`.
  public func reportMismatch(_ node: Node, label: String, wanted: String, hint: String = "") {
    report("\(label) must be \(wanted), not \(node.summary)\(hint)", at: node)
  }
}
