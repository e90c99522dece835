import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("Charts of lines over time")
struct LineChartTests {
  private let svg = SVGExporter()

  private func paths(_ svg: String, line: Int) -> Int {
    svg.split(separator: "<path class=\"line l\(line)\"").count - 1
  }

  @Test("Rows that are periods become lines, one for each column, without the total")
  func down() async throws {
    let text = try await exportText(.years(), with: svg)
    #expect(text.contains("Lines over time. Africa: 1960 283000, 1961 296000"))
    for title in ["Africa [1]", "Asia", "Oceania"] { #expect(text.contains(">\(title)</text>"), "\(title)") }
    #expect(!text.contains(">Total</text>"))
    for tick in ["4\u{202F}000\u{202F}000", "1960", "1965", "2000"] {
      #expect(text.contains(">\(tick)</text>"), "\(tick)")
    }
  }

  @Test("Columns that are periods become the same lines, one for each row")
  func across() async throws {
    let text = try await exportText(.yearsAcross(1980...1988), with: svg)
    #expect(text.contains("Africa: 1980 543000, 1981 556000"))
    #expect(text.contains(">thousand persons</text>"))
  }

  @Test("Where there is no number, there is no line")
  func gaps() throws {
    var chart = try #require(try LineChart(TestTable.years(1960...1970).columns))
    for row in TestTable.years(1960...1970).rows { chart.add(row) }
    let time = ChartTime(chart.periods)
    #expect(chart.runs(of: chart.lines[0], in: time) == [[0, 1, 2, 3, 4, 5], [8, 9, 10]])
    #expect(chart.runs(of: chart.lines[1], in: time).count == 1)
  }

  @Test("Where periods lack that others have, there is no line")
  func absentPeriods() throws {
    let rows = TestTable.years(1970...1990).rows.filter { $0[0] != .text("1975") }
    var chart = try #require(try LineChart(TestTable.years().columns))
    for row in rows { chart.add(row) }
    #expect(chart.runs(of: chart.lines[1], in: ChartTime(chart.periods)).map(\.count) == [5, 15])
  }

  @Test("Which period has the fewest numbers is told of any counts that a plugin may tell")
  func greatCounts() async throws {
    var table = TestTable.years(1970...1972)
    for (row, numbers) in [(0, 1 << 46), (1, 1 << 45), (2, 1 << 47)] {
      table.rows[row][1].coverage = Coverage(
        numbers: numbers, lacks: [Coverage.Lack(reason: "lost", count: (1 << 48) - numbers)])
    }
    let text = try await exportText(table, with: svg)
    #expect(text.contains("fewest in 1971: 35184372088832 of 281474976710656 numbers"))
  }

  @Test("A number that lacks others is hollow, and below the chart stands what it lacks, and in which periods")
  func incomplete() async throws {
    let text = try await exportText(.years(), with: svg)
    #expect(text.split(separator: "<circle class=\"hollow l1\"").count - 1 == 8)
    #expect(
      text.contains(
        ">○ Africa lacks numbers in 1960–1965, 1968, 1969; fewest in 1960: 20 of 48 numbers; 28 without a row</text>"))
    #expect(text.contains("<title>Africa, 1961: 296\u{202F}000 (22 of 48 numbers; 26 without a row)</title>"))
    #expect(text.contains(">[1] Five more Finns remain. (Africa: 1963)</text>"))
    #expect(text.contains(">×: not additive: Population does not add over Year (Africa: 1966, 1967)</text>"))
  }

