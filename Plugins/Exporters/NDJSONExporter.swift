internal import JSON
package import ReportKit

/// One JSON object a line for each row, keyed by column name, with null for a missing value, and nothing else: what
/// readers of newline-delimited JSON expect.
///
/// With `metadata`, an object with `report`, `title`, `revision`, `parameters`, `where` and `columns` stands on a line
/// before the rows and one with `totals` and `notes` on a line after them. With that or `coverage`, a row with sums that tell
/// what they lack has a last member `@coverage` about them by column.
package struct NDJSONExporter: ExporterPlugin {
  package init() {}

  static let metadata = Parameter.boolean(
    "metadata", "A first line that describes the report, and a last one with totals and notes")

  static let coverage = Parameter.boolean(
    "coverage", "Tell in a member \"@coverage\" of a row what its sums lack; metadata implies it"
  ).quiet

  package let manifest = Manifest(name: "ndjson", summary: "One JSON object a line for each row", metadata, coverage)
  package let mediaType = "application/x-ndjson"
  package let fileExtensions = ["ndjson", "jsonl"]

  package func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    NDJSONEncoder(
      header: header, notes: arguments[Self.metadata] ? NoteCollector(columns: header.columns) : nil,
      hasCoverage: arguments[Self.metadata] || arguments[Self.coverage],
      rows: .json(columns: header.columns, end: "\n"))
  }
}

private struct NDJSONEncoder: TableEncoder {
  let header: ExportHeader
  /// Nil without metadata.
  var notes: NoteCollector?
  let hasCoverage: Bool
  var rows: BatchWriter

  mutating func begin(into bytes: inout [UInt8]) {
    guard notes != nil else { return }
    var line: JSONObject = [
      "report": .string(header.report), "title": .string(header.title), "revision": .string(header.revision),
    ]
    for (name, value) in header.requestJSON.members { line[name] = value }
    line["columns"] = .array(header.columns.map(\.json))
    JSONValue.object(line).write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) {
    notes?.add(batch)
    if hasCoverage {
      rows.writeJSON(batch, columns: header.columns, to: &bytes)
    } else {
      rows.write(batch.columns, count: batch.count, to: &bytes)
    }
  }

  mutating func finish(notes tableNotes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) {
    guard var notes else { return }
    notes.add(totals)
    bytes += "{\"totals\":".utf8
    writeJSON(totals, columns: header.columns, to: &bytes)
    bytes += ",\"notes\":".utf8
    JSONValue.array(notes.notes(tableNotes: tableNotes).map(\.json)).write(to: &bytes)
    bytes += "}\n".utf8
  }
}
