import Base
package import ReportKit

/// Separated values as RFC 4180 describes them, but with LF line ends: a header with the columns' names, then the rows.
/// A missing value is an empty field, an empty text a quoted one.
///
/// Text that a spreadsheet could compute gets an apostrophe unless `formulas` is `keep`. With `notes`, a last column of
/// that name has what a reader of the row must know; with `coverage`, there are two more columns for each column of numbers,
/// such as `persons_numbers` and `persons_expected`: how many numbers a sum has, of how many; empty for a single number.
package struct CSVExporter: ExporterPlugin {
  package init() {}

  static let delimiter = Parameter.choice("delimiter", "What stands between two values", default: Delimiter.comma)
  static let byteOrderMark = Parameter.boolean(
    "bom", "Begin with a byte order mark, by which Excel knows UTF-8")
  static let notes = Parameter.boolean(
    "notes", "End each row with its caveats and the reasons for its missing values")
  static let coverage = Parameter.boolean(
    "coverage", "Add for each column of numbers two more: how many numbers a sum has, and how many it should have"
  ).quiet
  static let totals = Parameter.boolean("totals", "End with the rows of totals, as if they were further rows")

  package let manifest = Manifest(
    name: "csv", summary: "Comma-separated values with a header (RFC 4180)",
    delimiter, byteOrderMark, notes, coverage, totals, DelimitedText.formulas)
  package let mediaType = "text/csv; charset=utf-8; header=present"
  package let fileExtensions = ["csv"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    let encoder = CSVEncoder(
      columns: header.columns,
      format: DelimitedText(
        delimiter: arguments[Self.delimiter].byte, escapesFormulas: arguments[DelimitedText.formulas] == .escape),
      hasByteOrderMark: arguments[Self.byteOrderMark], hasNotes: arguments[Self.notes],
      hasCoverage: arguments[Self.coverage], hasTotals: arguments[Self.totals])
    for added in encoder.added where header.columns.contains(where: { $0.name == added.name }) {
      throw ParameterError(
        parameter: added.parameter,
        message: "csv cannot add a column \"\(added.name)\" to \(header.report), which has one")
    }
    return encoder
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
  /// Those of which coverage is told.
  let covered: [Int]
  let hasTotals: Bool
  var writer: BatchWriter

  init(
    columns: [Column], format: DelimitedText, hasByteOrderMark: Bool, hasNotes: Bool, hasCoverage: Bool, hasTotals: Bool
  ) {
    self.columns = columns
    self.format = format
    self.hasByteOrderMark = hasByteOrderMark
    self.hasNotes = hasNotes
    covered = hasCoverage ? columns.indices.filter { columns[$0].kind.isNumber && columns[$0].time != .periods } : []
    self.hasTotals = hasTotals
    writer = format.writer(columnCount: columns.count + 2 * covered.count + (hasNotes ? 1 : 0))
  }

  /// The columns behind those of the table, each with the parameter that asks for it.
  var added: [(name: String, parameter: String)] {
    covered.flatMap { index in ["numbers", "expected"].map { ("\(columns[index].name)_\($0)", "coverage") } }
      + (hasNotes ? [("notes", "notes")] : [])
  }

  mutating func begin(into bytes: inout [UInt8]) {
    if hasByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
    format.write((columns.map(\.name) + added.map(\.name)).map { .text($0) }, to: &bytes)
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) {
    var vectors = batch.columns
    for column in covered {
      vectors.append(count(\.numbers, of: batch, column))
      vectors.append(count(\.expected, of: batch, column))
    }
    if hasNotes { vectors.append(.mixed(batch.indices.map { notes(on: batch, $0) })) }
    writer.write(vectors, count: batch.count, to: &bytes)
  }

  private func count(_ count: KeyPath<Coverage, Int>, of batch: Batch, _ column: Int) -> ColumnVector {
    .mixed(
      batch.indices.map { row in
        batch.annotations[row, column]?.coverage.map { .integer(Int64($0[keyPath: count])) } ?? .missing(nil)
      })
  }

  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    if hasTotals { encode(Batch(totals.map(\.row), columns: columns), into: &bytes) }
  }

  /// Such as `released, total: Five more are counted elsewhere | handed_over: – (none printed)`.
  private func notes(on batch: Batch, _ row: Int) -> Cell.Value {
    var texts: [String] = []
    var columnsOfText: [ExactText: [String]] = [:]
    for (index, column) in columns.enumerated() {
      for text in remarks(batch.value(row, index), batch.remarks(row, index)) {
        if columnsOfText[ExactText(text)] == nil { texts.append(text) }
        columnsOfText[ExactText(text), default: []].append(column.name)
      }
    }
    if texts.isEmpty { return .missing(nil) }
    return .text(
      texts.map { "\(columnsOfText[ExactText($0), default: []].joined(separator: ", ")): \($0)" }.joined(
        separator: " | "))
  }

  private func remarks(_ value: Cell.Value, _ notes: [Note]) -> [String] {
    if case .missing(let reason?) = value { return notes.map(\.text) + ["\(reason.symbol) (\(reason.meaning))"] }
    return notes.map(\.text)
  }
}
