/// Text in the language of roff(7).
enum Roff {
  /// Commands are longer than this only when they cannot be broken: 80 columns less the page's margins.
  private static let literalWidth = 68

  /// Text of a line, where hyphens of options stay what is typed and code between backticks is bold.
  static func inline(_ text: String) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
      let words = part.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      if index % 2 == 1 { return "\\fB\(words.map(whole).joined(separator: " "))\\fP" }
      return words.map { $0.hasPrefix("-") || $0.contains(where: isOfNames) ? whole($0) : escaped($0) }
        .joined(separator: " ")
    }.joined()
  }

  /// What is in names and paths, and not in words.
  private static func isOfNames(_ character: Character) -> Bool { "_/=".contains(character) || character.isNumber }

  /// A word that is copied, and so neither hyphenated nor changed.
  private static func whole(_ word: String) -> String { word.isEmpty ? "" : "\\%\(literal(word))" }

  /// A sentence a line, as roff wants it to know where sentences end.
  static func sentences(_ text: String) -> String {
    var lines: [String] = []
    var sentence: [Substring] = []
    let words = text.split { $0 == " " || $0 == "\n" }
    for (index, word) in words.enumerated() {
      sentence.append(word)
      let next = index + 1 < words.count ? words[index + 1].first : nil
      if next == nil || (word.hasSuffix(".") && word != "..." && (next == "`" || next?.isUppercase == true)) {
        lines.append(line(inline(sentence.joined(separator: " "))))
        sentence = []
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Characters as they are to be copied.
  static func literal(_ text: String) -> String { escaped(text).replacing("-", with: "\\-") }

  /// An argument of a macro, which none of its characters ends or turns into another macro.
  static func argument(_ text: String) -> String { literal(text).replacing("\"", with: "\\(dq") }

  /// A line that is no request.
  static func line(_ text: String) -> String { text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text }

  /// A command that is too long goes on in the next line, from an option on.
  static func folded(_ command: String) -> [String] {
    guard command.count > literalWidth,
      // The last option that ends in time, but not the one that the line begins with.
      let end = command.ranges(of: " --").map(\.lowerBound).last(where: { end in
        command.distance(from: command.startIndex, to: end) < literalWidth - 1
          && command[..<end].contains { $0 != " " }
      })
    else { return [command] }
    return ["\(command[..<end]) \\"] + folded("    \(command[end...].dropFirst())")
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    return result
  }
}
