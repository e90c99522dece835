import ReportKit
import Testing
import TransformPlugins

@Suite("A total covers what is shown above it, or says what it covers")
struct TotalsTests {
  private typealias Step = (any TransformPlugin, KeyValuePairs<String, ParameterInput>)

  private func long(_ table: Table = countries()) async throws -> Table {
    try await apply(
      Unpivot(), ["columns": ["released", "remaining"], "names": "disposition", "values": "persons"], to: table)
  }

  @Test func whereAllRowsAreShownTheTotalStaysAsItIs() async throws {
    let shown = try await apply(Where(), ["conditions": ["released": "> 0"]], to: countries())
    let contents = try await Contents(apply(Top(), ["count": "4"], to: shown))
    #expect(contents.text.suffix(2) == ["computed: Total||6010|12", "stated: Stated||6000|"])
    #expect(contents.totals.map(\.rowCount) == [nil, nil])
  }

  @Test func itSaysOnceWhatItCovers() async throws {
    let shown = try await apply(Where(), ["conditions": ["bloc": "west"]], to: countries())
    let contents = try await Contents(apply(Top(), ["count": "1"], to: shown))
    #expect(contents.totals.map(\.title) == ["Total of all 4 rows", "Stated, of all 4 rows"])
    #expect(contents.totals[0].rowCount == 4)
    #expect(contents.totals[0].isTitled("total") && contents.totals[0].isTitled("Total of all 4 rows"))
  }

  @Test func theRestMakesTheRowsComplete() async throws {
    let contents = try await Contents(apply(Top(), ["count": "1", "rest": "true"], to: countries()))
    #expect(contents.totals.map(\.title) == ["Total", "Stated"])
  }

  @Test func ofSeveralTotalsOnlyThoseOfRowsThatAreNotShownSaySo() async throws {
    let shown = try await apply(Where(), ["conditions": ["persons": "> 15"]], to: long())
    #expect(
      try await Contents(shown).text.suffix(3) == [
        "computed: Total||released|6010", "computed: Total of all 4 rows||remaining|12",
        "stated: Stated||released|6000",
      ])
    let one = try await apply(Where(), ["conditions": ["disposition": "released"]], to: long())
    #expect(
      try await Contents(one).totals.map(\.title) == ["Total", "Total of all 4 rows", "Stated"])
  }

  @Test func theRestOfSeveralThingsCompletesNoneOfThem() async throws {
    let contents = try await Contents(apply(Top(), ["count": "4", "rest": "true"], to: long()))
    #expect(contents.text[4] == "rest|||213")
    #expect(
      contents.text.suffix(3) == [
        "computed: Total of all 4 rows||released|6010", "computed: Total of all 4 rows||remaining|12",
        "stated: Stated, of all 4 rows||released|6000",
      ])
    let sorted = try await apply(Sort(), ["by": ["disposition": "ascending"]], to: long())
    let rest = try await Contents(apply(Top(), ["count": "6", "rest": "true"], to: sorted))
    #expect(rest.text[6] == "rest||remaining|7")
    #expect(rest.totals.map(\.title) == ["Total", "Total", "Stated"])
  }

  @Test func noTotalIsRepeatedByPivotOverAnotherColumn() async throws {
    var table = try await long()
    let narrow = try await apply(Columns(), ["drop": "bloc"], to: table)
    let contents = try await Contents(
      apply(
        Pivot(), ["names": "country", "values": "persons", "into": ["poland", "germany", "japan", "france"]], to: narrow
      ))
    #expect(
      contents.text == [
        "190|5614|16|190|released", "5|0|–|7|remaining", "computed: 195|5614|16|197|Total",
      ])
    #expect(contents.notes.last == "Totals are left out, since they are of no single country")
    #expect(
      contents.totals[0].row[2].coverage == Coverage(numbers: 1, lacks: [.init(reason: "none printed", count: 1)]))

    table = try await apply(Where(), ["conditions": ["country": "poland"]], to: narrow)
    let some = try await Contents(
      apply(Pivot(), ["names": "country", "values": "persons", "into": "poland"], to: table))
    #expect(some.totals == [])
    #expect(some.notes.last == "Totals are left out, since they are of no single country")
  }

  @Test func pivotKeepsWhatATotalSaysOfItsCoverage() async throws {
    let shown = try await apply(Where(), ["conditions": ["country": ["poland", "france"]]], to: long())
    let contents = try await Contents(apply(Pivot(), ["names": "disposition", "values": "persons"], to: shown))
    #expect(
      contents.text == [
        "poland|east|190|5", "france|west|190|7", "computed: Total of all 4 rows||6010|12",
        "stated: Stated, of all 4 rows||6000|",
      ])
  }

  @Test func totalsGoWithTheColumnThatTellsThemApart() async throws {
    let contents = try await Contents(apply(Columns(), ["drop": "disposition"], to: long()))
    #expect(contents.totals == [])
    #expect(contents.notes.last == "Totals by disposition are left out, as is that column")
  }

  @Test func columnsOfTextHaveNoTotals() async throws {
    let contents = try await Contents(apply(Unpivot(), ["columns": ["country", "bloc"]], to: countries()))
    #expect(contents.totals == [])
  }

  @Test func coverageAndBoundsGoThroughEveryStep() async throws {
    let coverage = Coverage(numbers: 139, lacks: [Coverage.Lack(reason: "withheld", count: 28)])
    let bounds = Bounds(lower: ExactDecimal("280"), upper: ExactDecimal("410"))
    var table = countries()
    let row = Row(
      [.text("a"), .text("east"), Cell(.integer(300), coverage: coverage, bounds: bounds), .integer(5)],
      provenance: [place(0)])
    table.batches = Batches([[row]], columns: table.columns)
    let through: [Step] = [
      (Sort(), ["by": "country"]), (Where(), ["conditions": ["country": "a"]]), (Top(), ["count": "1"]),
      (Columns(), ["drop": "bloc"]), (Share(), ["of": "remaining"]), (Rank(), ["of": "remaining"]),
      (Unpivot(), ["columns": ["released", "remaining"]]), (Pivot(), ["names": "bloc", "values": "released"]),
      (Pivot(), ["names": "bloc", "values": "remaining"]),
    ]
    for step in through {
      let contents = try await Contents(apply(step.0, step.1, to: table))
      let cell = contents.rows[0].cells.first { $0.value == .integer(300) }
      #expect(cell?.coverage == coverage && cell?.bounds == bounds, "\(step.0.manifest.name)")
    }
    // What is computed from it says the same, but not in its units.
    let computing: [Step] = [
      (Share(), ["of": "released"]), (Rank(), ["of": "released"]), (Index(), ["of": "released"]),
      (Ratio(), ["of": "remaining", "per": "released", "as": "x"]), (Mean(), ["of": ["released", "remaining"]]),
    ]
    for step in computing {
      let contents = try await Contents(apply(step.0, step.1, to: table))
      let index = contents.columns.firstIndex { !["country", "bloc", "released", "remaining"].contains($0.name) } ?? 0
      let cell = contents.rows[0][index]
      #expect(cell.coverage?.lacks == coverage.lacks && cell.bounds == .unknown, "\(step.0.manifest.name)")
    }
  }
}
