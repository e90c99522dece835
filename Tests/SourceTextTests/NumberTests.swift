import Testing

@Suite("No number of persons is forgotten and none is made up")
struct NumberTests {
  /// The numbers that count no persons, each with the words around it, reviewed by hand.
  static let otherNumbers: [String: [String]] = [
    "introduction": [
      "СССР 1939-1956", "USSR 1939-1956", "20th Century", "two groups in particular", "World War Two",
      "five appendices", "Appendix 1:", "Appendix 2:", "Appendix 3:", "Appendix 4:", "Appendix 5:",
    ],
    "memorandum": [
      "No. 8.58", "Moscow 4 July 1955", "dated 20 June 1955", "World War Two", "1. Repatriate", "2. Negotiate",
      "3. Accounting", "23 May decision", "4. Release", "No. 238ss-AM",
    ],
    "attachment_1": ["Attachment 1"],
    "attachment_2": ["Attachment 2", "1. During", "2. After", "3. We feel", "4. As a final act"],
    "attachment_3": ["Attachment 3", "1. To release", "1949 Khabarovsk", "2. To permit", "3. For those"],
    "attachment_4": ["Attachment 4"],
    "attachment_5": ["Attachment 5"],
  ]

  @Test(arguments: SourceText.shared.sections.map(\.id))
  func everyNumberIsARowOrReviewed(section id: String) throws {
    var text = try #require(SourceText.shared.section(id)).text
    for words in try #require(Self.otherNumbers[id]) {
      try #require(text.ranges(of: words).count == 1, "“\(words)” should be printed once")
      text = text.replacing(words, with: "…")
    }
    let rows = (Package.observations + Package.statedTotals).filter { $0[column: "source"] == id }
    let transcribed = rows.compactMap(\.persons)
    #expect(text.numbers.compactMap { Int($0) }.sorted() == transcribed.sorted())
  }

  @Test func everyDashOfATableIsARow() throws {
    for source in ["attachment_1", "attachment_4"] {
      let table = try #require(SourceText.shared.table(source))
      let printed = table.runs.joined(separator: " ").count { $0 == "–" }
      let rows = Package.observations.filter { $0[column: "source"] == source && $0[column: "persons"] == "–" }
      #expect(rows.count == printed)
    }
  }

  @Test func theTextHasItsSevenParts() {
    #expect(
      SourceText.shared.sections.map(\.id) == [
        "introduction", "memorandum", "attachment_1", "attachment_2", "attachment_3", "attachment_4", "attachment_5",
      ])
  }
}
