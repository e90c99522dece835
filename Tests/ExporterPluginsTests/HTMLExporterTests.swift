import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("html")
struct HTMLExporterTests {
  private let html = HTMLExporter()

  /// The small table with as many citations on each number as it says.
  private func cited(_ count: Int) -> TestTable {
    var table = TestTable.small
    table.citations = { row, column, limit in
      let citations = (0..<count).map { index in
        Citation(
          printed: "\(index)", source: "Attachment 1", locus: "Attachment 1, \(row[0].text), \(column.title)",
          quote: "Poland | 190 <143>", role: index == 1 ? .ofWhich : .counted, caveats: index == 2 ? ["A caveat."] : [])
      }
      return Citations(first: Array(citations.prefix(limit)), count: count)
    }
    return table
  }

  @Test("The table says what its cells are, and its numbers lead to their notes")
  func table() async throws {
    let page = try await exportText(.small, with: html)
    #expect(page.contains("id=\"table-title\">Persons by country</span> Unit: persons.</caption>"))
    #expect(page.contains("<th scope=\"col\" class=\"number\">Released</th>"))
    #expect(
      page.contains(
        "<tr><th scope=\"row\" dir=\"auto\">Finland</th><td class=\"number\">24<sup><a href=\"#note-1\" "
          + "aria-label=\"Note 1\">1</a></sup></td><td class=\"number\">–</td>"))
    #expect(page.contains("<td class=\"number\">…</td><td class=\"number\"></td>"))
    #expect(page.contains("<tfoot>\n<tr><th scope=\"row\">Total</th><td class=\"number\">214<sup>"))
    #expect(page.contains("<li id=\"note-1\">Five more Finns remain.</li>\n<li id=\"note-2\">Another caveat.</li>"))
    #expect(page.contains("<li>–: none printed</li>\n<li>…: not given</li>\n<li>1 number is not added</li>"))
  }

  @Test("Each number leads to the observations behind it and shows the first of them")
  func citations() async throws {
    let page = try await exportText(cited(2), with: html)
    #expect(page.contains("<td class=\"number cited\" id=\"v0-1\"><a href=\"#c0-1\" aria-describedby=\"t0-1\">190</a>"))
    #expect(
      page.contains(
        "<li><cite>Attachment 1</cite>, Poland, Released: <b>0</b> <q>Poland | 190 &lt;143&gt;</q></li>\n"
          + "<li><cite>Attachment 1</cite>, Poland, Released: <b>1</b> <q>Poland | 190 &lt;143&gt;</q> "
          + "<em>A part of another number, not added.</em></li>"))
    #expect(page.contains("<section id=\"c1-2\"><h4>Handed over: – "), "a dash is cited too")
    #expect(!page.contains("id=\"c2-2\""), "nothing was observed, so there is nothing to cite")
    #expect(!page.contains("more</"))
  }

  @Test("Of many citations a cell shows three and the section fifty, and both say how many there are")
  func manyCitations() async throws {
    let page = try await exportText(cited(120), with: html)
    let cell = try #require(page.split(separator: "id=\"t0-1\">").last?.prefix { $0 != "\n" })
    #expect(page.contains("<span>and 117 more</span>"))
    #expect(page.contains("<li>and 70 more</li>"))
    #expect(page.contains("<small>A caveat.</small>"))
    #expect(cell.split(separator: "<cite>").count <= 4)
  }

  @Test("Citations can be left out, and a page of too many is refused with the remedy")
  func citationLimit() async throws {
    var table = cited(50)
    table.rows = Array(repeating: table.rows[0], count: 134)
    let error = await #expect(throws: CitationLimitExceeded.self) {
      try await export(table, with: html)
    }
    #expect(
      error?.description == "html lists at most 20000 citations, and there are more; "
        + "ask for fewer rows, or for none with citations=false")
    #expect(try await exportText(table, with: html, ["citations": "false"]).contains("Citations") == false)
  }

  @Test("Cells without observations are no links")
  func noCitations() async throws {
    #expect(try await exportText(cited(0), with: html).contains("class=\"number cited\"") == false)
  }

  @Test("Text cannot break the markup")
  func markup() async throws {
    let evil = "<script>alert('&\"')</script>"
    var table = TestTable.numbers([[Cell(.integer(1), notes: [Note(.caveat, evil)])]])
    table.title = evil
    table.columns[1].title = evil
    table.rows[0][0] = .text(evil)
    table.citations = { _, _, _ in
      Citations(first: [Citation(printed: evil, source: evil, locus: evil, quote: evil, caveats: [evil])], count: 1)
    }
    let page = try await exportText(table, with: html)
    #expect(!page.contains("<script"))
    #expect(!page.contains(evil))
  }

  @Test("The chart can be left out, and says so when there are too many rows or columns")
  func chart() async throws {
    #expect(try await exportText(.small, with: html).contains("<svg"))
    #expect(try await exportText(.small, with: html, ["chart": "false"]).contains("<svg") == false)
    let rows = try await exportText(.numbers(Array(repeating: [.integer(1)], count: 101)), with: html)
    #expect(rows.contains("<p>There is no chart: one shows at most 100 rows, and there are more.</p>"))
    let columns = try await exportText(.numbers([Array(repeating: .integer(1), count: 7)]), with: html)
    #expect(columns.contains("<p>There is no chart: one shows at most 6 columns, and there are 7.</p>"))
    #expect(try await exportText(.texts(["x"]), with: html).contains("chart\">") == false)
  }

  @Test("More rows than a page holds are refused with the limit")
  func rowLimit() async throws {
    let table = TestTable.texts(Array(repeating: "x", count: 10_001))
    await #expect(throws: RowLimitExceeded(step: "html", limit: 10_000)) {
      try await export(table, with: html)
    }
  }
}
