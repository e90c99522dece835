import ReportKit
import ReportPlugins
import TestDatasets
import Testing

@Suite("The plain list of observations")
struct ObservationsReportTests {
  @Test func everyNumberInTheOrderOfTheSource() async throws {
    let shown = try await Shown(ObservationsReport(), of: Datasets.memorandum)
    #expect(
      shown.header
        == "id|source|country|category|disposition|persons|printed|role|part_of|locus|quote|caveats")
    #expect(shown.rows.count == 58)
    #expect(
      shown.lines("id", "persons", "printed", "role", "part_of", "locus").prefix(4) == [
        "memorandum_finland_released|5|5|contested||Memorandum, item 1",
        "memorandum_germany_remaining|11|11|of_which||Memorandum, item 2",
        "memorandum_germany_general_officer_remaining|2|2|of_which|memorandum_germany_remaining|Memorandum, item 2",
        "memorandum_japan_released|16|16|counted||Memorandum, item 3",
      ])
    #expect(
      try shown.line(shown.row("attachment_4_spain_remaining"))
        == "attachment_4_spain_remaining|attachment_4|spain|unspecified|remaining|–|–|counted||Attachment 4, Spain, "
        + "column 2|5 13 36 24 6 5 2 – 2 1 2 5 101|The source prints a dash: none printed, which is not taken for 0.")
    #expect(try shown.line(shown.row("attachment_3_japan_handed_over"), ["persons", "printed"]) == "…|")
  }

  @Test func itsTotalAddsWhatCountsAndNothingElse() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(ObservationsReport(), of: dataset)
    #expect(shown.columns.allSatisfy { $0.total == .none })
    #expect(shown.totalLines == ["computed: Total|||||11603||||||"])
    #expect(
      shown.notes == [
        "3 numbers are not added: they count parts of what other numbers count (of_which)",
        "1 number is not added: its sources contradict it elsewhere (contested)",
      ])
    let released = try await Shown(
      ObservationsReport(), of: dataset, where: ["source": ["attachment_1"], "disposition": ["released"]])
    #expect(
      released.totals.map { released.line($0.row, ["id", "persons"]) } == [
        "Total|1064",
        "Stated: Memorandum to the TsK KPSS on releasing and repatriating convicted foreign citizens|1064",
        "Stated: Attachment 1: citizens of the People’s Democracies and Finland|1064",
      ])
  }

  @Test func namesInPlaceOfIds() async throws {
    let shown = try await Shown(
      ObservationsReport(), ["names": "true"], of: Datasets.memorandum, where: ["country": ["netherlands"]])
    #expect(
      shown.lines("country", "category", "disposition", "persons") == [
        "Netherlands|Not broken down|Released|8", "Netherlands|Not broken down|Remaining|5",
      ])
  }

  @Test func anotherDataset() async throws {
    let shown = try await Shown(ObservationsReport(), of: Datasets.harbours)
    #expect(shown.header == "id|register|harbour|cargo|ships|printed|role|locus")
    #expect(shown.rows.count == 11)
    #expect(try shown.line(shown.row("7")) == "7|south|brok|timber|…||counted|p. 10")
    #expect(try shown.line(shown.row("10")) == "10|north|corre|timber|5|5|contested|p. 3")
    #expect(shown.totalLines == ["computed: Total||||55|||"])
  }
}

@Suite("The observations behind each cell")
struct CitationsReportTests {
  @Test func whatIsAddedAndWhatIsLeftOutAndWhy() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(CitationsReport(), of: dataset)
    #expect(shown.rows.count == 58)
    let columns = ["disposition", "cell", "added", "left_out", "reason", "category", "locus"]
    func rows(_ country: String) -> [String] {
      shown.rows.filter { "\($0[0].value)" == country }.map { shown.line($0, columns) }
    }
    #expect(
      rows("finland") == [
        "released|24||5|contested: its own sources contradict it|unspecified|Memorandum, item 1",
        "released|24|24|||unspecified|Attachment 1, Finland, column 1",
        "handed_over|–||–|missing: none printed|unspecified|Attachment 1, Finland, column 2",
        "remaining|5|5|||unspecified|Attachment 1, note",
      ])
    #expect(
      rows("germany") == [
        "released|5614|3708|||prisoner_of_war|Attachment 2, item 2",
        "released|5614|1906|||civilian|Attachment 2, item 2",
        "released|5614||180|of_which: a part of other numbers|general_officer|Attachment 2, item 2",
        "handed_over|3917|2728|||prisoner_of_war|Attachment 2, item 3",
        "handed_over|3917|1189|||civilian|Attachment 2, item 3",
        "remaining|||11|of_which: a part of other numbers|unspecified|Memorandum, item 2",
        "remaining|||2|of_which: a part of other numbers|general_officer|Memorandum, item 2",
      ])
    let added = try shown.rows.map { try shown.cell("added", of: $0) }
    #expect(
      added.reduce(0) { sum, cell in if case .integer(let number) = cell.value { sum + number } else { sum } } == 11603)
  }

  @Test func behindTheCellAreAllOfItsObservations() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(CitationsReport(), of: dataset)
    let first = try shown.row("germany", "handed_over")
    #expect(try await shown.observations("cell", of: first, in: dataset).count == 2)
    #expect(try await shown.observations("added", of: first, in: dataset).count == 1)
  }

  @Test func anotherDataset() async throws {
    let shown = try await Shown(
      CitationsReport(), ["rows": "cargo", "columns": "register"], of: Datasets.harbours)
    #expect(
      shown.lines("cargo", "register", "cell", "added", "left_out", "reason", "harbour", "locus").suffix(3) == [
        "ice|north|- …||-|missing: none entered|alby|p. 1", "ice|north|- …||…|missing: page lost|brok|p. 2",
        "ice|south|-||-|missing: none entered|brok|p. 10",
      ])
  }
}
