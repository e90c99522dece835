import ReportKit
import Testing
import TransformPlugins

@Suite("where shows the rows that meet every condition")
struct WhereTests {
  @Test(
    arguments: [
      (["released": ">= 190"], ["poland", "germany", "france"]),
      (["released": "> 190"], ["germany"]),
      (["released": "<= 190"], ["poland", "japan", "france"]),
      (["released": "<190"], ["japan"]),
      (["released": "190"], ["poland", "france"]),
      (["released": "= 190"], ["poland", "france"]),
      (["released": "190.0"], ["poland", "france"]),
      (["released": "> 189.99"], ["poland", "germany", "france"]),
      (["released": "!= 190"], ["germany", "japan"]),
      (["released": ["16", "5614"]], ["germany", "japan"]),
      (["released": ["not": ["16", "5614"]]], ["poland", "france"]),
      (["remaining": "missing"], ["japan"]),
      (["remaining": "present"], ["poland", "germany", "france"]),
      // Nobody knows whether a dash differs from 5, or is less than it.
      (["remaining": "!= 5"], ["germany", "france"]),
      (["remaining": "< 5"], ["germany"]),
      (["remaining": "0"], ["germany"]),
      (["bloc": "west"], ["germany", "france"]),
      (["bloc": "WEST"], ["germany", "france"]),
      (["bloc": ["east", "west"]], ["poland", "germany", "france"]),
      (["bloc": ["not": "west"]], ["poland"]),
      (["bloc": "missing"], ["japan"]),
      (["bloc": "west", "remaining": "> 0"], ["france"]),
      (["country": "missing"], []),
      (["country": "= missing"], []),
      (["country": "!= japan"], ["poland", "germany", "france"]),
    ] as [(ParameterInput, [String])])
  func conditions(input: ParameterInput, expected: [String]) async throws {
    let contents = try await Contents(apply(Where(), ["conditions": input], to: countries()))
    #expect(contents.rows.map { $0[0].value.description } == expected)
  }

  @Test("A text may begin with a mark that makes one character of itself and the sign before it")
  func marks() async throws {
    func shown(_ condition: String) async throws -> [[UInt8]] {
      let columns = [Column(name: "name", title: "Name", kind: .text)]
      let rows = ["\u{301}a", "b"].map { Row([.text($0)]) }
      let table = Table(columns: columns, batches: Batches([rows], columns: columns))
      let contents = try await Contents(apply(Where(), ["conditions": ["name": .text(condition)]], to: table))
      return contents.rows.map { Array($0[0].value.description.utf8) }
    }
    #expect(try await shown("=\u{301}a") == [Array("\u{301}a".utf8)])
    #expect(try await shown("!=\u{301}a") == [Array("b".utf8)])
  }

  @Test(
    "Texts that are the same for Unicode in other characters are two, and one of a closed list is found in either form")
  func equivalentTexts() async throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    func shown(_ condition: ParameterInput, closed: Bool) async throws -> [Int] {
      var columns = [Column(name: "name", title: "Name", kind: .text), Column(name: "n", title: "N", kind: .integer)]
      if closed { columns[0].values = [Column.Value(composed, title: "E")] }
      let rows = [Row([.text(composed), .integer(1)]), Row([.text(decomposed), .integer(2)])]
      let table = Table(columns: columns, batches: Batches([closed ? [rows[0]] : rows], columns: columns))
      let contents = try await Contents(apply(Where(), ["conditions": ["name": condition]], to: table))
      return contents.rows.map { $0[1].value == .integer(1) ? 1 : 2 }
    }
    #expect(try await shown(.text(composed), closed: false) == [1])
    #expect(try await shown(.text(decomposed), closed: false) == [2])
    #expect(try await shown(["not": .text(decomposed)], closed: false) == [1])
    #expect(try await shown(.text(decomposed), closed: true) == [1])
    #expect(try await shown(.text(composed), closed: true) == [1])
  }

  @Test func saysHowManyRowsItShowsAndKeepsTheTotalsOfTheWhole() async throws {
    let conditions: ParameterInput = [
      "released": ">= 100", "bloc": ["west", "east"], "remaining": ["not": ["5", "6"]],
    ]
    let contents = try await Contents(apply(Where(), ["conditions": conditions], to: countries()))
    #expect(
      contents.text == [
        "germany|west|5614|0", "france|west|190|7", "computed: Total of all 4 rows||6010|12",
        "stated: Stated, of all 4 rows||6000|",
      ])
    #expect(
      contents.notes.last
        == "2 of 4 rows are shown: where released >= 100, bloc is west or east, remaining is not 5 or 6")
    #expect(try contents.provenance(1, "released") == [both(3, 0)])
  }

  @Test func conditionsThatAllRowsMeetAreNotSpokenOf() async throws {
    let contents = try await Contents(apply(Where(), ["conditions": ["country": "present"]], to: countries()))
    #expect(contents.notes == ["Blocs by treaty", "One number is left out"])
  }

  @Test func rowsGoThroughAsTheyCome() async throws {
    let taken = Counter()
    var batches = try await apply(Where(), ["conditions": ["country": "japan"]], to: countries(taken: taken)).batches
    #expect(try await batches.next()?.count == 1)
    #expect(taken.value == 2)
  }

  @Test(
    "Every condition that cannot be is told",
    arguments: [
      (["relesed": "1"], ["unknown column \"relesed\" for where; did you mean \"released\"?"]),
      (["country": "> 5"], ["> compares numbers, and country holds text"]),
      (["released": ">= many"], ["a value for released must be a number such as 100 or 12.5, not \"many\""]),
      (["released": "1,000"], ["a value for released must be a number such as 100 or 12.5, not \"1,000\""]),
      (["bloc": "wset"], ["unknown bloc \"wset\"; did you mean \"west\"?"]),
      (["bloc": "nonaligned"], ["unknown bloc \"nonaligned\"; there are: east, west"]),
      (
        ["bloc": ["west", "wset"], "released": ["x", ["1"]]],
        [
          "unknown bloc \"wset\"; did you mean \"west\"?",
          "a value for released must be a number such as 100 or 12.5, not \"x\"",
          "a value for released must be a number such as 100 or 12.5, not a list",
        ]
      ),
      (
        ["bloc": ["nto": "west"]],
        ["a condition on bloc as a mapping is { not: value }, not \"nto\"; did you mean \"not\"?"]
      ),
      (["bloc": .empty], ["the condition on bloc is empty; write missing for rows without a value"]),
      (["bloc": []], ["the list of values for bloc must have at least one entry"]),
      (["bloc": "west", "Bloc": "east"], ["where names \"bloc\" twice"]),
      (
        "released", ["where must be a mapping of columns to conditions, such as { country: present }, not \"released\""]
      ),
      ([], ["where must be a mapping of columns to conditions, such as { country: present }, not a list"]),
    ] as [(ParameterInput, [String])])
  func refused(input: ParameterInput, messages: [String]) async {
    await #expect(throws: Refusal(messages: messages)) {
      _ = try await apply(Where(), ["conditions": input], to: countries())
    }
  }
}
