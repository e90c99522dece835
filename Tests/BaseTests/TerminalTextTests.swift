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

  @Test("What may be shown stays as it is", arguments: ["", "é 日本 🇫🇮", "e\u{301}", "مرحبا\u{200F}"])
  func unchanged(_ text: String) {
    #expect(TerminalText.safe(text, showing: .escape) == text)
    #expect(TerminalText.safe(text, showing: .replacementCharacter) == text)
  }

  @Test(
    "East Asian characters and emoji take two columns, combining marks none",
    arguments: [("ab", 2), ("日本", 4), ("e\u{301}", 1), ("🇫🇮", 2), ("ｆ", 2), ("❤\u{FE0F}", 2), ("", 0), ("각", 2)])
  func width(_ text: String, _ columns: Int) {
    #expect(TerminalText.width(of: text) == columns)
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
