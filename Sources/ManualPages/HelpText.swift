/// The text behind the summary of a help: paragraphs, and indented lines under headings in capitals.
struct HelpText {
  enum Content: Equatable {
    /// Terms and what they mean.
    case entries([(term: String, text: String)])
    /// Lines that stand as they are, such as commands.
    case lines([String])

    static func == (a: Content, b: Content) -> Bool {
      switch (a, b) {
      case (.entries(let a), .entries(let b)): a.elementsEqual(b, by: ==)
      case (.lines(let a), .lines(let b)): a == b
      default: false
      }
    }
  }

  private(set) var paragraphs: [String] = []
  private(set) var sections: [(title: String, content: Content)] = []

  init(_ text: String) {
    for chunk in text.split(separator: "\n", omittingEmptySubsequences: false).split(whereSeparator: \.isEmpty) {
      if let title = chunk.first, chunk.count > 1, chunk.dropFirst().allSatisfy({ $0.hasPrefix("  ") }) {
        sections.append((String(title), Content(chunk.dropFirst().map { $0.dropFirst(2) })))
      } else {
        paragraphs.append(chunk.joined(separator: " "))
      }
    }
  }
}

extension HelpText.Content {
  /// Each line of entries has a term, two spaces and a text, or goes on with the text before.
  fileprivate init(_ lines: [Substring]) {
    var entries: [(term: String, text: String)] = []
    for line in lines {
      let gap = line.firstRange(of: "  ")
      if line.hasPrefix(" "), let last = entries.popLast() {
        entries.append((last.term, "\(last.text) \(line.drop { $0 == " " })"))
      } else if let gap, gap.lowerBound > line.startIndex {
        entries.append((String(line[..<gap.lowerBound]), String(line[gap.upperBound...].drop { $0 == " " })))
      } else {
        self = .lines(lines.map(String.init))
        return
      }
    }
    self = .entries(entries)
  }
}
