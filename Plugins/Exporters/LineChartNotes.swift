import Base
internal import ReportKit

/// What has to be said below a chart of lines: its notes with the periods that they are about, and what the marks of its
/// points mean.
struct LineChartNotes {
  /// One paragraph each.
  private(set) var footer: [String] = []
  /// By line the numbers of the notes on its points, ascending.
  private(set) var marks: [[Int]]

  /// - Parameter tableNotes: on the table as a whole; nil where the chart stands beside the table, which has the notes.
  init(_ chart: LineChart, time: ChartTime, tableNotes: [Note]?) {
    marks = chart.lines.map { _ in [] }
    guard let tableNotes else {
      footer = Self.legend(chart, time)
      return
    }
    let notes = Self.places(in: chart) { $0.notes.map(\.text) }
    for (index, note) in notes.enumerated() {
      footer.append("[\(index + 1)] \(note.text)\(Self.words(note.places, in: chart, time))")
      for line in Set(note.places.map(\.line)) { marks[line].append(index + 1) }
    }
    footer += Self.legend(chart, time)
    for reason in Self.places(
      in: chart,
      { cell in
        if case .missing(let reason?) = cell.value { [reason.description] } else { [] }
      })
    { footer.append(reason.text + Self.words(reason.places, in: chart, time)) }
    footer += tableNotes.map(\.text)
  }

  private typealias Place = (line: Int, point: Int)

  /// Each text once, in the order of first appearance.
  private static func places(
    in chart: LineChart, _ texts: (Cell) -> [String]
  ) -> [(text: String, places: [Place])] {
    var result: [(text: String, places: [Place])] = []
    var indexes: [ExactText: Int] = [:]
    for (line, content) in chart.lines.enumerated() {
      for (point, cell) in content.cells.enumerated() {
        for text in texts(cell) {
          let index = indexes[ExactText(text)] ?? result.count
          if index == result.count {
            indexes[ExactText(text)] = index
            result.append((text, []))
          }
          result[index].places.append((line, point))
        }
      }
    }
    return result
  }

  /// Such as ` (Poland: 1950–1953; Finland)`; nothing for what is about all points.
  private static func words(_ places: [Place], in chart: LineChart, _ time: ChartTime) -> String {
    if places.count == chart.lines.count * chart.periods.count { return "" }
    let parts = chart.lines.indices.compactMap { line -> String? in
      let points = places.filter { $0.line == line }.map(\.point)
      if points.isEmpty { return nil }
      let title = chart.lines[line].title
      return points.count == chart.periods.count ? title : "\(title): \(chart.words(for: points, in: time))"
    }
    return " (\(parts.joined(separator: "; ")))"
  }

  /// What hollow points and shaded bands say, for each line that has them.
  private static func legend(_ chart: LineChart, _ time: ChartTime) -> [String] {
    var result: [String] = []
    for line in chart.lines {
      let hollow = line.cells.indices.filter { line.cells[$0].isIncomplete && line.cells[$0].value.asDecimal != nil }
      let worst = hollow.min { isLess(line.cells[$0].coverage, line.cells[$1].coverage) }
      guard let worst, let coverage = line.cells[worst].coverage else { continue }
      let fewest = hollow.count == 1 ? "" : "; fewest in \(chart.periods[worst])"
      result.append(
        "○ \(line.title) lacks numbers in \(chart.words(for: hollow, in: time))\(fewest): \(coverage.words)")
    }
    for line in chart.lines {
      let estimated = line.cells.indices.filter { line.cells[$0].bounds != nil }
      if estimated.isEmpty { continue }
      let isDrawn = estimated.contains { line.cells[$0].bounds?.lower != nil || line.cells[$0].bounds?.upper != nil }
      result.append(
        "\(line.title) includes estimates in \(chart.words(for: estimated, in: time))"
          + (isDrawn ? ", drawn with the bounds between which they lie" : ""))
    }
    return result
  }

  /// Whether a smaller part of the numbers is there.
  private static func isLess(_ a: Coverage?, _ b: Coverage?) -> Bool {
    guard let a, let b else { return false }
    // Exact whatever a plugin counts.
    let (part, other) = (a.numbers.multipliedFullWidth(by: b.expected), b.numbers.multipliedFullWidth(by: a.expected))
    return (part.high, part.low) < (other.high, other.low)
  }
}

extension Cell {
  /// Whether it lacks numbers.
  var isIncomplete: Bool { coverage.map { !$0.isComplete } ?? false }
}
