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
  let delimiter: Character
  let record: TableRecord

  /// More columns than any table has; beyond that it is no table that was written here.
  private static let columnLimit = 4096

  /// Nil for what is no table, or one with columns of the same name.
  ///
  /// - Parameter delimiter: nil for the character behind the first column's name.
  init?(_ text: String, delimiter: Character? = nil, columns: [TableRecord.Column]) {
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    guard let first = columns.first?.name else { return nil }
    let fallback = text.hasPrefix(first) ? text.dropFirst(first.count).first : nil
    guard let delimiter = delimiter ?? (columns.count == 1 ? "," : fallback) else { return nil }
    var rows = fields(of: text, delimiter)
    guard let header = rows.first else { return nil }
    rows.removeFirst()
    self.delimiter = delimiter
    guard header.count <= Self.columnLimit, Set(header).count == header.count else { return nil }
    let known = Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let read = header.map { name in
      known[name] ?? TableRecord.Column(name: name, kind: Column.Kind.text.rawValue)
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

private func fields(of text: Substring, _ delimiter: Character) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var field = ""
  var isQuoted = false
  var isEmpty = true
  var rest = text[...]
  while let character = rest.popFirst() {
    isEmpty = false
    switch character {
    case "\"" where isQuoted && rest.first == "\"":
      field.append("\"")
      rest.removeFirst()
    case "\"" where isQuoted || field.isEmpty: isQuoted.toggle()
    case delimiter where !isQuoted:
      row.append(field)
      field = ""
    case "\n" where !isQuoted, "\r\n" where !isQuoted:
      rows.append(row + [field])
      (row, field, isEmpty) = ([], "", true)
    default: field.append(character)
    }
  }
  return isEmpty ? rows : rows + [row + [field]]
}
