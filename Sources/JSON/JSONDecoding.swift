extension JSONValue {
  /// Reads a `Decodable` out of this value. Members that the type does not ask for are ignored.
  ///
  /// An integer is accepted where a floating-point number is wanted, but 1.0 is no integer, and an integer that does
  /// not fit its type is an error. A null member counts as absent for `decodeIfPresent`. Whatever an `init(from:)`
  /// throws becomes a `DecodingError`; see its `path` and `message`.
  public func decode<T: Decodable>(_ type: T.Type = T.self) throws(DecodingError) -> T {
    try decodeValue(type, from: self, at: [])
  }
}

private func decodeValue<T: Decodable>(
  _ type: T.Type, from value: JSONValue, at path: [any CodingKey]
) throws(DecodingError) -> T {
  if type == JSONValue.self, let value = value as? T { return value }
  if type == JSONObject.self {
    guard case .object(let object) = value, let object = object as? T else {
      throw mismatch(type, expected: "an object", found: value, at: path)
    }
    return object
  }
  if let scalar = type as? any JSONScalar.Type {
    guard let value = scalar.init(json: value) as? T else {
      throw mismatch(type, expected: scalar.expected, found: value, at: path)
    }
    return value
  }
  do {
    return try T(from: ValueDecoder(value: value, codingPath: path))
  } catch let error as DecodingError {
    throw error
  } catch {
    let context = DecodingError.Context(
      codingPath: path, debugDescription: String(describing: error), underlyingError: error)
    throw DecodingError.dataCorrupted(context)
  }
}

private func mismatch(
  _ type: any Any.Type, expected: String, found value: JSONValue, at path: [any CodingKey]
) -> DecodingError {
  let context = DecodingError.Context(codingPath: path, debugDescription: "expected \(expected), found \(value.brief)")
  return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
}

extension JSONValue {
  /// The value in a message: numbers and words as they are, strings shortened, containers by their kind.
  public var brief: String {
    switch self {
    case .null, .bool, .integer, .double: text
    case .string(let string):
      string.count <= 40 ? text : JSONValue.string(string.prefix(39) + "…").text
    case .array: "an array"
    case .object: "an object"
    }
  }
}

private struct ValueDecoder: Decoder, SingleValueDecodingContainer {
  let value: JSONValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let object) = value else {
      throw mismatch([String: Any].self, expected: "an object", found: value, at: codingPath)
    }
    return KeyedDecodingContainer(MemberDecodingContainer(object: object, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else {
      throw mismatch([Any].self, expected: "an array", found: value, at: codingPath)
    }
    return ElementDecodingContainer(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { value == .null }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decodeValue(type, from: value, at: codingPath) }
}

private struct MemberDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: JSONObject
  let codingPath: [any CodingKey]
  /// Of large objects only: few members are found faster by looking at each.
  private let indices: [String: Int]

  init(object: JSONObject, codingPath: [any CodingKey]) {
    self.object = object
    self.codingPath = codingPath
    indices = object.count <= 16 ? [:] : Dictionary(uniqueKeysWithValues: zip(object.names, 0..<object.count))
  }

  var allKeys: [Key] { object.names.compactMap(Key.init(stringValue:)) }

  func contains(_ key: Key) -> Bool { member(key) != nil }

  func decodeNil(forKey key: Key) -> Bool { member(key) ?? .null == .null }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decodeValue(type, from: existingMember(key), at: codingPath + [key])
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try superDecoder(forKey: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try superDecoder(forKey: key).unkeyedContainer()
  }

  func superDecoder() -> any Decoder {
    ValueDecoder(value: object["super"] ?? .null, codingPath: codingPath + [PathKey(stringValue: "super")])
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    ValueDecoder(value: try existingMember(key), codingPath: codingPath + [key])
  }

  private func member(_ key: Key) -> JSONValue? {
    if indices.isEmpty { return object[key.stringValue] }
    return indices[key.stringValue].map { object.members[$0].value }
  }

  private func existingMember(_ key: Key) throws(DecodingError) -> JSONValue {
    if let value = member(key) { return value }
    throw .keyNotFound(key, .init(codingPath: codingPath, debugDescription: "missing"))
  }
}

private struct ElementDecodingContainer: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [JSONValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try nextElement() == .null else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try decodeValue(type, from: nextElement(), at: nextPath)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try ValueDecoder(value: nextElement(), codingPath: nextPath).container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try ValueDecoder(value: nextElement(), codingPath: nextPath).unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = ValueDecoder(value: try nextElement(), codingPath: nextPath)
    currentIndex += 1
    return decoder
  }

  private var nextPath: [any CodingKey] { codingPath + [PathKey(index: currentIndex)] }

  private func nextElement() throws(DecodingError) -> JSONValue {
    if !isAtEnd { return elements[currentIndex] }
    let message = "expected another element, found the end of the array"
    throw .valueNotFound(JSONValue.self, .init(codingPath: nextPath, debugDescription: message))
  }
}
