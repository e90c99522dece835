package import ReportKit

/// A GitHub Flavored Markdown document: the title, the table with its totals in bold, and the notes, to which numbers in
/// brackets refer.
package struct MarkdownExporter: ExporterPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "markdown", summary: "A GitHub Markdown table, with totals and notes", Thousands.parameter)
  package let mediaType = "text/markdown; charset=utf-8; variant=GFM"
  package let fileExtensions = ["md", "markdown"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    MarkdownEncoder(header: header, thousands: arguments[Thousands.parameter])
  }
}

private struct MarkdownEncoder: TableEncoder {
  let header: ExportHeader
  let thousands: Thousands
  var notes: NoteCollector

  init(header: ExportHeader, thousands: Thousands) {
    self.header = header
    self.thousands = thousands
    notes = NoteCollector(columns: header.columns)
  }

  mutating func begin(into bytes: inout [UInt8]) {
    bytes += "# \(markdownText(header.title))\n\n".utf8
    write(header.columns.map { markdownText($0.title) }, to: &bytes)
    write(header.columns.map { $0.kind.isNumber ? "---:" : ":---" }, to: &bytes)
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) {
    notes.add(batch)
    for row in batch.rows { write(texts(row), to: &bytes) }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    notes.add(totals)
    for total in totals { write(texts(total.row, isBold: true), to: &bytes) }
    let notes = notes.notes(tableNotes: tableNotes)
    let numbered = notes.filter { $0.number != nil }
    let others = notes.filter { $0.number == nil }
    writeList(numbered.map { "\($0.number ?? 0). \(markdownText($0.note.text, startsBlock: true))" }, to: &bytes)
    writeList(others.map { "- \(markdownText($0.note.text, startsBlock: true))" }, to: &bytes)
    bytes += "\nRevision of the dataset: \(markdownText(header.revision))\n".utf8
  }

  private func writeList(_ items: [String], to bytes: inout [UInt8]) {
    for (index, item) in items.enumerated() { bytes += "\(index == 0 ? "\n" : "")\(item)\n".utf8 }
  }

  private func write(_ fields: [String], to bytes: inout [UInt8]) {
    bytes += "| \(fields.joined(separator: " | ")) |\n".utf8
  }

  private func texts(_ row: Row, isBold: Bool = false) -> [String] {
    zip(header.columns, row.cells).map { text($1, in: $0, isBold: isBold) }
  }

  private func text(_ cell: Cell, in column: Column, isBold: Bool) -> String {
    let value =
      switch cell.value {
      case .integer, .decimal: thousands.text(cell.value, in: column)
      case .text, .missing: markdownText(cell.value.description)
      }
    let marks = notes.numbers(of: cell).map(String.init).joined(separator: ",")
    return (isBold && !value.isEmpty ? "**\(value)**" : value) + (marks.isEmpty ? "" : " \\[\(marks)\\]")
  }
}
