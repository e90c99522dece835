import ReportKit
import ReportPlugins
import TestDatasets
import Testing

@Suite("Every stated total is held against its sum, and every contradiction is told")
struct ReconciliationReportTests {
  private static func shown(_ dataset: any QueryEngine, where selection: [String: [String]] = [:]) async throws -> Shown
  {
    try await Shown(ReconciliationReport(), of: dataset, where: selection)
  }

  @Test func theTotalsOfTheMemorandum() async throws {
    let shown = try await Self.shown(Datasets.memorandum)
    #expect(
      shown.lines("kind", "id", "status", "stated", "computed", "difference").filter { $0.hasPrefix("total") } == [
        "total|memorandum_item_1_released|agrees|1064|1064|0",
        "total|memorandum_item_1_handed_over|agrees|696|696|0",
        "total|memorandum_item_4_released|acknowledged|189|180|9",
        "total|memorandum_item_4_remaining|agrees|111|111|0",
        "total|attachment_1_total_released|agrees|1064|1064|0",
        "total|attachment_1_total_handed_over|agrees|696|696|0",
        "total|attachment_1_note_finland_released|agrees|24|24|0",
        "total|attachment_2_item_2_released|agrees|5614|5614|0",
        "total|attachment_2_item_3_handed_over|agrees|3917|3917|0",
        "total|attachment_4_total_released|agrees|180|180|0",
        "total|attachment_4_total_remaining|agrees|101|101|0",
        "total|attachment_5_total_remaining|agrees|10|10|0",
      ])
  }

  @Test func aScopeIsToldInWords() async throws {
    let shown = try await Self.shown(Datasets.memorandum)
    #expect(
      try shown.cell("subject", of: shown.row("total", "memorandum_item_1_handed_over"))
        == .text(
          "Country: Poland, Romania, Hungary, Czechoslovakia, Bulgaria, Yugoslavia, Mongolia, Finland; "
            + "Disposition: Handed over"))
    let capitalist = try shown.row("total", "memorandum_item_4_released")
    #expect(
      shown.line(capitalist, ["subject", "source", "locus"])
        == "Source: Attachment 4: citizens of capitalist countries to be released or to remain, Attachment 5: citizens "
        + "of capitalist countries to remain; Disposition: Released|Memorandum to the TsK KPSS on releasing and "
        + "repatriating convicted foreign citizens|Memorandum, item 4")
  }

  @Test func theLedgerExplainsWhatDiffers() async throws {
    let shown = try await Self.shown(Datasets.memorandum)
    let row = try shown.row("total", "memorandum_item_4_released")
    #expect(shown.line(row, ["explanation"]).hasPrefix("Item 4 of the memorandum releases 189."))
    let note = try #require(shown.cell("stated", of: row).notes.first)
    #expect(note.kind == .discrepancy)
    #expect(note.text.hasPrefix("189 in total (Memorandum, item 4); the observations come to 180. Item 4 of"))
  }

  @Test func theContradictionsThatNoSumShows() async throws {
    let shown = try await Self.shown(Datasets.memorandum)
    #expect(
      shown.lines("kind", "id", "status").filter { $0.hasPrefix("contradiction") }
        == [
          "five_finns", "only_five_finns", "finns_beyond_all", "german_general_officers", "eleven_germans",
          "generals_not_released", "german_destination", "all_handed_over", "all_released", "khabarovsk",
          "introduction_japanese", "prisoners_only", "introduction_appendix_1", "introduction_appendix_4",
          "introduction_appendix_5",
        ].map { "contradiction|\($0)|acknowledged" })
    #expect(
      try shown.line(shown.row("contradiction", "five_finns"), ["locus", "statements"])
        == "Memorandum, item 1; Attachment 1, note|5: Finland, Not broken down, Released (Memorandum, item 1); "
        + "5: Finland, Not broken down, Remaining (Attachment 1, note)")
  }

  @Test func oneNumberThatCouldExplainADifferenceIsNamed() async throws {
    let shown = try await Self.shown(Datasets.memorandum)
    #expect(
      try shown.line(shown.row("total", "memorandum_item_4_released"), ["candidates"])
        == "189 in total (Memorandum, item 4), if 180 was meant (one digit wrong). "
        + "23: France, Not broken down, Released (Attachment 4, France, column 1), if 32 was meant (two digits "
        + "transposed); but then 180 in total (Attachment 4, Total, column 1) would no longer agree. "
        + "10: Belgium, Not broken down, Released (Attachment 4, Belgium, column 1), if 19 was meant (one digit "
        + "wrong); but then 180 in total (Attachment 4, Total, column 1) would no longer agree.")
    #expect(shown.lines("candidates").count { !$0.isEmpty } == 1)
  }

  @Test func behindASumAreItsObservations() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Self.shown(dataset)
    let summed = try await shown.observations(
      "computed", of: shown.row("total", "attachment_2_item_3_handed_over"), in: dataset)
    #expect(
      summed.map(\.printed) == ["2728", "1189"])
    let finns = try await shown.observations("statements", of: shown.row("contradiction", "five_finns"), in: dataset)
    #expect(
      finns.map(\.key.text)
        == ["memorandum_finland_released", "attachment_1_finland_remaining"])
  }

  @Test func aTotalWhoseScopeIsOnlyPartlySelectedIsLeftOutAndSaidToBe() async throws {
    let shown = try await Self.shown(Datasets.memorandum, where: ["source": ["attachment_5"]])
    #expect(
      shown.lines("kind", "id") == [
        "total|attachment_5_total_remaining", "contradiction|introduction_appendix_5",
      ])
    #expect(shown.notes == ["Left out, since they go beyond what is selected: 25 totals and contradictions"])
  }

  @Test func withoutALedgerAContestedNumberIsUnacknowledged() async throws {
    let shown = try await Self.shown(Datasets.harbours)
    #expect(
      shown.lines("kind", "id", "status", "subject", "statements") == [
        "contradiction|10|unacknowledged|Contested, and the ledger does not say by what|5: Corrè, timber (p. 3)"
          .replacing("timber", with: "Timber")
      ])
  }
}

