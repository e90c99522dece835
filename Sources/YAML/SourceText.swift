internal import Base

/// The bytes of a YAML file, checked before libyaml sees them.
///
/// libyaml takes a lone carriage return, U+0085, U+2028 and U+2029 for line breaks, where editors and YAML 1.2 do not:
/// they are refused here, and so the lines that libyaml counts are the lines that people see.
struct SourceText {
  let file: String
  /// Without the byte order mark.
  let bytes: ArraySlice<UInt8>

  private static let listedProblems = 10

  init(file: String, contents: [UInt8]) {
    self.file = file
    let hasMark = contents.starts(with: [0xEF, 0xBB, 0xBF])
    bytes = contents[(hasMark ? 3 : 0)...]
  }

  /// Reports everything that is not plain UTF-8 text; returns whether there was nothing.
  func validate(_ problems: ProblemCollector) -> Bool {
    if let foreign = ForeignContent(bytes) {
      problems.report(Problem(file: file, message: foreign.message))
      return false
    }
    var found = 0
    func report(_ message: String, _ line: Int, _ column: Int) {
      found += 1
      if found <= Self.listedProblems {
        problems.report(Problem(file: file, position: .text(line: line, column: column), message: message))
      } else {
        problems.reportUnlisted()
      }
    }

    var line = 1
    var column = 1
    var offset = bytes.startIndex
    while offset < bytes.endIndex {
      let byte = bytes[offset]
      let next = offset + 1
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        column = 0
      case 0x20...0x7E: break
      case UInt8(ascii: "\r") where next == bytes.endIndex || bytes[next] != UInt8(ascii: "\n"):
        report("a carriage return without a line feed; end lines with LF or CRLF", line, column)
      default:
        let (scalar, length) = scalar(at: offset)
        if let message = Self.objection(to: scalar) { report(message, line, column) }
        offset += length - 1
      }
      offset += 1
      column += 1
    }
    return found == 0
  }

  /// The scalar that begins at `offset` and its length in bytes; nil and the length of what is wrong.
  private func scalar(at offset: Int) -> (Unicode.Scalar?, length: Int) {
    var iterator = bytes[offset...].prefix(4).makeIterator()
    var parser = UTF8.ForwardParser()
    switch parser.parseScalar(from: &iterator) {
    case .valid(let encoded): return (UTF8.decode(encoded), encoded.count)
    case .error(let length): return (nil, length)
    case .emptyInput: return (nil, 1)
    }
  }

  private static func objection(to scalar: Unicode.Scalar?) -> String? {
    guard let scalar else { return "not UTF-8; save the file as UTF-8" }
    switch scalar.value {
    case 0x09, 0x0D, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...:
      return nil
    case 0x00:
      return "a NUL byte; is this a text file?"
    case 0xFEFF:
      return "a byte order mark (U+FEFF) inside the text; delete it"
    case 0x85, 0x2028, 0x2029:
      return "\(codePoint(scalar)) is a line break to some readers and none to others; "
        + "write \"\\u\(codePoint(scalar).dropFirst(2))\" in double quotes"
    default:
      return "the control character \(codePoint(scalar)) is not allowed; "
        + "write \"\\u\(codePoint(scalar).dropFirst(2))\" in double quotes"
    }
  }

  /// Everything from the beginning of a line, which counts from 1.
  private func text(fromLine number: Int) -> ArraySlice<UInt8> {
    var rest = bytes
    for _ in 1..<number {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return [] }
      rest = rest[(end + 1)...]
    }
    return rest
  }

  /// A line, which counts from 1, without its end.
  private func line(_ number: Int) -> Substring.UnicodeScalarView {
    let line = text(fromLine: number).prefix { $0 != UInt8(ascii: "\n") }
    let endsWithReturn = line.last == UInt8(ascii: "\r")
    return Substring(String(decoding: endsWithReturn ? line.dropLast() : line, as: UTF8.self)).unicodeScalars
  }

  /// The text from a place to the end of its line, empty when there is none.
  func remainder(_ mark: Mark) -> Substring.UnicodeScalarView {
    line(mark.line).dropFirst(mark.column - 1)
  }

  /// Whether nothing but white space follows a place.
  func isAtEnd(_ mark: Mark) -> Bool {
    remainder(mark).allSatisfy { $0 == " " || $0 == "\t" }
      && text(fromLine: mark.line).drop { $0 != UInt8(ascii: "\n") }.allSatisfy {
        $0 == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains($0)
      }
  }

  /// The first directive from a line on when only blank lines, comments and ends of documents come before it.
  func directive(fromLine first: Int) -> (mark: Mark, name: String)? {
    var rest = text(fromLine: first)
    var number = first
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      let content = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
      if line.first == UInt8(ascii: "%") {
        let name = line.prefix { $0 > UInt8(ascii: " ") }
        return (Mark(line: number, column: 1), String(decoding: name, as: UTF8.self))
      }
      if !content.isEmpty, content.first != UInt8(ascii: "#"), !line.starts(with: "...".utf8) { return nil }
      rest = rest[line.endIndex...].dropFirst()
      number += 1
    }
    return nil
  }

  /// Whether something other than white space stands before a place in its line.
  func hasTextBefore(_ mark: Mark) -> Bool {
    !line(mark.line).prefix(mark.column - 1).allSatisfy { $0 == " " || $0 == "\t" }
  }

  /// What a line says around a place; nil when the line is blank.
  func excerpt(_ mark: Mark) -> String? {
    let limit = 60
    let text = line(mark.line)
    if text.allSatisfy({ $0 == " " || $0 == "\t" }) { return nil }
    if mark.column <= limit { return abbreviated(Substring(text.drop { $0 == " " }), limit: limit) }
    return abbreviated("…" + Substring(text.dropFirst(mark.column - 1 - limit / 2)), limit: limit)
  }
}

/// A place in a text; line and column count from 1, the column in Unicode scalars.
struct Mark: Hashable {
  var line: Int
  var column: Int
}

/// `U+0007`: at least four digits.
private func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
