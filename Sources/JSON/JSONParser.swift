internal import Base

/// Why a text is not JSON, and at which byte.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the offending byte stands, counted from 0; the length of the text when it ends too early.
  public var offset: Int
  /// What is wrong, without the place and without a full stop.
  public var message: String

  /// The message and the byte, in one line.
  public var description: String { "\(message) at byte \(offset)" }
}

extension JSONValue {
  /// Arrays and objects inside each other beyond this are refused, so that no input can exhaust the stack.
  public static let maximumDepth = 128

  /// Reads one JSON text (RFC 8259): UTF-8 without a byte order mark, white space around it allowed.
  ///
  /// Stricter than the RFC where it leaves a choice: a repeated member name, an unpaired surrogate escape, a number
  /// beyond the range of a Double and nesting beyond `maximumDepth` are errors.
  public init(parsing text: some Collection<UInt8>) throws(JSONSyntaxError) {
    let result =
      text.withContiguousStorageIfAvailable { Self.parse($0) } ?? Array(text).withUnsafeBufferPointer(Self.parse)
    self = try result.get()
  }

  /// The same for a text that is a String already.
  public init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: text.utf8)
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONSyntaxError> {
    Result { () throws(JSONSyntaxError) in
      var parser = JSONParser(bytes: bytes)
      return try parser.parseText()
    }
  }
}