@Suite("Of many stated totals those come first that are furthest off")
struct ManyStatedTotalsTests {
  /// One observation for each stated total, which states a multiple of 1,000 and is off by its own number, every third
  /// not at all.
  private static func dataset(count: Int) async throws -> any QueryEngine {
    var stated = StatedDataset(seed: 3, shape: [count, 1], rowCount: 4 * count, totalCount: 0, partShare: 0)
    let codes = Set(stated.rows.filter { $0.value != nil }.map { $0.codes[0] }).sorted()
    for (place, code) in codes.enumerated() {
      let scope = Selection(codes: [code, 0])
      let sum = stated.rows(of: scope).reduce(0) { $0 + (stated.rows[$1].value ?? 0) }
      let isOff = place % 3 > 0
      stated.totals.append(
        StatedDataset.Total(
          scope: scope, stated: sum + (isOff ? Int64(place) * (place % 2 == 0 ? 1000 : -1000) : 1), tolerance: "1"))
    }
    return try await stated.dataset().load(place: "d0", breakdown: "d1", measure: "value")
  }

  /// The numbers of the stated totals.
  private static func ids(_ shown: Shown) -> [Int] {
    shown.lines("kind", "id").compactMap { $0.hasPrefix("total|t") ? Int($0.dropFirst("total|t".count)) : nil }
  }

  @Test func byTheSizeOfTheDifference() async throws {
    let dataset = try await Self.dataset(count: 150)
    let shown = try await Shown(ReconciliationReport(), of: dataset)
    let ids = Self.ids(shown)
    #expect(ids.count > ReconciledEntries.Order.usualCount)
    let off = ids.filter { $0 % 3 > 0 }
    #expect(ids.prefix(off.count) == off.sorted(by: >)[...])
    #expect(ids.dropFirst(off.count).elementsEqual(ids.filter { $0 % 3 == 0 }.sorted()))
    #expect(try shown.line(shown.row("total", "t0"), ["status", "explanation"]) == "agrees|Agrees within 1")
    let plain = try await Shown(ReconciliationReport(), ["order": "dataset"], of: dataset)
    #expect(Self.ids(plain) == ids.sorted())
  }

  @Test func fewInTheOrderOfTheDatasetUnlessTheyAreAskedForOtherwise() async throws {
    let dataset = try await Self.dataset(count: 20)
    #expect(try await Self.ids(Shown(ReconciliationReport(), of: dataset)).first == 0)
    #expect(try await Self.ids(Shown(ReconciliationReport(), ["order": "difference"], of: dataset)).first != 0)
  }

  @Test func whatIsNotLookedForIsSaid() async throws {
    let shown = try await Shown(ReconciliationReport(), of: Self.dataset(count: 400))
    #expect(
      shown.notes.count == 1 && shown.notes[0].hasPrefix("Candidates for single wrong numbers are looked for where"))
    #expect(!shown.lines("candidates").contains { !$0.isEmpty })
    let all = try await Shown(ReconciliationReport(), ["candidates": "all"], of: Self.dataset(count: 400))
    #expect(all.notes.isEmpty && all.lines("candidates").contains { !$0.isEmpty })
  }
}

