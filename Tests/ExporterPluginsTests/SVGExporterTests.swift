import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("svg")
struct SVGExporterTests {
  private let svg = SVGExporter()

  @Test("Every bar tells its numbers, missing ones by their mark, with the sum of what is there")
  func numbers() async throws {
    let text = try await exportText(.small, with: svg)
    #expect(text.contains("<title>Poland: Released 190, Handed over 143, Total 333</title>"))
    #expect(text.contains("<title>Finland: Released 24, Handed over –, Total 24</title>"))
    #expect(text.contains("<title>Japan: Released …</title>"))
    #expect(text.contains("<title>Nowhere: Released 0, Handed over 2, Total 2</title>"))
    // Four parts of bars, for the zero and the missing ones have none, two in the legend, and two above the numbers.
    #expect(text.split(separator: "<rect class=\"s").count - 1 == 4 + 2 + 2)
  }

  @Test("Caveats and notes are below the chart, and the revision")
  func notes() async throws {
    let text = try await exportText(.small, with: svg)
    for note in [
      "[1] Five more Finns remain.", "[2] Another caveat.", "–: none printed", "1 number is not added",
      "Revision of the dataset: sha256:00ff",
    ] { #expect(text.contains(">\(note)</text>"), "\(note)") }
    #expect(text.contains(">[1,2]</text>"))
  }

  @Test("Negative numbers reach to the other side of zero")
  func negative() async throws {
    var chart = StackedBarChart(
      columns: try #require(ChartColumns(TestTable.numbers([[.integer(1), .integer(1)]]).columns)),
      of: TestTable.numbers([[.integer(1), .integer(1)]]).columns)
    var notes: NoteCollector?
    chart.add(Row([.text("x"), .integer(-30), .integer(45)]), notes: &notes)
    #expect(chart.extent(of: chart.bars[0], in: chart.units) == (-30, 45))
    #expect(chart.bars[0].total?.value == .integer(15))
    let layout = ChartLayout(chart, frame: ChartFrame(title: "", standsAlone: false))
    #expect(layout.x(-30) < layout.x(0))
  }

  @Test("A long label is cut, and whole in its title")
  func longLabels() async throws {
    var table = TestTable.numbers([[.integer(1)]])
    let label = "The Socialist Federal Republic of a very long name"
    table.rows[0][0] = .text(label)
    let text = try await exportText(table, with: svg)
    #expect(text.contains("<title>\(label)</title>The Socialist Federal R…</text>"))
  }

  @Test("Text cannot break the markup")
  func markup() async throws {
    var table = TestTable.numbers([[.integer(1)]])
    table.title = "</title><script>alert(1)</script>"
    table.rows[0][0] = .text("<&\u{301}\"'\u{0}>")
    let text = try await exportText(table, with: svg)
    #expect(!text.contains("<script>"))
    #expect(text.contains("&lt;&amp;\u{301}&quot;&#39;\u{FFFD}&gt;"))
  }

  @Test("More rows than can be read are refused with the limit")
  func rowLimit() async {
    await #expect(throws: RowLimitExceeded(step: "svg", limit: 100)) {
      try await export(.numbers(Array(repeating: [.integer(1)], count: 101)), with: svg)
    }
  }

  @Test("More columns than have colours of their own are refused with the remedy")
  func seriesLimit() async {
    let table = TestTable.numbers([Array(repeating: .integer(1), count: 7)])
    let error = await #expect(throws: ParameterError.self) { try await export(table, with: svg) }
    #expect(
      error?.message
        == "svg stacks at most 6 columns, whose colours everybody can tell apart, and persons-by-country has 7; "
        + "name some of them in \"series\"")
    await #expect(throws: Never.self) { try await export(table, with: svg, ["series": "a,g"]) }
  }

  @Test("A table without rows is an empty chart")
  func noRows() async throws {
    var table = TestTable.small
    table.rows = []
    #expect(try await exportText(table, with: svg).hasSuffix("</svg>\n"))
  }

  @Test("Numbers at the edges of 64 bits are drawn", arguments: [Int64.max, Int64.min])
  func extremes(value: Int64) async throws {
    let text = try await exportText(.numbers([[Cell(.integer(value)), Cell(.integer(value))]]), with: svg)
    #expect(text.contains("Total \(Int128(value) * 2)"))
  }

  @Test(
    "Coordinates have at most two decimals",
    arguments: [(0, "0"), (1.5, "1.5"), (-2.25, "-2.25"), (0.005, "0.01"), (3.999, "4"), (1.05, "1.05")])
  func coordinates(value: Double, text: String) {
    #expect(coordinate(value) == text)
  }
}
