internal import JSON
package import ReportKit

/// A Frictionless Data Package (version 2) as a zip archive: `datapackage.json` with the schema, the sources and the
/// revision, `data.csv`, `notes.csv` with one record for each note and cell, and `README.md`.
///
/// Each kind of missing number keeps its symbol in `data.csv` and is explained by the schema's `missingValues`.
package struct DataPackageExporter: ExporterPlugin {
  /// More bytes of data than this are refused: an archive is written when all of it is known.
  package static let byteLimit = 256 << 20

  package init() {}

  package let manifest = Manifest(
    name: "datapackage", summary: "A zipped Frictionless Data Package: data, schema, sources and notes",
    DelimitedText.formulas)
  package let mediaType = "application/zip"
  package let fileExtensions = ["zip"]
  package let isText = false

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    DataPackageEncoder(
      header: header, format: DelimitedText(escapesFormulas: arguments[DelimitedText.formulas] == .escape))
  }
}

private struct DataPackageEncoder: TableEncoder {
  let header: ExportHeader
  let format: DelimitedText
  var data: [UInt8] = []
  var notes: NoteCollector
  var missing: MissingValues
  var records: BatchWriter

  init(header: ExportHeader, format: DelimitedText) {
    self.header = header
    self.format = format
    notes = NoteCollector(columns: header.columns)
    missing = MissingValues(columnCount: header.columns.count)
    records = format.writer(columnCount: header.columns.count)
  }

  mutating func begin(into bytes: inout [UInt8]) {
    format.write(header.columns.map { .text($0.name) }, to: &data)
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) throws {
    notes.add(batch)
    let columns = batch.columns.enumerated().map { index, vector in
      header.columns[index].kind.isNumber ? missing.spelledOut(vector, column: index) : vector
    }
    records.write(columns, count: batch.count, to: &data)
    if data.count > DataPackageExporter.byteLimit { throw ArchiveTooLarge(limit: DataPackageExporter.byteLimit) }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    notes.add(totals)
    let notes = notes.notes(tableNotes: tableNotes)
    let noteRecords = noteRecords(notes)
    let descriptor = DataPackageDescriptor(
      header: header, notes: notes, totals: totals, missing: missing, dataSize: data.count, notesSize: noteRecords.count
    )
    var archive = ZipArchive()
    archive.add("datapackage.json", .stored(descriptor.json))
    archive.add("data.csv", .stored(data))
    archive.add("notes.csv", .stored(noteRecords))
    archive.add("README.md", .stored(readMe(notes)))
    bytes += archive.finished()
  }

  private func noteRecords(_ notes: [CitedNote]) -> [UInt8] {
    var bytes: [UInt8] = []
    format.write(DataPackageDescriptor.noteFields.map { .text($0.name) }, to: &bytes)
    for cited in notes {
      let note: [Cell.Value] = [
        cited.number.map { .integer(Int64($0)) } ?? .missing(nil), .text(cited.note.kind.rawValue),
        .text(cited.note.text),
      ]
      if cited.cells.isEmpty { format.write(note + [.missing(nil), .missing(nil)], to: &bytes) }
      for cell in cited.cells { format.write(note + [.integer(Int64(cell.row + 1)), .text(cell.column)], to: &bytes) }
    }
    return bytes
  }

  private func readMe(_ notes: [CitedNote]) -> [UInt8] {
    var text = "# \(markdownText(header.title))\n\n"
    if let dataset = header.dataset { text += "From: \(markdownText(dataset))\n\n" }
    text += "Revision of the dataset: \(markdownText(header.revision))\n\n"
    text += "`data.csv` has the numbers, `notes.csv` what a reader must know about them, by record and column. "
    text += "`datapackage.json` describes both (https://datapackage.org).\n"
    if format.escapesFormulas {
      text += "\nText that a spreadsheet could take for a formula has an apostrophe before it.\n"
    }
    for (index, cited) in notes.enumerated() {
      text += "\(index == 0 ? "\n## Notes\n\n" : "")- \(markdownText(cited.note.text, startsBlock: true))\n"
    }
    return Array(text.utf8)
  }
}

/// An archive would hold more than it may.
struct ArchiveTooLarge: Error, CustomStringConvertible {
  var limit: Int

  var description: String { "datapackage holds at most \(limit) bytes of data, and there are more" }
}
