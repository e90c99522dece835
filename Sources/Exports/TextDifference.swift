internal import Base
internal import JSON
internal import ReportKit

extension TableDifference {
  /// Compares the text of a file with what it should be: cell by cell where it is comma-separated values, line by line
  /// otherwise.
  ///
  /// Throws only `CancellationError`.
  mutating func compare(text: String, with expected: String, mediaType: String, record: TableRecord) throws {
    if mediaType.hasPrefix("text/csv"), let wanted = DelimitedTable(expected, columns: record.columns),
      let found = DelimitedTable(text, delimiter: wanted.delimiter, columns: record.columns)
    {
      try compare(wanted.record, found.record)
      if total > 0 { return }
    }
    let (wanted, lines) = (Line.lines(of: expected), Line.lines(of: text))
    if zip(wanted, lines).contains(where: { $0.hasReturn != $1.hasReturn }) { add("the line ends differ") }
    for (index, (line, other)) in zip(wanted, lines).enumerated() where !line.text.elementsEqual(other.text) {
      add("line \(index + 1): \(line.excerpt) -> \(other.excerpt)")
    }
    if lines.count != wanted.count { add("\(wanted.count) lines -> \(lines.count) lines") }
  }
}

/// A line by its bytes: CR LF is a single character of a String.
private struct Line {
  var text: Substring.UTF8View
  /// Whether CR stands before its LF.
  var hasReturn: Bool

  static func lines(of text: String) -> [Line] {
    text[...].utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      let hasReturn = line.last == UInt8(ascii: "\r")
      return Line(text: hasReturn ? line.dropLast() : line, hasReturn: hasReturn)
    }
  }

  var excerpt: String {
    let line = Substring(text)
    return String(line.prefix(120)).debugDescription + (line.count > 120 ? "…" : "")
  }
}

/// Comma-separated values (RFC 4180) with a line of names, read as the table that they show.
private struct DelimitedTable {
  let delimiter: UInt8
  let record: TableRecord

  /// More columns than any table has; beyond that it is no table that was written here.
  private static let columnLimit = 4096

  /// Nil for what is no table, or one with columns of the same name.
  ///
  /// - Parameter delimiter: nil for the byte behind the first column's name.
  init?(_ text: String, delimiter: UInt8? = nil, columns: [TableRecord.Column]) {
    let mark = "\u{FEFF}".utf8
    let text = text.utf8.starts(with: mark) ? text.utf8.dropFirst(mark.count) : text.utf8[...]
    guard let first = columns.first?.name.utf8 else { return nil }
    let fallback = text.starts(with: first) ? text.dropFirst(first.count).first : nil
    guard let delimiter = delimiter ?? (columns.count == 1 ? UInt8(ascii: ",") : fallback) else { return nil }
    var rows = fields(of: Array(text), delimiter)
    guard let header = rows.first else { return nil }
    rows.removeFirst()
    self.delimiter = delimiter
    guard header.count <= Self.columnLimit, Set(header.map { ExactText($0) }).count == header.count else { return nil }
    let known = Dictionary(columns.map { (ExactText($0.name), $0) }, uniquingKeysWith: { first, _ in first })
    let read = header.map { name in
      known[ExactText(name)] ?? TableRecord.Column(name: name, kind: Column.Kind.text.rawValue)
    }
    record = TableRecord(
      columns: read, cells: rows.map { row in zip(read, row).map { cell($1, of: $0) } }, totals: [], notes: [])
  }
}

/// What is no number where there should be one is shown as it is.
private func cell(_ text: String, of column: TableRecord.Column) -> JSONValue {
  if column.isText { return .string(text) }
  if let integer = Int64(text) { return .integer(integer) }
  return Double(text) != nil ? .string(text) : text.isEmpty ? .null : ["text": .string(text)]
}

/// By bytes, as they were written: to a String, a mark behind a quote makes another character of it.
private func fields(of text: [UInt8], _ delimiter: UInt8) -> [[String]] {
  let (quote, lineFeed) = (UInt8(ascii: "\""), UInt8(ascii: "\n"))
  var rows: [[String]] = []
  var row: [String] = []
  var field: [UInt8] = []
  var isQuoted = false
  var isEmpty = true
  var rest = text[...]
  func fieldText() -> String { String(decoding: field, as: UTF8.self) }
  while let byte = rest.popFirst() {
    isEmpty = false
    switch byte {
    case quote where isQuoted && rest.first == quote:
      field.append(quote)
      rest.removeFirst()
    case quote where isQuoted || field.isEmpty: isQuoted.toggle()
    case delimiter where !isQuoted:
      row.append(fieldText())
      field = []
    case UInt8(ascii: "\r") where !isQuoted && rest.first == lineFeed: break
    case lineFeed where !isQuoted:
      rows.append(row + [fieldText()])
      (row, field, isEmpty) = ([], [], true)
    default: field.append(byte)
    }
  }
  return isEmpty ? rows : rows + [row + [fieldText()]]
}
