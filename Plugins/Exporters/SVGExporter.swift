package import ReportKit

/// A picture of the table: one stacked bar a row, with its numbers, a legend, and the notes on what is shown.
///
/// Without `series`, the columns that may be added up are stacked, without those that count again what others count,
/// such as a total.
package struct SVGExporter: ExporterPlugin {
  /// More rows than this are refused.
  package static let rowLimit = StackedBarChart.barLimit

  package init() {}

  static let series = Parameter.text(
    "series", "The columns to stack, separated by commas; by default all that may be added up", default: "")

  package let manifest = Manifest(name: "svg", summary: "A chart of stacked bars, one for each row", series)
  package let mediaType = "image/svg+xml"
  package let fileExtensions = ["svg"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    let columns = try columns(of: header, named: arguments[Self.series])
    if columns.series.count > ChartColumns.seriesLimit {
      throw ParameterError(
        parameter: "series",
        message: "svg stacks at most \(ChartColumns.seriesLimit) columns, whose colours everybody can tell apart, and "
          + "\(header.report) has \(columns.series.count); name some of them in \"series\"")
    }
    return SVGEncoder(header: header, columns: columns)
  }

  private func columns(of header: ExportHeader, named names: String) throws(ParameterError) -> ChartColumns {
    if !names.isEmpty { return try ChartColumns(header.columns, named: names) }
    guard let columns = ChartColumns(header.columns) else {
      throw ParameterError(
        parameter: "series",
        message: "svg needs a column of numbers that may be added up, and \(header.report) has none")
    }
    return columns
  }
}

private struct SVGEncoder: TableEncoder {
  let header: ExportHeader
  var chart: StackedBarChart
  var notes: NoteCollector
  private let shown: [Int]

  init(header: ExportHeader, columns: ChartColumns) {
    self.header = header
    chart = StackedBarChart(columns: columns, of: header.columns)
    shown = columns.series
    notes = NoteCollector(columns: shown.map { header.columns[$0] })
  }

  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) throws {
    if chart.bars.count + batch.count > SVGExporter.rowLimit {
      throw RowLimitExceeded(step: "svg", limit: SVGExporter.rowLimit)
    }
    notes.add(batch.projecting(shown))
    for row in batch.rows { chart.add(row, notes: notes) }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    let footer = notes.notes(tableNotes: tableNotes).map { cited in
      (cited.number.map { "[\($0)] " } ?? "") + cited.note.text
    }
    let frame = StackedBarChart.Frame(
      title: header.title, standsAlone: true, footer: footer + ["Revision of the dataset: \(header.revision)"])
    bytes += chart.svg(in: frame).utf8
  }
}
