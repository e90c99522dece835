import FoundationEssentials
import JSON
import ReportKit
import Testing

@testable import ExporterPlugins

/// Whoever reads a number in any format is told what it lacks, and why there is none.
@Suite("Coverage in every format")
struct CoverageTests {
  /// Refugees in Germany lack 28 numbers, in Iceland all; the total does not add; the column of all has estimates.
  private static let table = TestTable(
    title: "Refugees",
    columns: [
      Column(name: "country", title: "Country", kind: .text),
      Column(name: "seekers", title: "Seekers", kind: .integer, unit: "persons", total: .sum, selection: .only(0)),
      Column(name: "refugees", title: "Refugees", kind: .integer, unit: "persons", total: .sum, selection: .only(1)),
    ],
    rows: [
      Row([
        .text("Germany"), Cell(.integer(587_283), coverage: coverage),
        Cell(.integer(300), bounds: Bounds(lower: ExactDecimal("280"), upper: ExactDecimal("410.5"))),
      ]),
      Row([.text("Iceland"), Cell(.missing(withheld)), Cell(.missing(nothing))]),
    ],
    givenTotals: [
      TotalRow(
        .computed, title: "Total",
        row: Row([
          .text("Total"), Cell(.integer(587_283), coverage: total),
          Cell(.missing(.notAdditive("Refugees does not add over Year"))),
        ]))
    ])

  private static let coverage = Coverage(numbers: 139, lacks: [Coverage.Lack(reason: "withheld", count: 28)])
  private static let total = Coverage(numbers: 139, lacks: [Coverage.Lack(reason: "withheld", count: 29)])
  private static let withheld = Missing(symbol: "*", label: "withheld")
  private static let nothing = Missing(symbol: "–", label: "nil", kind: .nothing)

