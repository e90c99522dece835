internal import Base
public import ReportKit

/// The exporter `xlsx` where libxlsxwriter was there to build it; nothing elsewhere.
public var xlsxExporters: [any ExporterPlugin] {
  #if canImport(CLibXLSXWriter)
    [WorkbookExporter()]
  #else
    []
  #endif
}

#if canImport(CLibXLSXWriter)
  internal import ExporterPlugins

  /// An Office Open XML workbook: the table on a first sheet with a header that stays in sight, typed cells and a row of
  /// totals; the notes, the reasons for missing values among them, on a second one.
  ///
  /// Text is stored as text and so never computed. Integers of more than 15 digits are text too, since a spreadsheet
  /// would round them.
  struct WorkbookExporter: ExporterPlugin {
    static let totals = Parameter.boolean("totals", "End the table with its totals", default: true)

    let manifest = Manifest(
      name: "xlsx", summary: "An Excel workbook: the table, and the notes on a second sheet", totals)
    let mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    let fileExtensions = ["xlsx"]
    let isText = false

    func encoder(
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
    /// Nil before the first row.
    var book: (workbook: Workbook, table: Sheet)?

    init(header: ExportHeader, hasTotals: Bool) {
      self.header = header
      self.hasTotals = hasTotals
      notes = NoteCollector(columns: header.columns)
      widths = header.columns.map { TerminalText.width(of: $0.title) + 2 }
    }

    mutating func begin(into bytes: inout [UInt8]) {}

    mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) throws {
      var (workbook, table) = try openBook()
      if table.rowCount + batch.count > Sheet.rowLimit {
        throw RowLimitExceeded(step: "xlsx", limit: Sheet.rowLimit - 1)
      }
      let styles = header.columns.map { Workbook.Style(column: $0) }
      notes.add(batch)
      for row in batch.indices { try write(batch.columns.map { $0[row] }, styles: styles, to: &table) }
      book = (workbook, table)
    }

    mutating func finish(
      notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]
    ) throws {
      var (workbook, table) = try openBook()
      if hasTotals {
        if table.rowCount + totals.count > Sheet.rowLimit {
          throw RowLimitExceeded(step: "xlsx", limit: Sheet.rowLimit - totals.count - 1)
        }
        notes.add(totals)
        let styles = header.columns.map { $0.kind == .decimal ? Workbook.Style.decimalTotal : .total }
        for total in totals { try write(total.row.cells.map(\.value), styles: styles, to: &table) }
      }
      table.freeze(rows: 1)
      for (column, width) in widths.enumerated() { table.setWidth(min(max(width, 8), 60), ofColumn: column) }
      var sheet = try workbook.addSheet("Notes")
      try NotesSheet(header: header, notes: notes.notes(tableNotes: tableNotes)).write(to: &sheet)
      bytes += try workbook.finish()
    }

    private func openBook() throws -> (workbook: Workbook, table: Sheet) {
      if let book { return book }
      if header.columns.count > Sheet.columnLimit {
        throw WorkbookError("holds at most \(Sheet.columnLimit) columns, and there are \(header.columns.count)")
      }
      let workbook = try Workbook(
        title: header.title, subject: header.report, comments: "Revision of the dataset: \(header.revision)")
      var table = try workbook.addSheet("Table")
      try table.write(header.columns.map { .text($0.title) }, styles: header.columns.map { _ in .header })
      return (workbook, table)
    }

    private mutating func write(_ row: [Cell.Value], styles: [Workbook.Style], to table: inout Sheet) throws {
      try table.write(row, styles: styles)
      for (index, value) in row.enumerated() {
        if case .missing = value { continue }
        widths[index] = max(widths[index], TerminalText.width(of: value.description) + 2)
      }
    }
  }
#endif
