internal import ReportKit

extension LineChart {
  /// More periods than this get marks of their points only where something is to be said of one.
  private static let markedPeriods = 40
  /// More points than this cannot be pointed at.
  private static let describedPoints = 600

  /// The chart as an SVG element. Every shape has its colour as an attribute and a class by which a style sheet can give
  /// it another: `page`, `text`, `grid`, `axis`, for areas `s1` to `s6`, and for lines `l1` to `l6`.
  ///
  /// - Parameters:
  ///   - hasZero: whether the axis of numbers begins with 0.
  ///   - tableNotes: on the table as a whole; nil where the chart stands beside the table, which has the notes.
  func svg(in frame: ChartFrame, hasZero: Bool = true, tableNotes: [Note]?) -> String {
    let layout = LineChartLayout(self, frame: frame, hasZero: hasZero, tableNotes: tableNotes)
    var svg = svgStart(
      width: layout.width, height: layout.height, frame: frame, titleLines: layout.titleLines, description: description)
    svg += axes(layout)
    for index in lines.indices { svg += bands(index, layout) }
    for index in lines.indices { svg += line(index, layout) }
    for (index, label) in layout.labels.enumerated() { svg += self.label(label, of: index, layout) }
    svg += svgFooter(layout.footerLines, below: layout.plotBottom + 24)
    return svg + "</svg>\n"
  }

  private var description: String {
    let isWhole = periods.count * lines.count <= Self.describedPoints
    let texts = lines.map { line in
      let points = line.cells.indices.filter { !line.cells[$0].text.isEmpty }
      let told = isWhole ? points : [points.first, points.last].compactMap { $0 }
      return "\(line.title): "
        + (told.isEmpty ? "nothing" : told.map { "\(periods[$0]) \(line.cells[$0].text)" }.joined(separator: ", "))
    }
    return "Lines over time. " + texts.joined(separator: ". ")
  }

  private func axes(_ layout: LineChartLayout) -> String {
    var svg = ""
    if let unit {
      svg += svgText(
        unit, x: ChartLayout.margin, y: layout.plotTop - 14, attributes: " font-size=\"11\" font-style=\"italic\"")
    }
    for tick in layout.scale.ticks {
      let y = layout.y(tick)
      let kind =
        tick == 0 || tick == layout.scale.ticks.first
        ? "class=\"axis\" stroke=\"#57606a\"" : "class=\"grid\" stroke=\"#d8dee4\""
      svg +=
        "<line \(kind) x1=\"\(coordinate(layout.plotLeft))\" x2=\"\(coordinate(layout.plotRight))\" "
        + "y1=\"\(coordinate(y))\" y2=\"\(coordinate(y))\"/>\n"
        + svgText(
          layout.units.text(tick), x: layout.plotLeft - 8, y: y + 4,
          attributes: " font-size=\"11\" text-anchor=\"end\"")
    }
    for tick in layout.ticks {
      let x = layout.x(at: tick.position)
      svg +=
        "<line class=\"axis\" stroke=\"#57606a\" x1=\"\(coordinate(x))\" x2=\"\(coordinate(x))\" "
        + "y1=\"\(coordinate(layout.plotBottom))\" y2=\"\(coordinate(layout.plotBottom + 5))\"/>\n"
        + svgText(
          tick.text, x: x, y: layout.plotBottom + 18, attributes: " font-size=\"11\" text-anchor=\"middle\"")
    }
    return svg
  }

  /// Between what the numbers lie: an area where they follow each other, else a bar.
  private func bands(_ index: Int, _ layout: LineChartLayout) -> String {
    let cells = lines[index].cells
    var svg = ""
    for run in runs(of: lines[index], in: layout.time) {
      for part in run.split(whereSeparator: { cells[$0].bounds?.lower == nil || cells[$0].bounds?.upper == nil }) {
        if part.count == 1 { continue }
        let upper = part.map { point in vertex(point, cells[point].bounds?.upper, layout) }
        let lower = part.reversed().map { point in vertex(point, cells[point].bounds?.lower, layout) }
        svg +=
          "<path class=\"s\(index + 1)\" fill=\"\(StackedBarChart.colors[index])\" fill-opacity=\"0.18\" "
          + "d=\"M\((upper + lower).joined(separator: "L"))Z\"/>\n"
      }
      for point in run where isAlone(point, in: run, cells) {
        guard let bounds = cells[point].bounds, let value = cells[point].value.asDecimal else { continue }
        let (from, to) = (bounds.lower ?? value, bounds.upper ?? value)
        if from == to { continue }
        svg += stroke(
          index, "M\(vertex(point, from, layout))L\(vertex(point, to, layout))", width: 5,
          attributes: " stroke-opacity=\"0.3\"")
      }
    }
    return svg
  }

