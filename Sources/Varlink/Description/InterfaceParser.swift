import Base

/// Recursive descent over the tokens of a description. A syntax error ends the member that it is in; reading goes on
/// at the next member, so that every mistake is found at once.
struct InterfaceParser {
  /// Structures, arrays and maps inside each other beyond this are refused, so that no text can exhaust the stack.
  static let maximumDepth = 64

  struct SyntaxError: Error {}

  private let file: String
  var lexemes: [InterfaceLexeme]
  var index = 0
  /// Comments from within the declaration that is being read, where none belong.
  var strayComments: [String] = []
  var declared: [String: (keyword: String, line: Int)] = [:]
  var references: [(name: String, position: InterfacePosition)] = []
  var found: [(position: InterfacePosition, message: String)] = []
  var outsideSubset: [(position: InterfacePosition, message: String)] = []

  private(set) var name = ""
  private(set) var header: (documentation: [String], detached: [[String]]) = ([], [])
  private(set) var members: [InterfaceDescription.Member] = []
  private(set) var closingComments: [[String]] = []

  init(text: String, file: String) {
    self.file = file
    var lexer = InterfaceLexer(text)
    lexemes = lexer.lexemes()
    if let position = lexer.carriageReturn { note("a carriage return", at: position) }
    if let position = lexer.exoticSpace { note("white space other than space, tab and newline", at: position) }
  }

  /// What is wrong, in the order of the text.
  var problems: ProblemList {
    ProblemList(
      found.sorted { $0.position < $1.position }.map { position, message in
        Problem(file: file, position: .text(line: position.line, column: position.column), message: message)
      })
  }

  /// What is right but not understood by everybody, in the order of the text.
  var violations: [String] {
    outsideSubset.sorted { $0.position < $1.position }.map { position, message in
      "\(position.line):\(position.column): \(message)"
    }
  }

  mutating func parse() {
    do { try parseHeader() } catch { skipToMember() }
    var hasMembers = false
    while current.token != .end {
      hasMembers = true
      let start = index
      do {
        members.append(try parseMember())
      } catch {
        if index == start { skip() }
        skipToMember()
      }
    }
    if !hasMembers, found.isEmpty { report("expected \"type\", \"method\" or \"error\", found \(current.token)") }
    let blocks = commentBlocks(takeComments())
    closingComments = blocks.detached + (blocks.documentation.isEmpty ? [] : [blocks.documentation])
    checkReferences()
    if !declared.values.contains(where: { $0.keyword == "method" }) { note("no method") }
  }
}

// MARK: - Declarations

extension InterfaceParser {
  mutating func parseHeader() throws(SyntaxError) {
    header = commentBlocks(takeComments())
    guard current.token == .word("interface") else { throw fail("expected \"interface\", found \(current.token)") }
    advance()
    guard case .word(let name) = current.token else {
      throw fail("expected an interface name such as org.example.name, found \(current.token)")
    }
    self.name = name
    if !InterfaceDescription.isInterfaceName(name) {
      report(
        "\"\(name)\" is no interface name: two or more parts of letters, digits and inner hyphens, with dots between, "
          + "the first beginning with a letter")
    } else if !InterfaceDescription.isPortableInterfaceName(name) {
      note("an interface name that is long, has a double hyphen, or more than letters in its first part")
    }
    advance()
    header.documentation += takeCommentBehind() + takeStrayComments()
    checkLineBreak(after: "the interface name")
  }

  mutating func parseMember() throws(SyntaxError) -> InterfaceDescription.Member {
    let comments = takeComments()
    if let last = comments.last, last.text.isEmpty, last.lineEnds == 1 {
      note("an empty comment line directly above a declaration", at: last.position)
    }
    let keywords = ["type", "method", "error"]
    guard case .word(let keyword) = current.token, keywords.contains(keyword) else {
      var message = "expected \"type\", \"method\" or \"error\", found \(current.token)"
      if case .word(let word) = current.token { message += didYouMean(word, among: keywords) }
      throw fail(message)
    }
    advance()
    let place = current.position
    let name = try parseMemberName(keyword)
    let definition: InterfaceDescription.Definition
    switch keyword {
    case "method": definition = try parseMethod(name)
    case "error": definition = .error(try parseErrorFields(name, at: place))
    default: definition = .type(try parseBody(of: "type \(name)", depth: 0))
    }
    let blocks = commentBlocks(comments)
    let documentation = blocks.documentation + takeCommentBehind() + takeStrayComments()
    checkLineBreak(after: "\(keyword) \(name)")
    return .init(
      name: name, documentation: documentation, definition: definition, detachedComments: blocks.detached)
  }

  mutating func parseMemberName(_ keyword: String) throws(SyntaxError) -> String {
    guard case .word(let name) = current.token else {
      throw fail("expected a name after \"\(keyword)\", found \(current.token)")
    }
    if !InterfaceDescription.isMemberName(name) {
      report("\"\(name)\" is no name for a \(keyword): a capital letter, then letters and digits")
    }
    if let earlier = declared[name] {
      report("\"\(name)\" is already the name of a \(earlier.keyword), in line \(earlier.line)")
    } else {
      declared[name] = (keyword, current.position.line)
    }
    advance()
    return name
  }

  mutating func parseMethod(_ name: String) throws(SyntaxError) -> InterfaceDescription.Definition {
    let input = try parseParameters(of: "method \(name)")
    guard current.token == .arrow else {
      throw fail("expected \"->\" after the input of method \(name), found \(current.token)")
    }
    advance()
    return .method(input: input, output: try parseParameters(of: "\"->\""))
  }

  mutating func parseParameters(of owner: String) throws(SyntaxError) -> [InterfaceDescription.Field] {
    let start = current.position
    switch try parseBody(of: owner, depth: 0, mayBeEmpty: true) {
    case .structure(let fields): return fields
    default:
      report("expected fields with types, found an enum", at: start)
      return []
    }
  }

  mutating func parseErrorFields(_ name: String, at place: InterfacePosition) throws(SyntaxError)
    -> InterfaceDescription.ValueType
  {
    guard current.token == .open else {
      note("error \(name) without \"()\"", at: place)
      return .structure([])
    }
    if current.startsLine { note("a line break between error \(name) and its \"(\"") }
    let start = current.position
    let body = try parseBody(of: "error \(name)", depth: 0, mayBeEmpty: true)
    if case .enumeration = body { note("error \(name) is an enum", at: start) }
    return body
  }
}
