internal import Base
package import ReportKit

/// An Office Open XML workbook: the table on a first sheet with a header that stays in sight, typed cells and a row of
/// totals; the notes, the reasons for missing values among them, on a second one.
///
/// Text is stored as text and so never computed. Integers of more than 15 digits are text too, since a spreadsheet
/// would round them.
package struct XLSXExporter: ExporterPlugin {
  static let totals = Parameter.boolean("totals", "End the table with its totals", default: true)

  package init() {}

  package let manifest = Manifest(
    name: "xlsx", summary: "An Excel workbook: the table, and the notes on a second sheet", totals)
  package let mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  package let fileExtensions = ["xlsx"]
  package let isText = false

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    XLSXEncoder(header: header, hasTotals: arguments[Self.totals])
  }
}

private struct XLSXEncoder: TableEncoder {
  let header: ExportHeader
  let hasTotals: Bool
  var notes: NoteCollector
  var widths: [Int]
  var table = WorkbookSheet(name: "Table")

  init(header: ExportHeader, hasTotals: Bool) {
    self.header = header
    self.hasTotals = hasTotals
    notes = NoteCollector(columns: header.columns)
    widths = header.columns.map { TerminalText.width(of: $0.title) + 2 }
  }

  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) throws {
    try beginTable()
    if table.rowCount + batch.count > WorkbookSheet.rowLimit {
      throw RowLimitExceeded(step: "xlsx", limit: WorkbookSheet.rowLimit - 1)
    }
    let styles = header.columns.map { $0.kind == .integer ? Workbook.Style.integer : .plain }
    notes.add(batch)
    for row in batch.indices { try write(batch.columns.map { $0[row] }, styles: styles) }
  }

  mutating func finish(
    notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]
  ) throws {
    try beginTable()
    if hasTotals {
      if table.rowCount + totals.count > WorkbookSheet.rowLimit {
        throw RowLimitExceeded(step: "xlsx", limit: WorkbookSheet.rowLimit - totals.count - 1)
      }
      notes.add(totals)
      let styles = header.columns.map { $0.kind == .decimal ? Workbook.Style.decimalTotal : .total }
      for total in totals { try write(total.row.cells.map(\.value), styles: styles) }
    }
    table.frozenRows = 1
    table.widths = widths.map { min(max($0, 8), 60) }
    let notesSheet = try WorkbookNotes(header: header, notes: notes.notes(tableNotes: tableNotes)).sheet()
    let workbook = Workbook(
      title: header.title, subject: header.report, comments: "Revision of the dataset: \(header.revision)")
    bytes += workbook.archive(of: [table, notesSheet])
  }

  private mutating func beginTable() throws {
    if table.rowCount > 0 { return }
    if header.columns.count > WorkbookSheet.columnLimit {
      throw WorkbookError("holds at most \(WorkbookSheet.columnLimit) columns, and there are \(header.columns.count)")
    }
    try table.write(header.columns.map { .text($0.title) }, styles: header.columns.map { _ in .header })
  }

  private mutating func write(_ row: [Cell.Value], styles: [Workbook.Style]) throws {
    try table.write(row, styles: styles)
    for (index, value) in row.enumerated() {
      if case .missing = value { continue }
      widths[index] = max(widths[index], TerminalText.width(of: value.description) + 2)
    }
  }
}
