internal import Base
internal import TabularPackage
internal import TestSupport

extension FuzzEntry {
  /// A table is read the same however it is cut and on however many threads. What is right is what a plain reader of
  /// comma-separated values reads.
  ///
  /// The first byte chooses a schema, a dialect and whether a header is put before the rest, the second how it is cut.
  static let table = FuzzEntry(name: "table") { bytes throws(FuzzFinding) in
    guard let choice = bytes.first, let cut = bytes.dropFirst().first else { return }
    let (delimiter, quote): (Character, Character) = choice & 4 == 0 ? (",", "\"") : (";", "'")
    let schema = schemas[Int(choice >> 4) % schemas.count]
    let hasHeader = choice & 3 != 3
    var csv: [UInt8] = choice & 8 == 0 ? [] : [0xEF, 0xBB, 0xBF]
    if choice & 3 == 0 { csv += (schema.fields.map(\.name).joined(separator: String(delimiter)) + "\n").utf8 }
    csv += bytes.dropFirst(2)

    let descriptor = schema.descriptor(delimiter: delimiter, quote: quote, hasHeader: hasHeader)
    guard let folder = try? TemporaryFolder(), (try? folder.write(csv, to: "t.csv")) != nil,
      (try? folder.write("id;name\na;Ä\nb;\nc;C\n", to: "words.csv")) != nil
    else { return }
    var problems = ProblemList()
    let path = "\(folder.path)/datapackage.json"
    guard let package = PackageDescriptor.read(path, contents: Array(descriptor.utf8), into: &problems),
      problems.isEmpty
    else { throw FuzzFinding(description: "the descriptor is wrong: \(problems)") }

    let whole = try Reading(package, schema, threads: 1, chunkSize: 1 << 16)
    // Threads take most of the time, and one cut in four is enough of them.
    for (threads, chunkSize) in [(1, 1 + Int(cut) % 97), (cut % 4 == 0 ? 3 : 1, 1 + Int(cut / 4))] {
      let other = try Reading(package, schema, threads: threads, chunkSize: chunkSize)
      if other == whole { continue }
      throw FuzzFinding(
        description: "chunks of \(chunkSize) bytes on \(threads) threads: \(whole.difference(from: other))")
    }
    guard whole.problems.isEmpty, let texts = whole.texts else { return }
    var plain = plainRecords(csv, delimiter: delimiter.asciiValue ?? 0, quote: quote.asciiValue ?? 0)
    if hasHeader { plain.removeFirst() }
    try require(texts == plain, "a plain reader reads \(plain.count) rows, not \(texts.count), or others")
  }
}

/// What was read of a table, and what was found wrong.
private struct Reading: Equatable {
  var problems: [String]
  /// Of the data rows, what stands in the file; nil where no table was read.
  var texts: [[String]]?
  /// What was kept of the rows beside their texts.
  var values: [String] = []

  init(_ package: PackageDescriptor, _ schema: FuzzSchema, threads: Int, chunkSize: Int) throws(FuzzFinding) {
    var problems = ProblemList()
    let loaded = package.loadTables(
      requests: ["t": schema.request], threads: threads, chunkSize: chunkSize, into: &problems)
    self.problems = problems.problems.map(\.description) + (problems.isEmpty ? [] : ["\(problems.total) in all"])
    guard let table = loaded.tables["t"] else {
      try require(!problems.isEmpty, "there is neither a table nor a problem")
      return
    }
    try requireSafe(problems)
    var texts: [[String]] = []
    let fields = Array(schema.fields.indices)
    do {
      try table.forEachRow { _, row in texts.append(fields.map { row.printed($0) ?? "(none)" }) }
    } catch {
      throw FuzzFinding(description: "\(error)")
    }
    try require(texts.count == table.rowCount, "\(texts.count) rows of \(table.rowCount) are there")
    self.texts = texts
    // What malformed rows leave in columns has no meaning.
    guard problems.isEmpty else { return }
    for field in fields {
      let column = (table.integers(field), table.codes(field), table.vocabulary(field), table.decimals(field))
      for row in 0..<table.rowCount {
        if let integers = column.0 {
          let reason = integers.reason(ofRow: row)
          values.append("\(field) \(row) \(reason == 0 ? "\(integers[row]) \(column.3)" : "missing \(reason)")")
        }
        if let codes = column.1 {
          let code = codes[row]
          values.append("\(field) \(row) \(code < column.2.count ? column.2[code].debugDescription : "\(code)")")
        }
      }
    }
    for key in table.schema.foreignKeys.indices {
      for row in 0..<table.rowCount {
        values.append("\(key) \(row) -> \(table.rowReferred(byForeignKey: key, inRow: row) ?? -1)")
      }
    }
  }

  func difference(from other: Reading) -> String {
    if problems != other.problems { return "the problems are \(other.problems.prefix(3)), not \(problems.prefix(3))" }
    if texts != other.texts { return "the texts differ" }
    let pair = zip(values, other.values).first { $0 != $1 }
    return pair.map { "\($1), not \($0)" } ?? "\(other.values.count) values, not \(values.count)"
  }
}

