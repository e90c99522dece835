public import JSON

extension Column {
  /// `name`, `title`, `kind`, and `unit` and `description` where there are any.
  public var json: JSONValue { FrameColumn(self).json }
}

extension CitedNote {
  /// `kind`, `text` and `cells`, each with `row` (from 0) and `column`; and `missing`, the kind of absence, where that is
  /// another than having no number.
  public var json: JSONValue {
    var object: JSONObject = ["kind": .string(note.kind.rawValue), "text": .string(note.text)]
    if let told = missing, told != .noNumber { object["missing"] = .string(told.rawValue) }
    object["cells"] = .array(cells.map { ["row": .integer(Int64($0.row)), "column": .string($0.column)] })
    return .object(object)
  }
}

extension Cell.Value {
  /// Appends a number with all its digits, a text, or null.
  public func writeJSON(to bytes: inout [UInt8]) { ValueSpelling.json.write(self, to: &bytes) }
}

/// Writes rows that are not of a batch as `BatchWriter.json` writes those that are.
struct RowWriter: Sendable {
  /// Each column's name as a key, with what stands before it.
  private let keys: [[UInt8]]
  private let coverage: CoverageWriter?

  /// - Parameters:
  ///   - columns: those of the table, whose names become keys.
  ///   - hasCoverage: whether a row has a last member `@coverage` where a cell of it has any.
  init(columns: [Column], hasCoverage: Bool) {
    keys = Self.keys(of: columns)
    coverage = hasCoverage ? CoverageWriter(columns: columns.map(\.name)) : nil
  }

  static func keys(of columns: [Column]) -> [[UInt8]] {
    columns.enumerated().map { index, column in
      var key = [index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")]
      writeJSON(column.name, to: &key)
      key.append(UInt8(ascii: ":"))
      return key
    }
  }

  /// Appends a row, without a line feed.
  func write(_ row: Row, to bytes: inout [UInt8]) {
    if keys.isEmpty { bytes.append(UInt8(ascii: "{")) }
    for (index, key) in keys.enumerated() {
      bytes += key
      row[index].value.writeJSON(to: &bytes)
    }
    coverage?.writeMember(to: &bytes) { (row[$0].coverage, row[$0].bounds) }
    bytes.append(UInt8(ascii: "}"))
  }
}

/// Appends totals as a list of objects with `kind`, `title`, and `cells` like those of a row.
///
/// - Parameter hasCoverage: whether the cells tell their coverage, as those of rows that `BatchWriter.writeJSON` writes.
public func writeJSON(
  _ totals: [TotalRow], columns: [Column], hasCoverage: Bool = true, to bytes: inout [UInt8]
) {
  let writer = RowWriter(columns: columns, hasCoverage: hasCoverage)
  bytes.append(UInt8(ascii: "["))
  for (index, total) in totals.enumerated() {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    bytes += "{\"kind\":\"\(total.kind.rawValue)\",\"title\":".utf8
    writeJSON(total.title, to: &bytes)
    bytes += ",\"cells\":".utf8
    writer.write(total.row, to: &bytes)
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
        filter.map { ["dimension": .string($0.dimension), "codes": .array($0.codes.map { .string($0) })] }),
    ]
  }
}
