internal import ReportKit

/// The chart of a table, whichever fits it: lines for what goes on in time, else stacked bars. Which of the two is known
/// when all rows are.
struct TableChart {
  enum Kind: String, CaseIterable {
    /// Lines where the table's rows or columns are periods, else bars.
    case auto
    case bars, lines
  }

  enum Drawn {
    case lines(LineChart)
    case bars(StackedBarChart, notes: NoteCollector?)
  }

  private var lines: LineChart?
  private var bars: StackedBarChart?
  private var barNotes: NoteCollector?
  private var rowCount = 0
  /// Why there is no chart whatever rows follow; nil as long as there may be one.
  private(set) var excess: ChartProblem?

  /// - Parameters:
  ///   - bars: what is drawn where there are no lines, or its rows turn out to be no periods.
  ///   - hasNotes: whether the chart says below it what has to be said of its numbers.
  init(lines: LineChart?, bars: StackedBarChart?, hasNotes: Bool) {
    self.lines = lines
    self.bars = bars
    barNotes = hasNotes ? bars.map { NoteCollector(columns: $0.shownColumns) } : nil
  }

  /// Takes the next row, unless there can be no chart any more.
  mutating func add(_ row: Row) {
    if excess != nil { return }
    rowCount += 1
    lines?.add(row)
    excess = lines?.excess
    if rowCount > StackedBarChart.barLimit {
      bars = nil
      if lines == nil { excess = StackedBarChart.excess }
    }
    bars?.add(row, notes: &barNotes)
  }

  /// What is drawn of all rows. Throws why nothing can be; nil where there is nothing to draw.
  func drawn() throws(ChartProblem) -> Drawn? {
    if let excess { throw excess }
    if let lines {
      guard let problem = lines.problem else { return .lines(lines) }
      if bars == nil { throw problem }
    }
    return bars.map { .bars($0, notes: barNotes) }
  }
}
