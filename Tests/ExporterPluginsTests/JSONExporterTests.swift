import ExporterPlugins
import JSON
import ReportKit
import Testing

@Suite("json and ndjson")
struct JSONExporterTests {
  private let metadata = """
    "report":"persons-by-country",
    "title":"Persons by country",
    "revision":"sha256:00ff",
    "parameters":{},
    "where":[],
    "columns":[{"name":"country","title":"Country","kind":"text"},\
    {"name":"released","title":"Released","kind":"integer","unit":"persons"},\
    {"name":"handed_over","title":"Handed over","kind":"integer","unit":"persons"},\
    {"name":"total","title":"Total","kind":"integer","unit":"persons"}]
    """
  private let rows = [
    #"{"country":"Poland","released":190,"handed_over":143,"total":333}"#,
    #"{"country":"Finland","released":24,"handed_over":null,"total":24}"#,
    #"{"country":"Japan","released":null,"handed_over":null,"total":null}"#,
    #"{"country":"Nowhere","released":0,"handed_over":2,"total":2}"#,
  ]
  private let totals = """
    "totals":[{"kind":"computed","title":"Total",\
    "cells":{"country":"Total","released":214,"handed_over":145,"total":359}}]
    """
  private let notes = """
    "notes":[{"kind":"caveat","text":"Five more Finns remain.","cells":[{"row":1,"column":"released"},\
    {"row":1,"column":"total"},{"row":3,"column":"handed_over"},{"row":4,"column":"released"},\
    {"row":4,"column":"handed_over"},{"row":4,"column":"total"}]},\
    {"kind":"caveat","text":"Another caveat.",\
    "cells":[{"row":3,"column":"handed_over"},{"row":4,"column":"handed_over"}]},\
    {"kind":"missing","text":"–: none printed","cells":[{"row":1,"column":"handed_over"}]},\
    {"kind":"missing","text":"…: not given","cells":[{"row":2,"column":"released"},{"row":2,"column":"total"}]},\
    {"kind":"scope","text":"1 number is not added","cells":[]}]
    """

  @Test("One document, a row a line")
  func document() async throws {
    #expect(
      try await exportText(.small, with: JSONExporter()) == """
        {\(metadata),
        "rows":[
        \(rows.joined(separator: ",\n"))],
        \(totals),
        \(notes)}

        """)
  }

  @Test("ndjson is rows alone")
  func lines() async throws {
    #expect(try await exportText(.small, with: NDJSONExporter()) == rows.map { $0 + "\n" }.joined())
    #expect(try await export(.texts([]), with: NDJSONExporter()) == [])
  }

  @Test("With metadata, a line describes the report before the rows and one has the notes behind them")
  func linesWithMetadata() async throws {
    let first = "{" + metadata.split(separator: "\n").joined() + "}\n"
    #expect(
      try await exportText(.small, with: NDJSONExporter(), ["metadata": "true"])
        == first + rows.map { $0 + "\n" }.joined() + "{\(totals),\(notes)}\n")
  }

  @Test("A line end in a text ends no line")
  func lineEnds() async throws {
    #expect(
      try await exportText(.texts(["two\nlines\u{2028}\"\\"]), with: NDJSONExporter())
        == "{\"text\":\"two\\nlines\u{2028}\\\"\\\\\"}\n")
  }

  @Test("The least and the greatest number are exact")
  func extremes() async throws {
    let table = TestTable.numbers([[Cell(.integer(.min)), Cell(.integer(.max))]])
    #expect(
      try await exportText(table, with: NDJSONExporter())
        == "{\"name\":\"r1\",\"a\":-9223372036854775808,\"b\":9223372036854775807}\n")
    await #expect(try JSONValue(parsing: export(table, with: JSONExporter()))["rows"] != nil)
  }
}
