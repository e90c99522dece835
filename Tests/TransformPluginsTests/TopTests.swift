import ReportKit
import Testing
import TransformPlugins

@Suite("top shows the first rows, and says what it leaves out")
struct TopTests {
  @Test func theFirstRowsWithTheTotalsOfTheWhole() async throws {
    let contents = try await Contents(apply(Top(), ["count": "2"], to: countries()))
    #expect(
      contents.text == [
        "poland|east|190|5", "germany|west|5614|0", "computed: Total of all 4 rows||6010|12",
        "stated: Stated, of all 4 rows||6000|",
      ])
    #expect(
      contents.notes == ["Blocs by treaty", "One number is left out", "The first 2 of 4 rows are shown"])
  }

  @Test func oneRowOfMany() async throws {
    let contents = try await Contents(apply(Top(), ["count": "1"], to: countries()))
    #expect(contents.notes.last == "The first of 4 rows is shown")
  }

  @Test func whatFitsIsNotSpokenOf() async throws {
    let contents = try await Contents(apply(Top(), ["count": "4", "rest": "true"], to: countries()))
    #expect(contents.rows.count == 4)
    #expect(contents.notes == ["Blocs by treaty", "One number is left out"])
  }

  @Test func theRestIsOneRowWithAllThatStandsBehindIt() async throws {
    let contents = try await Contents(apply(Top(), ["count": "1", "rest": "true"], to: countries()))
    #expect(contents.text.prefix(2) == ["poland|east|190|5", "rest||5820|7"])
    #expect(contents.rows[1][2].notes == [Note(.caveat, "As of July")])
    #expect(contents.notes.last == "The first of 4 rows is shown; the row \"rest\" is the other 3")
    let others = Selection.all.restricting(0, to: [1, 2, 3])
    #expect(contents.rows[1].provenance == [others])
    #expect(try contents.provenance(1, "released") == [others.intersection(kind(0))])
  }

  @Test func cellsWithProvenanceOfTheirOwnKeepThemInTheRest() async throws {
    var table = countries()
    let first = Row([.text("a"), .empty, .integer(1), .integer(1)], provenance: [place(0)])
    var second = first
    second[2].provenance = [both(9, 9)]
    second.provenance = [place(1)]
    table.batches = Batches([[first], [first, second]], columns: table.columns)
    let contents = try await Contents(apply(Top(), ["count": "1", "rest": "true"], to: table))
    #expect(try contents.provenance(1, "released") == [both(0, 0), both(9, 9)])
    #expect(
      try contents.provenance(1, "remaining") == [Selection.all.restricting(0, to: [0, 1]).intersection(kind(1))])
  }

  @Test func numbersThatCannotBeAddedAreMissingInTheRestWithAReason() async throws {
    var table = countries()
    table.columns[2].total = .none
    let contents = try await Contents(apply(Top(), ["count": "2", "rest": "true"], to: table))
    #expect(contents.text[2] == "rest||×|7")
    #expect(
      contents.rows[2][2].value == .missing(Missing(symbol: "×", label: "cannot be added up", kind: .notAdditive)))
  }

  @Test func theRestOfMissingNumbersIsMissing() async throws {
    let contents = try await Contents(apply(Top(), ["count": "1", "rest": "true"], to: numbers([1, nil, nil])))
    #expect(contents.rows[1][0].value == .missing(dash))
  }

  @Test func aRestBeyondWhatACellCanHoldIsAnError() async throws {
    let table = try await apply(Top(), ["count": "1", "rest": "true"], to: largestNumbers([1, .max, 1]))
    await #expect(throws: TotalOverflow(column: "n")) { try await Contents(table) }
  }

  @Test func theFirstRowsAreThereBeforeTheOthersAreRead() async throws {
    let taken = Counter()
    var batches = try await apply(Top(), ["count": "2", "rest": "true"], to: countries(taken: taken)).batches
    #expect(try await batches.next()?.count == 2)
    #expect(taken.value == 1)
  }

  @Test("A count is written as any integer", arguments: ["2", "02", "+2", "0o2", "0x2"])
  func spellings(count: String) async throws {
    #expect(try await Contents(apply(Top(), ["count": .text(count)], to: countries())).rows.count == 2)
  }

  @Test("A count is at least 1", arguments: ["0", "-1", "many", "1.5", "2_0", "2e0", "0b10"])
  func refused(count: String) async {
    let message = "count of top must be an integer of at least 1, not \"\(count)\""
    await #expect(throws: Refusal(messages: [message])) {
      _ = try await apply(Top(), ["count": .text(count)], to: countries())
    }
  }
}
