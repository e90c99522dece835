import Base
import Testing

/// Texts that Strings take for the same although their bytes differ.
struct EquivalentTextsTests {
  @Test(
    "Texts are told that are the same for Unicode, and not for their bytes",
    arguments: [
      (["\u{E9}", "e\u{301}"], [0, 1]), (["a", "\u{E9}", "b", "e\u{301}"], [1, 3]), (["K", "\u{212A}"], [0, 1]),
      (["\u{F900}", "\u{8C48}"], [0, 1]), (["q\u{323}\u{307}", "q\u{307}\u{323}"], [0, 1]),
      (["\u{AC00}", "\u{1100}\u{1161}"], [0, 1]), (["a", "b"], []), (["\u{E9}", "\u{E9}"], []), (["\u{E9}", "e"], []),
      (["ﬁ", "fi"], []), ([], []),
    ] as [([String], [Int])])
  func pairs(_ texts: [String], _ pair: [Int]) {
    #expect(EquivalentTexts.among(texts).flatMap { [$0.first, $0.second] } == pair)
  }

  @Test("Each is told with the first of its kind")
  func several() {
    let found = EquivalentTexts.among(["\u{1E69}", "s\u{323}\u{307}", "x", "\u{1E63}\u{307}"])
    #expect(found.map(\.first) == [0, 0])
    #expect(found.map(\.second) == [1, 3])
  }

  @Test("The message shows what nobody could see")
  func message() {
    #expect(
      EquivalentTexts.message("cafe\u{301}s", "caf\u{E9}s", "in row 2").utf8.elementsEqual(
        ("\"cafe\u{301}s\" is the same text as \"caf\u{E9}s\" in row 2, in other characters (U+0065 U+0301, and there U+00E9): "
          + "nothing can tell them apart; remove one, or give it another name").utf8))
    #expect(EquivalentTexts.message("\u{212A}", "K", "there").contains("(U+212A, and there U+004B)"))
  }

  @Test(
    "Of a text that is not in a list it is told what it may be, and where it differs if nobody could see it",
    arguments: [
      ("e\u{301}", "; \"\u{E9}\" is the same text in other characters (U+0065 U+0301, and there U+00E9)"),
      ("fr", "; did you mean \"FR\"? It differs in case alone (U+0066 U+0072, and there U+0046 U+0052)"),
      ("FR ", "; did you mean \"FR\"? It differs in blanks alone (U+0020, and there nothing)"),
      ("F\u{200B}R", "; did you mean \"FR\"? It differs in blanks alone (U+200B, and there nothing)"),
      ("new\u{A0}york", "; did you mean \"new york\"? It differs in blanks alone (U+00A0, and there U+0020)"),
      (
        " Fr",
        "; did you mean \"FR\"? It differs in case and blanks alone (U+0020 U+0046 U+0072, and there U+0046 U+0052)"
      ),
      ("germny", "; did you mean \"germany\"?"), ("xyz", ""), ("FR", ""),
    ])
  func nearMisses(_ text: String, _ hint: String) {
    #expect(nearMiss(text, among: ["germany", "\u{E9}", "FR", "new york"]).utf8.elementsEqual(hint.utf8))
  }
}
