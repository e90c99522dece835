/// What a regular expression means, before it becomes an automaton.
indirect enum PatternNode {
  case empty
  case scalars(ScalarSet)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  case repetition(PatternNode, minimum: Int, maximum: Int?)
  case start
  case end
}

/// Why a pattern is refused, and at which of its characters, counted from 1.
struct PatternError: Error {
  var character: Int
  var message: String
}

/// Reads the part of regular expressions that means the same in Python and in XML Schema, the two that Table Schema's
/// tools follow, and that an automaton can decide: no back references, no looking around.
struct PatternParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0

  static let maximumRepetition = 1000

  static func parse(_ pattern: String) throws(PatternError) -> PatternNode {
    var parser = PatternParser(scalars: Array(pattern.unicodeScalars))
    let node = try parser.parseAlternatives()
    if parser.position < parser.scalars.count { throw parser.error("')' without '('") }
    return node
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private mutating func parseAlternatives() throws(PatternError) -> PatternNode {
    var alternatives = [try parseSequence()]
    while consume("|") { alternatives.append(try parseSequence()) }
    return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
  }

  private mutating func parseSequence() throws(PatternError) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = peek(), scalar != "|", scalar != ")" {
      let atom = try parseAtom()
      parts.append(try parseQuantifier(of: atom))
    }
    return .sequence(parts)
  }

  private mutating func parseAtom() throws(PatternError) -> PatternNode {
    let scalar = scalars[position]
    switch scalar {
    case "(": return try parseGroup()
    case "[": return .scalars(try parseClass())
    case "*", "+", "?": throw error("nothing to repeat before '\(scalar)'")
    case "\\":
      if let next = peek(1), next == "A" || next == "Z" {
        position += 2
        return next == "A" ? .start : .end
      }
      return .scalars(try parseEscape())
    default: break
    }
    position += 1
    switch scalar {
    case "^": return .start
    case "$": return .end
    case ".": return .scalars(ScalarSet(["\n"]).inverted)
    default: return .scalars(ScalarSet([scalar]))
    }
  }

  private mutating func parseGroup() throws(PatternError) -> PatternNode {
    let start = position
    position += 1
    depth += 1
    if depth > 100 { throw error("groups are nested too deep") }
    if consume("?") {
      if consume("P"), consume("<") {
        while let scalar = peek(), scalar != ">" { position += scalar == ")" ? scalars.count : 1 }
        guard consume(">") else { throw PatternError(character: start + 1, message: "the group's name does not end") }
      } else if !consume(":") {
        throw error("this kind of group is not supported")
      }
    }
    let node = try parseAlternatives()
    guard consume(")") else { throw PatternError(character: start + 1, message: "'(' without ')'") }
    depth -= 1
    return node
  }

  private mutating func parseQuantifier(of atom: PatternNode) throws(PatternError) -> PatternNode {
    guard let (minimum, maximum) = try parseCounts() else { return atom }
    switch atom {
    case .start, .end: throw PatternError(character: position, message: "an anchor cannot be repeated")
    default: break
    }
    // Lazy or not, the whole value must match in the end.
    _ = consume("?")
    if let scalar = peek(), scalar == "*" || scalar == "+" || scalar == "?" {
      throw error("a repetition of a repetition needs a group")
    }
    return .repetition(atom, minimum: minimum, maximum: maximum)
  }

  private mutating func parseCounts() throws(PatternError) -> (minimum: Int, maximum: Int?)? {
    if consume("*") { return (0, nil) }
    if consume("+") { return (1, nil) }
    if consume("?") { return (0, 1) }
    let start = position
    guard consume("{") else { return nil }
    let minimum = parseNumber()
    var maximum = minimum
    let isRange = consume(",")
    if isRange { maximum = parseNumber() }
    guard consume("}"), minimum != nil || isRange && maximum != nil else {
      // As in Python, a brace that begins no count stands for itself.
      position = start
      return nil
    }
    if max(minimum ?? 0, maximum ?? 0) > Self.maximumRepetition {
      throw PatternError(character: start + 1, message: "repeated more than \(Self.maximumRepetition) times")
    }
    if let minimum, let maximum, minimum > maximum {
      throw PatternError(character: start + 1, message: "the least count is above the greatest")
    }
    return (minimum ?? 0, maximum)
  }

  private mutating func parseNumber() -> Int? {
    let start = position
    while let scalar = peek(), ("0"..."9").contains(scalar) { position += 1 }
    if start == position { return nil }
    return Int(String(String.UnicodeScalarView(scalars[start..<position]))) ?? Int.max
  }

  private mutating func parseClass() throws(PatternError) -> ScalarSet {
    let start = position
    position += 1
    let isInverted = consume("^")
    var set = ScalarSet()
    var isFirst = true
    while true {
      guard let scalar = peek() else { throw PatternError(character: start + 1, message: "'[' without ']'") }
      if scalar == "]", !isFirst { break }
      isFirst = false
      let low = try parseClassMember()
      guard peek() == "-", let after = peek(1), after != "]" else {
        set.formUnion(low)
        continue
      }
      let rangeStart = position
      position += 1
      let high = try parseClassMember()
      guard let first = low.single, let last = high.single, first <= last else {
        throw PatternError(character: rangeStart + 1, message: "bad range in a class")
      }
      set.insert(first...last)
    }
    position += 1
    return isInverted ? set.inverted : set
  }

  private mutating func parseClassMember() throws(PatternError) -> ScalarSet {
    guard let scalar = peek() else { throw error("'[' without ']'") }
    if scalar == "\\" { return try parseEscape() }
    position += 1
    return ScalarSet([scalar])
  }

  private mutating func parseEscape() throws(PatternError) -> ScalarSet {
    guard let scalar = peek(1) else { throw error("'\\' at the end") }
    position += 2
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .wordScalars
    case "W": return ScalarSet.wordScalars.inverted
    case "s": return .whiteSpace
    case "S": return ScalarSet.whiteSpace.inverted
    case "n": return ScalarSet(["\n"])
    case "r": return ScalarSet(["\r"])
    case "t": return ScalarSet(["\t"])
    case "f": return ScalarSet(["\u{C}"])
    case "v": return ScalarSet(["\u{B}"])
    case "x": return try parseHex(digits: 2)
    case "u": return try parseHex(digits: 4)
    case "a"..."z", "A"..."Z", "0"..."9":
      position -= 1
      throw error("'\\\(scalar)' is not supported")
    default: return ScalarSet([scalar])
    }
  }

  private mutating func parseHex(digits: Int) throws(PatternError) -> ScalarSet {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let scalar = peek(), let digit = Character(scalar).hexDigitValue else {
        throw error("expected \(digits) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    guard let scalar = Unicode.Scalar(value) else { throw error("no Unicode scalar") }
    return ScalarSet([scalar])
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  private mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    position += 1
    return true
  }

  private func error(_ message: String) -> PatternError {
    PatternError(character: position + 1, message: message)
  }
}
