public import ReportKit

/// Separated values as RFC 4180 describes them, but with LF line ends: a header with the columns' names, then the rows.
/// A missing value is an empty field, an empty text a quoted one.
///
/// Text that a spreadsheet could compute gets an apostrophe unless `formulas` is `keep`. With `notes`, a last column of
/// that name has what a reader of the row must know.
public struct CSVExporter: ExporterPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "csv", summary: "Comma-separated values with a header (RFC 4180)",
    parameters: [
      Parameter(
        name: "delimiter", summary: "What stands between two values", kind: .choice(delimiters.map(\.name)),
        default: .value(.text("comma"))),
      Parameter(
        name: "bom", summary: "Begin with a byte order mark, by which Excel knows UTF-8", kind: .boolean,
        default: .value(.boolean(false))),
      Parameter(
        name: "notes", summary: "End each row with its caveats and the reasons for its missing values", kind: .boolean,
        default: .value(.boolean(false))),
      Parameter(
        name: "totals", summary: "End with the rows of totals, as if they were further rows", kind: .boolean,
        default: .value(.boolean(false))),
      .formulas,
    ])
  public let mediaType = "text/csv; charset=utf-8; header=present"
  public let fileExtensions = ["csv"]

  public func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    let hasNotes = arguments[boolean: "notes"] ?? false
    if hasNotes, header.columns.contains(where: { $0.name == "notes" }) {
      throw ParameterError(
        parameter: "notes", message: "csv cannot add a column \"notes\" to \(header.report), which has one")
    }
    return CSVEncoder(
      columns: header.columns,
      format: DelimitedText(
        delimiter: delimiters.first { $0.name == arguments[text: "delimiter"] }?.byte ?? UInt8(ascii: ","),
        escapesFormulas: arguments[text: "formulas"] != "keep"),
      hasByteOrderMark: arguments[boolean: "bom"] ?? false, hasNotes: hasNotes,
      hasTotals: arguments[boolean: "totals"] ?? false)
  }
}

private let delimiters = [
  (name: "comma", byte: UInt8(ascii: ",")), (name: "semicolon", byte: UInt8(ascii: ";")),
  (name: "tab", byte: UInt8(ascii: "\t")), (name: "pipe", byte: UInt8(ascii: "|")),
]

private struct CSVEncoder: TableEncoder {
  let columns: [Column]
  let format: DelimitedText
  let hasByteOrderMark: Bool
  let hasNotes: Bool
  let hasTotals: Bool

  mutating func begin(into bytes: inout [UInt8]) {
    if hasByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
    format.write(columns.map { .text($0.name) } + (hasNotes ? [.text("notes")] : []), to: &bytes)
  }

  mutating func encode(_ rows: [Row], into bytes: inout [UInt8]) {
    for row in rows { format.write(cells: row.cells, last: hasNotes ? notes(on: row) : nil, to: &bytes) }
  }

  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    if hasTotals { encode(totals.map(\.row), into: &bytes) }
  }

  /// Such as `released, total: Five more are counted elsewhere | handed_over: – (none printed)`.
  private func notes(on row: Row) -> Cell.Value {
    var texts: [String] = []
    var columnsOfText: [String: [String]] = [:]
    for (column, cell) in zip(columns, row.cells) {
      for text in cell.remarks {
        if columnsOfText[text] == nil { texts.append(text) }
        columnsOfText[text, default: []].append(column.name)
      }
    }
    if texts.isEmpty { return .missing(nil) }
    return .text(
      texts.map { "\(columnsOfText[$0, default: []].joined(separator: ", ")): \($0)" }.joined(separator: " | "))
  }
}

extension Cell {
  fileprivate var remarks: [String] {
    if case .missing(let reason?) = value { return notes.map(\.text) + ["\(reason.symbol) (\(reason.label))"] }
    return notes.map(\.text)
  }
}
