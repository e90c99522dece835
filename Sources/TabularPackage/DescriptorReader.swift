import Base
import JSON

/// Reads `datapackage.json` and collects everything that is wrong with it.
///
/// A part that is wrong yields nil, and the parts that need it are passed over in silence: one mistake, one problem.
struct DescriptorReader {
  let file: String
  let folder: String
  let text: [UInt8]
  var problems = ProblemList()
  /// The version of the standard decides a few rules; a descriptor without `$schema` is of version 1.
  var version = Version.one

  enum Version { case one, two, unknown }

  /// Descriptors are written by hand; this keeps a wrong path from filling the memory.
  static let maximumSize = 16 << 20

  mutating func readPackage() -> PackageDescriptor? {
    if let foreign = ForeignContent(text) {
      problems.append(Problem(file: file, message: foreign.message))
      return nil
    }
    let root: JSONValue
    do {
      root = try JSONValue(parsing: text)
    } catch {
      let place = TextLocation(offset: error.offset, in: text)
      problems.append(
        Problem(file: file, position: .text(line: place.line, column: place.column), message: error.message))
      return nil
    }
    guard let package = root.objectValue else {
      report([], "a data package must be an object, not \(root.kind)")
      return nil
    }
    if let path = root.pathToNUL { report(path, "this contains U+0000, which no text can hold") }
    version = Self.version(ofProfile: package["$schema"]?.stringValue)
    checkNames(package, known: ["resources", "name", "title", "profile", "$schema"], at: [])
    checkStrings(
      package, ["$schema", "profile", "id", "name", "title", "description", "homepage", "version", "image"], at: [])
    checkProvenance(package, at: [])
    checkCreated(package)
    checkMisplaced(package, ["fields", "missingValues"], belongs: "in the schema of a resource", at: [])
    let name = package["name"]?.stringValue
    if let name { checkName(name, at: ["name"]) }

    guard let listed = package["resources"] else {
      report([], "\"resources\" is missing")
      return nil
    }
    guard let listed = array(listed, at: ["resources"]) else { return nil }
    if listed.isEmpty { report(["resources"], "\"resources\" is empty") }
    let resources = readResources(listed)
    return PackageDescriptor(
      path: file, name: name, title: package["title"]?.stringValue, description: package["description"]?.stringValue,
      resources: resources, contents: text)
  }

  private static func version(ofProfile profile: String?) -> Version {
    guard let profile else { return .one }
    let prefix = "https://datapackage.org/profiles/"
    if profile.hasPrefix(prefix + "1.") { return .one }
    if profile.hasPrefix(prefix + "2.") { return .two }
    return .unknown
  }
}

// MARK: - Properties

extension DescriptorReader {
  mutating func report(_ path: [JSONPathStep], _ message: String) {
    guard problems.problems.count < problems.limit else { return problems.addUnlisted(1) }
    let place = locateJSON(path, in: text)
    problems.append(Problem(file: file, position: .text(line: place.line, column: place.column), message: message))
  }

  mutating func array(_ value: JSONValue, at path: [JSONPathStep]) -> [JSONValue]? {
    if let array = value.arrayValue { return array }
    reportType(value, "an array", at: path)
    return nil
  }

  mutating func object(_ value: JSONValue, at path: [JSONPathStep]) -> JSONObject? {
    if let object = value.objectValue { return object }
    reportType(value, "an object", at: path)
    return nil
  }

  mutating func string(_ value: JSONValue, at path: [JSONPathStep]) -> String? {
    if let string = value.stringValue { return string }
    reportType(value, "a string", at: path)
    return nil
  }

  /// The text of a property; nil without a word when it is not there.
  mutating func string(_ name: String, of object: JSONObject, at path: [JSONPathStep]) -> String? {
    object[name].flatMap { string($0, at: path + [.member(name)]) }
  }

  mutating func bool(_ name: String, of object: JSONObject, at path: [JSONPathStep]) -> Bool? {
    guard let value = object[name] else { return nil }
    if let bool = value.boolValue { return bool }
    reportType(value, "true or false", at: path + [.member(name)])
    return nil
  }

  /// A number that counts something.
  mutating func count(_ name: String, of object: JSONObject, at path: [JSONPathStep]) -> Int? {
    guard let value = object[name] else { return nil }
    if let count = value.integerValue, count >= 0 { return Int(count) }
    let path = path + [.member(name)]
    if value.integerValue != nil {
      report(path, "\"\(name)\" must not be negative")
    } else {
      reportType(value, "an integer", at: path)
    }
    return nil
  }

  mutating func checkStrings(_ object: JSONObject, _ names: [String], at path: [JSONPathStep]) {
    for name in names { _ = string(name, of: object, at: path) }
  }

  func described(_ path: [JSONPathStep]) -> String {
    switch path.last {
    case .member(let name)?: "\"\(name)\""
    case .element(let index)?: "element \(index + 1)"
    case nil: "the descriptor"
    }
  }

  private mutating func reportType(_ value: JSONValue, _ wanted: String, at path: [JSONPathStep]) {
    report(path, "\(described(path)) must be \(wanted), not \(value.kind)")
  }

  /// A package may have properties of its own, so an unknown name is wrong only when it is plainly one of ours
  /// misspelt: then what it says would be lost without a word.
  mutating func checkNames(_ object: JSONObject, known: [String], at path: [JSONPathStep]) {
    for name in object.names where !known.contains(name) {
      guard let meant = suggestions(for: name, among: known, limit: 1).first, isMisspelling(name, of: meant) else {
        continue
      }
      if object[meant] != nil, folded(name) != folded(meant) { continue }
      report(path + [.member(name)], "unknown property \"\(name)\"; did you mean \"\(meant)\"?")
    }
  }

