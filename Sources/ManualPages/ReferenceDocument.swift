/// A reference, which is shown as Markdown and as sections of a manual page.
public struct ReferenceDocument: Sendable {
  /// A part of the document, as it stands between empty lines.
  public enum Block: Sendable {
    case heading(level: Int, String)
    /// Code stands between backticks, and lines are broken as in Markdown.
    case paragraph(String)
    /// A paragraph that holds in Markdown alone, such as one with links to other pages.
    case markdownParagraph(String)
    /// The first cell of a row names what the last one describes; those between have the header's words for them.
    case table(header: [String], rows: [[String]])
    case code(language: String, String)
  }

  /// In the order of reading.
  public var blocks: [Block]

  /// An empty document unless blocks are given.
  public init(_ blocks: [Block] = []) { self.blocks = blocks }

  /// The blocks of both, one after the other.
  public static func + (a: ReferenceDocument, b: ReferenceDocument) -> ReferenceDocument {
    ReferenceDocument(a.blocks + b.blocks)
  }
}

extension ReferenceDocument {
  /// The text for a file, with an empty line between blocks and an end of line after the last.
  public var markdown: String {
    blocks.map { block in
      switch block {
      case .heading(let level, let title): "\(String(repeating: "#", count: level)) \(title)\n"
      case .paragraph(let text), .markdownParagraph(let text): "\(text)\n"
      case .table(let header, let rows): ([header, header.map { _ in "---" }] + rows).map(Self.row).joined()
      case .code(let language, let text): "```\(language)\n\(text)\n```\n"
      }
    }.joined(separator: "\n")
  }

  private static func row(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
  }
}

extension ManualPage {
  /// The document with its headings as subsections.
  public mutating func add(_ document: ReferenceDocument) {
    for block in document.blocks {
      switch block {
      case .markdownParagraph: break
      case .heading(_, let title): subsection(title.replacing("`", with: ""))
      case .paragraph(let text): paragraph(text)
      case .table(let header, let rows): table(header, rows)
      case .code(_, let text): literal(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      }
    }
  }

  private mutating func table(_ header: [String], _ rows: [[String]]) {
    tagged(
      rows.map { row in
        var term = Roff.inline(row.first ?? "")
        var text = "\(row.last ?? "")."
        for (name, cell) in zip(header, row).dropFirst().dropLast() {
          if name == "Takes", cell.count < 40 {
            term += " \\fI\(Roff.inline(cell.replacing("`", with: "")))\\fP"
          } else {
            text += cell == "**required**" ? " Required." : " \(name): \(cell)."
          }
        }
        return (term, Roff.sentences(text))
      })
  }
}
