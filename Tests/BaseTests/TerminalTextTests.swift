import Base
import Testing

@Suite("Text for a terminal")
struct TerminalTextTests {
  @Test(
    "What could take over a terminal, or show another order than there is, does not reach it",
    arguments: [
      ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb", "a\\u{1B}[2Jb"), ("12\u{202E}34", "12\u{FFFD}34", "12\\u{202E}34"),
      ("\u{2066}a\u{2069}", "\u{FFFD}a\u{FFFD}", "\\u{2066}a\\u{2069}"), ("a\r\nb\tc", "a b c", "a b c"),
      ("a\rb\r\r\n\nc\r", "a b   c ", "a b   c "),
      ("\u{9B}1m", "\u{FFFD}1m", "\\u{009B}1m"), ("\u{7F}", "\u{FFFD}", "\\u{7F}"),
    ])
  func safe(_ text: String, _ narrow: String, _ telling: String) {
    #expect(TerminalText.safe(text, showing: .replacementCharacter) == narrow)
    #expect(TerminalText.safe(text, showing: .escape) == telling)
  }

  @Test(
    "JSON for a terminal says the same",
    arguments: [
      (#"{"a":"x\u001b"}"#, #"{"a":"x\u001b"}"#),
      ("{\n\t\"\u{9B}1m\": \"\u{7F}\"}\r\n", "{\n\t\"\\u009b1m\": \"\\u007f\"}\r\n"),
      ("[\"\u{202E}\u{2069}é日\"]", "[\"\\u202e\\u2069é日\"]"),
    ])
  func json(_ text: String, _ shown: String) {
    #expect(TerminalText.safeJSON(text).utf8.elementsEqual(shown.utf8))
  }

  @Test("What may be shown stays as it is", arguments: ["", "é 日本 🇫🇮", "e\u{301}", "مرحبا\u{200F}"])
  func unchanged(_ text: String) {
    #expect(TerminalText.safe(text, showing: .escape) == text)
    #expect(TerminalText.safe(text, showing: .replacementCharacter) == text)
  }

  @Test(
    "A text takes as many columns as a terminal gives it",
    arguments: [
      // East Asian wide ones, marks of both kinds, and Hangul in parts.
      ("ab", 2), ("日本", 4), ("ｆ", 2), ("", 0), ("e\u{301}", 1), ("か\u{3099}", 2), ("한글", 4),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("हिन्दी", 5), ("क्षि", 3), ("தமிழ்", 4), ("กำ", 2),
      // What shows nothing, and what is seen although it formats.
      ("a\u{200D}b", 2), ("a\u{200B}\u{FEFF}", 1), ("\u{AD}", 1), ("\u{600}", 1),
      // Emoji, alone and in sequences.
      ("❤", 1), ("❤\u{FE0F}", 2), ("❤\u{FE0F}\u{FE0F}", 2), ("1\u{FE0F}\u{20E3}", 2), ("a\u{FE0F}", 1), ("🇫🇮", 2),
      ("👍🏽", 2), ("☝🏽", 2), ("🏽", 2), ("👩\u{200D}👩\u{200D}👧", 2), ("🧑🏽\u{200D}🚀", 2), ("❤\u{FE0F}\u{200D}🔥", 2),
      ("🏴\u{E0067}\u{E0062}\u{E007F}", 2), ("👩👩", 4), ("👩\u{200D}a", 3),
      // Newer than the table.
      ("\u{1FAE9}", 2), ("\u{10D4E}", 1),
    ])
  func width(_ text: String, _ columns: Int) {
    #expect(TerminalText.width(of: text) == columns)
  }

  /// Beside this, `make lint` holds the table against Unicode's own files.
  @Test("Every character has the width that follows from what Swift knows of it")
  func everyWidth() {
    let wideMarks: Set<UInt32> = [0x302E, 0x302F, 0x16FF0, 0x16FF1]
    // What is seen although it has no width of its own, and a mark that newer versions of Unicode have as a spacing one.
    let others: Set<UInt32> = [0xFE0F, 0x1171E]
    var wrong: [Unicode.Scalar] = []
    // Nothing is assigned between the ideographs and the tags.
    for value in [0..<0x323B0, 0xE0000..<0xE01F0 as Range<UInt32>].joined() where !others.contains(value) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let properties = scalar.properties
      let columns = TerminalText.width(of: "\u{E000}\(scalar)") - 1
      let expected: ClosedRange<Int>? =
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: 0...0
        case .spacingMark: wideMarks.contains(value) ? 2...2 : 1...1
        case .format: 0...1
        case .decimalNumber, .uppercaseLetter, .lowercaseLetter:
          properties.name?.hasPrefix("FULLWIDTH") == true ? 2...2 : 1...1
        case .otherSymbol where properties.isEmojiPresentation:
          properties.name?.hasPrefix("REGIONAL") == true ? 1...1 : 2...2
        default: nil
        }
      if let expected, !expected.contains(columns) { wrong.append(scalar) }
    }
    #expect(wrong.isEmpty, "\(wrong.map { String($0.value, radix: 16) })")
  }

  @Test(
    "A text is cut between characters",
    arguments: [("日本a", 3, "日"), ("हिन्दी", 2, "हि"), ("❤\u{FE0F}", 1, ""), ("ab", 2, "ab")])
  func cut(_ text: String, _ width: Int, _ result: String) {
    #expect(TerminalText.cut(text, to: width) == result)
  }

  @Test(
    "Lines break between words",
    arguments: [
      ("日本 国民 abc", 9, ["日本 国民", "abc"]), ("a bb ccc", 4, ["a bb", "ccc"]), ("abcdef gh", 3, ["abcdef", "gh"]),
      ("", 5, [""]), ("  a   b ", nil, ["a b"]), ("   ", nil, [""]),
    ] as [(String, Int?, [String])])
  func wrapped(_ text: String, _ width: Int?, _ lines: [String]) {
    #expect(TerminalText.wrapped(text, width: width) == lines)
  }

  @Test func columnsOfSpacesAreFilledUp() {
    #expect(TerminalText.padded("日本", to: 6) == "日本  ")
    #expect(TerminalText.padded("abc", to: 2) == "abc")
  }
}
