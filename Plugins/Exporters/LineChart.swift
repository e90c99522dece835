internal import ReportKit

/// What a chart of lines over time shows: numbers of a few series by period.
struct LineChart {
  /// More periods than this are not drawn.
  static let periodLimit = 2000

  struct Line {
    var title: String
    /// One for each period.
    var cells: [Cell]
  }

  /// How the table has the periods.
  enum Direction: Equatable {
    /// Its rows are periods, named in this column; the columns are lines.
    case down(periods: Int)
    /// Its columns are periods, and its rows lines, named in this column.
    case across(label: Int?)
  }

  let direction: Direction
  /// The columns of the table whose numbers are drawn.
  let columns: [Int]
  let unit: String?
  private(set) var periods: [String]
  private(set) var lines: [Line]

  /// Nil for a table that has nothing to do with time.
  ///
  /// - Parameter names: of the columns to draw; all that can be drawn where there is none.
  init?(_ table: [Column], named names: String = "") throws(ParameterError) {
    let numbers = table.indices.filter { table[$0].isValue }
    let wanted = names.isEmpty ? nil : try ChartColumns(table, named: names).series
    let across = ChartColumns.comparable(
      numbers.filter { table[$0].period != nil && wanted?.contains($0) ?? true }, of: table)
    if across.count > 1 {
      direction = .across(label: ChartColumns.label(of: table))
      columns = across
      periods = across.compactMap { table[$0].period }
      lines = []
    } else if let label = table.firstIndex(where: { $0.time == .periods }) {
      let additive = numbers.filter { table[$0].total == .sum }
      let comparable = ChartColumns.comparable(additive.isEmpty ? numbers : additive, of: table)
      columns = wanted ?? ChartColumns.withoutRepetition(comparable, of: table)
      if columns.isEmpty { return nil }
      direction = .down(periods: label)
      periods = []
      lines = columns.map { Line(title: table[$0].title, cells: []) }
    } else {
      return nil
    }
    let units = columns.map { table[$0].unit }
    unit = units.allSatisfy { $0 == units[0] } ? units[0] : nil
  }

  var isAcross: Bool { if case .across = direction { true } else { false } }

  mutating func add(_ row: Row) {
    switch direction {
    case .down(let label):
      periods.append(row[label].text)
      for (index, column) in columns.enumerated() { lines[index].cells.append(row[column]) }
    case .across(let label):
      lines.append(Line(title: label.map { row[$0].text } ?? String(lines.count + 1), cells: columns.map { row[$0] }))
    }
  }

  /// Why it cannot be drawn whatever rows follow; nil as long as it can.
  var excess: ChartProblem? {
    if lines.count > ChartColumns.seriesLimit {
      return ChartProblem(
        what:
          "draws at most \(ChartColumns.seriesLimit) lines, whose colours everybody can tell apart, and there are more",
        remedy: "choose some with top, where or --where")
    }
    if periods.count > Self.periodLimit {
      return ChartProblem(
        what: "draws at most \(Self.periodLimit) periods, and there are more", remedy: "choose some with --where")
    }
    return nil
  }

  /// Why it cannot be drawn with these rows; nil where it can.
  var problem: ChartProblem? {
    if let excess { return excess }
    let time = ChartTime(periods)
    if let twice = time.twice {
      return ChartProblem(
        what: "draws lines over periods that stand once each, and \(twice) is there twice",
        remedy: "choose rows with --where, or put them into columns with pivot")
    }
    if periods.count < 2 {
      return ChartProblem(what: "draws lines over at least 2 periods, and there are fewer", remedy: "ask for more")
    }
    return nil
  }
}

extension Column {
  fileprivate var period: String? { if case .period(let name)? = time { name } else { nil } }
}

/// Why there can be no chart.
struct ChartProblem: Error, CustomStringConvertible {
  /// The end of a sentence that begins with the chart.
  var what: String
  var remedy: String
  /// Of too many rows, how many there may be.
  var rowLimit: Int?

  var description: String { "svg \(what); \(remedy)" }
}

extension LineChart {
  /// By their place in time, the points of a line with numbers, in runs between which no number is.
  func runs(of line: Line, in time: ChartTime) -> [[Int]] {
    var runs: [[Int]] = []
    var last: Int?
    for point in time.order {
      guard line.cells[point].value.asDecimal != nil else {
        last = nil
        continue
      }
      if let last, !time.isGap(from: last, to: point) {
        runs[runs.count - 1].append(point)
      } else {
        runs.append([point])
      }
      last = point
    }
    return runs
  }

  /// Such as `1950–1953, 1960`.
  func words(for points: [Int], in time: ChartTime) -> String {
    let places = time.order.enumerated().filter { points.contains($0.element) }.map(\.offset)
    var ranges: [ClosedRange<Int>] = []
    for place in places {
      if let last = ranges.last, last.upperBound == place - 1 {
        ranges[ranges.count - 1] = last.lowerBound...place
      } else {
        ranges.append(place...place)
      }
    }
    return ranges.map { range in
      let (first, last) = (periods[time.order[range.lowerBound]], periods[time.order[range.upperBound]])
      return range.count == 1 ? first : range.count == 2 ? "\(first), \(last)" : "\(first)–\(last)"
    }.joined(separator: ", ")
  }
}
