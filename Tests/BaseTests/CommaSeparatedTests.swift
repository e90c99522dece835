import Base
import TestSupport
import Testing

/// Several texts in one, with commas between them.
struct CommaSeparatedTests {
  @Test(
    "What is put together comes apart again",
    arguments: [
      ["a"], ["a", "b"], ["Korea, Rep.", "japan"], ["The \"Old\" Town"], ["\""], [","], ["a\"b", ",,", "c d", "ä"],
      ["\"a\",b"], [" a", "b "],
    ])
  func roundTrip(_ texts: [String]) throws {
    #expect(try splitCommaSeparated(commaSeparated(texts)) == texts)
  }

  @Test("A sign with a mark behind it is still that sign")
  func marks() throws {
    for text in MarkedSigns.texts {
      let items = try splitCommaSeparated(commaSeparated([text, "b"]))
      #expect(items.count == 2 && areSameBytes(items.first, text), "\(text.debugDescription)")
    }
  }

  @Test("Quotes stand only where they are needed")
  func quoting() {
    #expect(commaSeparated(["a", "b c"]) == "a,b c")
    #expect(commaSeparated(["Korea, Rep.", "japan", "5\""]) == "\"Korea, Rep.\",japan,\"5\"\"\"")
  }

  @Test("Empty items are left out unless they are meant")
  func empty() throws {
    #expect(try splitCommaSeparated("") == [])
    #expect(try splitCommaSeparated(",a,,b,") == ["a", "b"])
    #expect(try splitCommaSeparated("a,\"\"") == ["a", ""])
  }

  @Test("Quotes that cannot be meant so are refused with what they stand in")
  func refusals() {
    #expect(throws: QuotingError.unclosed("\"Korea, Rep.")) { try splitCommaSeparated("japan,\"Korea, Rep.") }
    #expect(throws: QuotingError.unclosed("\"")) { try splitCommaSeparated("\"") }
    #expect(throws: QuotingError.unclosed("\"a\"\"")) { try splitCommaSeparated("\"a\"\"") }
    #expect(throws: QuotingError.misplaced("\"a\" ,b")) { try splitCommaSeparated("\"a\" ,b") }
    #expect(throws: QuotingError.misplaced("under:\"a, b\"")) { try splitCommaSeparated("under:\"a, b\"") }
  }
}
