internal import JSON
internal import ReportKit

/// The `datapackage.json` of an exported table.
struct DataPackageDescriptor {
  /// The columns of `notes.csv`.
  static let noteFields: [(name: String, type: String, description: String)] = [
    ("number", "integer", "The number of the note; missing for one that explains a symbol or is about the whole table"),
    ("kind", "string", "caveat, missing, scope, discrepancy or coverage"),
    ("text", "string", "The note"),
    (
      "row", "integer",
      "The record of data.csv that it is about, from 1; those beyond its end are totals; missing for the whole table"
    ),
    ("column", "string", "The field of data.csv that it is about; missing for the whole table"),
  ]

  var header: ExportHeader
  var notes: [CitedNote]
  var totals: [TotalRow]
  var missing: MissingValues
  /// In bytes.
  var dataSize: Int
  var notesSize: Int

  var json: [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in members.members {
      bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
      writeJSON(name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      value.write(to: &bytes)
    }
    bytes += ",\"totals\":".utf8
    writeJSON(totals, columns: header.columns, to: &bytes)
    bytes += ",\"notes\":".utf8
    JSONValue.array(notes.map(\.json)).write(to: &bytes)
    bytes += "}\n".utf8
    return bytes
  }

  /// Those before `totals` and `notes`.
  private var members: JSONObject {
    [
      "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
      "name": .string(packageName),
      "title": .string(header.title),
      "revision": .string(header.revision),
      "sources": .array(sources),
      "resources": [
        resource("data", path: "data.csv", title: header.title, size: dataSize, fields: dataFields),
        resource("notes", path: "notes.csv", title: "Notes", size: notesSize, fields: noteFields),
      ],
      "parameters": header.requestJSON["parameters"] ?? .null,
      "where": header.requestJSON["where"] ?? .null,
    ]
  }

  /// What the specification allows in a name: lower-case letters, digits, `.`, `_` and `-`.
  private var packageName: String {
    String(
      header.report.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
  }

  private var sources: [JSONValue] {
    let dataset = header.dataset ?? header.report
    return [["title": .string(dataset), "version": .string(header.revision)]]
      + header.sources.map { ["title": .string($0)] }
  }

  private func resource(
    _ name: String, path: String, title: String, size: Int, fields: [JSONValue]
  ) -> JSONValue {
    [
      "name": .string(name), "type": "table", "path": .string(path), "title": .string(title), "format": "csv",
      "mediatype": "text/csv", "encoding": "utf-8", "bytes": .integer(Int64(size)),
      "schema": ["$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": .array(fields)],
    ]
  }

  private var dataFields: [JSONValue] {
    header.columns.enumerated().map { index, column in
      var field: JSONObject = [
        "name": .string(column.name), "type": .string(column.tableSchemaType),
        "title": .string(column.title),
      ]
      if let summary = column.summary { field["description"] = .string(summary) }
      if let unit = column.unit { field["unit"] = .string(unit) }
      if column.kind.isNumber { field["missingValues"] = missing.json(ofColumn: index) }
      return .object(field)
    }
  }

  private var noteFields: [JSONValue] {
    Self.noteFields.map {
      ["name": .string($0.name), "type": .string($0.type), "description": .string($0.description)]
    }
  }
}

extension Column {
  fileprivate var tableSchemaType: String {
    switch kind {
    case .text: "string"
    case .integer: "integer"
    case .decimal: "number"
    }
  }
}
