internal import Base
internal import JSON
package import ReportKit

/// Aligned text for a terminal: the title, the columns under their headings, a totals row, and the notes.
///
/// Numbers stand flush right, with the numbers of their caveats behind them.
package struct TableExporter: ExporterPlugin {
  /// More rows than this are refused: aligned columns are known only when all rows are.
  package static let rowLimit = 100_000

  package init() {}

  package let manifest = Manifest(
    name: "table", summary: "Aligned text for a terminal, with totals and notes", Thousands.parameter)
  package let mediaType = "text/plain; charset=utf-8"
  package let fileExtensions = ["txt"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    TextTableEncoder(header: header, thousands: arguments[Thousands.parameter])
  }
}

private struct TextTableEncoder: TableEncoder {
  let header: ExportHeader
  let thousands: Thousands
  var notes: NoteCollector
  var lines: [[TextCell]] = []
  var widths: [ColumnWidth]

  init(header: ExportHeader, thousands: Thousands) {
    self.header = header
    self.thousands = thousands
    notes = NoteCollector(columns: header.columns)
    widths = header.columns.map { ColumnWidth(heading: TerminalText.width(of: printable($0.title))) }
  }

  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) throws {
    if lines.count + batch.count > TableExporter.rowLimit {
      throw RowLimitExceeded(step: "table", limit: TableExporter.rowLimit)
    }
    notes.add(batch)
    for row in batch.rows { lines.append(textCells(row)) }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    notes.add(totals)
    let totalLines = totals.map { textCells($0.row) }
    write(printable(header.title) + "\n\n", to: &bytes)
    write(header.columns.map { TextCell(text: printable($0.title)) }, to: &bytes)
    writeRule(to: &bytes)
    for line in lines { write(line, to: &bytes) }
    if !totalLines.isEmpty { writeRule(to: &bytes) }
    for line in totalLines { write(line, to: &bytes) }
    write(noteLines(notes.notes(tableNotes: tableNotes)), to: &bytes)
  }

  private mutating func textCells(_ row: Row) -> [TextCell] {
    row.cells.enumerated().map { index, cell in
      let textCell = TextCell(
        text: printable(thousands.text(cell.value, in: header.columns[index])), caveats: notes.numbers(of: cell))
      widths[index].fit(textCell)
      return textCell
    }
  }

  private func write(_ line: [TextCell], to bytes: inout [UInt8]) {
    var text = ""
    for (index, cell) in line.enumerated() {
      if index > 0 { text += "  " }
      text += widths[index].pad(cell, isNumber: header.columns[index].kind.isNumber)
    }
    while text.last == " " { text.removeLast() }
    write(text + "\n", to: &bytes)
  }

  private func writeRule(to bytes: inout [UInt8]) {
    write(widths.map { String(repeating: "─", count: $0.total) }.joined(separator: "  ") + "\n", to: &bytes)
  }

  private func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: text.utf8)
  }

  private func noteLines(_ notes: [CitedNote]) -> String {
    if notes.isEmpty { return "" }
    var text = "\n"
    for cited in notes {
      let mark = cited.number.map { "[\($0)] " } ?? ""
      let indent = String(repeating: " ", count: mark.count)
      for (number, line) in TerminalText.wrapped(printable(cited.note.text), width: 100 - mark.count).enumerated() {
        text += (number == 0 ? mark : indent) + line + "\n"
      }
    }
    return text
  }
}

/// What is shown of a cell: its value, and behind it the numbers of its caveats.
private struct TextCell {
  var text: String
  var marks = ""

  init(text: String) {
    self.text = text
  }

  init(text: String, caveats: [Int]) {
    self.text = text
    marks = caveats.isEmpty ? "" : " [\(caveats.sorted().map(String.init).joined(separator: ","))]"
  }
}

private struct ColumnWidth {
  var text = 0
  var marks = 0
  let heading: Int

  init(heading: Int) {
    self.heading = heading
  }

  var total: Int { max(heading, text + marks) }

  mutating func fit(_ cell: TextCell) {
    text = max(text, TerminalText.width(of: cell.text))
    marks = max(marks, cell.marks.count)
  }

  func pad(_ cell: TextCell, isNumber: Bool) -> String {
    let marked = cell.marks + String(repeating: " ", count: max(0, marks - cell.marks.count))
    guard isNumber else {
      let used = TerminalText.width(of: cell.text) + cell.marks.count
      return cell.text + cell.marks + String(repeating: " ", count: max(0, total - used))
    }
    let content = TerminalText.width(of: cell.text) > text ? cell.text : cell.text + marked
    return String(repeating: " ", count: max(0, total - TerminalText.width(of: content))) + content
  }
}
