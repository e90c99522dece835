import Glibc
import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("The columns of a chart")
struct ChartColumnsTests {
  private func columns(_ columns: (name: String, unit: String?, selection: Selection?)...) -> [Column] {
    [Column(name: "id", title: "Id", kind: .text), Column(name: "name", title: "Name", kind: .text)]
      + columns.map {
        Column(name: $0.name, title: $0.name, kind: .integer, unit: $0.unit, total: .sum, selection: $0.selection)
      }
  }

  @Test("A total that counts again what others count is not stacked on them, whatever it is called")
  func total() {
    let table = columns(
      ("sum", "persons", .only(0, 1)), ("released", "persons", .only(0)), ("handed_over", "persons", .only(1)))
    #expect(ChartColumns(table)?.series == [3, 4])
  }

  @Test("Of two columns that count the same, the first is shown")
  func onlyOne() {
    #expect(ChartColumns(columns(("released", "persons", .only(0)), ("total", "persons", .only(0))))?.series == [2])
  }

  @Test("Columns of another unit are not stacked on persons")
  func units() {
    let table = columns(
      ("countries", nil, .all), ("released", "persons", .only(0)), ("handed_over", "persons", .only(1)))
    #expect(ChartColumns(table)?.series == [3, 4])
  }

  @Test("Without observations behind the columns, the one called total is the total")
  func withoutSelections() {
    #expect(ChartColumns(columns(("a", nil, nil), ("b", nil, nil), ("total", nil, nil)))?.series == [2, 3])
    #expect(ChartColumns(columns(("total", nil, nil)))?.series == [2])
  }

  @Test("Rows are labelled by the column called name")
  func label() {
    #expect(ChartColumns(columns(("a", nil, nil)))?.label == 1)
    #expect(ChartColumns([Column(name: "a", title: "A", kind: .integer, total: .sum)])?.label == nil)
  }

  @Test("A table without additive numbers has no chart")
  func none() async {
    #expect(ChartColumns([Column(name: "year", title: "Year", kind: .integer)]) == nil)
    await #expect(
      throws: ParameterError(
        parameter: "series",
        message: "svg needs a column of numbers that may be added up, and persons-by-country has none")
    ) { try await export(.texts(["x"]), with: SVGExporter()) }
  }

  @Test("Columns can be named, in the order of the chart")
  func named() async throws {
    #expect(try ChartColumns(TestTable.small.columns, named: "total, released").series == [3, 1])
  }

  @Test(
    "A wrong name is refused",
    arguments: [
      ("relased", "there is no column of numbers \"relased\"; did you mean \"released\"?"),
      ("country", "there is no column of numbers \"country\""),
      ("released,released", "the column \"released\" is named twice"), (",", "series must name columns, not \",\""),
    ])
  func wrongNames(names: String, message: String) async {
    let error = await #expect(throws: ParameterError.self) {
      try await export(.small, with: SVGExporter(), ["series": names])
    }
    #expect(error?.message == message)
  }
}

@Suite("The scale of a chart")
struct ChartScaleTests {
  @Test(
    "Round numbers around all values, 0 among them",
    arguments: [
      (0, 100, [0, 20, 40, 60, 80, 100]), (0, 5614, [0, 2000, 4000, 6000]), (-30, 45, [-40, -20, 0, 20, 40, 60]),
      (-5, 0, [-5, -4, -3, -2, -1, 0]), (0, 0, [0, 1]), (0, 3, [0, 1, 2, 3]), (3, 7, [0, 2, 4, 6, 8]),
    ] as [(Int128, Int128, [Int128])])
  func ticks(minimum: Int128, maximum: Int128, ticks: [Int128]) {
    #expect(ChartScale(minimum: minimum, maximum: maximum, tickCount: 5).ticks == ticks)
  }

  @Test("Sums beyond 64 bits have their place")
  func large() {
    let scale = ChartScale(minimum: 0, maximum: Int128(Int64.max) * 6, tickCount: 2)
    #expect(scale.ticks.count <= 3)
    #expect(scale.fraction(0) == 0)
    #expect(scale.fraction(Int128(Int64.max) * 6) <= 1)
  }
}

@Suite("The colours of a chart")
struct ChartColorTests {
  @Test(
    "Each has a contrast of at least 3 with its background, as WCAG 2.2 asks of graphics",
    arguments: [(StackedBarChart.colors, "#ffffff"), (StackedBarChart.darkColors, "#15181c")])
  func contrast(colors: [String], background: String) {
    #expect(colors.count == ChartColumns.seriesLimit)
    #expect(Set(colors).count == colors.count)
    for color in colors { #expect(contrastRatio(color, background) >= 3, "\(color)") }
  }

  @Test(
    "Text has a contrast of at least 4.5",
    arguments: [
      ("#1f2328", "#ffffff"), ("#57606a", "#ffffff"), ("#0550ae", "#ffffff"), ("#57606a", "#f3f5f8"),
      ("#0550ae", "#fffbe6"), ("#57606a", "#fffbe6"), ("#e6e9ed", "#15181c"), ("#a3adb8", "#15181c"),
      ("#8ec0ff", "#1e2329"),
      ("#a3adb8", "#1e2329"), ("#8ec0ff", "#2b2a1c"), ("#a3adb8", "#2b2a1c"),
    ])
  func textContrast(text: String, background: String) async throws {
    let page = try await exportText(.small, with: HTMLExporter())
    #expect(page.contains("\(text);") && page.contains("\(background);"), "the page has other colours")
    #expect(contrastRatio(text, background) >= 4.5)
  }

  /// WCAG 2.2, "contrast ratio".
  private func contrastRatio(_ a: String, _ b: String) -> Double {
    let (low, high) = (min(luminance(a), luminance(b)), max(luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)
  }

  private func luminance(_ color: String) -> Double {
    let value = Int(color.dropFirst(), radix: 16) ?? 0
    return zip([16, 8, 0], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, part in
      let channel = Double(value >> part.0 & 255) / 255
      return sum + part.1 * (channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4))
    }
  }
}
