import ReportKit
import ReportPlugins
import TestDatasets
import Testing

@Suite("What moves when one classification replaces another")
struct ClassificationDiffTests {
  private static let names = [
    "from_bloc", "to_bloc", "change", "place_count", "released", "handed_over", "remaining", "total",
  ]

  @Test func fromTheGroupsOfTheMemorandumToTheAlliances() async throws {
    let shown = try await Shown(
      ClassificationDiff(), ["from": "memorandum", "to": "alliances_1955"], of: Datasets.memorandum)
    #expect(
      shown.rows.map { shown.line($0, Self.names) } == [
        "peoples_democracies|warsaw_pact|moves|5|1011|688||1699", "peoples_democracies|neither|moves|2|29|8||37",
        "finland|neither|moves|1|24|–|5|29", "germany|not_attributable|moves|1|5614|3917||9531",
        "japan|neither|moves|1|16|…||16", "capitalist|nato|moves|11|88||56|144",
        "capitalist|neither|moves|7|92||55|147",
      ])
    #expect(shown.lines("places")[1] == "Yugoslavia, Mongolia")
    #expect(shown.notes.first == "From: Groups of the memorandum, as of 1955-07-04 (memorandum)")
  }

  @Test func theDefaultsAreTheFirstTwoSchemes() async throws {
    let dataset = try await Datasets.memorandum
    let shown = try await Shown(ClassificationDiff(), of: dataset)
    let named = try await Shown(ClassificationDiff(), ["from": "memorandum", "to": "alliances_1955"], of: dataset)
    #expect(shown.lines == named.lines)
  }

  @Test func nothingMovesFromASchemeToItself() async throws {
    let shown = try await Shown(
      ClassificationDiff(), ["from": "region", "to": "region"], of: Datasets.memorandum)
    #expect(
      shown.lines("from_bloc", "to_bloc", "change", "total") == [
        "europe|europe|same|11398", "asia|asia|same|200", "americas|americas|same|5",
      ])
  }

  @Test func placesThatASchemeLeavesOutAreNotDropped() async throws {
    let shown = try await Shown(ClassificationDiff(), of: Datasets.harbours)
    #expect(
      shown.lines("from_bloc", "from_name", "to_bloc", "places", "total") == [
        "east|East water|east|Älby|42", "west|West water|west|Brok, Old Quay, Dún|7", "|not classified||Corrè|6",
      ])
  }
}
