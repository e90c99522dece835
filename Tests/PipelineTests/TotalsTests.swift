import ReportKit
import TestSupport
import Testing

@testable import Pipeline

@Suite("Totals cover the whole report")
struct TotalsTests {
  private func totals(
    _ report: String, _ parameters: [String: String], where filter: [(dimension: String, codes: [String])] = []
  ) async throws -> [TotalRow] {
    let generation = try await Generation.load(path: repositoryRoot + "/Config/musterd.yaml", registry: shipped)
    return try await rows(of: report, parameters, where: filter, from: generation).totals
  }

  private func texts(_ total: TotalRow) -> [String] { total.row.cells.map(\.value.description) }

  @Test("Without a wish they are what the observations come to")
  func computed() async throws {
    let totals = try await totals("country-summary", [:])
    #expect(totals.map(\.kind) == [.computed])
    #expect(texts(totals[0]) == ["Total", "", "", "6874", "4613", "116", "11603"])
  }

  @Test("There are none when none are wanted") func none() async throws {
    #expect(try await totals("country-summary", ["totals": "none"]).isEmpty)
  }

  @Test("A source's totals stand under the columns that they cover exactly, and no others")
  func stated() async throws {
    let totals = try await totals("country-summary", ["totals": "both"], where: [("source", ["attachment_1"])])
    #expect(totals.map(\.kind) == [.computed, .stated, .stated])
    #expect(texts(totals[0]) == ["Total", "", "", "1064", "696", "5", "1765"])
    #expect(totals[1].title.hasPrefix("Stated: Memorandum"))
    #expect(texts(totals[1]).dropFirst() == ["", "", "1064", "696", "", ""])
    #expect(
      texts(totals[2])
        == [
          "Stated: Attachment 1: citizens of the People’s Democracies and Finland", "", "", "1064", "696", "", "",
        ])
    #expect(try await self.totals("country-summary", ["totals": "stated"]).isEmpty)
  }

  @Test("Sources whose ids are the same text in other characters have rows of their own")
  func equivalentSources() async throws {
    let folder = try TemporaryFolder()
    try folder.write("place,kind,n\np,a,3\np,b,4\n", to: "observations.csv")
    try folder.write("id\np\n", to: "places.csv")
    try folder.write("id,n,source\nt,3,x\u{E9}\nu,4,xe\u{301}\n", to: "stated_totals.csv")
    try folder.write("stated_total,dimension,code\nt,kind,a\nu,kind,b\n", to: "stated_total_scopes.csv")
    try folder.write(
      """
      {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "sources", "resources": [
        {"name": "observations", "path": "observations.csv", "schema": {
          "fields": [{"name": "place"}, {"name": "kind", "categories": ["a", "b"]}, {"name": "n", "type": "integer"}],
          "foreignKeys": [{"fields": "place", "reference": {"resource": "places", "fields": "id"}}]}},
        {"name": "places", "path": "places.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": "id"}},
        {"name": "stated_totals", "path": "stated_totals.csv", "schema": {"primaryKey": "id",
          "fields": [{"name": "id"}, {"name": "n", "type": "integer"}, {"name": "source"}]}},
        {"name": "stated_total_scopes", "path": "stated_total_scopes.csv", "schema": {
          "fields": [{"name": "stated_total"}, {"name": "dimension"}, {"name": "code"}],
          "foreignKeys": [{"fields": "stated_total", "reference": {"resource": "stated_totals", "fields": "id"}}]}}]}
      """, to: "datapackage.json")
    try folder.write(
      """
      dataset: { package: datapackage.json, place: place, breakdown: kind, measure: n }
      reports: { r: { pipeline: [country-summary] } }

      """, to: "m.yaml")
    let generation = try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    let totals = try await rows(of: "r", ["totals": "stated"], from: generation).totals
    #expect(totals.map { Array($0.title.utf8) } == ["Stated: x\u{E9}", "Stated: xe\u{301}"].map { Array($0.utf8) })
  }

  @Test("A stated total that differs is never shown without its mark and the ledger's explanation")
  func differing() async throws {
    let totals = try await totals(
      "bloc-aggregate", ["totals": "stated"], where: [("source", ["attachment_4", "attachment_5"])])
    let memorandum = try #require(totals.first { $0.title.contains("Memorandum") })
    #expect(memorandum.title.hasPrefix("Stated, not what it adds up to: "))
    #expect(texts(memorandum)[3] == "189")
    let note = try #require(memorandum.row[3].notes.first)
    #expect(note.kind == .discrepancy)
    #expect(
      note.text.hasPrefix("Memorandum, item 4 states 189; the observations come to 180. Item 4 of the memorandum"))
    #expect(memorandum.row[5].notes.isEmpty)
    #expect(texts(memorandum)[5] == "111")
    let attachment = try #require(totals.first { $0.title.contains("Attachment 4") })
    #expect(attachment.title.hasPrefix("Stated: "))
    #expect(texts(attachment)[3] == "180")
  }

  @Test("The total of one row is left out, since it says nothing that the row does not")
  func oneRow() async throws {
    #expect(try await totals("country-summary", [:], where: [("country", ["finland"])]).isEmpty)
  }

  @Test("A total beyond 64 bits is exact, and one beyond what a cell can hold is an error")
  func overflow() throws {
    var totals = ColumnTotals(columns: [Column(name: "a", title: "A", kind: .integer, total: .sum)])
    try totals.add(Row([Cell(.integer(.max))]))
    try totals.add(Row([.integer(1)]))
    #expect(totals.cells[0].value == .decimal(ExactDecimal(units: Int128(Int64.max) + 1, scale: 0)))
    let most = Cell(.decimal(ExactDecimal(units: .max, scale: 0)))
    let error = #expect(throws: TotalOverflow.self) { try totals.add(Row([most])) }
    #expect(error?.description == "the total of the column a is beyond the numbers that a cell can hold")
  }

  @Test("Missing numbers alone come to a missing total, with their reasons") func missing() throws {
    var totals = ColumnTotals(columns: [Column(name: "a", title: "A", kind: .integer, total: .sum)])
    let dash = Missing(symbol: "–", label: "none printed")
    try totals.add(Row([Cell(.missing(dash))]))
    try totals.add(Row([.empty]))
    try totals.add(Row([Cell(.missing(Missing(symbol: "…", label: "not given")))]))
    #expect(totals.cells[0].value == .missing(Missing(symbol: "– …", label: "none printed, not given")))
    try totals.add(Row([.integer(0)]))
    #expect(totals.cells[0].value == .integer(0))
  }

  @Test("A filter looks at less, and never at more") func filter() async throws {
    let generation = try await Generation.load(path: repositoryRoot + "/Config/musterd.yaml", registry: shipped)
    let table = try await rows(
      of: "country-summary", where: [("source", ["attachment_4"]), ("country", ["france", "poland"])],
      from: generation)
    #expect(table.answer.header.filter.map(\.dimension) == ["source", "country"])
    #expect(table.answer.header.filter.map(\.codes) == [["attachment_4"], ["poland", "france"]])
    let rows = table.rows.map { $0.cells.map(\.value.description) }
    // A country that is asked for by name has a row even where nothing is observed.
    #expect(
      rows == [
        ["poland", "Poland", "peoples_democracies", "", "", "", ""],
        ["france", "France", "capitalist", "23", "", "5", "28"],
      ])
  }
}
