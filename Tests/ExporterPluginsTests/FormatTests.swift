import ExporterPlugins
import ReportKit
import Testing

@Suite("Formats keep what the table says")
struct FormatTests {
  static let columns = [
    Column(name: "place", title: "Place", kind: .text),
    Column(name: "persons", title: "Persons", kind: .integer, unit: "persons", total: .sum),
  ]
  static let dash = Missing(symbol: "–", label: "none printed")
  static let caveat = Note(.caveat, "The page is torn.")

  /// The bytes of a table as text.
  private func export(
    _ rows: [[Cell]], as exporter: some ExporterPlugin, columns: [Column] = columns, notes: [Note] = []
  ) async throws -> String {
    let header = ExportHeader(report: "r", title: "A title", revision: "sha256:0", columns: columns)
    var encoder = try exporter.encoder(for: header, arguments: .none)
    var bytes: [UInt8] = []
    encoder.begin(into: &bytes)
    // In two batches, since nothing may depend on where a batch ends.
    for batch in [rows.prefix(1), rows.dropFirst()] where !batch.isEmpty {
      try await encoder.encode(Batch(batch.map { Row($0) }, columns: columns), into: &bytes)
    }
    try await encoder.finish(
      notes: notes, totals: TestTable(columns: columns, rows: rows.map { Row($0) }).totals, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"no\"", "\"say \"\"no\"\"\""), ("two\nlines", "\"two\nlines\""),
    ("cr\rhere", "\"cr\rhere\""), ("", "\"\""), (" kept ", " kept "), ("Älby", "Älby"),
  ])
  func csvQuotesWhatItMust(text: String, field: String) async throws {
    #expect(try await export([[.text(text), .integer(1)]], as: CSVExporter()) == "place,persons\n\(field),1\n")
  }

  @Test func csvLeavesMissingEmptyAndZeroZero() async throws {
    let rows: [[Cell]] = [
      [.text("a"), .integer(0)], [.text("b"), Cell(.missing(Self.dash))], [.empty, Cell(.integer(.min))],
    ]
    #expect(try await export(rows, as: CSVExporter()) == "place,persons\na,0\nb,\n,-9223372036854775808\n")
  }

  @Test func jsonIsOneDocumentWithNotesOnCells() async throws {
    let rows: [[Cell]] = [
      [.text("a\"b"), Cell(.integer(.max), notes: [Self.caveat])], [.text("c"), Cell(.missing(Self.dash))],
    ]
    let text = try await export(rows, as: JSONExporter(), notes: [Note(.scope, "All of it.")])
    #expect(
      text == """
        {"report":"r",
        "title":"A title",
        "revision":"sha256:0",
        "parameters":{},
        "where":[],
        "columns":[{"name":"place","title":"Place","kind":"text"},\
        {"name":"persons","title":"Persons","kind":"integer","unit":"persons"}],
        "rows":[
        {"place":"a\\"b","persons":9223372036854775807},
        {"place":"c","persons":null}],
        "totals":[{"kind":"computed","title":"Total","cells":{"place":"Total","persons":9223372036854775807}}],
        "notes":[{"kind":"caveat","text":"The page is torn.",\
        "cells":[{"row":0,"column":"persons"},{"row":2,"column":"persons"}]},\
        {"kind":"missing","text":"–: none printed","cells":[{"row":1,"column":"persons"}]},\
        {"kind":"scope","text":"All of it.","cells":[]}]}

        """)
  }

  @Test func aTableStaysAlignedInAnyScript() async throws {
    let rows: [[Cell]] = [
      [.text("東京"), .integer(7)], [.text("Cafe\u{301}"), Cell(.integer(1234), notes: [Self.caveat])],
      [.text("한국"), Cell(.missing(Self.dash))], [.text("🙂"), .empty],
    ]
    #expect(
      try await export(rows, as: TableExporter(), notes: [Note(.scope, "All of it.")]) == """
        A title

        Place   Persons
        ─────  ────────
        東京      7
        Cafe\u{301}   1234 [1]
        한국      –
        🙂
        ─────  ────────
        Total  1241 [1]

        [1] The page is torn.
        –: none printed
        All of it.

        """)
  }

  @Test func nothingInATextMovesTheCursor() async throws {
    let table = try await export([[.text("a\u{1B}[2Jb\nc\u{202E}d"), .integer(1)]], as: TableExporter())
    #expect(table.contains("a\u{FFFD}[2Jb c\u{FFFD}d"))
  }

  @Test func missingNumbersAloneHaveNoTotal() async throws {
    let missing = Cell(.missing(Self.dash))
    let table = try await export([[.text("a"), missing], [.text("b"), missing]], as: TableExporter())
    #expect(table.contains("\nTotal        –\n"))
  }
}
