/// A type that writes its own JSON, in far less time than a coder takes.
///
/// Whatever is `Encodable` too writes what `JSONValue(encoding:)` makes of it: members in the same order, those of a
/// dictionary sorted by name, none for nil.
public protocol JSONWritable {
  /// Appends the compact form, with no white space outside strings.
  func appendJSON(to bytes: inout [UInt8])
}

extension JSONWritable {
  /// The compact form.
  public var jsonBytes: [UInt8] {
    var bytes: [UInt8] = []
    appendJSON(to: &bytes)
    return bytes
  }
}

/// Appends an object.
///
/// - Parameter writeMembers: appends the members in their order, with `writeJSONMember`.
@inlinable
public func writeJSONObject(to bytes: inout [UInt8], _ writeMembers: (inout [UInt8]) -> Void) {
  bytes.append(UInt8(ascii: "{"))
  writeMembers(&bytes)
  bytes.append(UInt8(ascii: "}"))
}

/// Appends a member to the object that is being written.
@inlinable
public func writeJSONMember(_ name: String, _ value: some JSONWritable, to bytes: inout [UInt8]) {
  // No value ends with the byte that begins an object.
  if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
  writeJSON(name, to: &bytes)
  bytes.append(UInt8(ascii: ":"))
  value.appendJSON(to: &bytes)
}

/// Appends a member unless there is no value.
@inlinable
public func writeJSONMember(_ name: String, _ value: (some JSONWritable)?, to bytes: inout [UInt8]) {
  if let value { writeJSONMember(name, value, to: &bytes) }
}

extension Bool: JSONWritable {
  /// `true` or `false`.
  public func appendJSON(to bytes: inout [UInt8]) { JSONValue.bool(self).write(to: &bytes) }
}

extension Int64: JSONWritable {
  /// All digits.
  public func appendJSON(to bytes: inout [UInt8]) { writeJSON(self, to: &bytes) }
}

extension Double: JSONWritable {
  /// The shortest text that reads back as the same; `null` for NaN and infinities.
  public func appendJSON(to bytes: inout [UInt8]) { writeJSON(self, to: &bytes) }
}

extension String: JSONWritable {
  /// Quoted, with no more escaped than must be.
  public func appendJSON(to bytes: inout [UInt8]) { writeJSON(self, to: &bytes) }
}

extension JSONValue: JSONWritable {
  /// The value as it is.
  public func appendJSON(to bytes: inout [UInt8]) { write(to: &bytes) }
}

extension JSONObject: JSONWritable {
  /// Members in their order.
  public func appendJSON(to bytes: inout [UInt8]) { JSONValue.object(self).write(to: &bytes) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
  /// `null` for nil, which an element has; a member is left out instead.
  @inlinable
  public func appendJSON(to bytes: inout [UInt8]) {
    if let self { self.appendJSON(to: &bytes) } else { JSONValue.null.write(to: &bytes) }
  }
}

extension Array: JSONWritable where Element: JSONWritable {
  /// The elements in their order.
  @inlinable
  public func appendJSON(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for element in self {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      element.appendJSON(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
  /// Members sorted by name.
  @inlinable
  public func appendJSON(to bytes: inout [UInt8]) {
    writeJSONObject(to: &bytes) { bytes in
      for (name, value) in sorted(by: { $0.key < $1.key }) { writeJSONMember(name, value, to: &bytes) }
    }
  }
}
