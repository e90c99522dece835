import ReportKit
import ReportPlugins
import TestDatasets
import Testing

@Suite("Any dimension by any other, with parts of other numbers apart")
struct BreakdownReportTests {
  @Test func generalOfficersAreShownAndNeverAdded() async throws {
    let shown = try await Shown(
      BreakdownReport(), ["rows": "category"], of: Datasets.memorandum,
      where: ["country": ["germany"]])
    #expect(
      shown.header
        == "category|name|released|handed_over|remaining|total|released_of_which|remaining_of_which")
    #expect(
      shown.lines == [
        "unspecified|Not broken down||||||11", "prisoner_of_war|Prisoners of war|3708|2728||6436||",
        "civilian|Civilians|1906|1189||3095||", "general_officer|General officers|||||180|2",
      ])
    #expect(shown.columns.suffix(2).map(\.title) == ["Of those: Released", "Of those: Remaining"])
    #expect(
      shown.columns.map(\.total) == [.none, .none, .sum, .sum, .sum, .sum, .none, .none])
  }

  @Test func severalPartsInOneCellAreListedAndNotAddedToEachOther() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(BreakdownReport(), of: dataset)
    #expect(
      shown.header
        == "country|name|released|handed_over|remaining|total|released_of_which|remaining_of_which|released_contested")
    let germany = try shown.row("germany")
    #expect(shown.line(germany) == "germany|Germany|5614|3917||9531|180|11, 2|")
    #expect(
      try shown.cell("remaining_of_which", of: germany).value
        == .missing(
          Missing(
            symbol: "11, 2",
            label: "numbers that are not added: 11: Not broken down (Memorandum, item 2); "
              + "2: General officers (Memorandum, item 2)")))
    #expect(
      try shown.cell("released_of_which", of: germany).notes.first
        == Note(.scope, "Not added: 180: General officers (Attachment 2, item 2)"))
    #expect(try shown.line(shown.row("finland")) == "finland|Finland|24|–|5|29|||5")
    #expect(
      try await shown.observations("released_of_which", of: germany, in: dataset).map(\.printed) == ["180"])
  }

  @Test func sourcesByCategory() async throws {
    let shown = try await Shown(
      BreakdownReport(), ["rows": "source", "columns": "category"], of: Datasets.memorandum)
    #expect(
      shown.lines(
        "source", "unspecified", "prisoner_of_war", "civilian", "general_officer", "total", "unspecified_of_which",
        "general_officer_of_which", "unspecified_contested") == [
          "memorandum|16||||16|11|2|5", "attachment_1|1765||||1765|||", "attachment_2||6436|3095||9531||180|",
          "attachment_3|…||||…|||", "attachment_4|281||||281|||", "attachment_5|10||||10|||",
        ])
  }

  @Test func caveatsGoIntoEveryAggregate() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(BreakdownReport(), ["rows": "disposition", "columns": "source"], of: dataset)
    let released = try shown.row("released")
    #expect(
      try shown.cell("attachment_2", of: released).notes.map(\.text)
        == ["germans_together", "general_officers_included", "eleven_germans"].map { id in
          try #require(dataset.model.caveats.first { $0.id == id }).text
        })
    #expect(try shown.cell("attachment_3", of: released).value == .missing(Missing(symbol: "…", label: "not given")))
  }

  @Test func theSameDimensionTwiceIsRefused() async throws {
    let error = await #expect(throws: ParameterError.self) {
      try await Shown(
        BreakdownReport(), ["rows": "source", "columns": "source"], of: Datasets.memorandum)
    }
    #expect(error?.message == "rows and columns are both \"source\"; choose two dimensions")
    let unknown = await #expect(throws: ParameterErrors.self) {
      try await Shown(BreakdownReport(), ["rows": "contry"], of: Datasets.memorandum)
    }
    #expect(
      unknown?.errors.map(\.message) == [
        "unknown dimension \"contry\" for rows of breakdown; did you mean \"country\"?"
      ])
  }

  @Test func anotherDatasetWithOtherDimensions() async throws {
    let shown = try await Shown(BreakdownReport(), ["columns": "register"], of: Datasets.harbours)
    #expect(shown.header == "harbour|name|north|south|total|north_of_which|north_contested")
    #expect(
      shown.lines == [
        "alby|Älby|12|30|42||", "brok|Brok, Old Quay|7|- …|7|3|", "corre|Corrè||6|6||5", "dun|Dún|||||",
      ])
    #expect(
      shown.notes == [
        "1 number is not added: it counts a part of what another number counts (of_which)",
        "1 number is not added: its sources contradict it elsewhere (contested)",
      ])
  }
}
