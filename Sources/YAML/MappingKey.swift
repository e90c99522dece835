/// What a reference page says of a key.
public struct KeyDescription: Hashable, Sendable {
  /// What holds without the key.
  public enum Default: Hashable, Sendable {
    /// Nothing: the key must be there.
    case required
    /// A value, as it would be written.
    case value(String)
    /// Something that no value says, in words.
    case words(String)

    /// For a key without which nothing is set, limited or done.
    public static let none = Default.words("none")
  }

  /// The key as it is written in the mapping.
  public var name: String
  /// What may stand there, for people.
  public var type: String
  /// What holds when the key is missing or empty.
  public var `default`: Default
  /// Without a full stop.
  public var summary: String

  /// - Parameter summary: what the key means, without a full stop.
  public init(name: String, type: String, default: Default, summary: String) {
    self.name = name
    self.type = type
    self.default = `default`
    self.summary = summary
  }
}

/// The keys of one mapping, for a reference page.
public struct KeyTable: Hashable, Sendable {
  /// The heading of the table.
  public var title: String
  /// In the order in which they are documented.
  public var keys: [KeyDescription]

  /// The descriptions of these keys, in their order.
  public init(_ title: String, _ keys: [any ReadableKey]) {
    self.title = title
    self.keys = keys.map(\.description)
  }
}

/// A key of any type, of the mapping that a `Root` is read from.
public protocol ReadableKey<Root> {
  associatedtype Root
  var description: KeyDescription { get }

  /// Sets what the key stands for, unless the key is missing, empty or wrong; reports it if that is a problem.
  ///
  /// - Returns: false when the key is required and could not be read.
  func read(from map: MappingReader, into root: inout Root) -> Bool
}

extension ReadableKey {
  /// The key as it is written in the mapping.
  public var name: String { description.name }
}

/// The one declaration of a key: what it is called, what may stand there, what holds without it, what it means, how it
/// is read, and what of a `Root` it sets.
///
///     static var every: MappingKey<Self, Duration> {
///       MappingKey("every", "duration", .duration(), default: .value("60s"), "How often it is written", \.every)
///     }
///
/// What holds without the key is what a `Root` has before it is read; `default` only says it.
public struct MappingKey<Root, Value>: ReadableKey {
  /// All that a person is told about the key.
  public let description: KeyDescription
  /// How the value is read, and checked.
  public let reader: ValueReader<Value>
  /// What of a `Root` is set.
  public let path: WritableKeyPath<Root, Value>

  /// - Parameters:
  ///   - name: the key as it is written.
  ///   - type: what may stand there, for people.
  ///   - default: what holds without the key, in words; nothing is set from it.
  ///   - summary: what the key means, without a full stop.
  ///   - path: what is set when the key is there and in order.
  public init(
    _ name: String, _ type: String, _ reader: ValueReader<Value>, default: KeyDescription.Default, _ summary: String,
    _ path: WritableKeyPath<Root, Value>
  ) {
    description = KeyDescription(name: name, type: type, default: `default`, summary: summary)
    self.reader = reader
    self.path = path
  }

  /// A key of a property that is nil without it.
  public init<Wrapped>(
    _ name: String, _ type: String, _ reader: ValueReader<Wrapped>, default: KeyDescription.Default,
    _ summary: String, _ path: WritableKeyPath<Root, Wrapped?>
  ) where Value == Wrapped? {
    let optional = ValueReader<Wrapped?> { node, label, problems in
      reader.read(node, label, problems).map(Optional.some)
    }
    self.init(name, type, optional, default: `default`, summary, path)
  }

  /// A missing or empty key leaves what is there, and is reported when the key is required.
  public func read(from map: MappingReader, into root: inout Root) -> Bool {
    let value = description.default == .required ? map.required(name, reader) : map.optional(name, reader)
    if let value { root[keyPath: path] = value }
    return value != nil || description.default != .required
  }
}

extension MappingReader {
  /// Reports a node that is no mapping, and every key that is not among `keys` with the nearest of them.
  public init?<Root>(_ node: Node, of what: String, keys: [any ReadableKey<Root>], problems: ProblemCollector) {
    self.init(node, of: what, keys: keys.map(\.name), problems: problems)
  }

  /// Reads all of these keys, whatever is wrong with some of them.
  ///
  /// - Returns: whether every key that must be there could be read. When it is false, what those stand for is unset.
  public func read<Root>(_ keys: [any ReadableKey<Root>], into root: inout Root) -> Bool {
    var isComplete = true
    for key in keys where !key.read(from: self, into: &root) { isComplete = false }
    return isComplete
  }
}
