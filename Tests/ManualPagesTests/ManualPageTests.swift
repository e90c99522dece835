import Testing

@testable import ManualPages

@Suite("Text comes through roff as it is")
struct ManualPageTests {
  private let page = ManualPage(name: "x", section: 1, summary: "does it", date: "May 1, 2026", version: "X 1")

  @Test(
    "What roff would take for its own is escaped",
    arguments: [
      ("a\\nb", "a\\enb"), (".Sh no", "\\&.Sh no"), ("'no", "\\&'no"), ("code,…", "code,\\[u2026]"),
      ("with --fail-on and self-made", "with \\%\\-\\-fail\\-on and self-made"),
      ("`a-b` c-d /a", "\\fB\\%a\\-b\\fP c-d \\%/a"),
    ])
  func escapes(_ text: String, _ roff: String) {
    var page = page
    page.section("DESCRIPTION")
    page.paragraph(text)
    #expect(page.text.hasSuffix(".Sh DESCRIPTION\n\(roff)\n"))
  }

  @Test("Sentences stand on lines of their own")
  func sentences() {
    #expect(Roff.sentences("One is. Two e.g. this.") == "One is.\nTwo e.g. this.")
  }

  @Test("A command that is too long for a terminal is broken before an option, as a shell reads it")
  func folding() {
    let command = "muster run country-summary --where source=attachment_1,attachment_4 --set totals=both"
    #expect(
      Roff.folded(command) == [
        "muster run country-summary \\", "    --where source=attachment_1,attachment_4 --set totals=both",
      ])
  }
}
