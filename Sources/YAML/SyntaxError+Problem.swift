internal import Base

extension SyntaxError {
  /// What libyaml found, in words that say what to do, at the place where to do it.
  func problem(in source: SourceText) -> Problem {
    let (message, mark) = reworded(source)
    let excerpt = source.excerpt(mark).map { "; in the line: \($0)" } ?? ""
    return Problem(
      file: source.file, position: .text(line: mark.line, column: mark.column), message: message + excerpt)
  }

  private func reworded(_ source: SourceText) -> (message: String, mark: Mark) {
    switch problem {
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return (Self.tab, position)
    case "found character that cannot start any token":
      guard let character = source.remainder(position).first, character != "\t" else { return (Self.tab, position) }
      return ("a text that begins with \(quoted(String(character))) must be in quotes", position)
    case "mapping values are not allowed in this context":
      return ("\":\" is not allowed here; check the indentation, and quote a text that contains \": \"", position)
    case "mapping keys are not allowed in this context":
      return ("\"?\" is not allowed here; check the indentation, and quote a text that begins with \"? \"", position)
    case "block sequence entries are not allowed in this context":
      return ("an entry of a list (\"- \") is not allowed here; begin it on a line of its own", position)
    case "could not find expected ':'":
      return ("\":\" is missing after this key", contextPosition)
    case "did not find expected key":
      if source.hasTextBefore(position) { return ("unexpected text after the value; check the quotes", position) }
      return ("expected a key of the mapping that begins in \(opening); check the indentation", position)
    case "did not find expected '-' indicator":
      return ("expected \"- \" for the list that begins in \(opening); check the indentation", position)
    case "did not find expected ',' or ']'": return unclosed("list", "]", source)
    case "did not find expected ',' or '}'": return unclosed("mapping", "}", source)
    case "did not find expected node content":
      if source.isAtEnd(position) { return ("the file ends where a value is expected", position) }
      return ("expected a value", position)
    case "found unexpected end of stream":
      return ("the quoted text that begins here is not closed", contextPosition)
    case "found unexpected document indicator":
      return ("the quoted text that begins in \(opening) is not closed before this line", position)
    case "did not find expected <document start>":
      return ("text after the end of the document; a file holds one document", position)
    default:
      return rewordedToken(source)
    }
  }

  private func rewordedToken(_ source: SourceText) -> (message: String, mark: Mark) {
    switch (problem, context) {
    case ("found unknown escape character", _):
      let escape = abbreviated(String(source.remainder(position).prefix(2)))
      return ("the escape \(escape) is not known; in single quotes a backslash stands for itself", position)
    case ("found invalid Unicode character escape code", _), ("did not find expected hexdecimal number", _):
      return ("this escape is not a Unicode character; write \"\\xNN\", \"\\uNNNN\" or \"\\UNNNNNNNN\"", position)
    case ("found an indentation indicator equal to 0", _):
      return ("the indentation after \"|\" or \">\" counts from 1 to 9", position)
    case ("did not find expected comment or line break", "while scanning a block scalar"):
      return ("a text after \"|\" or \">\" begins on the next line", position)
    case ("did not find expected alphabetic or numeric character", "while scanning an alias"):
      return ("\"*\" begins an alias, and a name must follow; quote a text that begins with \"*\"", contextPosition)
    case ("did not find expected alphabetic or numeric character", "while scanning an anchor"):
      return ("\"&\" begins an anchor, and a name must follow; quote a text that begins with \"&\"", contextPosition)
    case (_, "while scanning a tag"), (_, "while parsing a tag"), ("found undefined tag handle", _):
      return ("this tag is not known; quote a text that begins with \"!\"", contextPosition)
    case ("found incompatible YAML document", _):
      return ("this version of YAML is not known; delete the line, or write %YAML 1.2", position)
    case ("found duplicate %YAML directive", _):
      return ("%YAML is already there", position)
    case (_, "while scanning a directive"), (_, "while scanning a %YAML directive"):
      return ("this directive is not known; the only one is %YAML 1.2", position)
    default:
      return ("not valid YAML: " + problem + (context.isEmpty ? "" : " " + context), position)
    }
  }

  private func unclosed(_ kind: String, _ bracket: String, _ source: SourceText) -> (message: String, mark: Mark) {
    if source.isAtEnd(position) {
      return ("the \(kind) that begins here is not closed with \"\(bracket)\"", contextPosition)
    }
    return ("expected \",\" or \"\(bracket)\" in the \(kind) that begins in \(opening)", position)
  }

  private var opening: String { "line \(contextPosition.line)" }

  private static let tab = "a tab in the indentation; indent with spaces"
}
