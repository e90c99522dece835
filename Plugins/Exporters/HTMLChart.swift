internal import ReportKit

/// The chart of an HTML page, as long as the rows are few enough for one.
struct HTMLChart {
  private var chart: TableChart?
  /// Why there is none, for a reader who could expect one.
  private var absence = ""

  init(_ columns: [Column], isWanted: Bool) {
    guard isWanted else { return }
    // Without names none can be wrong.
    let lines = try? LineChart(columns)
    let bars = lines?.isAcross == true ? nil : ChartColumns(columns)
    let count = lines.map(\.lines.count) ?? bars?.series.count ?? 0
    if count > ChartColumns.seriesLimit {
      absence = "There is no chart: one shows at most \(ChartColumns.seriesLimit) columns, and there are \(count)."
    } else if lines != nil || bars != nil {
      let drawn = bars.flatMap {
        $0.series.count > ChartColumns.seriesLimit ? nil : StackedBarChart(columns: $0, of: columns)
      }
      chart = TableChart(lines: lines, bars: drawn, hasNotes: false)
    }
  }

  mutating func add(_ row: Row) { chart?.add(row) }

  /// Empty when there is nothing to draw and nothing to say.
  var section: String {
    var svg = ""
    var absence = absence
    do throws(ChartProblem) {
      switch try chart?.drawn() {
      case .lines(let lines)? where !lines.lines.isEmpty:
        svg = lines.svg(in: frame(lines.isAcross ? [] : lines.lines.map(\.title)), tableNotes: nil)
      case .bars(let bars, _)? where !bars.bars.isEmpty: svg = bars.svg(in: frame(bars.series.map(\.title)))
      default: break
      }
    } catch {
      absence = "There is no chart: one \(error.what)."
    }
    let content =
      svg.isEmpty
      ? "<p>\(xmlText(absence))</p>\n"
      : "<div class=\"scroll\" role=\"region\" aria-labelledby=\"chart\" tabindex=\"0\">\n<div class=\"chart\">\(svg)</div>\n</div>\n"
    if svg.isEmpty, absence.isEmpty { return "" }
    return "<section aria-labelledby=\"chart\">\n<h2 id=\"chart\">Chart</h2>\n\(content)</section>\n"
  }

  private func frame(_ titles: [String]) -> ChartFrame {
    ChartFrame(title: titles.isEmpty ? "Chart" : "Chart: \(titles.joined(separator: ", "))", standsAlone: false)
  }
}
