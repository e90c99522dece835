import ManualPages

/// A command line that is being typed, as far as completing it needs.
struct TypedCommand {
  private(set) var verb: String?
  /// What is there beside the verb and options, but not the word that is completed.
  private(set) var arguments: [String] = []
  /// The values of options by their preferred names, in the order of the command line.
  private(set) var options: [String: [String]] = [:]
  /// What the completed word begins with.
  let prefix: String

  /// - Parameters:
  ///   - words: of the shell, the program first, with the quotes in them.
  ///   - index: of the word that is completed.
  init(words: [String], completing index: Int, prefix: String, of program: CommandDescription) {
    self.prefix = unquoted(prefix)
    let verbs = Dictionary(program.verbs.map { ($0.commandName, $0) }) { first, _ in first }
    var names = program.valuedNames
    var option: String?
    for (position, word) in words.enumerated().dropFirst() {
      let word = unquoted(word)
      if let name = option {
        option = nil
        if position != index { options[name, default: []].append(word) }
      } else if position == index {
        continue
      } else if word.hasPrefix("-"), word != "-" {
        let parts = word.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
          .map { String(Substring($0)) }
        guard let name = names[parts[0]] else { continue }
        if parts.count == 2 { options[name, default: []].append(parts[1]) } else { option = name }
      } else if verb == nil {
        verb = word
        if let verb = verbs[word] { names.merge(verb.valuedNames) { first, _ in first } }
      } else {
        arguments.append(word)
      }
    }
  }

  func last(_ option: String) -> String? { options[option]?.last }
}

/// The word that a shell makes of what was typed.
private func unquoted(_ word: String) -> String {
  // By scalars: a mark behind a quote makes one character of both, but the quote is still the shell's.
  var text = String.UnicodeScalarView()
  var quote: Unicode.Scalar?
  var isEscaped = false
  for character in word.unicodeScalars {
    if isEscaped {
      // Within double quotes it stays before whatever has no meaning there.
      if quote == "\"", !["\"", "\\", "$", "`"].contains(character) { text.append("\\") }
      text.append(character)
      isEscaped = false
    } else if character == "\\", quote != "'" {
      isEscaped = true
    } else if character == quote {
      quote = nil
    } else if quote == nil, character == "'" || character == "\"" {
      quote = character
    } else {
      text.append(character)
    }
  }
  return String(text)
}
