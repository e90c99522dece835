import Base
import JSON

extension DescriptorReader {
  /// Reads the resources in two steps, since foreign keys refer to resources and fields that come later.
  mutating func readResources(_ listed: [JSONValue]) -> [Resource] {
    var drafts: [ResourceDraft] = []
    var places: [String: Int] = [:]
    for (index, value) in listed.enumerated() {
      let path: [JSONPathStep] = ["resources", .element(index)]
      guard let object = object(value, at: path), let draft = readResource(object, at: path) else { continue }
      if let first = places[draft.name] {
        report(path + ["name"], "resource \(quoted(draft.name)) is already defined as resource \(first + 1)")
        continue
      }
      places[draft.name] = index
      drafts.append(draft)
    }
    return drafts.indices.map { index in
      var schema: Schema?
      if let draft = drafts[index].schema {
        schema = Schema(
          fields: draft.fields, fieldsMatch: draft.fieldsMatch, primaryKey: draft.primaryKey,
          uniqueKeys: draft.uniqueKeys, foreignKeys: resolveForeignKeys(of: index, in: drafts))
      }
      return drafts[index].resource(at: index, schema: schema)
    }
  }

  private mutating func readResource(_ object: JSONObject, at path: [JSONPathStep]) -> ResourceDraft? {
    let known = ["name", "path", "data", "schema", "dialect", "encoding", "format", "profile", "mediatype"]
    checkNames(object, known: known, at: path)
    checkStrings(
      object,
      [
        "title", "description", "homepage", "profile", "mediatype", "scheme", "format", "compression", "encoding",
        "type", "id", "$schema", "version",
      ],
      at: path)
    checkProvenance(object, at: path)
    checkMisplaced(
      object, ["fields", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys"],
      belongs: "in the resource's \"schema\"",
      at: path)

    let problemsBefore = problems.total
    guard let nameValue = object["name"] else {
      report(path, "the resource has no \"name\"")
      return nil
    }
    guard let name = string(nameValue, at: path + ["name"]) else { return nil }
    checkName(name, at: path + ["name"])
    let location = readPath(object, at: path)
    checkFormat(object, name: name, at: path)
    let dialect = readDialect(object, at: path)
    let schema = readSchema(object, name: name, path: location?.path, at: path)
    let bytes = count("bytes", of: object, at: path)
    let hash = readHash(object, at: path)
    guard let location else { return nil }
    return ResourceDraft(
      name: name, title: object["title"]?.stringValue, location: location, dialect: dialect ?? Dialect(),
      schema: schema, bytes: bytes, hash: hash, jsonPath: path, isBroken: problems.total > problemsBefore)
  }

  private mutating func checkFormat(_ object: JSONObject, name: String, at path: [JSONPathStep]) {
    guard object["schema"] != nil else { return }
    if let format = object["format"]?.stringValue, format != "csv" {
      report(path + ["format"], "format \(quoted(format)) is not supported for a table, only \"csv\"")
    }
    if let encoding = object["encoding"]?.stringValue, !["utf-8", "utf8"].contains(encoding.lowercased()) {
      report(path + ["encoding"], "encoding \(quoted(encoding)) is not supported, only \"utf-8\"")
    }
    if let compression = object["compression"]?.stringValue, !compression.isEmpty {
      report(path + ["compression"], "compressed files are not supported")
    }
    if object["extrapaths"] != nil { report(path + ["extrapaths"], "a table in several files is not supported") }
    if object["innerpath"] != nil { report(path + ["innerpath"], "a table in an archive is not supported") }
    if let type = object["type"]?.stringValue, type != "table" {
      report(path + ["type"], "type \(quoted(type)) of a resource with a \"schema\" is not \"table\"")
    }
  }

  private mutating func readPath(_ object: JSONObject, at path: [JSONPathStep]) -> FileLocation? {
    if object["data"] != nil {
      let message = object["path"] == nil ? "data inside the descriptor is not supported, only \"path\"" : nil
      report(path + ["data"], message ?? "a resource has either \"path\" or \"data\", not both")
      return nil
    }
    guard let value = object["path"] else {
      report(path, "the resource has no \"path\"")
      return nil
    }
    let files = value.arrayValue ?? [value]
    guard let file = files.first, files.count == 1 else {
      report(path + ["path"], files.isEmpty ? "\"path\" names no file" : "a table in several files is not supported")
      return nil
    }
    let place = path + (value.arrayValue == nil ? ["path"] : ["path", .element(0)])
    guard let text = string(file, at: place) else { return nil }
    switch FileLocation.locate(text, in: folder) {
    case .success(let location): return location
    case .failure(let refusal):
      report(place, refusal.message)
      return refusal.location
    }
  }

  private mutating func readHash(_ object: JSONObject, at path: [JSONPathStep]) -> FileHash? {
    guard let text = string("hash", of: object, at: path) else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let algorithm = parts.count == 1 ? .md5 : FileHash.Algorithm(rawValue: String(parts[0]))
    guard let algorithm else {
      report(path + ["hash"], "hash algorithm \(quoted(parts[0])) is not supported, only \"md5\" and \"sha256\"")
      return nil
    }
    let digest = String(parts[parts.count - 1])
    guard digest.utf8.count == algorithm.digitCount, digest.utf8.allSatisfy(isHexadecimalDigit) else {
      report(
        path + ["hash"],
        "\(quoted(digest)) is no \(algorithm.rawValue) digest, which has \(algorithm.digitCount) hexadecimal digits")
      return nil
    }
    return FileHash(algorithm: algorithm, hexDigest: digest)
  }

  private mutating func readDialect(_ object: JSONObject, at path: [JSONPathStep]) -> Dialect? {
    guard let value = object["dialect"] else { return Dialect() }
    let path = path + ["dialect"]
    if value.stringValue != nil {
      report(path, "a dialect in a file of its own is not supported")
      return nil
    }
    guard let properties = self.object(value, at: path) else { return nil }
    let before = problems.total
    var dialect = Dialect()
    readDialect(properties, into: &dialect, at: path)
    if let nested = properties["csv"], let nested = self.object(nested, at: path + ["csv"]) {
      readDialect(nested, into: &dialect, at: path + ["csv"])
    }
    return problems.total == before ? dialect : nil
  }

  private mutating func readDialect(_ object: JSONObject, into dialect: inout Dialect, at path: [JSONPathStep]) {
    let known = [
      "delimiter", "quoteChar", "doubleQuote", "header", "lineTerminator", "escapeChar", "skipInitialSpace",
      "headerRows",
      "headerJoin", "commentRows", "commentChar", "nullSequence", "caseSensitiveHeader", "sheetNumber", "sheetName",
    ]
    checkNames(object, known: known, at: path)
    // What joins the rows of a header is not needed for one.
    checkStrings(object, ["$schema", "name", "title", "description", "headerJoin"], at: path)
    // Names are compared as they are, which is stricter.
    _ = bool("caseSensitiveHeader", of: object, at: path)
    if let value = object["csvddfVersion"], value.stringValue == nil, value.cellText == nil {
      report(path + ["csvddfVersion"], "\"csvddfVersion\" must be a number or a string, not \(value.kind)")
    }
    if let byte = character("delimiter", of: object, at: path) { dialect.delimiter = byte }
    if let byte = character("quoteChar", of: object, at: path) { dialect.quote = byte }
    if dialect.delimiter == dialect.quote { report(path, "\"delimiter\" and \"quoteChar\" are the same") }
    if let hasHeader = bool("header", of: object, at: path) { dialect.hasHeader = hasHeader }
    if bool("doubleQuote", of: object, at: path) == false {
      report(path + ["doubleQuote"], "only \"doubleQuote\": true is supported")
    }
    if bool("skipInitialSpace", of: object, at: path) == true {
      report(path + ["skipInitialSpace"], "\"skipInitialSpace\" is not supported")
    }
    if let terminator = string("lineTerminator", of: object, at: path), terminator != "\n", terminator != "\r\n" {
      report(path + ["lineTerminator"], "lines may end in \"\\n\" or \"\\r\\n\", not in \(quoted(terminator))")
    }
    if let rows = object["headerRows"], rows != [1] {
      report(path + ["headerRows"], "only one header row, the first, is supported")
    } else if object["headerRows"] != nil, object["header"] == false {
      report(path + ["headerRows"], "\"headerRows\" without a header")
    }
    for name in ["escapeChar", "nullSequence", "commentChar", "commentRows", "columns"] {
      if let value = object[name], value != .null, value != [] {
        report(path + [.member(name)], "\"\(name)\" is not supported")
      }
    }
    readOtherFormats(object, at: path)
    if bool("skipBlankRows", of: object, at: path) == true {
      report(path + ["skipBlankRows"], "\"skipBlankRows\" is not supported")
    }
    if bool("headerCase", of: object, at: path) == false {
      report(path + ["headerCase"], "\"headerCase\": false is not supported")
    }
  }

  /// What is said of tables in JSON, spreadsheets and databases, which the standard has ignored for others.
  private mutating func readOtherFormats(_ object: JSONObject, at path: [JSONPathStep]) {
    checkStrings(object, ["property", "sheetName", "table"], at: path)
    _ = count("sheetNumber", of: object, at: path)
    if let type = string("itemType", of: object, at: path), type != "array", type != "object" {
      report(path + ["itemType"], "unknown \"itemType\" \(quoted(type))" + hint(type, ["array", "object"]))
    }
    checkTexts("itemKeys", of: object, at: path)
  }

  private mutating func character(_ name: String, of object: JSONObject, at path: [JSONPathStep]) -> UInt8? {
    guard let text = string(name, of: object, at: path) else { return nil }
    let bytes = Array(text.utf8)
    if bytes.count == 1, bytes[0] == 0x09 || (0x20..<0x7F).contains(bytes[0]) { return bytes[0] }
    report(path + [.member(name)], "\"\(name)\" must be one ASCII character, not \(quoted(text))")
    return nil
  }
}

/// A resource whose foreign keys are not resolved yet.
struct ResourceDraft {
  let name: String
  let title: String?
  let location: FileLocation
  let dialect: Dialect
  let schema: SchemaDraft?
  let bytes: Int?
  let hash: FileHash?
  let jsonPath: [JSONPathStep]
  /// A table whose own description is wrong is not read: its data would seem wrong too.
  let isBroken: Bool

  func resource(at index: Int, schema: Schema?) -> Resource {
    Resource(
      index: index, name: name, title: title, path: location.path, displayPath: location.displayPath, schema: schema,
      dialect: dialect, resolvedPath: isBroken ? nil : location.resolvedPath, expectedBytes: bytes, expectedHash: hash)
  }
}

extension FileHash.Algorithm {
  fileprivate var digitCount: Int {
    switch self {
    case .md5: 32
    case .sha256: 64
    }
  }
}

private func isHexadecimalDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
    UInt8(ascii: "A")...UInt8(ascii: "F"):
    true
  default: false
  }
}
