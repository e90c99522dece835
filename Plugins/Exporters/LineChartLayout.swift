internal import ReportKit

/// Where everything in a chart of lines stands, in SVG user units.
struct LineChartLayout {
  static let size = 12.0
  private static let plotWidth = 560.0
  private static let plotHeight = 300.0
  private static let labelDistance = 16.0

  /// A text beside the end of a line.
  struct Label {
    var text: String
    var full: String
    /// Where the line ends; nil for a line without a number.
    var end: (x: Double, y: Double)?
    /// The middle of the text.
    var y: Double
  }

  let time: ChartTime
  let units: ChartUnits
  let scale: ChartScale
  let notes: LineChartNotes
  let titleLines: [String]
  let footerLines: [String]
  let plotTop: Double
  let plotBottom: Double
  let plotLeft: Double
  let plotRight: Double
  private(set) var labels: [Label] = []
  let width: Double
  let height: Double

  /// - Parameters:
  ///   - hasZero: whether the axis of numbers begins with 0.
  ///   - tableNotes: as of `LineChartNotes`.
  init(_ chart: LineChart, frame: ChartFrame, hasZero: Bool, tableNotes: [Note]?) {
    let time = ChartTime(chart.periods)
    let notes = LineChartNotes(chart, time: time, tableNotes: tableNotes)
    let numbers = chart.lines.flatMap(\.cells).filter { $0.value.asDecimal != nil }
    let extremes = numbers.flatMap { [$0.value.asDecimal, $0.bounds?.lower, $0.bounds?.upper].compactMap { $0 } }
    let units = ChartUnits(extremes)
    let drawn = extremes.map { units($0) }
    let scale = ChartScale(minimum: drawn.min() ?? 0, maximum: drawn.max() ?? 0, tickCount: 5, hasZero: hasZero)
    (self.time, self.notes, self.units, self.scale) = (time, notes, units, scale)

    let tickWidths = scale.ticks.map { estimatedWidth(units.text($0), size: 11) }
    plotLeft = ChartLayout.margin + (tickWidths.max() ?? 0) + 8
    plotRight = plotLeft + Self.plotWidth
    let texts = chart.lines.indices.map { Self.text(of: chart.lines[$0], marks: notes.marks[$0]) }
    let labelWidth = min(texts.map { estimatedWidth($0, size: Self.size) }.max() ?? 0, 230)
    width = plotRight + 30 + labelWidth + ChartLayout.margin
    let textWidth = width - 2 * ChartLayout.margin
    titleLines = frame.titleLines(width: textWidth)
    plotTop = ChartLayout.margin + 24 * Double(titleLines.count) + (chart.unit == nil ? 8 : 26)
    plotBottom = plotTop + Self.plotHeight
    var frame = frame
    frame.footer = notes.footer + frame.footer
    footerLines = frame.footerLines(width: textWidth)
    height = plotBottom + 24 + ChartFrame.height(ofFooter: footerLines) + ChartLayout.margin
    labels = placed(
      zip(chart.lines, texts).map { line, text in
        let last = chart.runs(of: line, in: time).last?.last
        let end = last.flatMap { point in units(line.cells[point]).map { (x(point), y($0)) } }
        return Label(
          text: cut(text, toWidth: labelWidth, size: Self.size), full: text, end: end, y: end?.1 ?? plotBottom)
      })
  }

  func x(_ point: Int) -> Double { x(at: time.positions[point]) }
  func x(at position: Double) -> Double { plotLeft + time.fraction(position) * Self.plotWidth }
  func y(_ value: Int128) -> Double { plotBottom - scale.fraction(value) * Self.plotHeight }

  /// What is written on the axis of time.
  var ticks: [(position: Double, text: String)] {
    let widest = zip(time.order.indices, time.ticks(atMost: .max)).map { estimatedWidth($1.text, size: 11) }.max() ?? 0
    return time.ticks(atMost: max(2, Int(Self.plotWidth / (widest + 22))))
  }

  /// Such as `Poland [1]`.
  private static func text(of line: LineChart.Line, marks: [Int]) -> String {
    printable(line.title) + (marks.isEmpty ? "" : " \(ChartLayout.mark(marks))")
  }

  /// The labels moved from each other so that each can be read.
  private func placed(_ labels: [Label]) -> [Label] {
    var labels = labels
    let order = labels.indices.sorted { labels[$0].y < labels[$1].y }
    var least = plotTop
    for index in order {
      labels[index].y = max(labels[index].y, least)
      least = labels[index].y + Self.labelDistance
    }
    var greatest = plotBottom
    for index in order.reversed() {
      labels[index].y = min(labels[index].y, greatest)
      greatest = labels[index].y - Self.labelDistance
    }
    return labels
  }
}
