internal import ReportKit

/// The second sheet of a workbook: what the table is, and what a reader must know about its cells.
struct WorkbookNotes {
  /// How many cells a note names.
  private static let cellLimit = 500

  var header: ExportHeader
  var notes: [CitedNote]

  func sheet() throws -> WorkbookSheet {
    var sheet = WorkbookSheet(name: "Notes")
    let facts = [
      ("Title", header.title), ("Report", header.report), ("Dataset", header.dataset ?? ""),
      ("Revision of the dataset", header.revision),
    ]
    for (name, value) in facts where !value.isEmpty {
      try sheet.write([.text(name), .missing(nil), .text(value)], styles: [.plain, .plain, .wrapped])
    }
    for source in header.sources {
      try sheet.write([.text("Source"), .missing(nil), .text(source)], styles: [.plain, .plain, .wrapped])
    }
    try sheet.write([], styles: [])
    try sheet.write(
      ["Note", "Kind", "Text", "Cells of the table"].map { .text($0) }, styles: Array(repeating: .header, count: 4))
    for cited in notes {
      let number = cited.number.map { Cell.Value.integer(Int64($0)) } ?? .missing(nil)
      try sheet.write(
        [number, .text(cited.note.kind.rawValue), .text(cited.note.text), .text(references(cited.cells))],
        styles: [.integer, .plain, .wrapped, .wrapped])
    }
    sheet.widths = [24, 10, 80, 40]
    return sheet
  }

  /// Such as `D9, E9`; empty for the whole table.
  private func references(_ cells: [CitedNote.Place]) -> String {
    let columns = Dictionary(
      header.columns.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let references = cells.prefix(Self.cellLimit).compactMap { cell in
      columns[cell.column].map { cellReference(row: cell.row + 1, column: $0) }
    }
    let rest = cells.count - references.count
    return references.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
