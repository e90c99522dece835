internal import Base

/// A JSON value (RFC 8259) that keeps what the wire said: the order of members, and 64-bit integers exactly.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number written without fraction and exponent that fits 64 bits.
  case integer(Int64)
  /// Any other number. Never NaN or infinite when it comes from the parser.
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// Strings by their bytes, as names and texts on the wire are compared (RFC 8259, section 8.3).
  public static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.double(let a), .double(let b)): a == b
    case (.string(let a), .string(let b)): hasSameBytes(a, b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    case (.null, _), (.bool, _), (.integer, _), (.double, _), (.string, _), (.array, _), (.object, _): false
    }
  }

  /// Strings by their bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value)
    case .string(let value): hasher.combine(ExactText(value))
    case .array(let values): hasher.combine(values)
    case .object(let object): hasher.combine(object)
    }
  }

  /// What kind of value this is, for messages: `null`, `bool`, `integer`, `number`, `string`, `array`, `object`.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .integer: "integer"
    case .double: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// Nil when this is no string.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  /// Nil when this is no bool.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// Nil when this is no number, or one that was written with a fraction or an exponent.
  public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// Nil when this is no array.
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// Nil when this is no object.
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The member of that name, when this is an object that has it.
  public subscript(_ key: String) -> JSONValue? { objectValue?[key] }
}

/// The members of a JSON object in the order in which they were written. Names are unique.
public struct JSONObject: Sendable {
  /// In the order in which they were written or added.
  public private(set) var members: [(name: String, value: JSONValue)] = []

  /// An object without members.
  public init() {}

  /// Of two members with the same name the later value stands, at the place of the first.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (name, value) in members { self[name] = value }
  }

  /// Members whose names the caller knows to be unique.
  init(uniqueMembers members: [(name: String, value: JSONValue)]) {
    self.members = members
  }

  /// Whether there is no member.
  public var isEmpty: Bool { members.isEmpty }
  /// The number of members.
  public var count: Int { members.count }
  /// In the order of the members.
  public var names: [String] { members.map(\.name) }

  /// Linear in the number of members: objects on the wire are small. Setting nil removes the member.
  public subscript(_ name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((name, value))
      case (nil, nil): break
      }
    }
  }
}

extension JSONObject: Hashable {
  /// Order does not count for equality (RFC 8259, section 4); names are compared by their bytes.
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count
      && a.members.allSatisfy { member in
        b.members.contains { hasSameBytes($0.name, member.name) && $0.value == member.value }
      }
  }

  /// Of the members by their names, since equal objects may differ in order.
  public func hash(into hasher: inout Hasher) {
    for member in members.sorted(by: { $0.name < $1.name }) {
      hasher.combine(ExactText(member.name))
      hasher.combine(member.value)
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Of two members with the same name the later value stands, as with `init(_:)`.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A number without fraction and exponent.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// Any other number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// Text, also with values interpolated.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; of two members with the same name the later value stands.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
