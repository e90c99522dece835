import ReportKit
import ReportPlugins
import TestDatasets
import Testing

@Suite("The tables of the sources stand as they are printed")
struct SourceTablesTests {
  @Test func attachment1() async throws {
    let shown = try await Shown(SourceTables(), ["source": "attachment_1"], of: Datasets.memorandum)
    #expect(
      shown.columns.map(\.title) == [
        "Country", "Number to be released and repatriated", "Number to be handed over as criminals",
      ])
    #expect(
      shown.lines == [
        "Poland|190|143", "Romania|375|237", "Hungary|370|276", "Czechoslovakia|56|29", "Bulgaria|20|3",
        "Yugoslavia|25|6", "MNR|4|2", "Finland|24|–",
      ])
    #expect(shown.totalLines == ["stated: Total|1064|696"])
    #expect(
      shown.notes == [
        "Number of citizens of Poland, Romania, Hungary, Czechoslovakia, Bulgaria, Yugoslavia, MNR [Mongolian People’s "
          + "Republic – Transl.], and Finland, to be handed over to their governments",
        "Note: Other than the 24 Finns subject to release and repatriation, there are 5 Finns in the USSR that "
          + "committed crimes in the post-war period who should remain to further serve their term in the USSR.",
      ])
  }

  @Test func attachment4() async throws {
    let shown = try await Shown(SourceTables(), ["source": "attachment_4"], of: Datasets.memorandum)
    #expect(
      shown.columns.map(\.title) == [
        "Country", "Number to be released and repatriated", "Number to remain to further serve their terms in the USSR",
      ])
    #expect(
      shown.lines == [
        "France|23|5", "Afghanistan|24|13", "Iran|62|36", "Turkey|17|24", "Belgium|10|6", "Holland|8|5", "Denmark|4|2",
        "Spain|3|–", "Italy|1|2", "Norway|1|1", "Switzerland|3|2", "Greece|24|5",
      ])
    // The source begins the word with the Cyrillic letter.
    #expect(shown.totalLines == ["stated: \u{422}otal|180|101"])
    #expect(shown.notes.count == 1)
  }

  @Test func attachment5() async throws {
    let shown = try await Shown(SourceTables(), ["source": "attachment-5"], of: Datasets.memorandum)
    #expect(shown.header == "name|remaining")
    #expect(shown.lines == ["USA|3", "England|2", "Brazil|1", "Luxembourg|1", "Mexico|1", "Syria|2"])
    #expect(shown.totalLines == ["stated: Total|10"])
  }

  @Test func allOfThemUnderOneAnother() async throws {
    let shown = try await Shown(SourceTables(), of: Datasets.memorandum)
    #expect(shown.header == "source|name|released|handed_over|remaining")
    #expect(shown.rows.count == 8 + 12 + 6)
    #expect(shown.lines.first == "attachment_1|Poland|190|143|")
    #expect(shown.lines.last == "attachment_5|Syria|||2")
    #expect(
      shown.totalLines == [
        "stated: attachment_1|Total|1064|696|", "stated: attachment_4|\u{422}otal|180||101",
        "stated: attachment_5|Total|||10",
      ])
  }

  @Test(arguments: [
    ("none", []), ("computed", ["computed: Total|1064|696"]),
    ("both", ["stated: Total|1064|696", "computed: Computed|1064|696"]),
  ])
  func whichTotalsStandBelow(totals: String, expected: [String]) async throws {
    let shown = try await Shown(
      SourceTables(), ["source": "attachment_1", "totals": totals], of: Datasets.memorandum)
    #expect(shown.totalLines == expected)
  }

  @Test func aStatedTotalThatDiffersIsMarked() async throws {
    let dataset = try await Datasets.memorandum(replacing: [
      ("stated_totals.csv", "attachment_4_total_released,180", "attachment_4_total_released,181")
    ])
    let shown = try await Shown(SourceTables(), ["source": "attachment_4"], of: dataset)
    #expect(shown.totalLines == ["stated: \u{422}otal (stated, not what it adds up to)|181|101"])
    #expect(
      shown.totals[0].row[1].notes == [
        Note(
          .discrepancy,
          "Attachment 4, Total, column 1 states 181; the observations come to 180. Nobody has acknowledged this.")
      ])
    #expect(shown.totals[0].row[2].notes == [])
  }

  @Test func theStatedTotalOfAWholeTableIsNotThatOfAPart() async throws {
    let shown = try await Shown(
      SourceTables(), ["source": "attachment_4", "totals": "both"], of: Datasets.memorandum,
      where: ["country": ["greece", "france"]])
    #expect(shown.lines == ["France|23|5", "Greece|24|5"])
    #expect(shown.totalLines == ["computed: Computed|47|10"])
  }

  @Test func aSourceWithoutATableIsRefusedWithThoseThatHaveOne() async throws {
    let error = await #expect(throws: ParameterError.self) {
      try await Shown(SourceTables(), ["source": "attachment_2"], of: Datasets.memorandum)
    }
    #expect(
      error?.message
        == "attachment_2 prints no table; those that do are: attachment_1, attachment_4, attachment_5")
  }

  @Test func behindACellAreItsObservations() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(SourceTables(), ["source": "attachment_4"], of: dataset)
    let greeks = try await shown.observations("released", of: shown.row("Greece"), in: dataset)
    #expect(greeks.map(\.key.text) == ["attachment_4_greece_released"])
  }

  @Test func withoutPrintedTablesTheObservationsTellTheOrder() async throws {
    let dataset = try await Datasets.harbours
    let north = try await Shown(SourceTables(), ["source": "north", "totals": "both"], of: dataset)
    #expect(north.header == "name|grain|timber|ice")
    // The 5 of Corrè is contested, and the 3 of Brok a part of its 7: printed, and in no sum.
    #expect(north.lines == ["Älby|12|0|-", "Brok, Old Quay|7||…", "Corrè||5|"])
    #expect(north.totalLines == ["computed: Computed|19|0|- …"])
    #expect(try north.row("Brok, Old Quay")[1].notes == [Note(.scope, "Not added: 3 (p. 2)")])
    #expect(try north.row("Corrè")[2].notes == [Note(.scope, "Not added: 5 (p. 3)")])
    #expect(north.columns.map(\.total) == [.none, .none, .none, .sum])
    let south = try await Shown(SourceTables(), ["source": "south"], of: dataset)
    #expect(south.lines == ["Älby|30||", "Brok, Old Quay||…|-", "Corrè||6|"])
    let all = try await Shown(SourceTables(), ["totals": "computed"], of: dataset)
    #expect(all.header == "register|name|grain|timber|ice")
    #expect(all.totalLines == ["computed: north|Total|19|0|- …", "computed: south|Total|30|6|-"])
  }
}
