extension InterfaceParser {
  mutating func takeComments() -> [InterfaceComment] {
    defer { lexemes[index].comments = [] }
    return current.comments
  }

  /// A comment on the line of what was read last.
  mutating func takeCommentBehind() -> [String] {
    guard let comment = current.comments.first, !comment.hasOwnLine else { return [] }
    note("a comment behind what it describes", at: comment.position)
    lexemes[index].comments.removeFirst()
    return [comment.text]
  }

  mutating func takeFieldDocumentation() -> [String] {
    let comments = takeComments()
    if let last = comments.last, last.text.isEmpty, last.lineEnds == 1 {
      note("an empty comment line directly above a field", at: last.position)
    }
    return comments.map(\.text)
  }

  mutating func takeCommentsBeforeClose() -> [String] {
    let behind = takeCommentBehind()
    for comment in current.comments { note("a comment after the last field", at: comment.position) }
    return behind + takeComments().map(\.text)
  }

  mutating func takeStrayComments() -> [String] {
    defer { strayComments = [] }
    return strayComments
  }

  /// The blocks that blank lines part; the last is documentation if it stands directly above the token.
  func commentBlocks(_ comments: [InterfaceComment]) -> (documentation: [String], detached: [[String]]) {
    var blocks: [[String]] = []
    var isOpen = false
    for comment in comments {
      if isOpen { blocks[blocks.count - 1].append(comment.text) } else { blocks.append([comment.text]) }
      isOpen = comment.lineEnds < 2
    }
    return isOpen ? (blocks.removeLast(), blocks) : ([], blocks)
  }
}

extension InterfaceParser {
  var current: InterfaceLexeme { lexemes[index] }

  /// Goes on to the next token. Comments that nobody took are kept for the declaration that is being read.
  mutating func advance() {
    for comment in current.comments {
      note("a comment inside a declaration", at: comment.position)
      strayComments.append(comment.text)
    }
    lexemes[index].comments = []
    if index + 1 < lexemes.count { index += 1 }
  }

  mutating func consumeComma(_ documentation: inout [String]) -> Bool {
    guard current.token == .comma else { return false }
    advance()
    documentation += takeStrayComments()
    return true
  }

  mutating func skipToMember() {
    while current.token != .end, !isAtMember { skip() }
    strayComments = []
  }

  mutating func skip() {
    lexemes[index].comments = []
    index += 1
  }

  var isAtMember: Bool {
    guard current.startsLine, case .word(let keyword) = current.token, case .word(let name) = lexemes[index + 1].token
    else { return false }
    return ["type", "method", "error"].contains(keyword) && InterfaceDescription.isMemberName(name)
  }

  mutating func checkLineBreak(after declaration: String) {
    if !current.startsLine, current.token != .end {
      report("expected a line break after \(declaration), found \(current.token)")
    }
  }

  mutating func noteSpace(after token: String) {
    if current.isSpaced { note("white space after \"\(token)\"") }
  }

  mutating func report(_ message: String, at position: InterfacePosition? = nil) {
    found.append((position ?? current.position, message))
  }

  mutating func fail(_ message: String) -> SyntaxError {
    report(message)
    return SyntaxError()
  }

  mutating func note(_ violation: String, at position: InterfacePosition? = nil) {
    outsideSubset.append((position ?? current.position, violation))
  }
}