  @Test(
    "People read at the number and at the total how many numbers are in it, and what each mark means",
    arguments: [TableExporter(), MarkdownExporter(), HTMLExporter()] as [any ExporterPlugin])
  func words(exporter: any ExporterPlugin) async throws {
    let text = try await exportText(Self.table, with: exporter)
    for words in [
      "139 of 167 numbers; 28 withheld", "139 of 168 numbers; 29 withheld", "includes estimates: from 280 to 410.5",
      ": withheld", "–: nil (counts as 0)", "×: not additive: Refugees does not add over Year",
    ] { #expect(text.contains(words), "\(words)") }
    let marks =
      switch exporter.manifest.name {
      case "table": ["587283 [1]", "587283 [3]", "300 [2]"]
      case "markdown": ["587283 \\[1\\]", "**587283** \\[3\\]", "300 \\[2\\]"]
      default:
        ["587283<sup><a href=\"#note-1\"", "587283<sup><a href=\"#note-3\"", "300<sup><a href=\"#note-2\""]
      }
    for mark in marks { #expect(text.contains(mark), "\(mark)") }
  }

  @Test("A program reads it in json beside the cells, in rows and in totals")
  func json() async throws {
    let text = try await exportText(Self.table, with: JSONExporter())
    let germany = #"""
      {"country":"Germany","seekers":587283,"refugees":300,"@coverage":{"seekers":{"numbers":139,"expected":167,\#
      "lacking":[{"reason":"withheld","count":28}]},"refugees":{"lower":280,"upper":410.5}}},
      """#
    #expect(text.contains(germany))
    #expect(text.contains(#"{"country":"Iceland","seekers":null,"refugees":null}"#))
    #expect(
      text.contains(
        #"""
        "cells":{"country":"Total","seekers":587283,"refugees":null,"@coverage":{"seekers":{"numbers":139,\#
        "expected":168,"lacking":[{"reason":"withheld","count":29}]}}}
        """#))
    let notes = try #require(try JSONValue(parsing: Array(text.utf8))["notes"]?.arrayValue)
    #expect(notes.compactMap { $0["missing"]?.stringValue } == ["nil", "not_additive"])
    #expect(try await exportText(Self.table, with: NDJSONExporter(), ["coverage": "true"]).contains(germany.dropLast()))
    #expect(try await exportText(Self.table, with: NDJSONExporter(), ["metadata": "true"]).contains(germany.dropLast()))
    #expect(try await !exportText(Self.table, with: NDJSONExporter()).contains("@coverage"))
  }

  @Test("csv has it in columns of their own, on request")
  func csv() async throws {
    #expect(
      try await exportText(Self.table, with: CSVExporter(), ["coverage": "true", "totals": "true"]) == """
        country,seekers,refugees,seekers_numbers,seekers_expected,refugees_numbers,refugees_expected
        Germany,587283,300,139,167,,
        Iceland,,,,,,
        Total,587283,,139,168,,

        """)
  }

  @Test("csv adds no column whose name the table has")
  func clash() async throws {
    var table = Self.table
    table.columns[2].name = "seekers_expected"
    let error = await #expect(throws: ParameterError.self) {
      try await export(table, with: CSVExporter(), ["coverage": "true"])
    }
    #expect(error?.message == "csv cannot add a column \"seekers_expected\" to persons-by-country, which has one")
  }

  @Test("A bar's total carries what the table says of its own total of that row")
  func tableTotal() async throws {
    var table = TestTable.small
    table.rows[1][3] = Cell(.integer(24), notes: [TestTable.finns, TestTable.other])
    let text = try await exportText(table, with: SVGExporter())
    // Finland has none handed over, so the marks are those at its 24 released and at its total.
    #expect(text.contains(">[1]</text>") && text.contains(">[1,2]</text>"))
    #expect(marks(ofBar: "Finland", in: text) == ["[1]", "[1,2]"])
  }

  @Test("Without such a column, a bar's total tells all that is said of its parts, and what lacks")
  func ownTotal() async throws {
    var table = TestTable.small
    table.columns.removeLast()
    for index in table.rows.indices { table.rows[index].cells.removeLast() }
    let text = try await exportText(table, with: SVGExporter())
    #expect(marks(ofBar: "Finland", in: text) == ["[1]", "[1,2]"])
    #expect(text.contains(">[2] 1 of 2 numbers; 1 none printed</text>"))
  }

  @Test(
    "A bar of what does not add, or is not to be shown, has a mark and no total",
    arguments: [
      Missing.notAdditive("Population does not add over Year"),
      Missing(symbol: "×", label: "incomplete", kind: .incomplete),
    ])
  func noTotal(reason: Missing) async throws {
    for (column, value) in [(2, nil), (3, 190)] as [(Int, Int?)] {
      var table = TestTable.small
      table.rows[0][column] = Cell(.missing(reason))
      if value != nil { table.rows[0][2] = .empty }
      let text = try await exportText(table, with: SVGExporter())
      #expect(text.contains(", Total ×</title>"), "column \(column)")
      #expect(!text.contains("Total 190</title>"), "column \(column)")
    }
  }

  @Test("A data package declares marks, whatever their kind, and no mark that is a number")
  func missingValues() throws {
    var values = MissingValues(columnCount: 1)
    let reasons = [
      Missing.notAdditive("a"), .notAdditive("b"), Self.nothing, Missing(symbol: "0.0", label: "nil", kind: .nothing),
      Missing(symbol: "(×)", label: "incomplete", kind: .incomplete),
    ]
    #expect(
      reasons.map { values.text(for: $0, column: 0).description } == ["×", "×", "–", "", "(×)"])
    #expect(
      values.json(ofColumn: 0) == [
        ["value": "", "label": "nothing observed"], ["value": "×", "label": "not additive: a or not additive: b"],
        ["value": "–", "label": "nil (counts as 0)"], ["value": "(×)", "label": "incomplete"],
      ])
  }

  @Test("Marks and reasons that are the same text in other characters are declared apart")
  func equivalentMissingValues() throws {
    var values = MissingValues(columnCount: 1)
    let reasons = [
      Missing(symbol: "\u{E9}", label: "a"), Missing(symbol: "e\u{301}", label: "\u{E9}"),
      Missing(symbol: "e\u{301}", label: "e\u{301}"),
    ]
    for reason in reasons { _ = values.text(for: reason, column: 0) }
    #expect(
      values.json(ofColumn: 0) == [
        ["value": "", "label": "nothing observed"], ["value": "\u{E9}", "label": "a"],
        ["value": "e\u{301}", "label": "\u{E9} or e\u{301}"],
      ])
  }

  private func marks(ofBar label: String, in svg: String) -> [String] {
    let group = svg.components(separatedBy: "<g>").first { $0.contains("<title>\(label):") } ?? ""
    return group.components(separatedBy: "</text>").filter { $0.contains("font-size=\"9\"") }
      .map { String($0[($0.lastIndex(of: ">").map { $0 } ?? $0.endIndex)...].dropFirst()) }
  }
}

@Suite("Separators of thousands")
struct ThousandsTests {
  @Test(
    "On request, where people read",
    arguments: [
      ("none", "1234567.50", "-1234567"), ("comma", "1,234,567.50", "-1,234,567"),
      ("point", "1.234.567,50", "-1.234.567"), ("space", "1\u{202F}234\u{202F}567.50", "-1\u{202F}234\u{202F}567"),
      ("apostrophe", "1'234'567.50", "-1'234'567"),
    ])
  func separators(name: String, decimal: String, integer: String) async throws {
    var table = TestTable.numbers([[.integer(-1_234_567), Cell(.decimal(ExactDecimal(units: 123_456_750, scale: 2)))]])
    table.columns.append(Column(name: "year", title: "Year", kind: .integer, time: .periods))
    table.rows[0].cells.append(.integer(1955))
    for exporter in [TableExporter(), MarkdownExporter(), HTMLExporter()] as [any ExporterPlugin] {
      let text = try await exportText(table, with: exporter, ["thousands": name])
      for number in [decimal, integer, "1955"] {
        #expect(text.contains(xmlOrPlain(number, exporter)), "\(number) in \(exporter.manifest.name)")
      }
    }
  }

  @Test("Short numbers stay as they are", arguments: [0, -1, 999, -999])
  func short(number: Int) {
    #expect(Thousands.comma.text(.integer(Int64(number))) == "\(number)")
  }

  @Test("The axis of a chart has them always")
  func axis() async throws {
    let text = try await exportText(.numbers([[.integer(5614)]]), with: SVGExporter())
    #expect(text.contains(">4\u{202F}000</text>"))
  }

  private func xmlOrPlain(_ text: String, _ exporter: any ExporterPlugin) -> String {
    exporter.manifest.name == "html" ? xmlText(text) : text
  }
}
