internal import ReportKit

extension StackedBarChart {
  /// Colours that everybody can tell apart: the CIE 1976 difference of any two is above 34 with normal vision and with
  /// simulated protanopia, deuteranopia and tritanopia, and each has a contrast above 3 with its background.
  static let colors = ["#0072B2", "#D55E00", "#303048", "#A87860", "#9000F0", "#601800"]
  static let darkColors = ["#56B4E9", "#E69F00", "#D8D8C0", "#6048F0", "#C03030", "#786078"]

  /// The chart as an SVG element. Every shape has its colour as an attribute and a class by which a style sheet can give
  /// it another: `page`, `text`, `grid`, `axis`, and `s1` to `s6`.
  func svg(in frame: ChartFrame) -> String {
    let layout = ChartLayout(self, frame: frame)
    var svg = svgStart(
      width: layout.width, height: layout.height, frame: frame, titleLines: layout.titleLines,
      description: "Stacked bars. " + bars.map { description(of: $0) }.joined(separator: ". "))
    svg += legend(layout) + grid(layout)
    for (index, bar) in bars.enumerated() { svg += group(bar, at: index, in: layout) }
    svg += svgFooter(layout.footerLines, below: layout.plotBottom)
    return svg + "</svg>\n"
  }

  private func legend(_ layout: ChartLayout) -> String {
    var svg = ""
    for (index, item) in layout.legend.enumerated() {
      if index < series.count {
        svg += swatch(index, x: item.x, y: item.y - 10)
        svg += svgText(item.title, x: item.x + 17, y: item.y, full: printable(series[index].title))
      } else {
        svg += svgText(item.title, x: item.x, y: item.y, attributes: " font-style=\"italic\"")
      }
    }
    for (index, column) in layout.numbers.enumerated() where layout.numbers.count > 1 {
      if index < series.count {
        svg += swatch(index, x: column.right - 11, y: layout.headBaseline - 10)
      } else {
        svg += svgText("Total", x: column.right, y: layout.headBaseline, attributes: " text-anchor=\"end\"")
      }
    }
    return svg
  }

  private func swatch(_ index: Int, x: Double, y: Double) -> String {
    rectangle(index, x: x, y: y, width: 11, height: 11)
  }

  private func rectangle(_ index: Int, x: Double, y: Double, width: Double, height: Double) -> String {
    "<rect class=\"s\(index + 1)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" width=\"\(coordinate(width))\" "
      + "height=\"\(coordinate(height))\" fill=\"\(Self.colors[index])\"/>\n"
  }

  private func grid(_ layout: ChartLayout) -> String {
    layout.scale.ticks.map { tick in
      let x = layout.x(tick)
      let kind = tick == 0 ? "class=\"axis\" stroke=\"#57606a\"" : "class=\"grid\" stroke=\"#d8dee4\""
      return
        "<line \(kind) x1=\"\(coordinate(x))\" x2=\"\(coordinate(x))\" y1=\"\(coordinate(layout.headBaseline + 5))\" "
        + "y2=\"\(coordinate(layout.plotBottom))\"/>\n"
        + svgText(
          layout.units.text(tick), x: x, y: layout.headBaseline, attributes: " font-size=\"11\" text-anchor=\"middle\"")
    }.joined()
  }

  private func group(_ bar: Bar, at index: Int, in layout: ChartLayout) -> String {
    let top = layout.barTop(index)
    let baseline = top + ChartLayout.barHeight - 3.5
    let label = printable(bar.label)
    var svg = "<g>\n<title>\(xmlText(description(of: bar)))</title>\n"
    svg += svgText(
      cut(label, toWidth: layout.labelWidth, size: ChartLayout.size), x: layout.plotLeft - 10, y: baseline, full: label,
      attributes: " text-anchor=\"end\"")
    var below: Int128 = 0
    var above: Int128 = 0
    for (index, cell) in bar.cells.enumerated() where !bar.isNotAdditive {
      guard let value = layout.units(cell), value != 0 else { continue }
      let start = value < 0 ? below : above
      let end = start + value
      if value < 0 { below = end } else { above = end }
      let (left, right) = (layout.x(min(start, end)), layout.x(max(start, end)))
      // What is not zero shows, and wide parts leave a gap between them.
      let width = max(right - left - (right - left > 4 ? 1 : 0), 1)
      svg += rectangle(index, x: left, y: top, width: width, height: ChartLayout.barHeight)
    }
    let texts = bar.shown.map { printable($0.text) }
    for (index, column) in layout.numbers.enumerated() {
      svg += svgText(texts[index], x: column.right, y: baseline, attributes: " text-anchor=\"end\"")
      if !bar.marks[index].isEmpty {
        svg += svgText(
          ChartLayout.mark(bar.marks[index]), x: column.right + 3, y: baseline - 4, attributes: " font-size=\"9\"")
      }
    }
    return svg + "</g>\n"
  }
}
