import Base

extension InterfaceParser {
  /// A structure or an enumeration in its parentheses.
  mutating func parseBody(
    of owner: String, depth: Int, mayBeEmpty: Bool = false
  ) throws(SyntaxError) -> InterfaceDescription.ValueType {
    guard current.token == .open else { throw fail("expected \"(\" after \(owner), found \(current.token)") }
    let start = current.position
    advance()
    if current.token == .close {
      if current.isSpaced { note("white space inside \"()\"", at: start) }
      if !mayBeEmpty { note("an empty structure as a type", at: start) }
      advance()
      return .structure([])
    }
    var entries: [(name: String, type: InterfaceDescription.ValueType?, documentation: [String])] = []
    var names: Set<String> = []
    var isEnum: Bool?
    repeat {
      if !entries.isEmpty { entries[entries.count - 1].documentation += takeCommentBehind() }
      if current.token == .close, let last = entries.last {
        note("a trailing comma after \"\(last.name)\"")
        break
      }
      let documentation = takeFieldDocumentation()
      let place = current.position
      let name = try parseFieldName(owner)
      if !names.insert(name).inserted { report("repeated \"\(name)\"", at: place) }
      var type: InterfaceDescription.ValueType?
      switch current.token {
      case .colon:
        if isEnum == true { report("\"\(name)\" has a type, but \"\(entries[0].name)\" makes this an enum") }
        advance()
        type = try parseType(depth: depth + 1)
        isEnum = isEnum ?? false
      case .comma, .close:
        if isEnum == false { report("expected \":\" and a type after \"\(name)\", found \(current.token)") }
        isEnum = isEnum ?? true
      default:
        let choices = isEnum.map { $0 ? "\",\" or \")\"" : "\":\" and a type" } ?? "\":\", \",\" or \")\""
        throw fail("expected \(choices) after \"\(name)\", found \(current.token)")
      }
      entries.append((name, type, documentation))
      guard current.token == .comma || current.token == .close else {
        throw fail("expected \",\" or \")\" after \"\(name)\", found \(current.token)")
      }
    } while consumeComma(&entries[entries.count - 1].documentation)
    if !entries.isEmpty { entries[entries.count - 1].documentation += takeCommentsBeforeClose() }
    advance()
    if isEnum != true {
      return .structure(entries.map { .init(name: $0.name, type: $0.type ?? .any, documentation: $0.documentation) })
    }
    if entries.count == 1 { note("an enum with the single value \"\(entries[0].name)\"", at: start) }
    return .enumeration(entries.map { .init(name: $0.name, documentation: $0.documentation) })
  }

  mutating func parseFieldName(_ owner: String) throws(SyntaxError) -> String {
    guard case .word(let name) = current.token else { throw fail("expected a field name, found \(current.token)") }
    if !InterfaceDescription.isFieldName(name) {
      report("\"\(name)\" is no field name: a letter, then letters, digits and single underscores between them")
    } else if InterfaceDescription.isCapital(name.utf8.first) {
      note("\"\(name)\" begins with a capital letter")
    }
    advance()
    return name
  }

  mutating func parseType(depth: Int) throws(SyntaxError) -> InterfaceDescription.ValueType {
    if depth > Self.maximumDepth { throw fail("nested deeper than \(Self.maximumDepth) levels") }
    let place = current.position
    switch current.token {
    case .nullable:
      advance()
      noteSpace(after: "?")
      if current.token == .nullable {
        report("\"??\": a type is nullable or not")
        while current.token == .nullable { advance() }
      }
      return .nullable(try parseType(depth: depth + 1))
    case .array: return .array(try parseElement(of: "[]", depth: depth))
    case .map: return .map(try parseElement(of: "[string]", depth: depth))
    case .open:
      return try parseBody(of: "", depth: depth)
    case .word(let word):
      advance()
      if let type = Self.basicTypes[word] {
        if type == .any { note("the type any", at: place) }
        return type
      }
      references.append((word, place))
      return .named(word)
    case .unknown("["): throw fail("expected a type, found \"[\" (an array is \"[]\", a map \"[string]\")")
    default: throw fail("expected a type, found \(current.token)")
    }
  }

  mutating func parseElement(
    of container: String, depth: Int
  ) throws(SyntaxError) -> InterfaceDescription.ValueType {
    let place = current.position
    advance()
    noteSpace(after: container)
    if [.array, .map, .nullable].contains(current.token) {
      note("\(container) directly before \(current.token)", at: place)
    }
    return try parseType(depth: depth + 1)
  }

  static let basicTypes: [String: InterfaceDescription.ValueType] = [
    "bool": .bool, "int": .int, "float": .float, "string": .string, "object": .object, "any": .any,
  ]

  mutating func checkReferences() {
    let types = declared.filter { $0.value.keyword == "type" }.keys.sorted()
    for (name, position) in references {
      switch declared[name]?.keyword {
      case "type": break
      case let keyword?:
        report("\"\(name)\" is \(keyword == "error" ? "an" : "a") \(keyword), not a type", at: position)
      case nil:
        let candidates = types + ["bool", "int", "float", "string", "object", "any"]
        report("unknown type \"\(name)\"\(didYouMean(name, among: candidates))", at: position)
      }
    }
  }
}
