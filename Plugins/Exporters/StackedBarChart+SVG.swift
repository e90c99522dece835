internal import ReportKit

extension StackedBarChart {
  /// Colours that everybody can tell apart: the CIE 1976 difference of any two is above 34 with normal vision and with
  /// simulated protanopia, deuteranopia and tritanopia, and each has a contrast above 3 with its background.
  static let colors = ["#0072B2", "#D55E00", "#303048", "#A87860", "#9000F0", "#601800"]
  static let darkColors = ["#56B4E9", "#E69F00", "#D8D8C0", "#6048F0", "#C03030", "#786078"]

  /// What surrounds the bars.
  struct Frame {
    var title: String
    /// Whether the title and a background are drawn, for a picture that stands by itself.
    var standsAlone: Bool
    /// Small text below, one paragraph each.
    var footer: [String] = []
  }

  /// The chart as an SVG element. Every shape has its colour as an attribute and a class by which a style sheet can give
  /// it another: `page`, `text`, `grid`, `axis`, and `s1` to `s6`.
  func svg(in frame: Frame) -> String {
    let layout = ChartLayout(self, frame: frame)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(coordinate(layout.width)) \(coordinate(layout.height))" \
      width="\(coordinate(layout.width))" height="\(coordinate(layout.height))" role="img" \
      aria-labelledby="chart-title chart-description" font-family="sans-serif" font-size="\(coordinate(ChartLayout.size))">
      <title id="chart-title">\(xmlText(frame.title))</title>
      <desc id="chart-description">\(xmlText("Stacked bars. " + bars.map { description(of: $0) }.joined(separator: ". ")))</desc>

      """
    if frame.standsAlone {
      svg += "<rect class=\"page\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
      for (index, line) in layout.titleLines.enumerated() {
        svg += text(
          line, x: ChartLayout.margin, y: layout.titleBaseline(index),
          attributes: " font-size=\"17\" font-weight=\"bold\"")
      }
    }
    svg += legend(layout) + grid(layout)
    for (index, bar) in bars.enumerated() { svg += group(bar, at: index, in: layout) }
    for (index, line) in layout.footerLines.enumerated() {
      svg += text(line, x: ChartLayout.margin, y: layout.footerBaseline(index), attributes: " font-size=\"11\"")
    }
    return svg + "</svg>\n"
  }

  private func legend(_ layout: ChartLayout) -> String {
    var svg = ""
    for (index, item) in layout.legend.enumerated() {
      if index < series.count {
        svg += swatch(index, x: item.x, y: item.y - 10)
        svg += text(item.title, x: item.x + 17, y: item.y, full: printable(series[index].title))
      } else {
        svg += text(item.title, x: item.x, y: item.y, attributes: " font-style=\"italic\"")
      }
    }
    for (index, column) in layout.numbers.enumerated() where layout.numbers.count > 1 {
      if index < series.count {
        svg += swatch(index, x: column.right - 11, y: layout.headBaseline - 10)
      } else {
        svg += text("Total", x: column.right, y: layout.headBaseline, attributes: " text-anchor=\"end\"")
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
        + text(String(tick), x: x, y: layout.headBaseline, attributes: " font-size=\"11\" text-anchor=\"middle\"")
    }.joined()
  }

  private func group(_ bar: Bar, at index: Int, in layout: ChartLayout) -> String {
    let top = layout.barTop(index)
    let baseline = top + ChartLayout.barHeight - 3.5
    let label = printable(bar.label)
    var svg = "<g>\n<title>\(xmlText(description(of: bar)))</title>\n"
    svg += text(
      cut(label, toWidth: layout.labelWidth, size: ChartLayout.size), x: layout.plotLeft - 10, y: baseline, full: label,
      attributes: " text-anchor=\"end\"")
    var below: Int128 = 0
    var above: Int128 = 0
    for (index, cell) in bar.cells.enumerated() {
      guard let value = cell.integer, value != 0 else { continue }
      let start = value < 0 ? below : above
      let end = start + Int128(value)
      if value < 0 { below = end } else { above = end }
      let (left, right) = (layout.x(min(start, end)), layout.x(max(start, end)))
      // What is not zero shows, and wide parts leave a gap between them.
      let width = max(right - left - (right - left > 4 ? 1 : 0), 1)
      svg += rectangle(index, x: left, y: top, width: width, height: ChartLayout.barHeight)
    }
    let texts = bar.cells.map { printable($0.text) } + [bar.total.map { String($0) } ?? ""]
    for (index, column) in layout.numbers.enumerated() {
      svg += text(texts[index], x: column.right, y: baseline, attributes: " text-anchor=\"end\"")
      if index < bar.marks.count, !bar.marks[index].isEmpty {
        svg += text(
          ChartLayout.mark(bar.marks[index]), x: column.right + 3, y: baseline - 4, attributes: " font-size=\"9\"")
      }
    }
    return svg + "</g>\n"
  }

  /// - Parameter full: the whole of a text that may have been cut.
  private func text(_ text: String, x: Double, y: Double, full: String? = nil, attributes: String = "") -> String {
    if text.isEmpty { return "" }
    let title = full.flatMap { $0 == text ? nil : "<title>\(xmlText($0))</title>" } ?? ""
    return "<text class=\"text\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" fill=\"#1f2328\"\(attributes)>"
      + title + xmlText(text) + "</text>\n"
  }
}
