internal import Base
public import JSON

/// One line after the header: a row, and which of the rows that were read it comes from.
///
/// A row is an object keyed by column name, with null where there is no value. Further members begin with `@`:
///
/// - `@rows`: numbers of the rows read, from 0, that stand behind this one
/// - `@missing`: by column the `symbol`, the `label` and the `kind` of the reason why it is null; see `Missing.Kind`
/// - `@coverage`: by column `numbers`, `expected` and what is `lacking` of a sum, and `lower` and `upper` of an estimate
/// - `@notes`: by column a list of `kind` and `text`
public struct FrameRow: Hashable, Sendable {
  /// As many as there are columns.
  public var cells: [Cell]
  /// Numbers of the rows read, from 0, that stand behind this one; empty where nothing is said.
  public var sources: [Int]

  /// - Parameter sources: numbers of the rows read, from 0.
  public init(_ cells: [Cell], sources: [Int] = []) {
    self.cells = cells
    self.sources = sources
  }
}

/// What is wrong with a line of a frame, as the end of a sentence about it.
public struct FrameError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Without a full stop, and without the number of the line.
  public var description: String

  /// - Parameter description: what follows the number of the line, such as `it is not JSON`.
  public init(_ description: String) {
    self.description = description
  }

  static func parse(_ line: some Collection<UInt8>) throws(FrameError) -> JSONValue {
    do {
      return try JSONValue(parsing: line)
    } catch {
      throw FrameError("it is not JSON: \(error)")
    }
  }
}

