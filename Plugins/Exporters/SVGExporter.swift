package import ReportKit

/// A picture of the table, with its numbers, a legend, and the notes on what is shown: lines where its rows or its columns
/// are periods, else a stacked bar for each row.
///
/// Without `series`, the columns that may be added up are drawn, without those that count again what others count, such
/// as a total.
package struct SVGExporter: ExporterPlugin {
  /// More rows than this are refused.
  package static let rowLimit = StackedBarChart.barLimit

  package init() {}

  static let series = Parameter.text(
    "series", "The columns to draw, separated by commas; by default all that may be added up, or all periods",
    default: "")
  static let chart = Parameter.choice(
    "chart", "Lines over time, or a stacked bar for each row; auto draws lines where rows or columns are periods",
    default: TableChart.Kind.auto
  ).quiet
  static let zero = Parameter.boolean("zero", "Let the axis of a chart of lines begin with 0", default: true).quiet

  package let manifest = Manifest(
    name: "svg", summary: "A chart: lines over time, or a stacked bar for each row", series, chart, zero)
  package let mediaType = "image/svg+xml"
  package let fileExtensions = ["svg"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    let names = arguments[Self.series]
    let kind = arguments[Self.chart]
    let lines = kind == .bars ? nil : try LineChart(header.columns, named: names)
    if kind == .lines, lines == nil {
      throw ParameterError(
        parameter: "chart", message: "svg draws lines over time, and \(header.report) has no column of periods")
    }
    if let count = lines?.lines.count, count > ChartColumns.seriesLimit { throw tooMany(count, header, "draws") }
    // Numbers of periods are stacked only where that is asked for, and rows only if they turn out to be no periods.
    let isFinal = kind == .lines || lines?.isAcross == true
    let bars = isFinal ? nil : try bars(of: header, named: names, isWanted: lines == nil)
    return SVGEncoder(
      header: header, chart: TableChart(lines: lines, bars: bars, hasNotes: true), hasZero: arguments[Self.zero])
  }

  /// Nil where there are none and none are wanted.
  private func bars(
    of header: ExportHeader, named names: String, isWanted: Bool
  ) throws(ParameterError) -> StackedBarChart? {
    let columns = names.isEmpty ? ChartColumns(header.columns) : try ChartColumns(header.columns, named: names)
    guard let columns else {
      if !isWanted { return nil }
      throw ParameterError(
        parameter: "series",
        message: "svg needs a column of numbers that may be added up, and \(header.report) has none")
    }
    if columns.series.count > ChartColumns.seriesLimit { throw tooMany(columns.series.count, header, "stacks") }
    return StackedBarChart(columns: columns, of: header.columns)
  }

  private func tooMany(_ count: Int, _ header: ExportHeader, _ verb: String) -> ParameterError {
    ParameterError(
      parameter: "series",
      message: "svg \(verb) at most \(ChartColumns.seriesLimit) columns, whose colours everybody can tell apart, and "
        + "\(header.report) has \(count); name some of them in \"series\"")
  }
}

private struct SVGEncoder: TableEncoder {
  let header: ExportHeader
  var chart: TableChart
  let hasZero: Bool

  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) throws {
    for row in batch.rows {
      chart.add(row)
      if let excess = chart.excess {
        throw excess.rowLimit.map { RowLimitExceeded(step: "svg", limit: $0) } ?? excess
      }
    }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) throws {
    let revision = "Revision of the dataset: \(header.revision)"
    switch try chart.drawn() {
    case .lines(let lines)?:
      let frame = ChartFrame(title: header.title, standsAlone: true, footer: [revision])
      bytes += lines.svg(in: frame, hasZero: hasZero, tableNotes: tableNotes).utf8
    case .bars(let bars, let notes)?:
      let footer = (notes?.notes(tableNotes: tableNotes) ?? []).map { cited in
        (cited.number.map { "[\($0)] " } ?? "") + cited.note.text
      }
      bytes += bars.svg(in: ChartFrame(title: header.title, standsAlone: true, footer: footer + [revision])).utf8
    case nil: break
    }
  }
}
