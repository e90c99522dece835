/// A comment up to the end of its line, without `#` and one space after it.
struct InterfaceComment {
  var text: String
  var position: InterfacePosition
  /// Nothing but white space stands before it on its line.
  var hasOwnLine: Bool
  /// How many line ends follow, the comment's own included.
  var lineEnds = 0
}

/// Lines and columns count from 1, columns in Unicode scalars.
struct InterfacePosition: Comparable {
  var line = 1
  var column = 1

  static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A token, and what lies between it and the one before.
struct InterfaceLexeme {
  enum Token: Equatable {
    case word(String)
    case open, close, colon, comma, arrow, nullable, array, map
    /// A character that begins no token.
    case unknown(String)
    case end
  }

  var token: Token
  var position: InterfacePosition
  var comments: [InterfaceComment]
  var startsLine: Bool
  /// White space or a comment stands before it.
  var isSpaced: Bool
}

extension InterfaceLexeme.Token: CustomStringConvertible {
  /// The token as a message quotes it.
  var description: String {
    switch self {
    case .word(let text), .unknown(let text): "\"\(text)\""
    case .open: "\"(\""
    case .close: "\")\""
    case .colon: "\":\""
    case .comma: "\",\""
    case .arrow: "\"->\""
    case .nullable: "\"?\""
    case .array: "\"[]\""
    case .map: "\"[string]\""
    case .end: "the end of the text"
    }
  }
}

/// Cuts a description into tokens. White space and line ends are those of UAPI.20's parsing expression grammar.
struct InterfaceLexer {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var position = InterfacePosition()
  /// Where the text first has a line end or white space that not everybody reads.
  private(set) var carriageReturn: InterfacePosition?
  private(set) var exoticSpace: InterfacePosition?

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  /// All tokens; the last is `end`.
  mutating func lexemes() -> [InterfaceLexeme] {
    var lexemes: [InterfaceLexeme] = []
    repeat { lexemes.append(next()) } while lexemes.last?.token != .end
    return lexemes
  }

  private mutating func next() -> InterfaceLexeme {
    let start = index
    var startsLine = index == 0
    var comments: [InterfaceComment] = []
    while let scalar = peek() {
      if Self.isLineEnd(scalar) {
        skipLineEnd()
        startsLine = true
        if !comments.isEmpty { comments[comments.count - 1].lineEnds += 1 }
      } else if Self.isSpace(scalar) {
        if scalar != " ", scalar != "\t" { exoticSpace = exoticSpace ?? position }
        skip()
      } else if scalar == "#" {
        comments.append(comment(hasOwnLine: startsLine))
      } else {
        break
      }
    }
    let isSpaced = index > start
    let place = position
    return InterfaceLexeme(
      token: token(), position: place, comments: comments, startsLine: startsLine, isSpaced: isSpaced)
  }

  private mutating func comment(hasOwnLine: Bool) -> InterfaceComment {
    let place = position
    skip()
    if peek() == " " { skip() }
    var text = ""
    while let scalar = peek(), !Self.isLineEnd(scalar) {
      text.unicodeScalars.append(scalar)
      skip()
    }
    while let last = text.unicodeScalars.last, Self.isSpace(last) { text.unicodeScalars.removeLast() }
    return InterfaceComment(text: text, position: place, hasOwnLine: hasOwnLine)
  }

  private mutating func token() -> InterfaceLexeme.Token {
    guard let scalar = peek() else { return .end }
    for (text, token) in Self.symbols where scalars[index...].starts(with: text.unicodeScalars) {
      for _ in text.unicodeScalars { skip() }
      return token
    }
    if scalar == "[" || scalar == "]" {
      skip()
      return .unknown(String(scalar))
    }
    var word = ""
    while let scalar = peek(), !Self.endsWord(scalar), !scalars[index...].starts(with: "->".unicodeScalars) {
      word.unicodeScalars.append(scalar)
      skip()
    }
    return .word(word)
  }

  private static let symbols: [(String, InterfaceLexeme.Token)] = [
    ("(", .open), (")", .close), (":", .colon), (",", .comma), ("->", .arrow), ("?", .nullable), ("[]", .array),
    ("[string]", .map),
  ]

  private func peek() -> Unicode.Scalar? {
    index < scalars.count ? scalars[index] : nil
  }

  private mutating func skip() {
    index += 1
    position.column += 1
  }

  private mutating func skipLineEnd() {
    if scalars[index] == "\r" {
      carriageReturn = carriageReturn ?? position
      if index + 1 < scalars.count, scalars[index + 1] == "\n" { index += 1 }
    } else if scalars[index] != "\n" {
      exoticSpace = exoticSpace ?? position
    }
    index += 1
    position = InterfacePosition(line: position.line + 1)
  }

  private static func endsWord(_ scalar: Unicode.Scalar) -> Bool {
    isSpace(scalar) || isLineEnd(scalar) || "#(),:?[]".unicodeScalars.contains(scalar)
  }

  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "\u{A0}", "\u{FEFF}", "\u{1680}", "\u{180E}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}",
      "\u{3000}":
      true
    default: false
    }
  }
}