  private func folded(_ name: String) -> String {
    String(name.lowercased().filter { $0 != "_" && $0 != "-" })
  }

  /// The same but for case and separators, or one letter too many, too few or swapped in a word of at least five.
  private func isMisspelling(_ name: String, of meant: String) -> Bool {
    let name = Array(folded(name))
    let meant = Array(folded(meant))
    if name == meant { return true }
    guard meant.count >= 5, abs(name.count - meant.count) <= 1 else { return false }
    let head = zip(name, meant).prefix { $0 == $1 }.count
    let tail = zip(name.reversed(), meant.reversed()).prefix { $0 == $1 }.count
    if max(name.count, meant.count) - head - tail <= 1 { return true }
    let isSwapped = name.count == meant.count && name.count - head - tail == 2
    return isSwapped && name[head] == meant[head + 1] && name[head + 1] == meant[head]
  }

  mutating func checkMisplaced(
    _ object: JSONObject, _ names: [String], belongs place: String, at path: [JSONPathStep]
  ) {
    for name in names where object[name] != nil {
      report(path + [.member(name)], "\"\(name)\" belongs \(place)")
    }
  }

  /// Version 1 allows only lower-case names; version 2 any.
  mutating func checkName(_ name: String, at path: [JSONPathStep]) {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    if name.isEmpty {
      report(path, "the name is empty")
    } else if version == .one, !isPlain {
      report(
        path, "the name \(quoted(name)) may have only a-z, 0-9, '-', '_', '.' and '/' in version 1 of the standard")
    }
  }
}

// MARK: - Provenance

extension DescriptorReader {
  /// Licenses, sources, contributors and keywords, which a package and a resource have alike.
  mutating func checkProvenance(_ object: JSONObject, at path: [JSONPathStep]) {
    for (index, license) in entries("licenses", of: object, at: path) {
      let path = path + [.member("licenses"), .element(index)]
      checkStrings(license, ["name", "path", "title"], at: path)
      if license["name"] == nil, license["path"] == nil { report(path, "a license needs a \"name\" or a \"path\"") }
    }
    for (index, source) in entries("sources", of: object, at: path) {
      let path = path + [.member("sources"), .element(index)]
      if source.isEmpty { report(path, "the source says nothing") }
      checkStrings(source, ["title", "path", "email", "version"], at: path)
    }
    for (index, contributor) in entries("contributors", of: object, at: path) {
      let path = path + [.member("contributors"), .element(index)]
      if contributor.isEmpty { report(path, "the contributor has no name, and nothing else") }
      let names = ["title", "givenName", "familyName", "path", "email", "organization", "role"]
      checkStrings(contributor, names, at: path)
      checkTexts("roles", of: contributor, at: path)
    }
    checkTexts("keywords", of: object, at: path)
  }

  /// A list of texts.
  mutating func checkTexts(_ name: String, of object: JSONObject, at path: [JSONPathStep]) {
    let path = path + [.member(name)]
    guard let value = object[name], let texts = array(value, at: path) else { return }
    for (index, text) in texts.enumerated() { _ = string(text, at: path + [.element(index)]) }
  }

  private mutating func entries(
    _ name: String, of object: JSONObject, at path: [JSONPathStep]
  ) -> [(Int, JSONObject)] {
    guard let value = object[name], let entries = array(value, at: path + [.member(name)]) else { return [] }
    return entries.enumerated().compactMap { index, entry in
      self.object(entry, at: path + [.member(name), .element(index)]).map { (index, $0) }
    }
  }

  private mutating func checkCreated(_ package: JSONObject) {
    guard let created = string("created", of: package, at: []) else { return }
    if !isDateTime(Array(created.utf8)) {
      report(["created"], "\"created\" must be a date and time such as 2026-01-31T12:00:00Z, not \(quoted(created))")
    }
  }
}

/// Whether a text is a date and a time with an offset (RFC 3339), such as 2026-01-31T12:00:00Z.
private func isDateTime(_ text: [UInt8]) -> Bool {
  guard text.count >= 20, parseDate(text[..<10]) != nil, text[10] | 0x20 == UInt8(ascii: "t") else { return false }
  func isPair(_ offset: Int, upTo most: UInt8) -> Bool {
    let (tens, ones) = (text[offset] &- 0x30, text[offset + 1] &- 0x30)
    return tens <= 9 && ones <= 9 && tens * 10 + ones <= most
  }
  let colon = UInt8(ascii: ":")
  // A leap second is the sixtieth.
  guard isPair(11, upTo: 23), text[13] == colon, isPair(14, upTo: 59), text[16] == colon, isPair(17, upTo: 60) else {
    return false
  }
  var end = 19
  if text[end] == UInt8(ascii: ".") {
    end += 1
    let start = end
    while end < text.count, (0x30...0x39).contains(text[end]) { end += 1 }
    if end == start { return false }
  }
  if end == text.count - 1 { return text[end] | 0x20 == UInt8(ascii: "z") }
  guard text.count == end + 6, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(text[end]) else { return false }
  return isPair(end + 1, upTo: 23) && text[end + 3] == colon && isPair(end + 4, upTo: 59)
}
