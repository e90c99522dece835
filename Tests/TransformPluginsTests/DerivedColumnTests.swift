import ReportKit
import Testing
import TransformPlugins

/// The cells of a column, as they are shown.
private func column(_ name: String, _ table: Table) async throws -> [String] {
  let contents = try await Contents(table)
  let index = try #require(contents.columns.firstIndex { $0.name == name })
  return contents.rows.map { $0[index].value.description }
}

private func labels(_ name: String, _ table: Table) async throws -> [String?] {
  let contents = try await Contents(table)
  let index = try #require(contents.columns.firstIndex { $0.name == name })
  return contents.rows.map { if case .missing(let reason) = $0[index].value { reason?.label } else { nil } }
}

/// Countries and years, two numbers.
private func years() -> Table {
  let columns = [
    Column(name: "country", title: "Country", kind: .text), Column(name: "year", title: "Year", kind: .text),
    Column(name: "gdp", title: "GDP", kind: .integer, unit: "dollars", total: .sum, selection: kind(0)),
    Column(name: "people", title: "People", kind: .integer, unit: "persons", total: .sum, selection: kind(1)),
  ]
  let data: [(country: String, year: String, gdp: Int?, people: Int?)] = [
    ("france", "2010", 100, 40), ("france", "2011", 125, 0), ("chad", "2010", nil, 20), ("chad", "2011", 30, 30),
    ("france", "2012", 50, nil), ("chad", "2012", 20, 30),
  ]
  func cell(_ number: Int?) -> Cell { number.map { .integer($0) } ?? Cell(.missing(dash)) }
  let rows = data.enumerated().map { index, row in
    Row([.text(row.country), .text(row.year), cell(row.gdp), cell(row.people)], provenance: [place(index)])
  }
  let total = Row([.text("Total"), .empty, .integer(325), .integer(120)], provenance: [.all])
  return Table(
    columns: columns,
    batches: Batches(
      [Array(rows.prefix(2)), Array(rows.dropFirst(2))], columns: columns,
      closingTotals: [TotalRow(.computed, title: "Total", row: total)]))
}

@Suite("change tells how a number differs from the row before, or from a base")
struct ChangeTests {
  @Test func toTheRowBefore() async throws {
    let contents = try await Contents(apply(Change(), ["of": "gdp", "by": "country"], to: years()))
    #expect(
      contents.text == [
        "france|2010|100|…|40", "france|2011|125|25|0", "chad|2010|–|–|20", "chad|2011|30|…|30",
        "france|2012|50|-75|–", "chad|2012|20|-10|30", "computed: Total||325||120",
      ])
    #expect(contents.columns[3].unit == "dollars" && contents.columns[3].total == .none)
    // Both numbers are behind it.
    #expect(
      try contents.provenance(1, "gdp_change") == [Selection.all.restricting(0, to: [0, 1]).intersection(kind(0))])
    #expect(
      try await labels("gdp_change", apply(Change(), ["of": "gdp", "by": "country"], to: years())) == [
        "there is no row before", nil, "none printed", "the row before has no number: none printed", nil, nil,
      ])
  }

  @Test func inTableOrderUnlessAColumnPartsTheRows() async throws {
    let table = try await apply(Change(), ["of": "people"], to: years())
    #expect(try await column("people_change", table) == ["…", "-40", "20", "10", "–", "…"])
  }

  @Test func inPercentRoundedOnce() async throws {
    let table = try await apply(
      Change(), ["of": "gdp", "kind": "percent", "by": "country", "as": "growth"], to: years())
    #expect(table.columns[3].unit == "percent" && table.columns[3].title == "GDP, change in %")
    #expect(try await column("growth", table) == ["…", "25.0", "–", "…", "-60.0", "-33.3"])
    let half = try await apply(
      Change(), ["of": "n", "kind": "percent", "digits": "0"], to: numbers([200, 201, 200, -1, 5]))
    #expect(try await column("n_change", half) == ["…", "1", "0", "-101", "…"])
    #expect(try await labels("n_change", half).last == "the row before is less than 0")
  }

  @Test func percentOfZeroIsNone() async throws {
    let table = try await apply(Change(), ["of": "n", "kind": "percent"], to: numbers([0, 5]))
    #expect(try await labels("n_change", table) == ["there is no row before", "the row before is 0"])
  }

  @Test func toABase() async throws {
    let table = try await apply(Change(), ["of": "gdp", "base": "2011", "by": "country"], to: years())
    #expect(try await column("gdp_change", table) == ["-25", "0", "–", "0", "-75", "-10"])
    #expect(try await Contents(table).provenance(1, "gdp_change") == [both(1, 0)])
  }

  @Test func aBaseMustBeOneRow() async throws {
    let unknown = try await apply(Change(), ["of": "gdp", "base": "2019"], to: years())
    await #expect(
      performing: { try await Contents(unknown) },
      throws: { "\($0)".hasPrefix("base of change: unknown row \"2019\"; did you mean \"201") })
    let several = try await apply(Change(), ["of": "gdp", "base": "2010"], to: years())
    await #expect(
      performing: { try await Contents(several) },
      throws: {
        "\($0)"
          == "base of change: more than one row has the text \"2010\"; by takes a column whose texts part the rows"
      })
  }

  @Test func whatDoesNotAddBecomesNoNumber() async throws {
    var table = numbers([])
    let rows = [Cell.integer(1), Cell(.missing(.notAdditive("n over year"))), .integer(3)].map { Row([$0]) }
    table.batches = Batches([rows], columns: table.columns)
    let changed = try await apply(Change(), ["of": "n"], to: table)
    #expect(
      try await labels("n_change", changed) == [
        "there is no row before", "not additive: n over year",
        "the row before has no number: not additive: n over year",
      ])
  }

  @Test func differencesBeyondACellAreErrors() async throws {
    let table = try await apply(Change(), ["of": "n"], to: largestNumbers([.max, .min]))
    await #expect(
      performing: { try await Contents(table) },
      throws: { "\($0)" == "change: a number for the column n_change is beyond the numbers that a cell can hold" })
  }

  @Test func isRefused() async {
    await #expect(
      throws: Refusal(messages: [
        "of of change: country holds text, not numbers", "by of change must be another column than of",
        "as of change: there is a column \"gdp\" already",
      ])
    ) {
      _ = try await apply(Change(), ["of": "country", "by": "country", "as": "gdp"], to: years())
    }
    await #expect(
      throws: Refusal(messages: ["unknown choice \"percnt\" for kind of change; did you mean \"percent\"?"])
    ) {
      _ = try await apply(Change(), ["of": "gdp", "kind": "percnt"], to: years())
    }
  }
}

