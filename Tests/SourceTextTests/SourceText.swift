import FoundationEssentials

/// The text of the source, cut into its introduction, the memorandum and the five attachments.
struct SourceText {
  struct Section {
    let id: String
    let lines: [String]

    /// The whole section with white space and line breaks aside.
    var text: String { lines.joined(separator: " ").whiteSpaceAside }
  }

  let sections: [Section]

  static let shared = SourceText(
    try! String(contentsOf: Package.folder.appending(path: "memorandum-1955.txt"), encoding: .utf8))

  init(_ text: String) {
    var sections: [Section] = []
    var id = "introduction"
    var lines: [String] = []
    for line in text.split(separator: "\n").map(String.init) {
      if line == "No. 8.58" {
        sections.append(Section(id: id, lines: lines))
        (id, lines) = ("memorandum", [])
      } else if line.wholeMatch(of: /Attachment [1-5]/) != nil {
        // The security marking above the line is the attachment's own.
        let marking = lines.removeLast()
        sections.append(Section(id: id, lines: lines))
        (id, lines) = (Self.sectionId(line), [marking])
      }
      lines.append(line)
    }
    sections.append(Section(id: id, lines: lines))
    self.sections = sections
  }

  static func sectionId(_ name: some StringProtocol) -> String {
    name.lowercased().replacing(" ", with: "_")
  }

  func section(_ id: some StringProtocol) -> Section? { sections.first { $0.id == id } }

  func table(_ id: String) -> PrintedTable? { section(id)?.table }

  /// The part of the text that a locus such as `Attachment 4, France, column 1` names, white space aside.
  func passage(at locus: String) -> String? {
    let parts = locus.split(separator: ", ")
    guard let name = parts.first, let section = section(Self.sectionId(name)) else { return nil }
    guard parts.count > 1 else { return section.text }
    if let item = parts[1].wholeMatch(of: /item ([0-9])/), let number = Int(item.1) {
      return section.item(number)
    }
    if parts[1] == "note" { return section.lines.first { $0.hasPrefix("Note: ") }?.whiteSpaceAside }
    if parts.count == 3 { return section.table?.line.whiteSpaceAside }
    return section.lines.first { $0.hasPrefix("\(parts[1])") }?.whiteSpaceAside
  }
}

extension SourceText.Section {
  /// The numbered item with the paragraphs below it.
  func item(_ number: Int) -> String? {
    guard let start = lines.firstIndex(where: { $0.hasPrefix("\(number). ") }) else { return nil }
    let end = lines[start...].firstIndex { $0.hasPrefix("\(number + 1). ") } ?? lines.endIndex
    return lines[start..<end].joined(separator: " ").whiteSpaceAside
  }

  /// The table of attachments 1 and 4, which the source runs together column by column on one line.
  var table: PrintedTable? {
    guard let heading = lines.firstIndex(where: { $0.hasPrefix("Country | ") }) else { return nil }
    return PrintedTable(heading: lines[heading], line: lines[heading + 1])
  }

  /// The entries of attachment 5, one on a line: `USA – 3`, and its total.
  var entries: [(name: String, value: String, line: String)] {
    lines.compactMap { line in
      line.wholeMatch(of: /(.+?)(?: –|:) ([0-9–]+)/).map { (String($0.1), String($0.2), line) }
    }
  }
}

struct PrintedTable {
  let headings: [String]
  let line: String
  let names: [String]
  /// The run of every column as printed, its total last.
  let runs: [String]

  init(heading: String, line: String) {
    func cells(_ line: String) -> [String] { line.split(separator: "|").map { String($0).whiteSpaceAside } }
    let columns = cells(line).filter { !$0.isEmpty }
    self.line = line
    headings = cells(heading).filter { !$0.isEmpty }
    names = columns[0].split(separator: " ").map(String.init)
    runs = Array(columns.dropFirst())
  }

  func values(_ column: Int) -> [String] { runs[column].split(separator: " ").map(String.init) }
}

extension String {
  /// The words with one space between them.
  var whiteSpaceAside: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  /// All numbers of the text in order: digits, and number words as digits.
  var numbers: [String] {
    matches(of: /[0-9]+|\b[A-Za-z]+\b/).compactMap { match in
      let word = match.0.lowercased()
      return word.first!.isNumber ? word : Self.numberWords[word]
    }
  }

  private static let numberWords: [String: String] = {
    let units = [
      "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
      "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ]
    var words = ["dozen": "12", "hundred": "100", "thousand": "1000"]
    for (index, word) in units.enumerated() { words[word] = "\(index + 1)" }
    return words
  }()
}
