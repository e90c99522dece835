/// Text for a terminal: what may not reach it, how wide it is, and where its lines break.
public enum TerminalText {
  /// What stands in the place of a character that may not reach a terminal.
  public enum Substitute: Sendable {
    /// `�`, which keeps a table's cells narrow.
    case replacementCharacter
    /// The character's escape, such as `\u{1B}`, which tells a reader what was there.
    case escape
  }

  /// The text without anything that moves the cursor, takes over the terminal, or shows another order of characters than
  /// the one that is there: control characters, and those that override or isolate the direction of writing (Unicode
  /// Standard Annex 9, explicit directional formatting). Line ends and tabs become spaces: CR LF one, a lone CR one.
  public static func safe(_ text: String, showing substitute: Substitute) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var isBehindReturn = false
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      defer { isBehindReturn = scalar == "\r" }
      guard isUnsafe(scalar) else { return result.unicodeScalars.append(scalar) }
      switch (scalar, substitute) {
      case ("\n", _) where isBehindReturn: break
      case ("\n", _), ("\r", _), ("\t", _): result += " "
      case (_, .replacementCharacter): result += "\u{FFFD}"
      case (_, .escape): result += scalar.escaped(asASCII: true)
      }
    }
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// The words of a text in lines of at most `width` columns, or on one line without a width. A longer word has its own.
  public static func wrapped(_ text: String, width: Int?) -> [String] {
    let words = text.split(separator: " ").map(String.init)
    guard let width else { return [words.joined(separator: " ")] }
    var lines: [String] = []
    var used = 0
    for word in words {
      let needed = self.width(of: word)
      if let last = lines.last, used + 1 + needed <= width {
        lines[lines.count - 1] = "\(last) \(word)"
        used += 1 + needed
      } else {
        lines.append(word)
        used = needed
      }
    }
    return lines.isEmpty ? [""] : lines
  }

  /// The text with spaces behind it up to a width in columns.
  public static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - self.width(of: text)))
  }
}

extension TerminalText {
  /// How many columns of a terminal a text takes: East Asian wide characters and emoji two, combining marks none
  /// (Unicode Standard Annex 11).
  public static func width(of text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    // What combines into one character takes the room of its widest part.
    character.unicodeScalars.reduce(0) { max($0, width(of: $1)) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return scalar == "\u{FE0F}" ? 2 : 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks whose characters have East Asian Width W or F.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
    0x1AFF0...0x1B2FF, 0x20000...0x3FFFD,
  ]
}
