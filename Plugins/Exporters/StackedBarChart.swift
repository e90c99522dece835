internal import ReportKit

/// What a chart of horizontal stacked bars shows: one bar a row.
struct StackedBarChart {
  /// More bars than this are not read but searched.
  static let barLimit = 100

  struct Series {
    var title: String
    var unit: String?
  }

  struct Bar {
    var label: String
    /// One for each series.
    var cells: [Cell]
    /// The numbers of the notes on each cell.
    var marks: [[Int]]

    /// The sum of the numbers; nil when there is none.
    var total: Int128? {
      cells.reduce(nil) { sum, cell in cell.integer.map { (sum ?? 0) + Int128($0) } ?? sum }
    }

    /// How far the bar reaches below zero and above it.
    var extent: (below: Int128, above: Int128) {
      cells.compactMap(\.integer).reduce((0, 0)) { extent, value in
        value < 0 ? (extent.0 + Int128(value), extent.1) : (extent.0, extent.1 + Int128(value))
      }
    }
  }

  let series: [Series]
  private(set) var bars: [Bar] = []
  private let columns: ChartColumns

  init(columns: ChartColumns, of table: [Column]) {
    self.columns = columns
    series = columns.series.map { Series(title: table[$0].title, unit: table[$0].unit) }
  }

  /// - Parameter notes: knows the notes of the row; nil when the chart does not refer to notes.
  mutating func add(_ row: Row, notes: NoteCollector?) {
    let cells = columns.series.map { row[$0] }
    bars.append(
      Bar(
        label: columns.label.map { row[$0].text } ?? String(bars.count + 1), cells: cells,
        marks: cells.map { notes?.numbers(of: $0) ?? [] }))
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
    if series.count > 1, let total = bar.total { parts.append("Total \(total)") }
    return "\(bar.label): \(parts.isEmpty ? "nothing" : parts.joined(separator: ", "))"
  }
}

extension Cell {
  // Inlined into closures these make the optimizer of Swift 6.3.1 fail ("outside of lifetime use").
  @inline(never)
  var integer: Int64? { if case .integer(let value) = value { value } else { nil } }

  /// What is shown of the value.
  @inline(never)
  var text: String { value.description }
}