  /// Whether neither neighbour has both bounds too.
  private func isAlone(_ point: Int, in run: [Int], _ cells: [Cell]) -> Bool {
    func isBound(_ point: Int) -> Bool { cells[point].bounds?.lower != nil && cells[point].bounds?.upper != nil }
    guard isBound(point), let place = run.firstIndex(of: point) else { return true }
    let neighbours = [place - 1, place + 1].filter { run.indices.contains($0) }.map { run[$0] }
    return !neighbours.contains(where: isBound)
  }

  private func line(_ index: Int, _ layout: LineChartLayout) -> String {
    let line = lines[index]
    var svg = "<g>\n<title>\(xmlText(line.title))</title>\n"
    let runs = runs(of: line, in: layout.time)
    for run in runs where run.count > 1 {
      let path = run.map { vertex($0, line.cells[$0].value.asDecimal, layout) }.joined(separator: "L")
      svg += stroke(index, "M\(path)", width: 2, attributes: " stroke-linejoin=\"round\" stroke-linecap=\"round\"")
    }
    let areAllMarked = periods.count <= Self.markedPeriods
    let areDescribed = periods.count * lines.count <= Self.describedPoints
    for run in runs {
      for point in run {
        let cell = line.cells[point]
        let isMarked = areAllMarked || cell.isIncomplete || run.count == 1
        if isMarked || areDescribed { svg += mark(point, of: index, isVisible: isMarked, layout) }
      }
    }
    return svg + "</g>\n"
  }

  private func mark(_ point: Int, of index: Int, isVisible: Bool, _ layout: LineChartLayout) -> String {
    let cell = lines[index].cells[point]
    guard let value = layout.units(cell) else { return "" }
    let remarks = cell.remarks.map(\.text)
    let title =
      "\(lines[index].title), \(periods[point]): \(Thousands.space.text(cell.value))"
      + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))")
    let place = "cx=\"\(coordinate(layout.x(point)))\" cy=\"\(coordinate(layout.y(value)))\""
    let shape =
      if !isVisible {
        "\(place) r=\"5\" fill-opacity=\"0\""
      } else if cell.isIncomplete {
        "class=\"hollow l\(index + 1)\" \(place) r=\"3.2\" fill=\"#ffffff\" stroke=\"\(StackedBarChart.colors[index])\" "
          + "stroke-width=\"1.6\""
      } else {
        "class=\"s\(index + 1)\" \(place) r=\"2.6\" fill=\"\(StackedBarChart.colors[index])\""
      }
    return "<circle \(shape)><title>\(xmlText(title))</title></circle>\n"
  }

  private func label(_ label: LineChartLayout.Label, of index: Int, _ layout: LineChartLayout) -> String {
    guard let end = label.end else { return "" }
    let left = layout.plotRight + 10
    var svg = ""
    if abs(label.y - end.y) > 3 || end.x < layout.plotRight - 1 {
      let bend = "M\(coordinate(end.x + 5)),\(coordinate(end.y))L\(coordinate(left + 8)),\(coordinate(label.y))"
      svg += stroke(index, bend, width: 1, attributes: " stroke-dasharray=\"1 3\"")
    }
    svg += stroke(
      index, "M\(coordinate(left + 2)),\(coordinate(label.y))H\(coordinate(left + 14))", width: 3, attributes: "")
    return svg
      + svgText(
        label.text, x: left + 18, y: label.y + 4, full: label.full,
        attributes: " font-size=\"\(coordinate(LineChartLayout.size))\"")
  }

  private func stroke(_ index: Int, _ path: String, width: Double, attributes: String) -> String {
    "<path class=\"line l\(index + 1)\" fill=\"none\" stroke=\"\(StackedBarChart.colors[index])\" "
      + "stroke-width=\"\(coordinate(width))\"\(attributes) d=\"\(path)\"/>\n"
  }

  private func vertex(_ point: Int, _ value: ExactDecimal?, _ layout: LineChartLayout) -> String {
    "\(coordinate(layout.x(point))),\(coordinate(layout.y(value.map { layout.units($0) } ?? 0)))"
  }
}
