internal import ReportKit

/// What an HTML page says about the observations behind its cells: at each cell the first of them, and in a section of
/// their own all that are listed.
struct HTMLCitations {
  /// How many observations are listed for a cell.
  static let cellLimit = 50
  /// How many of them the cell itself shows.
  static let tipLimit = 3
  /// How many observations a page lists.
  static let pageLimit = 20_000

  private let provider: CitationProvider
  private var listedCount = 0
  private var listing = ""
  private var headingOfRow = ""

  init(_ provider: @escaping CitationProvider) {
    self.provider = provider
  }

  /// The section at the end of the page; empty when nothing was cited.
  var section: String {
    listing.isEmpty
      ? ""
      : "<section class=\"citations\" aria-labelledby=\"citations\">\n<h2 id=\"citations\">Citations</h2>\n"
        + "<p>The observations behind each number, as the sources print them.</p>\n\(listing)</section>\n"
  }

  /// What follows cites the cells of another row.
  mutating func beginRow(_ label: String) {
    headingOfRow = "<h3>\(xmlText(label))</h3>\n"
  }

  /// What stands at the cell: its text as a link to its citations, and the first of these; nil when there are none.
  ///
  /// - Parameter id: identifies the cell in the page.
  mutating func cite(
    _ column: Column, of row: Row, label: String, text: String, id: String
  ) async throws -> (link: String, tip: String)? {
    let citations = try await provider(row, column, Self.cellLimit)
    if citations.count == 0 { return nil }
    let listed = citations.first.prefix(Self.cellLimit)
    listedCount += listed.count
    if listedCount > Self.pageLimit { throw CitationLimitExceeded(limit: Self.pageLimit) }

    listing += headingOfRow
    headingOfRow = ""
    listing +=
      "<section id=\"c\(id)\"><h4>\(xmlText(column.title)): \(xmlText(text)) "
      + "<a href=\"#v\(id)\" aria-label=\"Back to \(xmlText(column.title)) of \(xmlText(label)) in the table\">↑</a></h4>\n"
      + "<ul>\n\(listed.map { "<li>\(html($0))</li>\n" }.joined())\(more(citations.count - listed.count, tag: "li"))</ul></section>\n"

    let shown = listed.prefix(Self.tipLimit)
    let link = "<a href=\"#c\(id)\" aria-describedby=\"t\(id)\">\(xmlText(text))</a>"
    let tip =
      "<span class=\"tip\" role=\"tooltip\" id=\"t\(id)\">"
      + shown.map { "<span>\(html($0))</span>" }.joined() + more(citations.count - shown.count, tag: "span") + "</span>"
    return (link, tip)
  }

  private func more(_ count: Int, tag: String) -> String {
    count > 0 ? "<\(tag)>and \(count) more</\(tag)>\n" : ""
  }

  /// Such as `Attachment 1, Poland, column 1: 190 “Poland … 190”`.
  private func html(_ citation: Citation) -> String {
    var place = "<cite>\(xmlText(citation.source))</cite>"
    if let locus = citation.locus {
      // A locus that begins with the source's title does not need it twice.
      place =
        locus.hasPrefix(citation.source)
        ? "<cite>\(xmlText(citation.source))</cite>\(xmlText(String(locus.dropFirst(citation.source.count))))"
        : "\(place), \(xmlText(locus))"
    }
    var html = "\(place): <b>\(xmlText(citation.printed))</b>"
    if let quote = citation.quote { html += " <q>\(xmlText(quote))</q>" }
    switch citation.role {
    case .counted: break
    case .ofWhich: html += " <em>A part of another number, not added.</em>"
    case .contested: html += " <em>Contested by another statement, not added.</em>"
    }
    for caveat in citation.caveats { html += " <small>\(xmlText(caveat))</small>" }
    return html
  }
}

/// A page would list more observations than it may.
struct CitationLimitExceeded: Error, CustomStringConvertible {
  var limit: Int

  var description: String {
    "html lists at most \(limit) citations, and there are more; ask for fewer rows, or for none with citations=false"
  }
}
