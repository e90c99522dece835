internal import Base

/// Where everything in a chart stands, in SVG user units.
struct ChartLayout {
  static let size = 13.0
  static let margin = 16.0
  static let barHeight = 16.0
  private static let rowHeight = 25.0
  private static let plotWidth = 400.0
  private static let markSize = 9.0

  /// A column of numbers beside the bars; its texts end at `right`, and the marks of notes follow.
  struct Numbers {
    var right: Double
  }

  let labelWidth: Double
  let plotLeft: Double
  let units: ChartUnits
  let scale: ChartScale
  /// One for each series, and one for the total of several.
  let numbers: [Numbers]
  let legend: [(title: String, x: Double, y: Double)]
  let titleLines: [String]
  let footerLines: [String]
  /// Of the row with the numbers of the axis.
  let headBaseline: Double
  let plotBottom: Double
  let width: Double
  let height: Double

  init(_ chart: StackedBarChart, frame: ChartFrame) {
    let labels = chart.bars.map { estimatedWidth(printable($0.label), size: Self.size) }
    labelWidth = min(max(labels.max() ?? 0, 40), 200)
    let units = chart.units
    self.units = units
    let extents = chart.bars.map { chart.extent(of: $0, in: units) }
    let (minimum, maximum) = (extents.map(\.below).min() ?? 0, extents.map(\.above).max() ?? 0)
    let tickWidth = estimatedWidth(units.text(max(-minimum, maximum)), size: 11) + 24
    let scale = ChartScale(
      minimum: minimum, maximum: maximum, tickCount: max(1, min(5, Int(Self.plotWidth / tickWidth) - 1)))
    self.scale = scale
    // The numbers of the axis stand in the middle above their lines, so half of the outer ones is outside.
    plotLeft = Self.margin + max(labelWidth + 10, Self.overhang(of: scale.ticks.first, in: units))
    let plotRight = plotLeft + Self.plotWidth + max(8, Self.overhang(of: scale.ticks.last, in: units))
    let (numbers, right) = Self.numbers(of: chart, from: plotRight)
    self.numbers = numbers
    width = right + Self.margin
    let textWidth = width - 2 * Self.margin

    titleLines = frame.titleLines(width: textWidth)
    let titleBottom = Self.margin + 24 * Double(titleLines.count)
    // The unit follows the titles of the series.
    legend = Self.legend(
      chart.series.map(\.title) + (chart.unit.map { [$0] } ?? []), top: titleBottom, width: textWidth)
    headBaseline = (legend.last?.y ?? titleBottom) + 28
    plotBottom = headBaseline + 8 + Self.rowHeight * Double(chart.bars.count)
    footerLines = frame.footerLines(width: textWidth)
    height = plotBottom + ChartFrame.height(ofFooter: footerLines) + Self.margin
  }

  func x(_ value: Int128) -> Double { plotLeft + scale.fraction(value) * Self.plotWidth }
  func barTop(_ index: Int) -> Double { headBaseline + 12 + Self.rowHeight * Double(index) }

  private static func overhang(of tick: Int128?, in units: ChartUnits) -> Double {
    guard let tick else { return 0 }
    return estimatedWidth(units.text(tick), size: 11) / 2
  }

  /// The columns of numbers, and where the last one ends.
  private static func numbers(of chart: StackedBarChart, from left: Double) -> (columns: [Numbers], right: Double) {
    var x = left
    var numbers: [Numbers] = []
    for index in chart.shownColumns.indices {
      let texts = chart.bars.map { estimatedWidth(printable($0.shown[index].text), size: size) }
      let marks = chart.bars.map { estimatedWidth(mark($0.marks[index]), size: markSize) }
      let heading = index < chart.series.count ? 20 : estimatedWidth("Total", size: size)
      x += 16 + max(texts.max() ?? 0, heading)
      numbers.append(Numbers(right: x))
      x += marks.max() ?? 0
    }
    return (numbers, x)
  }

  static func mark(_ numbers: [Int]) -> String {
    numbers.isEmpty ? "" : "[\(numbers.map(String.init).joined(separator: ","))]"
  }

  private static func legend(
    _ titles: [String], top: Double, width: Double
  ) -> [(title: String, x: Double, y: Double)] {
    var x = margin
    var y = top + 12
    return titles.map { title in
      let title = cut(printable(title), toWidth: width - 17, size: size)
      let itemWidth = 17 + estimatedWidth(title, size: size)
      if x > margin, x + itemWidth > margin + width {
        x = margin
        y += 20
      }
      defer { x += itemWidth + 18 }
      return (title, x, y)
    }
  }
}
