internal import JSON
package import ReportKit

/// One JSON document: `report`, `title`, `revision`, `parameters`, `where`, `columns`, `rows` as objects with missing as
/// null, `totals`, `notes`. A row with sums that tell what they lack has a last member `@coverage` about them by column.
///
/// Each row stands on a line of its own.
package struct JSONExporter: ExporterPlugin {
  package init() {}

  package let manifest = Manifest(name: "json", summary: "One JSON document with columns, rows, totals and notes")
  package let mediaType = "application/json"
  package let fileExtensions = ["json"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    JSONTableEncoder(header: header)
  }
}

private struct JSONTableEncoder: TableEncoder {
  let header: ExportHeader
  var notes: NoteCollector
  var rows: BatchWriter
  var isFirstBatch = true

  init(header: ExportHeader) {
    self.header = header
    notes = NoteCollector(columns: header.columns)
    rows = .json(columns: header.columns, between: ",\n")
  }

  mutating func begin(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{\"report\":".utf8)
    writeJSON(header.report, to: &bytes)
    bytes.append(contentsOf: ",\n\"title\":".utf8)
    writeJSON(header.title, to: &bytes)
    bytes.append(contentsOf: ",\n\"revision\":".utf8)
    writeJSON(header.revision, to: &bytes)
    for (name, value) in header.requestJSON.members {
      bytes += ",\n\"\(name)\":".utf8
      value.write(to: &bytes)
    }
    bytes.append(contentsOf: ",\n\"columns\":".utf8)
    JSONValue.array(header.columns.map(\.json)).write(to: &bytes)
    bytes.append(contentsOf: ",\n\"rows\":[".utf8)
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) {
    notes.add(batch)
    bytes += (isFirstBatch ? "\n" : ",\n").utf8
    isFirstBatch = false
    rows.writeJSON(batch, columns: header.columns, to: &bytes)
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    notes.add(totals)
    bytes.append(contentsOf: "],\n\"totals\":".utf8)
    writeJSON(totals, columns: header.columns, to: &bytes)
    bytes.append(contentsOf: ",\n\"notes\":".utf8)
    JSONValue.array(notes.notes(tableNotes: tableNotes).map(\.json)).write(to: &bytes)
    bytes.append(contentsOf: "}\n".utf8)
  }
}
