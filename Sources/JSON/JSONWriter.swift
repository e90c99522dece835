extension JSONValue {
  /// The compact form: no white space outside strings, members in their order, integers exact.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// The compact form as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends the compact form. NaN and infinities, which JSON lacks, become `null`.
  public func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): writeJSON(value, to: &bytes)
    case .double(let value): writeJSON(value, to: &bytes)
    case .string(let value): writeJSON(value, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        writeJSON(member.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

/// Appends an integer in decimal, without a String in between.
public func writeJSON(_ value: Int64, to bytes: inout [UInt8]) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  var magnitude = value.magnitude
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
    var start = 20
    repeat {
      start -= 1
      digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10))
      magnitude /= 10
    } while magnitude > 0
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
  }
}

/// Appends the shortest text that reads back as the same Double, always with a point or an exponent; `null` for NaN
/// and infinities.
public func writeJSON(_ value: Double, to bytes: inout [UInt8]) {
  bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
}

/// Appends a quoted string. Only what RFC 8259 requires is escaped: `"`, `\` and the control characters.
public func writeJSON(_ value: String, to bytes: inout [UInt8]) {
  var value = value
  bytes.append(UInt8(ascii: "\""))
  value.withUTF8 { utf8 in
    var start = 0
    for (index, byte) in utf8.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    {
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
      writeEscape(byte, to: &bytes)
      start = index + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
  }
  bytes.append(UInt8(ascii: "\""))
}

private func writeEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
  bytes.append(UInt8(ascii: "\\"))
  switch byte {
  case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
  case 0x08: bytes.append(UInt8(ascii: "b"))
  case 0x09: bytes.append(UInt8(ascii: "t"))
  case 0x0A: bytes.append(UInt8(ascii: "n"))
  case 0x0C: bytes.append(UInt8(ascii: "f"))
  case 0x0D: bytes.append(UInt8(ascii: "r"))
  default:
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(contentsOf: "u00".utf8)
    bytes.append(digits[Int(byte >> 4)])
    bytes.append(digits[Int(byte & 15)])
  }
}