/// Recursive descent over a buffer that the caller keeps alive.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  var offset = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  mutating func parseText() throws(JSONSyntaxError) -> JSONValue {
    if let kind = foreignKind { throw error(kind) }
    skipWhiteSpace()
    let value = try parseValue()
    skipWhiteSpace()
    if offset < bytes.count { throw error("unexpected text after the value") }
    return value
  }

  /// What a text is that is no JSON from its first bytes on, though people take it for JSON.
  private var foreignKind: String? {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark, which JSON must not have" }
    // By far the most texts begin with a character that begins no other kind of file.
    if let first = bytes.first, first == UInt8(ascii: "{"), bytes.count > 1, bytes[1] != 0 { return nil }
    return ForeignContent(bytes)?.description
  }

  mutating func parseValue() throws(JSONSyntaxError) -> JSONValue {
    switch peek() {
    case UInt8(ascii: "{"): return .object(try parseObject())
    case UInt8(ascii: "["): return .array(try parseArray())
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try parseNumber()
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case nil: throw error("unexpected end of the text")
    default: throw error("unexpected character")
    }
  }

  private mutating func parseObject() throws(JSONSyntaxError) -> JSONObject {
    try enter()
    var members: [(name: String, value: JSONValue)] = []
    // A linear look-up is faster for the few members of nearly every object, a set safe for the others.
    var names: Set<String> = []
    skipWhiteSpace()
    if !consume(UInt8(ascii: "}")) {
      while true {
        skipWhiteSpace()
        guard peek() == UInt8(ascii: "\"") else { throw error("expected a member name") }
        let start = offset
        let name = try parseString()
        if members.count == 16 { names = Set(members.map(\.name)) }
        let isRepeated = members.count < 16 ? members.contains { $0.name == name } : !names.insert(name).inserted
        if isRepeated { throw JSONSyntaxError(offset: start, message: "repeated member \"\(name)\"") }
        skipWhiteSpace()
        guard consume(UInt8(ascii: ":")) else { throw error("expected ':' after a member name") }
        skipWhiteSpace()
        members.append((name, try parseValue()))
        skipWhiteSpace()
        if consume(UInt8(ascii: ",")) { continue }
        if consume(UInt8(ascii: "}")) { break }
        throw error("expected ',' or '}'")
      }
    }
    depth -= 1
    return JSONObject(uniqueMembers: members)
  }

  private mutating func parseArray() throws(JSONSyntaxError) -> [JSONValue] {
    try enter()
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if !consume(UInt8(ascii: "]")) {
      while true {
        skipWhiteSpace()
        elements.append(try parseValue())
        skipWhiteSpace()
        if consume(UInt8(ascii: ",")) { continue }
        if consume(UInt8(ascii: "]")) { break }
        throw error("expected ',' or ']'")
      }
    }
    depth -= 1
    return elements
  }

  private mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    if depth > JSONValue.maximumDepth { throw error("nested deeper than \(JSONValue.maximumDepth) levels") }
    offset += 1
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard peek() == word.utf8Start[index] else { throw error("expected '\(word)'") }
      offset += 1
    }
    return value
  }

  private mutating func parseNumber() throws(JSONSyntaxError) -> JSONValue {
    let start = offset
    let isNegative = consume(UInt8(ascii: "-"))
    var magnitude: UInt64 = 0
    var overflows = false
    let firstDigit = offset
    while let digit = digit() {
      let (product, overflowA) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflowB) = product.addingReportingOverflow(UInt64(digit))
      magnitude = sum
      overflows = overflows || overflowA || overflowB
      offset += 1
    }
    guard offset > firstDigit else { throw error("expected a digit") }
    if bytes[firstDigit] == UInt8(ascii: "0"), offset > firstDigit + 1 {
      throw JSONSyntaxError(offset: firstDigit, message: "a number does not begin with 0")
    }
    var isInteger = true
    if consume(UInt8(ascii: ".")) {
      isInteger = false
      try skipDigits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      isInteger = false
      offset += 1
      if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
      try skipDigits()
    }
    if isInteger, !overflows {
      if isNegative {
        if magnitude <= UInt64(Int64.max) + 1, magnitude > 0 {
          return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        if magnitude == 0 { return .double(-0.0) }
      } else if magnitude <= UInt64(Int64.max) {
        return .integer(Int64(magnitude))
      }
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<offset]), as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw JSONSyntaxError(offset: start, message: "number out of range")
    }
    return .double(value)
  }

  private func digit() -> UInt8? {
    guard let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
    return byte - UInt8(ascii: "0")
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    let start = offset
    while digit() != nil { offset += 1 }
    if offset == start { throw error("expected a digit") }
  }

  mutating func parseString() throws(JSONSyntaxError) -> String {
    offset += 1
    let start = offset
    skipPlainText()
    if consume(UInt8(ascii: "\"")) { return try text(start..<offset - 1) }
    do {
      return try parseEscapedString(from: start)
    } catch {
      // What is wrong first is told.
      throw invalidText(start..<min(error.offset, offset)) ?? error
    }
  }

  /// The rest of a string that is plain from there up to the offset.
  private mutating func parseEscapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var content: [UInt8] = []
    var runStart = start
    while true {
      content.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<offset]))
      switch peek() {
      case nil: throw error("unexpected end of a string")
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else {
          throw JSONSyntaxError(offset: offset, message: "invalid UTF-8")
        }
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        offset += 1
        let scalar = try parseEscape()
        if scalar.isASCII {
          content.append(UInt8(scalar.value))
        } else {
          content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      default: throw error("unescaped control character in a string")
      }
      runStart = offset
      skipPlainText()
    }
  }

  /// Up to the end of the string, an escape, or what must not stand in it.
  private mutating func skipPlainText() {
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
  }

  /// The error of the first run between escapes that is no UTF-8. Since what an escape stands for is whole, no two runs
  /// make up for each other.
  private func invalidText(_ range: Range<Int>) -> JSONSyntaxError? {
    var runStart = range.lowerBound
    while runStart < range.upperBound {
      let run = bytes[runStart..<range.upperBound].prefix { $0 != UInt8(ascii: "\\") }
      do { _ = try text(run.startIndex..<run.endIndex) } catch { return error }
      let isNumbered = run.endIndex + 1 < range.upperBound && bytes[run.endIndex + 1] == UInt8(ascii: "u")
      runStart = run.endIndex + (isNumbered ? 6 : 2)
    }
    return nil
  }

  private func text(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
    guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
      throw JSONSyntaxError(offset: range.lowerBound, message: "invalid UTF-8 in the string that continues")
    }
    return text
  }

  private mutating func parseEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let escape = peek()
    offset += 1
    switch escape {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let start = offset - 2
      let high = try parseHexDigits()
      if let scalar = Unicode.Scalar(high) { return scalar }
      if (0xD800..<0xDC00).contains(high), consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) {
        let low = try parseHexDigits()
        if (0xDC00..<0xE000).contains(low),
          let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        {
          return scalar
        }
      }
      throw JSONSyntaxError(offset: start, message: "unpaired surrogate escape")
    default:
      offset -= 1
      throw error("unknown escape")
    }
  }

  private mutating func parseHexDigits() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  mutating func skipWhiteSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private func peek() -> UInt8? {
    offset < bytes.count ? bytes[offset] : nil
  }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    offset += 1
    return true
  }

  private func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: offset, message: message)
  }
}
