import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("markdown")
struct MarkdownExporterTests {
  @Test("A heading, the table, totals in bold, and the notes")
  func small() async throws {
    #expect(
      try await exportText(.small, with: MarkdownExporter()) == """
        # Persons by country

        | Country | Released | Handed over | Total |
        | :--- | ---: | ---: | ---: |
        | Poland | 190 | 143 | 333 |
        | Finland | 24 \\[1\\] | – | 24 \\[1\\] |
        | Japan | … |  | … |
        | Nowhere | 0 | 2 \\[1,2\\] | 2 |
        | **Total** | **214** \\[1\\] | **145** \\[1,2\\] | **359** \\[1\\] |

        1. Five more Finns remain.
        2. Another caveat.

        - –: none printed
        - …: not given
        - 1 number is not added

        Revision of the dataset: sha256:00ff

        """)
  }

  @Test(
    "Nothing in a text is markup",
    arguments: [
      ("a|b", "a\\|b"), ("a|\u{301}b", "a\\|\u{301}b"), ("two\nlines", "two lines"), ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
      ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"), ("united_states", "united_states"), ("[x](y)", "\\[x\\](y)"),
      ("~~x~~", "\\~\\~x\\~\\~"), ("back\\slash", "back\\\\slash"), ("$x$", "\\$x\\$"), ("# x", "\\# x"),
      ("- x", "- x"), ("  x  ", "x"), ("a\u{202E}b", "a\u{FFFD}b"), ("", ""),
    ])
  func escaping(text: String, expected: String) {
    #expect(markdownText(text) == expected)
  }

  @Test(
    "Nothing at the beginning of a note begins a list or a heading",
    arguments: [
      ("- x", "\\- x"), ("+ x", "\\+ x"), ("1955. x", "1955\\. x"), ("1) x", "1\\) x"), ("a. x", "a. x"),
      ("# x", "\\# x"),
    ])
  func blocks(text: String, expected: String) {
    #expect(markdownText(text, startsBlock: true) == expected)
  }
}
