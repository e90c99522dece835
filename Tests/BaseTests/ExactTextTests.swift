import Base
import Testing

/// Texts as keys and records.
struct ExactTextTests {
  private struct Entry: Hashable {
    @ExactText var name: String
  }

  @Test("Texts that Unicode takes for the same are two keys", arguments: [("\u{E9}", "e\u{301}"), ("K", "\u{212A}")])
  func keys(_ text: String, _ other: String) {
    #expect(text == other, "no pair to try")
    #expect(ExactText(text) == ExactText(text))
    #expect(ExactText(text) != ExactText(other))
    #expect(Set([text, other, text].map { ExactText($0) }).count == 2)
    #expect(Set([Entry(name: text), Entry(name: other), Entry(name: other)]).count == 2)
    #expect(hasSameBytes([text, other], [text, other]))
    #expect(!hasSameBytes([text], [other]))
    #expect(!hasSameBytes([text], [text, text]))
  }

  @Test("However a text lies in memory, the same bytes are the same key")
  func storage() {
    let whole = "a long text that does not fit into the words of a String, and another one"
    let part = String(whole.split(separator: ",")[0])
    let joined = ["a long text that does not fit", "into the words of a String"].joined(separator: " ")
    #expect(Set([ExactText(part), ExactText(joined)]).count == 1)
  }
}
