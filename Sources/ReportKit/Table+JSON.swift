public import JSON

extension Column {
  /// `name`, `title`, `kind`, and `unit` and `description` where there are any.
  public var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "title": .string(title), "kind": .string(kind.rawValue)]
    if let unit { object["unit"] = .string(unit) }
    if let summary { object["description"] = .string(summary) }
    return .object(object)
  }
}

extension CitedNote {
  /// `kind`, `text` and `cells`, each with `row` (from 0) and `column`.
  public var json: JSONValue {
    [
      "kind": .string(note.kind.rawValue), "text": .string(note.text),
      "cells": .array(cells.map { ["row": .integer(Int64($0.row)), "column": .string($0.column)] }),
    ]
  }
}

/// Appends a row as an object keyed by column name, with null for a missing value.
public func writeJSON(_ row: Row, columns: [Column], to bytes: inout [UInt8]) {
  bytes.append(UInt8(ascii: "{"))
  for index in 0..<min(columns.count, row.cells.count) {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    writeJSON(columns[index].name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    switch row[index].value {
    case .text(let text): writeJSON(text, to: &bytes)
    case .integer(let integer): writeJSON(integer, to: &bytes)
    case .decimal(let decimal): bytes += decimal.description.utf8
    case .missing: JSONValue.null.write(to: &bytes)
    }
  }
  bytes.append(UInt8(ascii: "}"))
}

extension TotalRow {
  /// `kind`, `title`, and `cells` by column name, each as it is shown, null where it is missing.
  public func json(columns: [Column]) -> JSONValue {
    let cells = zip(columns, row.cells).map { column, cell -> (String, JSONValue) in
      switch cell.value {
      case .integer(let integer): (column.name, .integer(integer))
      case .text, .decimal: (column.name, .string(cell.value.description))
      case .missing: (column.name, .null)
      }
    }
    return ["kind": .string(kind.rawValue), "title": .string(title), "cells": .object(JSONObject(cells))]
  }
}

/// Appends totals as a list of objects with `kind`, `title`, and `cells` like those of a row.
public func writeJSON(_ totals: [TotalRow], columns: [Column], to bytes: inout [UInt8]) {
  bytes.append(UInt8(ascii: "["))
  for (index, total) in totals.enumerated() {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    bytes += "{\"kind\":\"\(total.kind.rawValue)\",\"title\":".utf8
    writeJSON(total.title, to: &bytes)
    bytes += ",\"cells\":".utf8
    writeJSON(total.row, columns: columns, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }
  bytes.append(UInt8(ascii: "]"))
}

extension ExportHeader {
  /// `parameters` and `where`, as a reply and an export name what a result was asked for.
  public var requestJSON: JSONObject {
    [
      "parameters": .object(JSONObject(parameters.map { ($0.name, .string($0.value)) })),
      "where": .array(
        narrowing.map { ["dimension": .string($0.dimension), "codes": .array($0.codes.map { .string($0) })] }),
    ]
  }
}