@Suite("ratio divides one column by another, and totals by totals")
struct RatioTests {
  @Test func eachRowAndTheTotals() async throws {
    let contents = try await Contents(apply(Ratio(), ["of": "gdp", "per": "people", "as": "per_head"], to: years()))
    #expect(
      contents.text == [
        "france|2010|100|40|2.50", "france|2011|125|0|…", "chad|2010|–|20|–", "chad|2011|30|30|1.00",
        "france|2012|50|–|–", "chad|2012|20|30|0.67", "computed: Total||325|120|2.71",
      ])
    let column = contents.columns[4]
    #expect(column.title == "GDP per People" && column.unit == "dollars per persons" && column.total == .none)
    #expect(contents.rows[1][4].value == .missing(Missing(symbol: "…", label: "people is 0")))
  }

  @Test func behindItStandBothParts() async throws {
    let contents = try await Contents(apply(Ratio(), ["of": "gdp", "per": "people"], to: years()))
    #expect(
      try contents.provenance(0, "gdp_per_people") == [place(0).restricting(1, to: [0, 1])])
    var apart = years()
    apart.columns[3].selection = Selection.all.restricting(2, to: [5])
    let two = try await Contents(apply(Ratio(), ["of": "gdp", "per": "people"], to: apart))
    #expect(try two.provenance(0, "gdp_per_people") == [both(0, 0), place(0).restricting(2, to: [5])])
    #expect(two.totals[0].row.provenance(at: 4, in: two.columns).count == 2)
  }

  @Test func timesAndDigits() async throws {
    let table = try await apply(
      Ratio(), ["of": "people", "per": "gdp", "times": "1000", "digits": "0", "as": "r"], to: years())
    #expect(try await column("r", table) == ["400", "0", "–", "1000", "–", "1500"])
    #expect(table.columns[4].title == "People per 1000 GDP")
    let same = try await apply(
      Ratio(), ["of": "remaining", "per": "released", "times": "100", "digits": "1", "as": "r"], to: countries())
    #expect(same.columns[4].unit == "percent")
    #expect(try await Contents(same).text.suffix(2) == ["computed: Total||6010|12|0.2", "stated: Stated||6000||"])
  }

  @Test func aTotalSaysWhatBothOfItsPartsLack() async throws {
    var table = years()
    var total = Row([.text("Total"), .empty, .integer(325), .integer(120)], provenance: [.all])
    total[2].coverage = Coverage(numbers: 5, lacks: [.init(reason: "none printed", count: 1)])
    table.batches = Batches(
      [], columns: table.columns, closingTotals: [TotalRow(.computed, title: "Total", row: total)])
    let contents = try await Contents(apply(Ratio(), ["of": "gdp", "per": "people"], to: table))
    #expect(contents.totals[0].row[4].remarks.map(\.text) == ["6 of 7 numbers; 1 none printed"])
  }

  @Test func ofWhatDoesNotAddThereIsNone() async throws {
    var table = years()
    let total = Row([.text("Total"), .empty, Cell(.missing(.notAdditive("GDP over Year"))), .integer(120)])
    table.batches = Batches(
      [], columns: table.columns, closingTotals: [TotalRow(.computed, title: "Total", row: total)])
    let contents = try await Contents(apply(Ratio(), ["of": "gdp", "per": "people"], to: table))
    #expect(contents.totals[0].row[4].value == .missing(.notAdditive("GDP over Year")))
  }

  @Test func roundsHalfAwayFromZero() async throws {
    let columns = ["a", "b"].map { Column(name: $0, title: $0, kind: .decimal) }
    let rows = [("1", "8"), ("-1", "8"), ("1", "-8"), ("0.5", "0.04"), ("3", "-1.5")].map { a, b in
      Row([a, b].map { text in Cell(.decimal(ExactDecimal(text) ?? .zero)) })
    }
    let table = Table(columns: columns, batches: Batches([rows], columns: columns))
    #expect(
      try await column("r", apply(Ratio(), ["of": "a", "per": "b", "as": "r"], to: table)) == [
        "0.13", "-0.13", "-0.13", "12.50", "-2.00",
      ])
  }
}

