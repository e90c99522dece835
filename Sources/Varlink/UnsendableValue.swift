import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A value that must not go over the wire: U+0000 in a string, a number that JSON cannot say, or text that is no object.
public struct UnsendableValue: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place of the value: names and indices joined by dots.
  public var path: String
  /// Without a full stop.
  public var reason: String

  /// - Parameter path: names and indices joined by dots.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The message, with the place.
  public var description: String { "cannot send \"\(path)\": \(reason)" }
}

func checkSendable(_ object: JSONObject) throws(UnsendableValue) {
  guard var found = unsendable(in: .object(object)) else { return }
  found.path.reverse()
  throw UnsendableValue(path: (["parameters"] + found.path).joined(separator: "."), reason: found.reason)
}

func checkSendable(_ string: String, at path: String) throws(UnsendableValue) {
  if containsNUL(string) { throw UnsendableValue(path: path, reason: nulReason) }
}

/// Checks what would break the framing or the other end; that the rest is JSON is up to whoever made the text.
func checkSendable(encoded text: [UInt8]) throws(UnsendableValue) {
  guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}"), text.count >= 2 else {
    throw UnsendableValue(path: "parameters", reason: "the encoded text is not an object")
  }
  let hasNUL = text.withUnsafeBytes { bytes in
    guard let base = bytes.baseAddress else { return false }
    return memchr(base, 0, bytes.count) != nil || containsEscapedNUL(bytes)
  }
  if hasNUL { throw UnsendableValue(path: "parameters", reason: nulReason) }
}

private let nulReason = "a string holds U+0000"

private func containsNUL(_ string: String) -> Bool {
  string.utf8.contains(0)
}

/// The path is built from its end while the search returns.
private func unsendable(in value: JSONValue) -> (path: [String], reason: String)? {
  switch value {
  case .null, .bool, .integer: return nil
  case .double(let number):
    return number.isFinite ? nil : ([], "\(number) is not a JSON number")
  case .string(let string):
    return containsNUL(string) ? ([], nulReason) : nil
  case .array(let elements):
    for (index, element) in elements.enumerated() {
      if let found = unsendable(in: element) { return (found.path + [String(index)], found.reason) }
    }
  case .object(let object):
    for (name, member) in object.members {
      if containsNUL(name) { return ([], "a member name holds U+0000") }
      if let found = unsendable(in: member) { return (found.path + [name], found.reason) }
    }
  }
  return nil
}

/// Whether the escape `\u0000` occurs, as opposed to an escaped backslash followed by `u0000`.
private func containsEscapedNUL(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return false }
  var start = 0
  while start < bytes.count, let found = memchr(base + start, Int32(UInt8(ascii: "\\")), bytes.count - start) {
    let index = base.distance(to: UnsafeRawPointer(found))
    if bytes[(index + 1)...].starts(with: "u0000".utf8) { return true }
    start = index + 2
  }
  return false
}
