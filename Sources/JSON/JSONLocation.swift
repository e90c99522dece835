/// One step into a JSON text: a member of an object, or an element of an array.
public enum JSONPathStep: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case member(String)
  case element(Int)

  /// A text stands for a member's name.
  public init(stringLiteral value: String) { self = .member(value) }
  /// A number stands for an element, counted from 0.
  public init(integerLiteral value: Int) { self = .element(value) }
}

/// A place in a text: line and column count from 1, the column in Unicode scalars.
public struct TextLocation: Hashable, Sendable {
  /// Counts from 1.
  public var line: Int
  /// Counts Unicode scalars from 1.
  public var column: Int

  /// The place of the byte at `offset` of a UTF-8 text.
  public init(offset: Int, in text: [UInt8]) {
    line = 1
    column = 1
    for byte in text.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0b1100_0000 != 0b1000_0000 {
        column += 1
      }
    }
  }
}

/// Where the value at `path` begins in `text`, or the nearest enclosing value that is there.
///
/// The text is read again for this: places are wanted only when something is wrong, and a tree without them is
/// smaller and faster. `text` has been parsed successfully before.
public func locateJSON(_ path: some Sequence<JSONPathStep>, in text: [UInt8]) -> TextLocation {
  text.withUnsafeBufferPointer { bytes in
    var parser = JSONParser(bytes: bytes)
    parser.skipWhiteSpace()
    var offset = parser.offset
    for step in path {
      guard let found = try? parser.seek(step) else { break }
      offset = found
    }
    return TextLocation(offset: offset, in: text)
  }
}

extension JSONParser {
  /// Moves from the beginning of a container to the beginning of one of its values; nil if there is no such value.
  fileprivate mutating func seek(_ step: JSONPathStep) throws(JSONSyntaxError) -> Int? {
    guard offset < bytes.count else { return nil }
    let closing: UInt8
    switch (step, bytes[offset]) {
    case (.member, UInt8(ascii: "{")): closing = UInt8(ascii: "}")
    case (.element, UInt8(ascii: "[")): closing = UInt8(ascii: "]")
    default: return nil
    }
    offset += 1
    var index = 0
    while true {
      skipWhiteSpace()
      guard offset < bytes.count, bytes[offset] != closing else { return nil }
      var isFound = step == .element(index)
      if case .member(let name) = step {
        isFound = try parseString() == name
        skipWhiteSpace()
        offset += 1
        skipWhiteSpace()
      }
      if isFound { return offset }
      _ = try parseValue()
      skipWhiteSpace()
      if offset < bytes.count, bytes[offset] == UInt8(ascii: ",") { offset += 1 }
      index += 1
    }
  }
}

extension JSONValue {
  /// Where the first text or name is that has U+0000 in it, which nothing that is written holds and no message may.
  public var pathToNUL: [JSONPathStep]? {
    switch self {
    case .string(let text): text.utf8.contains(0) ? [] : nil
    case .array(let values): Self.first(values.enumerated().lazy.map { (.element($0.offset), $0.element) })
    case .object(let object):
      object.names.contains { $0.utf8.contains(0) }
        ? [] : Self.first(object.members.lazy.map { (.member($0.name), $0.value) })
    case .null, .bool, .integer, .double: nil
    }
  }

  private static func first(_ values: some Sequence<(JSONPathStep, JSONValue)>) -> [JSONPathStep]? {
    for (step, value) in values { if let path = value.pathToNUL { return [step] + path } }
    return nil
  }
}