@Suite("index, mean, cumulate and rank add columns that no total is a sum of")
struct DerivedColumnTests {
  @Test func anIndexHasItsBaseAt100() async throws {
    let first = try await apply(Index(), ["of": "gdp", "by": "country"], to: years())
    #expect(try await column("gdp_index", first) == ["100.0", "125.0", "–", "…", "50.0", "…"])
    let contents = try await Contents(
      apply(Index(), ["of": "gdp", "by": "country", "base": "2011", "digits": "0"], to: years()))
    #expect(contents.rows.map { $0[3].value.description } == ["80", "100", "–", "100", "40", "67"])
    #expect(contents.columns[3].title == "GDP, 2011 = 100")
    #expect(contents.totals[0].row[3] == .empty)
  }

  @Test func aMeanIsOverThoseThatHaveNumbers() async throws {
    let contents = try await Contents(apply(Mean(), ["of": ["released", "remaining"]], to: countries()))
    #expect(contents.rows.map { $0[4].value.description } == ["97.5", "2807.0", "16.0", "98.5"])
    #expect(contents.rows[2][4].remarks.map(\.text) == ["1 of 2 numbers; 1 none printed"])
    #expect(contents.rows[1][4].remarks.map(\.text) == ["As of July"])
    #expect(contents.totals[0].row[4] == .empty && contents.columns[4].unit == "persons")
    #expect(try contents.provenance(0, "mean") == [place(0).restricting(1, to: [0, 1])])
    await #expect(
      throws: Refusal(messages: ["of of mean: people counts persons, and gdp dollars"])
    ) { _ = try await apply(Mean(), ["of": ["gdp", "people"]], to: years()) }
  }

  @Test func aRunningSumSaysWhatItLacks() async throws {
    let contents = try await Contents(apply(Cumulate(), ["of": "gdp"], to: years()))
    #expect(contents.rows.map { $0[3].value.description } == ["100", "225", "225", "255", "305", "325"])
    let remarks = contents.rows.map { $0[3].remarks.map(\.text).joined() }
    #expect(remarks.prefix(3) == ["", "", "2 of 3 numbers; 1 none printed"])
    #expect(remarks.last == "5 of 6 numbers; 1 none printed")
    #expect(
      try contents.provenance(2, "gdp_cumulated") == [
        Selection.all.restricting(0, to: [0, 1, 2]).intersection(kind(0))
      ])
    #expect(contents.totals[0].row[3] == .empty && contents.columns[3].total == .none)
    let parted = try await apply(Cumulate(), ["of": "gdp", "by": "country"], to: years())
    #expect(try await column("gdp_cumulated", parted) == ["100", "225", "–", "30", "275", "50"])
  }

  @Test func whatDoesNotAddHasNoRunningSum() async throws {
    var table = years()
    table.columns[2].total = .none
    await #expect(throws: Refusal(messages: ["of of cumulate: the numbers of gdp cannot be added up"])) {
      _ = try await apply(Cumulate(), ["of": "gdp"], to: table)
    }
    let overflow = try await apply(Cumulate(), ["of": "n"], to: largestNumbers([.max, 1]))
    await #expect(throws: TotalOverflow(column: "n")) { try await Contents(overflow) }
  }

  @Test func equalNumbersShareARank() async throws {
    let contents = try await Contents(apply(Rank(), ["of": "released"], to: countries()))
    #expect(contents.rows.map { $0[3].value.description } == ["2", "1", "4", "2"])
    #expect(contents.totals[0].row[3] == .empty && contents.columns[3].total == .none)
    #expect(try contents.provenance(1, "released_rank") == [both(1, 0)])
    let smallest = try await apply(Rank(), ["of": "remaining", "descending": "false", "as": "place"], to: countries())
    #expect(try await column("place", smallest) == ["2", "1", "–", "3"])
  }

  @Test func columnsCanBeDropped() async throws {
    let contents = try await Contents(apply(Columns(), ["drop": ["bloc", "released"]], to: countries()))
    #expect(contents.columns.map(\.name) == ["country", "remaining"])
    #expect(contents.text.last == "stated: Stated|")
    await #expect(throws: Refusal(messages: ["columns takes choose or drop, not both"])) {
      _ = try await apply(Columns(), ["drop": "bloc", "choose": "country"], to: countries())
    }
    await #expect(throws: Refusal(messages: ["drop of columns leaves no column"])) {
      _ = try await apply(Columns(), ["drop": "n"], to: numbers([1]))
    }
    await #expect(throws: Refusal(messages: ["titles of columns names \"bloc\", which is dropped"])) {
      _ = try await apply(Columns(), ["drop": "bloc", "titles": ["bloc": "Alliance"]], to: countries())
    }
    await #expect(
      throws: Refusal(messages: ["unknown column \"relesed\" for drop of columns; did you mean \"released\"?"])
    ) {
      _ = try await apply(Columns(), ["drop": "relesed"], to: countries())
    }
  }

  @Test func sharesOfASumThatIsNotThereAreNone() async throws {
    for reason in [Missing.notAdditive("n over year"), Missing(symbol: "…", label: "incomplete", kind: .incomplete)] {
      var table = numbers([])
      let rows = [Cell.integer(1), Cell(.missing(reason)), Cell(.missing(dash))].map { Row([$0]) }
      table.batches = Batches([rows], columns: table.columns)
      let contents = try await Contents(apply(Share(), ["of": "n"], to: table))
      #expect(contents.rows.map { $0[1].value } == [.missing(reason), .missing(reason), .missing(dash)])
      #expect(contents.notes.last?.contains(reason.label) == true)
    }
  }

  @Test func sharesOfASumThatLacksNumbersSaySo() async throws {
    var table = numbers([])
    let coverage = Coverage(numbers: 139, lacks: [Coverage.Lack(reason: "withheld", count: 28)])
    let total = Row([Cell(.integer(4), coverage: coverage)])
    table.batches = Batches(
      [[Row([Cell(.integer(3), coverage: coverage)]), Row([.integer(1)])]], columns: table.columns,
      closingTotals: [TotalRow(.computed, title: "Total", row: total)])
    let contents = try await Contents(apply(Share(), ["of": "n"], to: table))
    #expect(contents.notes.last?.contains("; that sum has 140 of 168 numbers; 28 withheld") == true)
    #expect(contents.totals[0].row[1].coverage == coverage && contents.totals[0].row[1].value.description == "100.0")
  }

  @Test func aMarkThatMeansNilCountsAsNothing() async throws {
    let mark = Missing(symbol: "-", label: "nil", kind: .nothing)
    var table = numbers([])
    table.batches = Batches([[Row([.integer(4)]), Row([Cell(.missing(mark))])]], columns: table.columns)
    #expect(try await column("n_change", apply(Change(), ["of": "n"], to: table)) == ["…", "-4"])
    #expect(try await column("n_rank", apply(Rank(), ["of": "n"], to: table)) == ["1", "2"])
    let shares = try await Contents(apply(Share(), ["of": "n"], to: table))
    #expect(shares.rows.map { $0[1].value.description } == ["100.0", "-"])
    #expect(shares.notes.last?.contains("no number") == false)
  }
}
