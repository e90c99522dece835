internal import ReportKit

/// The chart of an HTML page, as long as the rows are few enough for one.
struct HTMLChart {
  private var chart: StackedBarChart?
  /// Why there is none, for a reader who could expect one.
  private var absence = ""

  init(_ columns: [Column], isWanted: Bool) {
    guard isWanted, let chosen = ChartColumns(columns) else { return }
    if chosen.series.count > ChartColumns.seriesLimit {
      absence =
        "There is no chart: one shows at most \(ChartColumns.seriesLimit) columns, and there are \(chosen.series.count)."
    } else {
      chart = StackedBarChart(columns: chosen, of: columns)
    }
  }

  mutating func add(_ row: Row) {
    if let count = chart?.bars.count, count >= StackedBarChart.barLimit {
      chart = nil
      absence = "There is no chart: one shows at most \(StackedBarChart.barLimit) rows, and there are more."
    }
    chart?.add(row, notes: nil)
  }

  /// Empty when there is nothing to draw and nothing to say.
  var section: String {
    let content: String
    if let chart, !chart.bars.isEmpty {
      let titles = chart.series.map(\.title).joined(separator: ", ")
      let svg = chart.svg(in: StackedBarChart.Frame(title: "Chart: \(titles)", standsAlone: false))
      content =
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"chart\" tabindex=\"0\">\n<div class=\"chart\">\(svg)</div>\n</div>\n"
    } else if !absence.isEmpty {
      content = "<p>\(xmlText(absence))</p>\n"
    } else {
      return ""
    }
    return "<section aria-labelledby=\"chart\">\n<h2 id=\"chart\">Chart</h2>\n\(content)</section>\n"
  }
}