  @Test("Estimates have a band between their bounds, within the axis")
  func estimates() async throws {
    let text = try await exportText(.years(), with: svg)
    #expect(text.split(separator: "<path class=\"s3\"").count - 1 == 1)
    #expect(
      text.contains(">Oceania includes estimates in 1960–2000, drawn with the bounds between which they lie</text>"))
    var table = TestTable.years(1960...1961)
    for row in table.rows.indices { table.rows[row][3].bounds?.upper = ExactDecimal("9000000") }
    #expect(try await exportText(table, with: svg).contains(">10\u{202F}000\u{202F}000</text>"))
  }

  @Test("The axis begins with 0 unless that is not wanted")
  func zero() async throws {
    let parameters = ["series": "asia"] as KeyValuePairs<String, String>
    #expect(try await exportText(.years(), with: svg, parameters).contains(">0</text>"))
    let text = try await exportText(.years(), with: svg, ["series": "asia", "zero": "false"])
    #expect(!text.contains(">0</text>") && text.contains(">1\u{202F}500\u{202F}000</text>"))
  }

  @Test("Bars are drawn where they are asked for, and of rows that are no periods after all")
  func bars() async throws {
    var table = TestTable.years(1960...1962)
    for index in 1...4 { table.columns[index].total = .sum }
    #expect(try await exportText(table, with: svg, ["chart": "bars"]).contains("Stacked bars. 1960: Africa 283000"))
    table.rows = [table.rows[0], table.rows[0]]
    #expect(try await exportText(table, with: svg).contains("Stacked bars."))
    #expect(try await exportText(.small, with: svg).contains("Stacked bars."))
  }

  @Test("What cannot be drawn as lines is refused with the remedy")
  func refusals() async throws {
    func refusal(_ table: TestTable, _ parameters: KeyValuePairs<String, String> = [:]) async -> String {
      do {
        _ = try await export(table, with: svg, parameters)
        return ""
      } catch let error as ParameterError {
        return error.message
      } catch {
        return "\(error)"
      }
    }
    #expect(
      await refusal(.small, ["chart": "lines"])
        == "svg draws lines over time, and persons-by-country has no column of periods")
    #expect(
      await refusal(.years(1960...1960), ["chart": "lines"])
        == "svg draws lines over at least 2 periods, and there are fewer; ask for more")
    var twice = TestTable.years(1960...1961)
    twice.rows += twice.rows
    #expect(
      await refusal(twice)
        == "svg draws lines over periods that stand once each, and 1960 is there twice; "
        + "choose rows with --where, or put them into columns with pivot")
    #expect(
      await refusal(.years(1...2001)) == "svg draws at most 2000 periods, and there are more; choose some with --where")
    var many = TestTable.yearsAcross(1980...1981)
    many.rows += many.rows + many.rows
    #expect(
      await refusal(many)
        == "svg draws at most 6 lines, whose colours everybody can tell apart, and there are more; "
        + "choose some with top, where or --where")
  }

  @Test("A page has the same chart, without the notes that stand on the page")
  func page() async throws {
    let text = try await exportText(.years(), with: HTMLExporter())
    #expect(text.contains("<path class=\"line l1\"") && text.contains("○ Africa lacks numbers in 1960–1965"))
    #expect(!text.contains(">[1] Five"))
    var many = TestTable.yearsAcross(1980...1981)
    many.rows += many.rows + many.rows
    #expect(
      try await exportText(many, with: HTMLExporter()).contains(
        "There is no chart: one draws at most 6 lines, whose colours everybody can tell apart, and there are more."))
  }

  @Test("Periods stand where they are in time, in its order, under round years")
  func time() {
    let years = ChartTime(["1960", "1950", "2000"])
    #expect(years.order == [1, 0, 2])
    #expect(years.fraction(years.positions[0]) == 0.2)
    #expect(years.ticks(atMost: 6).map(\.text) == ["1950", "1960", "1970", "1980", "1990", "2000"])
    #expect(years.ticks(atMost: 4).map(\.text) == ["1960", "1980", "2000"])
    let months = ChartTime(["1955-11", "1955-12", "1956-01"])
    #expect(months.positions.map { $0 - months.positions[0] } == [0, 1, 2])
    #expect(months.ticks(atMost: .max).count == 3)
    #expect(months.ticks(atMost: 3).map(\.text) == ["1955-11", "1955-12", "1956-01"])
    let days = ChartTime(["2000-02-28", "2000-02-29", "2000-03-01", "2001-03-01"])
    #expect(days.positions.map { $0 - days.positions[0] } == [0, 1, 2, 367])
    #expect(ChartTime(["spring", "autumn"]).positions == [0, 1])
    #expect(ChartTime(["a", "b", "a"]).twice == "a")
  }

  @Test("Labels that would lie on each other are moved apart")
  func labels() throws {
    var table = TestTable.years(1970...1980)
    for row in table.rows.indices { table.rows[row][3] = table.rows[row][1] }
    var chart = try #require(try LineChart(table.columns))
    for row in table.rows { chart.add(row) }
    let layout = LineChartLayout(
      chart, frame: ChartFrame(title: "", standsAlone: false), hasZero: true, tableNotes: nil)
    #expect(abs(layout.labels[0].y - layout.labels[2].y) >= 16)
    #expect(layout.labels.allSatisfy { $0.y >= layout.plotTop && $0.y <= layout.plotBottom })
  }

  @Test("Numbers of 128 bits and of 18 decimals have their place")
  func extremes() async throws {
    var table = TestTable.years(1970...1971)
    table.rows[0][1] = Cell(.decimal(ExactDecimal(units: .max, scale: 0)))
    table.rows[1][1] = Cell(.decimal(ExactDecimal(units: 1, scale: 18)))
    table.rows[1][2] = Cell(.decimal(ExactDecimal(units: .min, scale: 18)))
    #expect(try await exportText(table, with: svg).hasSuffix("</svg>\n"))
  }
}