/// The fields of a table, what holds between them, and what is kept.
private struct FuzzSchema: Sendable {
  struct Field: Sendable {
    var name: String
    var properties: String
  }

  var fields: [Field]
  var more: String
  var integers: Set<String> = []
  var decimals: [String] = []
  var open: Set<String> = []
  var words: [String: [String]] = [:]

  var request: TableRequest {
    var request = TableRequest()
    request.integers = integers
    for name in decimals { request.decimals.updateValue(nil, forKey: name) }
    request.openVocabularies = open
    request.vocabularies = words
    return request
  }

  func descriptor(delimiter: Character, quote: Character, hasHeader: Bool) -> String {
    let list = fields.map { "{\"name\": \"\($0.name)\"\($0.properties)}" }.joined(separator: ", ")
    let quoteText = quote == "\"" ? "\\\"" : String(quote)
    return """
      {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [
        {"name": "t", "path": "t.csv",
         "dialect": {"delimiter": "\(delimiter)", "quoteChar": "\(quoteText)", "header": \(hasHeader)},
         "schema": {"fields": [\(list)]\(more)}},
        {"name": "words", "path": "words.csv", "dialect": {"delimiter": ";"},
         "schema": {"fields": [{"name": "id"}, {"name": "name"}], "primaryKey": "id"}}]}
      """
  }
}

private let schemas = [
  FuzzSchema(
    fields: [
      .init(name: "id", properties: ""), .init(name: "n", properties: #", "type": "integer""#),
      .init(name: "x", properties: #", "type": "number""#), .init(name: "w", properties: ""),
    ],
    more: #", "primaryKey": "id", "missingValues": ["", "-"]"#, integers: ["n"], decimals: ["x"],
    words: ["w": ["", "alpha", "be,ta", "a word of more than sixteen bytes"]]),
  // Nothing but short rows: as many as there are bytes.
  FuzzSchema(fields: [.init(name: "a", properties: "")], more: #", "missingValues": []"#, open: ["a"]),
  FuzzSchema(
    fields: [
      .init(name: "a", properties: #", "type": "integer""#), .init(name: "b", properties: #", "type": "integer""#),
    ], more: "", integers: ["a"], open: ["b"]),
  FuzzSchema(
    fields: [
      .init(name: "d", properties: #", "type": "date""#), .init(name: "m", properties: #", "type": "yearmonth""#),
      .init(name: "y", properties: #", "type": "year""#), .init(name: "b", properties: #", "type": "boolean""#),
      .init(name: "v", properties: #", "type": "any""#),
    ], more: #", "uniqueKeys": [["d", "m"]]"#, open: ["d", "m", "y", "v"]),
  FuzzSchema(
    fields: [
      .init(name: "id", properties: #", "type": "integer", "constraints": {"minimum": -5, "maximum": 100}"#),
      .init(name: "of", properties: #", "type": "integer""#),
      .init(name: "w", properties: #", "constraints": {"pattern": "[a-c]|.{2,3}", "maxLength": 3}"#),
      .init(name: "e", properties: #", "constraints": {"enum": ["x", "y", ""], "required": true}"#),
      .init(name: "u", properties: #", "type": "number", "constraints": {"unique": true}"#),
    ],
    more: #"""
      , "primaryKey": ["id", "e"], "foreignKeys": [
        {"fields": "w", "reference": {"resource": "words", "fields": "id"}},
        {"fields": ["of", "e"], "reference": {"resource": "", "fields": ["id", "e"]}}]
      """#, decimals: ["u"], open: ["e"]),
]

/// The records of comma-separated values (RFC 4180), read byte by byte.
private func plainRecords(_ csv: [UInt8], delimiter: UInt8, quote: UInt8) -> [[String]] {
  var rest = csv.starts(with: [0xEF, 0xBB, 0xBF]) ? csv.dropFirst(3) : csv[...]
  var records: [[String]] = []
  var record: [String] = []
  var cell: [UInt8] = []
  var isQuoted = false
  func endCell() {
    record.append(String(decoding: cell, as: UTF8.self))
    cell = []
  }
  var hasRest = false
  while let byte = rest.popFirst() {
    hasRest = true
    if isQuoted, byte == quote {
      if rest.first == quote { cell.append(rest.removeFirst()) } else { isQuoted = false }
    } else if isQuoted {
      cell.append(byte)
    } else if byte == quote {
      isQuoted = true
    } else if byte == delimiter {
      endCell()
    } else if byte == UInt8(ascii: "\n") {
      endCell()
      records.append(record)
      (record, hasRest) = ([], false)
    } else if byte != UInt8(ascii: "\r") || rest.first.map({ $0 != UInt8(ascii: "\n") }) ?? false {
      cell.append(byte)
    }
  }
  if hasRest {
    endCell()
    records.append(record)
  }
  return records
}