@Suite("A changed number does not go unnoticed")
struct ChangedNumberTests {
  private static let statuses = ["id", "status", "stated", "computed", "difference"]

  private func totals(
    replacing changes: [(file: String, text: String, with: String)]
  ) async throws -> (shown: Shown, lines: [String]) {
    let shown = try await Shown(ReconciliationReport(), of: Datasets.memorandum(replacing: changes))
    let lines = shown.rows.filter { $0[0].value == .text("total") && $0[2].value != .text("agrees") }
      .map { shown.line($0, Self.statuses) }
    return (shown, lines)
  }

  @Test func transposedDigitsAreNamedAndTheLedgerDoesNotCoverTheNewDifference() async throws {
    let (shown, lines) = try await totals(replacing: [
      ("observations.csv", "iran,unspecified,released,62,", "iran,unspecified,released,26,")
    ])
    #expect(
      lines == [
        "memorandum_item_4_released|unacknowledged|189|144|45", "attachment_4_total_released|unacknowledged|180|144|36",
      ])
    #expect(
      try shown.line(shown.row("total", "attachment_4_total_released"), ["candidates"]).hasPrefix(
        "26: Iran, Not broken down, Released (Attachment 4, Iran, column 1), if 62 was meant (two digits transposed).")
    )
    // No sum shows the entry of the ledger any more, so it stands among the contradictions.
    #expect(try shown.line(shown.row("contradiction", "capitalist_released"), ["status"]) == "acknowledged")
  }

  @Test func twoTotalsThatAgreeWithEachOtherPointAtTheCell() async throws {
    let (shown, lines) = try await totals(replacing: [
      ("observations.csv", "romania,unspecified,released,375,", "romania,unspecified,released,357,")
    ])
    #expect(
      lines == [
        "memorandum_item_1_released|unacknowledged|1064|1046|18", "memorandum_item_4_released|acknowledged|189|180|9",
        "attachment_1_total_released|unacknowledged|1064|1046|18",
      ])
    for id in ["memorandum_item_1_released", "attachment_1_total_released"] {
      // The digits of 1064 are those of 1046 transposed; but two documents print it.
      #expect(
        try shown.line(shown.row("total", id), ["candidates"]).hasPrefix(
          "357: Romania, Not broken down, Released (Attachment 1, Romania, column 1), if 375 was meant (two digits "
            + "transposed)."))
    }
  }

  @Test func aPartThatWasAddedIsNamed() async throws {
    let (shown, lines) = try await totals(replacing: [
      ("stated_totals.csv", "attachment_2_item_2_released,5614,", "attachment_2_item_2_released,5794,")
    ])
    #expect(lines.last == "attachment_2_item_2_released|unacknowledged|5794|5614|180")
    #expect(
      try shown.line(shown.row("total", "attachment_2_item_2_released"), ["candidates"])
        == "180: Germany, General officers, Released (Attachment 2, item 2), if the sum took it in, though it is no part "
        + "of it.")
  }

  @Test func aNumberThatIsAPartAndLargerThanItsWholeIsAContradiction() async throws {
    let (shown, _) = try await totals(replacing: [
      ("observations.csv", "general_officer,remaining,2,", "general_officer,remaining,12,")
    ])
    let row = try #require(shown.rows.last)
    #expect(
      shown.line(row, ["kind", "id", "status", "subject", "statements"])
        == "contradiction|memorandum_germany_general_officer_remaining|unacknowledged|A part larger than its whole|"
        + "12: Germany, General officers, Remaining (Memorandum, item 2); 11: Germany, Not broken down, Remaining "
        + "(Memorandum, item 2)")
  }

  @Test func aContestedNumberOutsideTheLedgerIsUnacknowledged() async throws {
    let (shown, _) = try await totals(replacing: [
      ("observations.csv", "norway,unspecified,remaining,1,counted", "norway,unspecified,remaining,1,contested")
    ])
    #expect(
      try shown.line(shown.row("contradiction", "attachment_4_norway_remaining"), ["status"]) == "unacknowledged")
    #expect(
      try shown.line(shown.row("total", "attachment_4_total_remaining"), ["status", "difference", "candidates"])
        == "unacknowledged|1|1: Norway, Not broken down, Remaining (Attachment 4, Norway, column 2), if the sum took it in, "
        + "though it is no part of it. 101 in total (Attachment 4, Total, column 2), if 100 was meant (one digit wrong). "
        + "–: Spain, Not broken down, Remaining (Attachment 4, Spain, column 2), if 1 was meant (no number given)."
    )
  }
}