extension FrameRow {
  /// Appends the row and a line feed.
  public func write(columns: [String], to bytes: inout [UInt8]) {
    writeObject(columns: columns, to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  func writeObject(columns: [String], to bytes: inout [UInt8]) {
    writeFrameObject(columns: columns, sources: sources, to: &bytes) { cells[$0] }
  }

  /// Reads a line as a row of these columns.
  public init(parsing line: some Collection<UInt8>, columns: [FrameColumn]) throws(FrameError) {
    try self.init(try FrameError.parse(line), columns: columns)
  }

  /// Reads an object as a row of these columns: each must be there, and none besides.
  public init(_ value: JSONValue, columns: [FrameColumn]) throws(FrameError) {
    guard let object = value.objectValue else { throw FrameError("it is not an object but \(value.article)") }
    let names = columns.map(\.name)
    let missing = object["@missing"]?.objectValue
    let coverage = object[coverageKey]?.objectValue
    let notes = object["@notes"]?.objectValue
    var cells: [Cell] = []
    var known = 0
    for column in columns {
      guard let value = object[column.name] else { throw FrameError("it lacks the column \"\(column.name)\"") }
      known += 1
      var cell = Cell(
        try Cell.Value(value, in: column, missing: missing?[column.name]),
        notes: try Note.list(notes?[column.name], of: column.name))
      if let told = coverage?[column.name] {
        (cell.coverage, cell.bounds) = try Coverage.read(told, of: column.name)
      }
      cells.append(cell)
    }
    var sources: [Int] = []
    if let rows = object["@rows"] {
      known += 1
      sources = try rowNumbers(rows)
    }
    let reserved = ["@rows", "@missing", coverageKey, "@notes"]
    for name in reserved.dropFirst() where object[name] != nil { known += 1 }
    if known < object.count {
      for name in object.names where !names.contains(name) && !reserved.contains(name) {
        throw FrameError("it has the unknown column \"\(name)\"\(didYouMean(name, among: names))")
      }
    }
    self.init(cells, sources: sources)
  }
}

extension Batch {
  /// Appends the row as a line of a frame.
  ///
  /// - Parameter number: by which the plugin may say that a row comes from this one; nil where it is not asked.
  public func writeFrameRow(_ row: Int, number: Int? = nil, columns: [String], to bytes: inout [UInt8]) {
    writeFrameObject(columns: columns, sources: number.map { [$0] } ?? [], to: &bytes) { cell(row, $0) }
    bytes.append(UInt8(ascii: "\n"))
  }
}

private func writeFrameObject(
  columns: [String], sources: [Int], to bytes: inout [UInt8], _ cell: (_ column: Int) -> Cell
) {
  bytes.append(UInt8(ascii: "{"))
  var missing = JSONObject()
  var notes = JSONObject()
  var hasCoverage = false
  for (index, name) in columns.enumerated() {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    writeJSON(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    let cell = cell(index)
    cell.value.writeJSON(to: &bytes)
    if cell.coverage != nil || cell.bounds != nil { hasCoverage = true }
    if case .missing(let reason?) = cell.value {
      missing[name] = [
        "symbol": .string(reason.symbol), "label": .string(reason.label), "kind": .string(reason.kind.rawValue),
      ]
    }
    if !cell.notes.isEmpty {
      notes[name] = .array(cell.notes.map { ["kind": .string($0.kind.rawValue), "text": .string($0.text)] })
    }
  }
  func write(_ value: JSONValue, as name: String) {
    if !columns.isEmpty { bytes.append(UInt8(ascii: ",")) }
    writeJSON(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    value.write(to: &bytes)
  }
  if !sources.isEmpty { write(.array(sources.map { .integer(Int64($0)) }), as: "@rows") }
  if !missing.isEmpty { write(.object(missing), as: "@missing") }
  if hasCoverage {
    CoverageWriter(columns: columns, quotesLongNumbers: true).writeMember(to: &bytes) { column in
      let cell = cell(column)
      return (cell.coverage, cell.bounds)
    }
  }
  if !notes.isEmpty { write(.object(notes), as: "@notes") }
  bytes.append(UInt8(ascii: "}"))
}

private func rowNumbers(_ value: JSONValue) throws(FrameError) -> [Int] {
  let error = FrameError("\"@rows\" is not a list of numbers of rows")
  guard let elements = value.arrayValue else { throw error }
  var numbers: [Int] = []
  for element in elements {
    guard let number = element.integerValue, number >= 0 else { throw error }
    numbers.append(Int(number))
  }
  return numbers
}

extension Cell.Value {
  fileprivate init(_ value: JSONValue, in column: FrameColumn, missing: JSONValue?) throws(FrameError) {
    switch (column.kind, value) {
    case (_, .null):
      self = .missing(try missing.flatMap { (reason) throws(FrameError) in try Missing(reason, of: column.name) })
    case (.text, .string(let text)): self = .text(text)
    case (.integer, .integer(let integer)): self = .integer(integer)
    case (.decimal, .integer), (.decimal, .double), (.decimal, .string):
      if let decimal = ExactDecimal(value) {
        self = .decimal(decimal)
      } else if case .double(let double) = value {
        throw FrameError(
          "the column \"\(column.name)\" wants a number with at most 15 digits, or its digits as a text, not \(double); round it"
        )
      } else {
        let text = String((value.stringValue ?? "").prefix(40))
        throw FrameError("the column \"\(column.name)\" wants a number, not the text \(text.debugDescription)")
      }
    case (.decimal, _): throw FrameError("the column \"\(column.name)\" wants a number or null, not \(value.article)")
    case (.text, _): throw FrameError("the column \"\(column.name)\" wants a text or null, not \(value.article)")
    case (.integer, _):
      throw FrameError("the column \"\(column.name)\" wants a whole number of 64 bits or null, not \(value.article)")
    }
  }
}

extension Missing {
  /// Nil where symbol or label lack; of no kind but the usual one where none is told.
  fileprivate init?(_ reason: JSONValue, of column: String) throws(FrameError) {
    guard let symbol = reason["symbol"]?.stringValue, let label = reason["label"]?.stringValue else { return nil }
    var kind = Kind.noNumber
    if let name = reason["kind"] {
      guard let known = name.stringValue.flatMap(Kind.init(rawValue:)) else {
        let kinds = Kind.allCases.map(\.rawValue)
        let told = name.stringValue.map { "\"\($0)\"" } ?? name.article
        throw FrameError(
          "\"@missing\" of \"\(column)\" has the unknown kind \(told); there are: \(kinds.joined(separator: ", "))")
      }
      kind = known
    }
    self.init(symbol: symbol, label: label, kind: kind)
  }
}

extension ExactDecimal {
  /// A number with at most 15 digits, or a text of any digits; nil for what is neither.
  init?(_ value: JSONValue) {
    switch value {
    case .integer(let integer): self.init(units: Int128(integer), scale: 0)
    case .double(let double): self.init(written: double)
    case .string(let text): self.init(text)
    default: return nil
    }
  }

  /// The digits that were written of a number: the shortest that give the same double, if they are at most 15. Of more
  /// digits, a double may not know the last ones.
  fileprivate init?(written double: Double) {
    let parts = "\(double)".split(separator: "e")
    guard let mantissa = parts.first.flatMap({ ExactDecimal(String($0)) }) else { return nil }
    var units = mantissa.units
    var scale = mantissa.scale - (parts.count == 2 ? Int(parts[1]) ?? 0 : 0)
    while scale < 0 {
      let (product, overflows) = units.multipliedReportingOverflow(by: 10)
      if overflows { return nil }
      units = product
      scale += 1
    }
    var significant = units.magnitude
    while significant.isMultiple(of: 10), significant > 0 { significant /= 10 }
    guard scale <= 18, significant < 1_000_000_000_000_000 else { return nil }
    self.init(units: units, scale: scale)
  }
}

extension Note {
  fileprivate static func list(_ value: JSONValue?, of column: String) throws(FrameError) -> [Note] {
    guard let value else { return [] }
    var notes: [Note] = []
    for element in value.arrayValue ?? [.null] {
      guard let kind = element["kind"]?.stringValue.flatMap(Kind.init(rawValue:)),
        let text = element["text"]?.stringValue
      else {
        let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw FrameError("\"@notes\" of \"\(column)\" wants a list of objects with \"text\" and \"kind\" (\(kinds))")
      }
      notes.append(Note(kind, text))
    }
    return notes
  }
}
