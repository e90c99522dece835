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
  for (index, (column, cell)) in zip(columns, row.cells).enumerated() {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    writeJSON(column.name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    switch cell.value {
    case .text(let text): writeJSON(text, to: &bytes)
    case .integer(let integer): writeJSON(integer, to: &bytes)
    case .missing: JSONValue.null.write(to: &bytes)
    }
  }
  bytes.append(UInt8(ascii: "}"))
}
