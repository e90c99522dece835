/// A manual page in the macros of mdoc(7), which man(1) and mandoc(1) show.
public struct ManualPage: Sendable {
  /// The page so far.
  public private(set) var text: String
  /// The name by which `man` finds the page, in small letters as it is given.
  public let name: String

  /// - Parameters:
  ///   - summary: what the page is about, without a full stop.
  ///   - date: of what it describes, such as `November 23, 2026`.
  ///   - version: of what it describes, such as `Muster 0.1.0`.
  public init(name: String, section: Int, summary: String, date: String, version: String) {
    self.name = name
    text = """
      .Dd \(date)
      .Dt \(name.uppercased()) \(section)
      .Os \(Roff.argument(version))
      .Sh NAME
      .Nm \(Roff.argument(name))
      .Nd \(Roff.inline(summary))

      """
  }

  /// Begins a section (`.Sh`), whose title is by custom in capitals.
  public mutating func section(_ title: String) { line(".Sh \(Roff.inline(title))") }

  mutating func subsection(_ title: String) { line(".Ss \(Roff.inline(title))") }

  /// Text in which code stands between backticks. Its first paragraph in a section has no space before it.
  public mutating func paragraph(_ text: String) {
    if !isAtHeading { line(".Pp") }
    line(Roff.sentences(text))
  }

  /// Terms and what they mean.
  public mutating func entries(_ entries: [(term: String, text: String)]) {
    tagged(entries.map { (Roff.inline($0.term), Roff.sentences($0.text)) })
  }

  /// Lines that stand as they are.
  public mutating func literal(_ lines: [String]) {
    if !isAtHeading { line(".Pp") }
    line(".Bd -literal -offset 4n -compact")
    for text in lines { line(Roff.line(Roff.literal(text))) }
    line(".Ed")
  }

  /// References to other pages, in the order of sections and names.
  public mutating func seeAlso(_ pages: [(name: String, section: Int)]) {
    section("SEE ALSO")
    let sorted = pages.sorted { ($0.section, $0.name) < ($1.section, $1.name) }
    for (index, page) in sorted.enumerated() {
      line(".Xr \(page.name) \(page.section)\(index < sorted.count - 1 ? " ," : "")")
    }
  }
}

extension ManualPage {
  private var isAtHeading: Bool {
    let last = text.utf8.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { text[$0...].dropFirst() } ?? ""
    return last.hasPrefix(".Sh") || last.hasPrefix(".Ss")
  }

  /// Entries the terms and texts of which are roff already.
  mutating func tagged(_ entries: [(term: String, text: String)]) {
    line(".Bl -tag -width Ds")
    for (term, text) in entries {
      line(".It \(term)")
      line(text)
    }
    line(".El")
  }

  mutating func line(_ roff: String) { text += roff + "\n" }
}
