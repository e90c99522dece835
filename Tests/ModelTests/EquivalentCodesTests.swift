import Base
import Columnar
import Model
import TestDatasets
import TestSupport
import Testing

/// Two keys that are the same text in other bytes would each be looked up as the first of them, so a dataset has no such keys.
struct EquivalentCodesTests {
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"
  private static let told =
    "\"\(decomposed)\" is the same text as \"\(composed)\" in row 2, in other characters (U+0065 U+0301, and there U+00E9): "
    + "nothing can tell them apart; remove one, or give it another name"

  /// A dataset of places and kinds, to which a test adds the rest.
  private func dataset(
    places: String = "id,region\nhere,North\nthere,South\n", kind: String = #"{"name": "kind"}"#,
    kinds: (String, String) = ("old", "new")
  ) throws -> TemporaryDataset {
    let dataset = try TemporaryDataset()
    try dataset.codeList("places", places)
    let codes = places.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
    try dataset.table(
      "observations", "place,kind,count\n\(codes[0]),\(kinds.0),1\n\(codes[1]),\(kinds.1),2\n",
      fields: #"{"name": "place"}, \#(kind), {"name": "count", "type": "integer"}"#,
      schema:
        "\"foreignKeys\": [\(foreignKey("place", "places"))\(kind.contains(",") ? "" : ", " + foreignKey("kind", "kinds"))]"
    )
    if !kind.contains(",") { try dataset.codeList("kinds", "id\nold\nnew\n") }
    return dataset
  }

  private func problems(
    _ dataset: TemporaryDataset, _ change: (inout DatasetConfiguration) -> Void = { _ in }
  ) async throws -> [String] {
    var configuration = try dataset.configuration(place: "place", breakdown: "kind", measure: "count")
    change(&configuration)
    return await dataset.problems(of: configuration)
  }

  @Test("in a code list")
  func codeList() async throws {
    let list = try dataset(places: "id,region\n\(Self.composed),North\n\(Self.decomposed),South\n")
    #expect(try await problems(list) == ["places.csv:3:id: \(Self.told)"])
  }

  @Test("alone, a code is found by either form, and is what stands in the file")
  func alone() async throws {
    let list = try dataset(places: "id,region\n\(Self.composed),North\nthere,South\n")
    let model = try await list.load(place: "place", breakdown: "kind", measure: "count").model
    let place = try model.dimension("place")
    for code in [Self.composed, Self.decomposed] { #expect(try model.dimensions[place].code(code) == 0) }
    #expect(areSameBytes(model.dimensions[place].codes.ids[0], Self.composed))
  }

  @Test("in the values that a field allows")
  func constraint() async throws {
    let kind = "{\"name\": \"kind\", \"constraints\": {\"enum\": [\"\(Self.composed)\", \"\(Self.decomposed)\"]}}"
    #expect(
      try await problems(dataset(kind: kind, kinds: (Self.composed, Self.decomposed)))
        == ["observations.csv:3:kind: \(Self.told)"])
    let unused = try await problems(dataset(kind: kind, kinds: (Self.composed, Self.composed)))
    #expect(
      unused == [
        "observations.csv: of the field \"kind\", " + Self.told.replacing("in row 2", with: "beside it")
      ])
  }

  @Test("in categories")
  func categories() async throws {
    let kind = "{\"name\": \"kind\", \"categories\": [\"\(Self.composed)\", \"\(Self.decomposed)\"]}"
    let found = try await problems(dataset(kind: kind, kinds: (Self.composed, Self.decomposed)))
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix(Self.told.replacing("in row 2", with: "of the list")) == true)
  }

  @Test("among schemes, and among the groups of one")
  func schemes() async throws {
    let (one, two) = (Self.composed, Self.decomposed)
    let grouped = try dataset()
    try grouped.table("schemes", "id,title\ns,S\n", schema: #""primaryKey": "id""#)
    try grouped.table(
      "blocs", "scheme,id\ns,\(one)\ns,\(two)\n",
      schema: "\"primaryKey\": [\"scheme\", \"id\"], \"foreignKeys\": [\(foreignKey("scheme", "schemes"))]")
    try grouped.table(
      "bloc_members", "scheme,place,bloc\ns,here,\(one)\ns,there,\(two)\n",
      schema:
        "\"primaryKey\": [\"scheme\", \"place\"], \"foreignKeys\": [\(foreignKey("scheme", "schemes")), \(foreignKey("place", "places"))]"
    )
    #expect(try await problems(grouped) == ["blocs.csv:3:id: \(Self.told)"])
    try grouped.folder.write("id,title\n\(one),S\n\(two),T\n", to: "schemes.csv")
    try grouped.folder.write("scheme,id\n\(one),a\n\(two),a\n", to: "blocs.csv")
    try grouped.folder.write("scheme,place,bloc\n\(one),here,a\n\(two),there,a\n", to: "bloc_members.csv")
    #expect(try await problems(grouped) == ["schemes.csv:3:id: \(Self.told)"])
  }

  @Test("among the groups that a column of a code list names")
  func columns() async throws {
    let list = try dataset(places: "id,region\nhere,\(Self.composed)\nthere,\(Self.decomposed)\n")
    let found = try await problems(list) { configuration in
      func name(_ text: String) -> Located<String> {
        Located(text, file: "musterd.yaml", position: .text(line: 9, column: 1))
      }
      configuration.columnSchemes = [
        SchemeConfiguration(name: name("regions"), of: name("place"), columns: [name("region")])
      ]
    }
    #expect(
      found == ["places.csv:3:region: " + Self.told.replacing("in row 2", with: "of another row")])
  }
}
