extension JSONValue {
  /// The value as JSON. Members stand in the order in which they are encoded, those of a dictionary sorted by name.
  ///
  /// A nil member is left out, as `encodeIfPresent` has it. An integer beyond 64 bits, NaN and the infinities are
  /// errors, and so is whatever an `encode(to:)` throws; the error's coding path says where.
  public init(encoding value: some Encodable) throws(EncodingError) {
    self = try encodeValue(value, at: [])
  }
}

private func encodeValue<T: Encodable>(_ value: T, at path: [any CodingKey]) throws(EncodingError) -> JSONValue {
  // To compare types takes less time than to ask for a conversion, and there are many of these.
  if T.self == [String: String].self, let texts = value as? [String: String] {
    let members = texts.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.string($0.value)) }
    return .object(JSONObject(uniqueMembers: members))
  }
  if let value = value as? JSONValue { return value }
  if let object = value as? JSONObject { return .object(object) }
  if let scalar = value as? any JSONScalar {
    if let json = scalar.json { return json }
    throw .invalidValue(value, .init(codingPath: path, debugDescription: "\(value) has no exact form in JSON"))
  }
  let target = EncodingTarget()
  do {
    try value.encode(to: ValueEncoder(target: target, codingPath: path))
  } catch let error as EncodingError {
    throw error
  } catch {
    throw .invalidValue(
      value, .init(codingPath: path, debugDescription: String(describing: error), underlyingError: error))
  }
  if value is any HashOrdered { target.sortMembers() }
  return target.value
}

/// Encodes its members in an order that changes from run to run.
private protocol HashOrdered {}
extension Dictionary: HashOrdered {}

/// What the containers of one encoder write to: they are values that share it, and may outlive each other.
private final class EncodingTarget {
  private enum Part {
    case value(JSONValue)
    case target(EncodingTarget)

    var value: JSONValue {
      switch self {
      case .value(let value): value
      case .target(let target): target.value
      }
    }
  }

  private enum Shape { case object, array, single }

  private var shape = Shape.object
  private var single = JSONValue.null
  private var parts: [Part] = []
  private var names: [String] = []
  /// By name the places of members, from when there are so many that a look at all takes longer.
  private var indices: [String: Int] = [:]
  private static let fewMembers = 16

  /// What has been encoded; an empty object when that is nothing.
  var value: JSONValue {
    switch shape {
    case .single: single
    case .array: .array(parts.map(\.value))
    case .object: .object(JSONObject(uniqueMembers: zip(names, parts).map { (name: $0, value: $1.value) }))
    }
  }

  var count: Int { parts.count }

  func becomeObject() { become(.object) }
  func becomeArray() { become(.array) }

  func set(_ value: JSONValue) {
    become(.single)
    single = value
  }

  func append(_ value: JSONValue) { parts.append(.value(value)) }
  func set(_ value: JSONValue, for name: String) { set(.value(value), for: name) }

  func appendTarget() -> EncodingTarget {
    let target = EncodingTarget()
    parts.append(.target(target))
    return target
  }

  /// The target that stands there already when a container asks for the same key again.
  func target(for name: String) -> EncodingTarget {
    if let index = index(of: name), case .target(let target) = parts[index] { return target }
    let target = EncodingTarget()
    set(.target(target), for: name)
    return target
  }

  func sortMembers() {
    guard shape == .object else { return }
    let order = names.indices.sorted { names[$0] < names[$1] }
    parts = order.map { parts[$0] }
    names = order.map { names[$0] }
    indices = names.count < Self.fewMembers ? [:] : Dictionary(uniqueKeysWithValues: zip(names, names.indices))
  }

  private func become(_ new: Shape) {
    guard shape != new else { return }
    shape = new
    (parts, names, indices) = ([], [], [:])
  }

  private func set(_ part: Part, for name: String) {
    if let index = index(of: name) {
      parts[index] = part
      return
    }
    names.append(name)
    parts.append(part)
    if names.count == Self.fewMembers {
      indices = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    } else if names.count > Self.fewMembers {
      indices[name] = names.count - 1
    }
  }

  private func index(of name: String) -> Int? {
    names.count < Self.fewMembers ? names.firstIndex(of: name) : indices[name]
  }
}

private struct ValueEncoder: Encoder, SingleValueEncodingContainer {
  let target: EncodingTarget
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    target.becomeObject()
    return KeyedEncodingContainer(MemberEncodingContainer(target: target, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    target.becomeArray()
    return ElementEncodingContainer(target: target, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  func encodeNil() { target.set(.null) }

  func encode<T: Encodable>(_ value: T) throws { target.set(try encodeValue(value, at: codingPath)) }
}

private struct MemberEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let target: EncodingTarget
  let codingPath: [any CodingKey]

  func encodeNil(forKey key: Key) { target.set(.null, for: key.stringValue) }

  // What most members are needs no look at its type.
  func encode(_ value: Bool, forKey key: Key) { target.set(.bool(value), for: key.stringValue) }
  func encode(_ value: Int64, forKey key: Key) { target.set(.integer(value), for: key.stringValue) }
  func encode(_ value: String, forKey key: Key) { target.set(.string(value), for: key.stringValue) }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    target.set(try encodeValue(value, at: codingPath + [key]), for: key.stringValue)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    encoder(for: key).container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(for: key).unkeyedContainer() }
  func superEncoder() -> any Encoder { encoder(for: PathKey(stringValue: "super")) }
  func superEncoder(forKey key: Key) -> any Encoder { encoder(for: key) }

  private func encoder(for key: any CodingKey) -> ValueEncoder {
    ValueEncoder(target: target.target(for: key.stringValue), codingPath: codingPath + [key])
  }
}

private struct ElementEncodingContainer: UnkeyedEncodingContainer {
  let target: EncodingTarget
  let codingPath: [any CodingKey]

  var count: Int { target.count }

  func encodeNil() { target.append(.null) }

  func encode<T: Encodable>(_ value: T) throws {
    target.append(try encodeValue(value, at: codingPath + [PathKey(index: count)]))
  }

  func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
    nextEncoder().container(keyedBy: keyType)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nextEncoder().unkeyedContainer() }
  func superEncoder() -> any Encoder { nextEncoder() }

  private func nextEncoder() -> ValueEncoder {
    let path = codingPath + [PathKey(index: count)]
    return ValueEncoder(target: target.appendTarget(), codingPath: path)
  }
}
