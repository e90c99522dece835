internal import ReportKit

/// What a chart of horizontal stacked bars shows: one bar a row.
struct StackedBarChart {
  /// More bars than this are not read but searched.
  static let barLimit = 100

  /// That there are more.
  static let excess = ChartProblem(
    what: "shows at most \(barLimit) rows, and there are more", remedy: "choose some with top, where or --where",
    rowLimit: barLimit)

  struct Series {
    var title: String
    var unit: String?
  }

  struct Bar {
    var label: String
    /// One for each series.
    var cells: [Cell]
    /// What they come to; nil where there is one alone.
    var total: Cell?
    /// The numbers of the notes on each cell, and behind them of those on the total.
    var marks: [[Int]]

    /// What stands in the columns of numbers.
    var shown: [Cell] { cells + (total.map { [$0] } ?? []) }

    /// Whether its parts are no parts of anything, since they do not add.
    var isNotAdditive: Bool {
      if case .missing(let reason?) = total?.value { reason.kind == .notAdditive } else { false }
    }
  }

  let series: [Series]
  private(set) var bars: [Bar] = []
  private let columns: ChartColumns

  init(columns: ChartColumns, of table: [Column]) {
    self.columns = columns
    series = columns.series.map { Series(title: table[$0].title, unit: table[$0].unit) }
  }

  /// The columns of a table of `shown` cells.
  var shownColumns: [Column] {
    let columns = series.enumerated().map { Column(name: "\($0)", title: $1.title, kind: .decimal, unit: $1.unit) }
    return columns + (series.count > 1 ? [Column(name: "total", title: "Total", kind: .decimal)] : [])
  }

  /// - Parameter notes: takes the notes of the row, on cells with `shownColumns`, and numbers them; nil when the chart does
  ///   not refer to notes.
  mutating func add(_ row: Row, notes: inout NoteCollector?) {
    var bar = Bar(
      label: columns.label.map { row[$0].text } ?? String(bars.count + 1), cells: columns.series.map { row[$0] },
      total: series.count > 1 ? total(of: row) : nil, marks: [])
    notes?.add(Batch([Row(bar.shown)], columns: shownColumns))
    bar.marks = bar.shown.map { notes?.numbers(of: $0) ?? [] }
    bars.append(bar)
  }

  /// What the cells of a row come to: as the table has it in a column of its own, if that is the number of the bar, or as
  /// they add up, with all that is said of them.
  private func total(of row: Row) -> Cell {
    var sum = Cell.empty
    for index in columns.series where !sum.add(row[index]) { return .empty }
    sum.provenance = nil
    guard let total = columns.total.map({ row[$0] }), !sum.isSpoilt else { return sum }
    if total.isSpoilt { return total }
    switch (sum.value.asDecimal, total.value.asDecimal) {
    case (let own?, let stated?): return own.isSameNumber(as: stated) ? total : sum
    case (nil, nil): return total
    default: return sum
    }
  }

  /// What all numbers are drawn in.
  var units: ChartUnits { ChartUnits(bars.flatMap { $0.cells.compactMap(\.value.asDecimal) }) }

  /// How far the bar reaches below zero and above it.
  func extent(of bar: Bar, in units: ChartUnits) -> (below: Int128, above: Int128) {
    if bar.isNotAdditive { return (0, 0) }
    return bar.cells.compactMap { units($0) }.reduce((0, 0)) { extent, value in
      value < 0 ? (extent.0 + value, extent.1) : (extent.0, extent.1 + value)
    }
  }

  /// The unit that all series share.
  var unit: String? {
    series.allSatisfy { $0.unit == series[0].unit } ? series[0].unit : nil
  }

  /// Such as `Poland: Released 190, Handed over –, Total 190`.
  func description(of bar: Bar) -> String {
    var parts = zip(series, bar.cells).compactMap { series, cell in
      cell.text.isEmpty ? nil : "\(series.title) \(cell.text)"
    }
    if let total = bar.total, total.value.asDecimal != nil || total.isSpoilt { parts.append("Total \(total.text)") }
    return "\(bar.label): \(parts.isEmpty ? "nothing" : parts.joined(separator: ", "))"
  }
}

extension Cell {
  /// Whether there is no number since it would be wrong or is not to be shown.
  var isSpoilt: Bool { if case .missing(let reason?) = value { reason.kind.spoilsSums } else { false } }

  // Inlined into closures this makes the optimizer of Swift 6.3.1 fail ("outside of lifetime use").
  /// What is shown of the value.
  @inline(never)
  var text: String { value.description }
}
