import ReportKit
import TestSupport
import Testing
import TransformPlugins

@Suite("unpivot turns columns into rows, and pivot turns rows into columns")
struct PivotTests {
  private static let unpivot: KeyValuePairs<String, ParameterInput> = [
    "columns": ["released", "remaining"], "names": "disposition", "values": "persons",
  ]

  private func long() async throws -> Table { try await apply(Unpivot(), Self.unpivot, to: countries()) }

  @Test func eachColumnBecomesARow() async throws {
    let contents = try await Contents(long())
    #expect(contents.columns.map(\.name) == ["country", "bloc", "disposition", "persons"])
    #expect(
      contents.text == [
        "poland|east|released|190", "poland|east|remaining|5", "germany|west|released|5614",
        "germany|west|remaining|0", "japan||released|16", "japan||remaining|–", "france|west|released|190",
        "france|west|remaining|7",
        "computed: Total||released|6010", "computed: Total||remaining|12", "stated: Stated||released|6000",
      ])
    #expect(
      contents.columns[2].values == [
        Column.Value("released", title: "Released"), Column.Value("remaining", title: "Remaining"),
      ])
    let persons = contents.columns[3]
    #expect(persons.unit == "persons" && persons.kind == .integer)
    #expect(contents.notes == ["Blocs by treaty", "One number is left out"])
  }

  @Test func aCellTakesItsNotesAndObservationsAlong() async throws {
    let contents = try await Contents(long())
    #expect(contents.rows[2][3].notes == [Note(.caveat, "As of July")])
    #expect(try contents.provenance(2, "persons") == [both(1, 0)])
    #expect(try contents.provenance(3, "persons") == [both(1, 1)])
    #expect(contents.rows[3].provenance == [both(1, 1)])
  }

  @Test func onlyNumbersThatCountDifferentThingsMayBeAddedThen() async throws {
    #expect(try await long().columns[3].total == .sum)
    var overlapping = countries()
    overlapping.columns[3].selection = .all
    #expect(try await apply(Unpivot(), Self.unpivot, to: overlapping).columns[3].total == .none)
  }

  @Test func numbersThatStayStandInSeveralRowsAndKeepTheirObservations() async throws {
    let contents = try await Contents(
      apply(Unpivot(), ["columns": "released", "names": "what", "values": "n"], to: countries()))
    #expect(contents.columns.map(\.name) == ["country", "bloc", "what", "n", "remaining"])
    #expect(contents.columns[4].total == .none)
    #expect(try contents.provenance(0, "remaining") == [both(0, 1)])
    #expect(try contents.provenance(0, "n") == [both(0, 0)])
    // The total of numbers that are repeated would be read as the sum of what is shown.
    #expect(contents.text.last == "stated: Stated||released|6000|")
    #expect(contents.text[4] == "computed: Total||released|6010|")
  }

  @Test func rowsGoThroughAsTheyCome() async throws {
    let taken = Counter()
    var batches = try await apply(Unpivot(), Self.unpivot, to: countries(taken: taken)).batches
    #expect(try await batches.next()?.count == 4)
    #expect(taken.value == 1)
  }

  @Test func aClosedListOfTextsBecomesColumnsInItsOrder() async throws {
    let contents = try await Contents(apply(Pivot(), ["names": "disposition", "values": "persons"], to: long()))
    let before = try await Contents(countries())
    #expect(contents.columns.map(\.name) == before.columns.map(\.name))
    #expect(contents.columns.map(\.title) == before.columns.map(\.title))
    #expect(contents.text == before.text)
    #expect(contents.notes == before.notes)
    #expect(contents.rows[1][2].notes == [Note(.caveat, "As of July")])
    for row in 0..<4 {
      for column in ["released", "remaining"] {
        #expect(try contents.provenance(row, column) == (try before.provenance(row, column)))
      }
    }
  }

  @Test func textsThatAreListedBecomeColumnsAndOthersAreCounted() async throws {
    let contents = try await Contents(
      apply(Pivot(), ["names": "bloc", "values": "released", "into": ["west", "east"]], to: countries()))
    #expect(contents.columns.map(\.name) == ["country", "west", "east", "remaining"])
    #expect(contents.columns.map(\.title) == ["Country", "West", "East", "Remaining"])
    #expect(
      contents.rows.map { $0.cells.map(\.value.description).joined(separator: "|") } == [
        "poland||190|5", "germany|5614||0", "france|190||7",
      ])
    #expect(contents.notes.last == "1 row is left out: bloc is none of west, east")
    #expect(try contents.provenance(0, "east") == [both(0, 0)])
    #expect(try contents.provenance(0, "west") == [])
    #expect(try contents.provenance(0, "remaining") == [both(0, 1)])
    // The totals cover what was left out, and are of no single bloc.
    #expect(contents.totals == [])
  }

  @Test func computedTotalsOfAllAreComputedForEachColumn() async throws {
    var table = try await apply(Columns(), ["choose": ["country", "bloc", "released"]], to: countries())
    table.columns[1].values = nil
    table.batches = Batches(
      [
        [
          Row([.text("a"), .text("x"), .integer(1)], provenance: [place(0)]),
          Row([.text("a"), .text("y"), .integer(2)], provenance: [place(1)]),
          Row([.text("b"), .text("x"), .integer(4)], provenance: [place(2)]),
        ]
      ], columns: table.columns,
      closingTotals: [TotalRow(.computed, title: "Total", row: Row([.text("Total"), .empty, .integer(7)]))])
    let inputs: KeyValuePairs<String, ParameterInput> = ["names": "bloc", "values": "released", "into": ["x", "y"]]
    let contents = try await Contents(apply(Pivot(), inputs, to: table))
    #expect(contents.text == ["a|1|2", "b|4|", "computed: Total|5|2"])
    #expect(
      contents.totals[0].row.provenance(at: 1, in: contents.columns) == [
        Selection.all.restricting(0, to: [0, 2]).intersection(kind(0))
      ])
    // Of rows that an earlier step left out, nobody knows the column.
    let shown = try await apply(Where(), ["conditions": ["country": "a"]], to: table)
    #expect(try await Contents(apply(Pivot(), inputs, to: shown)).text == ["a|1|2"])
  }

  @Test func severalRowsForOneCellAreAddedUpIfTheyMayBe() async throws {
    var table = try await apply(Columns(), ["choose": ["bloc", "released"]], to: countries())
    let inputs: KeyValuePairs<String, ParameterInput> = ["names": "bloc", "values": "released"]
    let contents = try await Contents(apply(Pivot(), inputs, to: table))
    #expect(contents.rows.map { $0.cells.map(\.value.description).joined(separator: "|") } == ["190|5804"])
    #expect(try contents.provenance(0, "west") == [Selection.all.restricting(0, to: [1, 3]).intersection(kind(0))])
    #expect(contents.rows[0][1].notes == [Note(.caveat, "As of July")])

    table.columns[1].total = .none
    let refused = try await apply(Pivot(), inputs, to: table)
    await #expect(
      performing: { try await Contents(refused) },
      throws: { "\($0)" == "pivot: there are two rows for west of the only row, and released cannot be added up" })
  }

  @Test("Texts that are the same for Unicode in other characters are texts of their own")
  func equivalentTexts() async throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    var table = try await apply(Columns(), ["choose": ["country", "bloc", "released"]], to: countries())
    table.columns[1].values = nil
    table.batches = Batches(
      [
        [
          Row([.text(composed), .text(composed), .integer(1)]), Row([.text(decomposed), .text(composed), .integer(2)]),
          Row([.text(decomposed), .text(decomposed), .integer(4)]),
        ]
      ], columns: table.columns)
    let contents = try await Contents(
      apply(Pivot(), ["names": "bloc", "values": "released", "into": .list([.text(composed)])], to: table))
    #expect(contents.rows.map { $0.cells[1].value } == [.integer(1), .integer(2)])
    #expect(contents.notes.last?.hasPrefix("1 row is left out") == true)

    let sums = try await Contents(apply(Cumulate(), ["of": "released", "by": "bloc"], to: table))
    #expect(sums.rows.map { $0.cells[3].value } == [.integer(1), .integer(3), .integer(4)])
  }

  @Test("A text of a closed list is found in either form")
  func eitherForm() async throws {
    var table = try await apply(Columns(), ["choose": ["bloc", "released"]], to: countries())
    table.columns[0].values = [Column.Value("\u{E9}", title: "E")]
    table.batches = Batches([[Row([.text("\u{E9}"), .integer(1)])]], columns: table.columns)
    let contents = try await Contents(
      apply(Pivot(), ["names": "bloc", "values": "released", "into": .list([.text("e\u{301}")])], to: table))
    #expect(contents.rows.map { $0.cells[0].value } == [.integer(1)])
  }

  @Test("What unpivot makes of any table, pivot makes back")
  func anyTable() async throws {
    var random = SplitMix(seed: 9)
    for _ in 0..<200 {
      let columnCount = Int.random(in: 1...5, using: &random)
      let first = Int.random(in: 0...2, using: &random)
      var columns = (0..<columnCount).map { index in
        Column(name: "n\(index)", title: "N \(index)", kind: .integer, total: .sum, selection: kind(index))
      }
      columns.insert(Column(name: "key", title: "Key", kind: .text), at: 0)
      columns.append(Column(name: "also", title: "Also", kind: .text))
      let rows = (0..<Int.random(in: 1...20, using: &random)).map { index in
        var cells = (0..<columnCount).map { _ in
          [Cell.integer(Int.random(in: -9...9, using: &random)), Cell(.missing(dash)), Cell.empty]
            .randomElement(using: &random) ?? .empty
        }
        cells.insert(.text("row \(index)"), at: 0)
        cells.append([Cell.text("x"), .empty].randomElement(using: &random) ?? .empty)
        return Row(cells, provenance: [place(index)])
      }
      var total = MergedRow(columns: columns)
      for row in rows { try total.add(row) }
      let table = Table(
        columns: columns,
        batches: Batches(
          [Array(rows.prefix(first)), Array(rows.dropFirst(first))].filter { !$0.isEmpty }, columns: columns,
          closingTotals: [TotalRow(.computed, title: "Total", row: total.row).titled(in: columns)]))
      let names = (0..<columnCount).map { ParameterInput.text("n\($0)") }
      let long = try await apply(Unpivot(), ["columns": .list(names)], to: table)
      let back = try await Contents(apply(Pivot(), ["names": "column", "values": "value"], to: long))
      #expect(back.columns.map(\.name) == columns.map(\.name))
      #expect(back.rows.map { $0.cells.map(\.value) } == rows.map { $0.cells.map(\.value) })
      // There is one total, as there was before, unless there is no number at all.
      #expect(back.totals.map(\.row.cells).allSatisfy { $0.map(\.value) == total.titledValues })
      #expect(back.totals.count == (total.row.cells.contains { $0.value != .missing(nil) } ? 1 : 0))
      for (index, row) in rows.enumerated() {
        for column in columns.indices {
          #expect(back.rows[index].provenance(at: column, in: back.columns) == row.provenance(at: column, in: columns))
        }
      }
    }
  }

  @Test func moreThanTheMemoryOfAStepIsAnError() async throws {
    let table = try await apply(
      Pivot(), ["names": "disposition", "values": "persons"], to: long(), memory: 1000)
    await #expect(throws: StepMemoryExceeded(step: "pivot", limit: 1000)) { try await Contents(table) }
  }

  @Test(
    "Everything that does not fit is told by pivot",
    arguments: [
      (
        ["names": "country", "values": "released"],
        ["pivot needs the parameter \"into\": the texts of country are not known before the rows are"]
      ),
      (
        ["names": "released", "values": "released"],
        ["names of pivot: released holds numbers, not texts", "values of pivot must be another column than names"]
      ),
      (
        ["names": "bloc", "values": "released", "into": ["west", "wset", "remaining"]],
        ["unknown bloc \"wset\"; did you mean \"west\"?", "unknown bloc \"remaining\"; there are: east, west"]
      ),
      (
        ["names": "country", "values": "released", "into": ["poland", "remaining", "poland"]],
        ["into of pivot names \"poland\" twice"]
      ),
      (
        ["names": "country", "values": "released", "into": ["poland", "remaining"]],
        ["pivot: there is a column \"remaining\" already"]
      ),
    ] as [(KeyValuePairs<String, ParameterInput>, [String])])
  func refusedByPivot(inputs: KeyValuePairs<String, ParameterInput>, messages: [String]) async {
    await #expect(throws: Refusal(messages: messages)) { _ = try await apply(Pivot(), inputs, to: countries()) }
  }

  @Test(
    "Everything that does not fit is told by unpivot",
    arguments: [
      (
        ["columns": ["released", "country"]],
        ["columns of unpivot do not fit into one: country holds text, and released does not"]
      ),
      (
        ["columns": ["released", "remaining"], "names": "country", "values": "Persons"],
        [
          "names of unpivot: there is a column \"country\" already",
          "values of unpivot: the name of a column is lower-case words joined by _, not \"Persons\"",
        ]
      ),
      (["columns": "released", "names": "n", "values": "n"], ["values of unpivot: there is a column \"n\" already"]),
      (
        ["columns": ["released", "relesed"]],
        ["unknown column \"relesed\" for columns of unpivot; did you mean \"released\"?"]
      ),
    ] as [(KeyValuePairs<String, ParameterInput>, [String])])
  func refusedByUnpivot(inputs: KeyValuePairs<String, ParameterInput>, messages: [String]) async {
    await #expect(throws: Refusal(messages: messages)) { _ = try await apply(Unpivot(), inputs, to: countries()) }
  }

  @Test func unitsAreNotMixed() async throws {
    let table = try await apply(Share(), ["of": "released"], to: countries())
    await #expect(
      throws: Refusal(messages: [
        "columns of unpivot do not fit into one: released_share counts percent, and released persons"
      ])
    ) {
      _ = try await apply(Unpivot(), ["columns": ["released", "released_share"]], to: table)
    }
  }
}

extension MergedRow {
  /// The values of a total below a table whose first column is a text.
  fileprivate var titledValues: [Cell.Value] { [.text("Total")] + row.cells.dropFirst().map(\.value) }
}
