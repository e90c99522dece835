import Base
import ExporterPlugins
import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("table")
struct TableExporterTests {
  @Test("Aligned, with totals, numbered caveats, reasons for missing values and notes")
  func small() async throws {
    let text = try await exportText(.small, with: TableExporter())
    #expect(
      text == """
        Persons by country

        Country  Released  Handed over    Total
        ───────  ────────  ───────────  ───────
        Poland    190        143        333
        Finland    24 [1]      –         24 [1]
        Japan       …                     …
        Nowhere     0          2 [1,2]    2
        ───────  ────────  ───────────  ───────
        Total     214 [1]    145 [1,2]  359 [1]

        [1] Five more Finns remain.
        [2] Another caveat.
        –: none printed
        …: not given
        1 number is not added

        """)
  }

  @Test("East Asian and combining characters keep the alignment")
  func wideCharacters() async throws {
    var table = TestTable.numbers(["日本", "e\u{301}", "🇫🇮", "ab", "ｆ"].map { _ in [.integer(1)] })
    for (index, name) in ["日本", "e\u{301}", "🇫🇮", "ab", "ｆ"].enumerated() { table.rows[index][0] = .text(name) }
    let lines = try await exportText(table, with: TableExporter()).split(separator: "\n").dropFirst(3).prefix(5)
    #expect(lines.map(String.init) == ["日本   1", "e\u{301}      1", "🇫🇮     1", "ab     1", "ｆ     1"])
    #expect(lines.allSatisfy { TerminalText.width(of: String($0)) == 8 })
  }

  @Test("The total of missing values alone is missing, with the mark that they have")
  func missingTotals() async throws {
    let table = TestTable.numbers([[.dash, .empty, .notGiven, .dash], [.dash, .empty, .dash, .integer(0)]])
    let text = try await exportText(table, with: TableExporter())
    #expect(
      text.split(separator: "\n").first { $0.hasPrefix("Total") }
        == "Total  –     … –  0")
  }

  @Test("Nothing in a text moves the cursor or turns the writing round")
  func controlCharacters() async throws {
    let text = try await exportText(.texts(["a\u{1B}[31mb\r\nc\u{202E}d\te"]), with: TableExporter())
    #expect(text.hasSuffix("a\u{FFFD}[31mb c\u{FFFD}d e\n"))
  }

  @Test("A note that cells refer to has its number, whatever its kind")
  func notesOfOtherKinds() async throws {
    var table = TestTable.numbers([[Cell(.integer(1), notes: [Note(.scope, "without the north")])]])
    table.notes = [Note(.scope, "as of 1955")]
    let text = try await exportText(table, with: TableExporter())
    #expect(text.hasSuffix("r1    1 [1]\n\n[1] without the north\nas of 1955\n"))
  }

  @Test("More rows than fit are refused with the limit")
  func rowLimit() async throws {
    let encoder = TableExporter()
    let rows = Array(repeating: Row([.text("x")]), count: TableExporter.rowLimit + 1)
    let columns = TestTable.texts([]).columns
    var table = try encoder.encoder(
      for: ExportHeader(report: "r", title: "t", revision: "x", columns: columns), arguments: .none)
    var bytes: [UInt8] = []
    await #expect(throws: RowLimitExceeded(step: "table", limit: 100_000)) {
      try await table.encode(Batch(rows, columns: columns), into: &bytes)
    }
  }
}
