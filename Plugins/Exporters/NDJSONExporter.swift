internal import JSON
public import ReportKit

/// One JSON object a line for each row, keyed by column name, with null for a missing value, and nothing else: what
/// readers of newline-delimited JSON expect.
///
/// With `metadata`, an object with `report`, `title`, `revision`, `parameters`, `where` and `columns` stands on a line
/// before the rows and one with `totals` and `notes` on a line after them.
public struct NDJSONExporter: ExporterPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "ndjson", summary: "One JSON object a line for each row",
    parameters: [
      Parameter(
        name: "metadata", summary: "A first line that describes the report, and a last one with totals and notes",
        kind: .boolean, default: .value(.boolean(false)))
    ])
  public let mediaType = "application/x-ndjson"
  public let fileExtensions = ["ndjson", "jsonl"]

  public func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    let hasMetadata = arguments[boolean: "metadata"] ?? false
    return NDJSONEncoder(header: header, notes: hasMetadata ? NoteCollector(columns: header.columns) : nil)
  }
}

private struct NDJSONEncoder: TableEncoder {
  let header: ExportHeader
  /// Nil without metadata.
  var notes: NoteCollector?

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

  mutating func encode(_ rows: [Row], into bytes: inout [UInt8]) {
    notes?.add(rows)
    for row in rows {
      writeJSON(row, columns: header.columns, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
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
