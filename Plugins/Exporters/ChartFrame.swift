internal import Base

/// What surrounds the drawing of a chart.
struct ChartFrame {
  var title: String
  /// Whether the title and a background are drawn, for a picture that stands by itself.
  var standsAlone: Bool
  /// Small text below, one paragraph each.
  var footer: [String] = []

  func titleLines(width: Double) -> [String] {
    standsAlone ? TerminalText.wrapped(printable(title), width: Int(width / (17 * 0.64))) : []
  }

  func footerLines(width: Double) -> [String] {
    footer.flatMap { TerminalText.wrapped(printable($0), width: Int(width / (11 * 0.55))) }
  }

  static func height(ofFooter lines: [String]) -> Double { lines.isEmpty ? 0 : 12 + 15 * Double(lines.count) }
}

/// The opening tag of a chart's element, its title and description, and the title as it is drawn.
func svgStart(
  width: Double, height: Double, frame: ChartFrame, titleLines: [String], description: String
) -> String {
  var svg = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(coordinate(width)) \(coordinate(height))" \
    width="\(coordinate(width))" height="\(coordinate(height))" role="img" \
    aria-labelledby="chart-title chart-description" font-family="sans-serif" font-size="\(coordinate(ChartLayout.size))">
    <title id="chart-title">\(xmlText(frame.title))</title>
    <desc id="chart-description">\(xmlText(description))</desc>

    """
  if frame.standsAlone {
    svg += "<rect class=\"page\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    for (index, line) in titleLines.enumerated() {
      svg += svgText(
        line, x: ChartLayout.margin, y: ChartLayout.margin + 15 + 24 * Double(index),
        attributes: " font-size=\"17\" font-weight=\"bold\"")
    }
  }
  return svg
}

func svgFooter(_ lines: [String], below bottom: Double) -> String {
  lines.enumerated().map { index, line in
    svgText(line, x: ChartLayout.margin, y: bottom + 22 + 15 * Double(index), attributes: " font-size=\"11\"")
  }.joined()
}

/// - Parameter full: the whole of a text that may have been cut.
func svgText(_ text: String, x: Double, y: Double, full: String? = nil, attributes: String = "") -> String {
  if text.isEmpty { return "" }
  let title = full.flatMap { $0 == text ? nil : "<title>\(xmlText($0))</title>" } ?? ""
  return "<text class=\"text\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" fill=\"#1f2328\"\(attributes)>"
    + title + xmlText(text) + "</text>\n"
}
