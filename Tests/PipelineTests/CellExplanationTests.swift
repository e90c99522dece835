import Pipeline
import ReportKit
import TestSupport
import Testing

@Suite("Whoever asks for a cell by a text of its row means the row that has it")
struct CellExplanationTests {
  /// Observations with these ids, each with its number from 1 as its value.
  private func generation(_ ids: [String]) async throws -> Generation {
    let folder = try TemporaryFolder()
    try folder.write(
      "id,place,kind,n\n" + ids.enumerated().map { "\($1),p\($0),k,\($0 + 1)\n" }.joined(), to: "observations.csv")
    try folder.write("id\n" + ids.indices.map { "p\($0)\n" }.joined(), to: "places.csv")
    try folder.write(
      """
      {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "ids", "resources": [
        {"name": "observations", "path": "observations.csv", "schema": {
          "primaryKey": "id",
          "fields": [{"name": "id"}, {"name": "place"}, {"name": "kind", "categories": ["k"]}, {"name": "n", "type": "integer"}],
          "foreignKeys": [{"fields": "place", "reference": {"resource": "places", "fields": "id"}}]}},
        {"name": "places", "path": "places.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": "id"}}]}
      """, to: "datapackage.json")
    try folder.write(
      """
      dataset: { package: datapackage.json, place: place, breakdown: kind, measure: n }
      reports: { obs: { pipeline: [observations] } }

      """, to: "m.yaml")
    return try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
  }

  private func value(_ row: String, in generation: Generation) async throws -> String {
    let request = try generation.request(report: "obs")
    return try await generation.explanation(ofRow: row, column: "n", of: request, limit: 1).cell.value.description
  }

  @Test("The row with the same bytes goes before one that is the same text for Unicode, in any order")
  func bytes() async throws {
    let generation = try await generation(["x\u{E9}", "xe\u{301}", "X\u{C9}"])
    #expect(try await value("x\u{E9}", in: generation) == "1")
    #expect(try await value("xe\u{301}", in: generation) == "2")
    #expect(try await value("X\u{C9}", in: generation) == "3")
  }

  @Test("Without one, the same text in other characters goes before the same in other letters, if it is one")
  func near() async throws {
    let generation = try await generation(["\u{C5}", "\u{212B}", "x\u{E9}", "X\u{C9}", "yy"])
    #expect(try await value("xe\u{301}", in: generation) == "3")
    #expect(try await value("YY", in: generation) == "5")
    await #expect(throws: CellError.ambiguousRow(count: 2)) { try await value("A\u{30A}", in: generation) }
    await #expect(throws: CellError.noSuchRow(suggestions: ["yy"])) { try await value("yz", in: generation) }
  }
}
