import Base
import Foundation
import Model
import Pipeline
import TestSupport
import Testing

@Suite("The page of the dataset shows examples that work as they stand")
struct DatasetPageTests {
  /// The files that stand below a heading of Config/DATASET.md, in a folder.
  private func example(_ title: String) throws -> TemporaryFolder {
    let page = try String(contentsOfFile: "\(repositoryRoot)/Config/DATASET.md", encoding: .utf8)
    let start = try #require(page.range(of: "## \(title)\n"), "\(title)").upperBound
    let rest = page[start...]
    let part = rest.prefix(upTo: rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)
    let folder = try TemporaryFolder()
    for file in part.matches(of: /`([a-z_]+\.(?:csv|json|yaml))`:\n\n```[a-z]+\n((?:(?!```).*\n)+)```/) {
      try folder.write(String(file.2), to: String(file.1))
    }
    return folder
  }

  private func load(_ folder: TemporaryFolder) async throws -> Generation {
    try await Generation.load(path: "\(folder.path)/musterd.yaml", registry: shipped)
  }

  @Test func theLeastOneIsFourFiles() async throws {
    let folder = try example("The least example")
    let generation = try await load(folder)
    #expect(
      try await export("animals", as: "csv", from: generation) == """
        island,name,goats,sheep,total
        nord,North Island,12,30,42
        sund,Sound Island,7,,7

        """)
    #expect(try await generation.warnings().isEmpty)
  }

  @Test func nothingOfTheLeastOneCouldBeLeftOut() async throws {
    for name in ["datapackage.json", "observations.csv", "islands.csv"] {
      let folder = try example("The least example")
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
      await #expect(throws: (any Error).self, "\(name)") { try await load(folder) }
    }
  }

  @Test func theOneWithEverythingCountsByItsRules() async throws {
    let folder = try example("An example with everything")
    let generation = try await load(folder)
    let inhabitants = try await export("inhabitants", as: "csv", from: generation)
    // The last number of each parish, and the county is not added to them.
    #expect(inhabitants.contains("hill,Hill,upland,200,210,240,240\n"))
    #expect(inhabitants.contains("county,The county,,,,700,700\n"))
    // Mill moved to the other district in 1813, so its dead of 1810 are those of the north.
    let deaths = try await export("deaths-by-district", as: "csv", from: generation)
    #expect(deaths.contains("north,Northern district,2,10,7,5,22\n"))
    // 20 of 700.
    let table = try await export("latest", as: "table", from: generation)
    #expect(table.contains("28.6"))
    for report in generation.reports {
      _ = try await export(report.name, as: "json", from: generation)
    }
  }

  @Test func theOneWithEverythingHasWhatThePageDescribes() async throws {
    let folder = try example("An example with everything")
    let model = try await load(folder).model
    #expect(model.timeIndex != nil)
    #expect(model.measures.map(\.name) == ["deaths", "inhabitants", "death_rate"])
    #expect(model.dimensions.contains { $0.hierarchy?.descendants.contains { !$0.isEmpty } == true })
    #expect(model.dimensions.contains { $0.hierarchy?.wholes.contains { $0 != nil } == true })
    #expect(model.schemes.contains { $0.isOfItsTime })
    #expect(model.schemes.contains { !$0.isOfItsTime })
    #expect(model.missingReasons.contains { $0.isNil })
    #expect(!model.preferredSources.isEmpty)
    #expect(!model.statedTotals.isEmpty)
    #expect(!model.caveats.isEmpty)
    #expect(!model.discrepancies.isEmpty)
  }

  // MARK: - check --explain

  /// The lines of an explanation below a name, up to the next name of the same depth.
  private func lines(of name: String, in explanation: String) throws -> [String] {
    let lines = explanation.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("  \(name) ") || $0.hasPrefix("\(name) ") }, "\(name)")
    let rest = lines[(start + 1)...].prefix { $0.hasPrefix("      ") }
    let first = lines[start].replacing(name, with: "", maxReplacements: 1)
    return ([first] + rest).map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test func anExplanationTellsWhatWasUnderstoodAndWhy() async throws {
    let folder = try example("An example with everything")
    let text = try await load(folder).explanation
    #expect(
      try lines(of: "parish", in: text) == [
        "place: a row each in summaries", "4 codes from parishes", "hierarchy: 1 contains others, by lies_in",
      ])
    #expect(
      try lines(of: "year", in: text) == [
        "breakdown: its codes become columns; time: as time in the configuration",
        "3 codes, which the field has itself",
      ])
    #expect(
      try lines(of: "people", in: text) == ["2 codes from people", "hierarchy: 1 is a part of another"])
    #expect(
      try lines(of: "inhabitants", in: text) == [
        "field inhabitants; unit persons (said); 0 decimals (as many as the data have)",
        "estimates lie between at_least and at_most",
        "over source, parish, people: sum (by default)", "over year: last (said)",
      ])
    #expect(
      try lines(of: "death_rate", in: text) == [
        "deaths / inhabitants × 1000, each after it was aggregated; no unit; 1 decimal (said)"
      ])
    #expect(try lines(of: "panel", in: text) == ["parish × year: 12 combinations should have numbers (said)"])
    #expect(
      try lines(of: "districts", in: text) == [
        "of parish, from tables", "District: 2 groups, 4 members, 2 of them for a time",
      ])
    #expect(try lines(of: "terrain", in: text).first == "of parish, from columns terrain of parishes")
    #expect(try lines(of: "\"–\"", in: text) == ["none; counts as 0"])
    #expect(try lines(of: "prefer", in: text) == ["registers"])
    #expect(
      try lines(of: "stated totals", in: text) == ["2 from stated_totals, 2 of codes that contain others"])
  }

  @Test func whatWasFoundByItselfIsSaid() async throws {
    let folder = try example("The least example")
    let text = try await load(folder).explanation
    #expect(try lines(of: "panel", in: text) == ["none: only numbers that have a row are expected"])
    #expect(
      try lines(of: "animals", in: text) == [
        "field animals; no unit; 0 decimals (as many as the data have)", "over island, animal: sum (by default)",
      ])
  }

  // MARK: - Warnings

  private func warnings(_ over: String, _ reports: String) async throws -> [String] {
    let folder = try example("The least example")
    let text = try String(contentsOfFile: "\(folder.path)/musterd.yaml", encoding: .utf8)
    let dataset = text.prefix(upTo: try #require(text.range(of: "reports:")).lowerBound)
    try folder.write(
      dataset.replacing("measure: animals", with: "measures: { animals: { over: \(over) } }") + reports,
      to: "musterd.yaml")
    return try await load(folder).warnings().lines.map { $0.replacing("\(folder.path)/", with: "") }
  }

  @Test func aColumnThatNeverHasANumberIsWarnedOf() async throws {
    let warnings = try await warnings("{ animal: none }", "reports:\n  a: { pipeline: [country-summary] }\n")
    #expect(warnings.count == 1)
    #expect(
      warnings.first?.hasPrefix(
        "musterd.yaml:7:3: warning: the report \"a\" has no number in the column \"total\": not additive: ") == true)
  }

  @Test func aTotalOfRowsThatDoNotAddIsWarnedOf() async throws {
    let warnings = try await warnings("{ island: none }", "reports:\n  a: { pipeline: [country-summary] }\n")
    #expect(
      warnings.first?.contains(
        "warning: the report \"a\" has no number in the row \"Total\" of the columns \"goats\", \"sheep\", \"total\": ")
        == true)
  }

  @Test func whatIsNotShownIsNotWarnedOf() async throws {
    let reports = """
      reports:
        a: { pipeline: [country-summary: { totals: none }, columns: { drop: [total] }] }

      """
    #expect(try await warnings("none", reports) == [])
  }
}
