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
  /// the one that is there: control characters, separators of lines and paragraphs, and those that override or isolate
  /// the direction of writing (Unicode Standard Annex 9, explicit directional formatting). Line ends and tabs become
  /// spaces: CR LF one, a lone CR one.
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

  /// A text of JSON that says the same, in which what may not reach a terminal is escaped as JSON has it: `\u202e`. What
  /// stands outside strings, and control characters of ASCII, which JSON escapes anyway, stay as they are.
  public static func safeJSON(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value >= 0x7F && isUnsafe($0) }) else { return text }
    return escapingScalars(text) { scalar in
      guard scalar.value >= 0x7F, isUnsafe(scalar) else { return nil }
      // None of them is beyond the first plane.
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
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
  /// How many columns of a terminal a text takes, scalar by scalar as wcwidth(3) and terminals count: East Asian wide
  /// characters and emoji two, nonspacing marks none, spacing marks such as the vowel signs of Hindi one.
  ///
  /// What becomes one picture takes two: emoji that are joined (U+200D) or have a colour of skin, and a character that the
  /// variation selector 16 (U+FE0F) makes an emoji (Unicode Technical Standard 51).
  public static func width(of text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    var columns = 0
    var last = Last()
    for scalar in text.unicodeScalars { columns += last.columns(of: scalar) }
    return columns
  }

  /// The text without what is behind so many columns; nothing of a character that does not fit.
  public static func cut(_ text: String, to width: Int) -> String {
    if self.width(of: text) <= width { return text }
    var result = ""
    var columns = 0
    for character in text {
      columns += self.width(of: String(character))
      if columns > width { break }
      result.append(character)
    }
    return result
  }

  /// What stands before a scalar, as far as its width depends on that.
  private struct Last {
    /// The last scalar that is no mark.
    private var base: Unicode.Scalar?
    private var isJoined = false
    /// Whether the base takes one column and would take two as an emoji.
    private var mayWiden = false

    mutating func columns(of scalar: Unicode.Scalar) -> Int {
      switch scalar {
      case "\u{200D}":
        isJoined = base?.properties.isEmoji == true
        return 0
      case "\u{FE0F}": return widening()
      case "\u{1F3FB}"..."\u{1F3FF}" where base?.properties.isEmojiModifierBase == true: return widening()
      default: break
      }
      let run = TerminalWidths.run(of: scalar)
      if run.columns == 0 { return 0 }
      let isPart = isJoined && scalar.properties.isEmoji
      (base, isJoined, mayWiden) = (scalar, false, run.isWideAsEmoji && !isPart)
      return isPart ? 0 : run.columns
    }

    private mutating func widening() -> Int {
      defer { mayWiden = false }
      return mayWiden ? 1 : 0
    }
  }
}

extension TerminalWidths {
  /// A run of the table; of a scalar that is newer than the table, what Swift knows of it.
  fileprivate static func run(of scalar: Unicode.Scalar) -> (columns: Int, isWideAsEmoji: Bool) {
    // The last run that begins at or before the scalar: the first one begins at 0.
    let wanted = scalar.value << 2 | 3
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle] <= wanted { low = middle } else { high = middle }
    }
    switch runs[low] & 3 {
    case 0: return (0, false)
    case 2: return (2, false)
    case 3: return (1, true)
    default:
      guard scalar.value > 0xFF, isNewer(scalar) else { return (1, false) }
      if scalar.properties.isEmojiPresentation { return (2, false) }
      let category = scalar.properties.generalCategory
      return (category == .nonspacingMark || category == .enclosingMark ? 0 : 1, false)
    }
  }

  private static func isNewer(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return (age.major, age.minor) > unicodeVersion
  }
}
