internal import JSON
internal import ReportKit

extension TableDifference {
  /// Compares the text of a file with what it should be: cell by cell where it is comma-separated values, line by line
  /// otherwise.
  mutating func compare(text: String, with expected: String, mediaType: String, record: TableRecord) {
    if mediaType.hasPrefix("text/csv"), let wanted = DelimitedTable(expected, columns: record.columns),
      let found = DelimitedTable(text, delimiter: wanted.delimiter, columns: record.columns)
    {
      compare(wanted.record, found.record)
      if total > 0 { return }
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, (line, other)) in zip(wanted, lines).enumerated() where line != other {
      add("line \(index + 1): \(excerpt(line)) -> \(excerpt(other))")
    }
    if lines.count != wanted.count { add("\(wanted.count) lines -> \(lines.count) lines") }
  }
}

private func excerpt(_ line: Substring) -> String {
  String(line.prefix(120)).debugDescription + (line.count > 120 ? "…" : "")
}

/// Comma-separated values (RFC 4180) with a line of names, read as the table that they show.
private struct DelimitedTable {
  let delimiter: Character
  let record: TableRecord

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
    let read = header.map { name in
      columns.first { $0.name == name } ?? TableRecord.Column(name: name, kind: Column.Kind.text.rawValue)
    }
    record = TableRecord(
      columns: read, cells: rows.map { row in zip(read, row).map { cell($1, of: $0) } }, totals: [], notes: [])
  }
}

/// What is no number where there should be one stands for a missing value.
private func cell(_ text: String, of column: TableRecord.Column) -> JSONValue {
  if column.isText { return .string(text) }
  if let integer = Int64(text) { return .integer(integer) }
  return Double(text) != nil ? .string(text) : text.isEmpty ? .null : ["missing": .string(text)]
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
