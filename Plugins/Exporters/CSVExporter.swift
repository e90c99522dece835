package import ReportKit

/// Separated values as RFC 4180 describes them, but with LF line ends: a header with the columns' names, then the rows.
/// A missing value is an empty field, an empty text a quoted one.
///
/// Text that a spreadsheet could compute gets an apostrophe unless `formulas` is `keep`. With `notes`, a last column of
/// that name has what a reader of the row must know.
package struct CSVExporter: ExporterPlugin {
  package init() {}

  static let delimiter = Parameter.choice("delimiter", "What stands between two values", default: Delimiter.comma)
  static let byteOrderMark = Parameter.boolean(
    "bom", "Begin with a byte order mark, by which Excel knows UTF-8")
  static let notes = Parameter.boolean(
    "notes", "End each row with its caveats and the reasons for its missing values")
  static let totals = Parameter.boolean("totals", "End with the rows of totals, as if they were further rows")

  package let manifest = Manifest(
    name: "csv", summary: "Comma-separated values with a header (RFC 4180)",
    delimiter, byteOrderMark, notes, totals, DelimitedText.formulas)
  package let mediaType = "text/csv; charset=utf-8; header=present"
  package let fileExtensions = ["csv"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    let hasNotes = arguments[Self.notes]
    if hasNotes, header.columns.contains(where: { $0.name == Self.notes.declaration.name }) {
      throw ParameterError(
        parameter: "notes", message: "csv cannot add a column \"notes\" to \(header.report), which has one")
    }
    return CSVEncoder(
      columns: header.columns,
      format: DelimitedText(
        delimiter: arguments[Self.delimiter].byte, escapesFormulas: arguments[DelimitedText.formulas] == .escape),
      hasByteOrderMark: arguments[Self.byteOrderMark], hasNotes: hasNotes, hasTotals: arguments[Self.totals])
  }

  enum Delimiter: String, CaseIterable {
    case comma, semicolon, tab, pipe

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      case .pipe: UInt8(ascii: "|")
      }
    }
  }
}

private struct CSVEncoder: TableEncoder {
  let columns: [Column]
  let format: DelimitedText
  let hasByteOrderMark: Bool
  let hasNotes: Bool
  let hasTotals: Bool
  var writer: BatchWriter

  init(columns: [Column], format: DelimitedText, hasByteOrderMark: Bool, hasNotes: Bool, hasTotals: Bool) {
    self.columns = columns
    self.format = format
    self.hasByteOrderMark = hasByteOrderMark
    self.hasNotes = hasNotes
    self.hasTotals = hasTotals
    writer = format.writer(columnCount: columns.count + (hasNotes ? 1 : 0))
  }

  mutating func begin(into bytes: inout [UInt8]) {
    if hasByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
    format.write(columns.map { .text($0.name) } + (hasNotes ? [.text("notes")] : []), to: &bytes)
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) {
    let last = hasNotes ? [ColumnVector.mixed(batch.indices.map { notes(on: batch, $0) })] : []
    writer.write(batch.columns + last, count: batch.count, to: &bytes)
  }

  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    if hasTotals { encode(Batch(totals.map(\.row), columns: columns), into: &bytes) }
  }

  /// Such as `released, total: Five more are counted elsewhere | handed_over: – (none printed)`.
  private func notes(on batch: Batch, _ row: Int) -> Cell.Value {
    var texts: [String] = []
    var columnsOfText: [String: [String]] = [:]
    for (index, column) in columns.enumerated() {
      for text in remarks(batch.value(row, index), batch.notes(row, index)) {
        if columnsOfText[text] == nil { texts.append(text) }
        columnsOfText[text, default: []].append(column.name)
      }
    }
    if texts.isEmpty { return .missing(nil) }
    return .text(
      texts.map { "\(columnsOfText[$0, default: []].joined(separator: ", ")): \($0)" }.joined(separator: " | "))
  }

  private func remarks(_ value: Cell.Value, _ notes: [Note]) -> [String] {
    if case .missing(let reason?) = value { return notes.map(\.text) + ["\(reason.symbol) (\(reason.label))"] }
    return notes.map(\.text)
  }
}
