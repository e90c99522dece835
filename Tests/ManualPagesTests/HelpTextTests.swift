import Testing

@testable import ManualPages

@Suite("The text of a help is taken apart")
struct HelpTextTests {
  @Test("Paragraphs are what is not indented under a heading")
  func paragraphs() {
    let help = HelpText("It does\nthis.\n\nEXAMPLES\n  muster list\n  muster run x\n\nAnd that.")
    #expect(help.paragraphs == ["It does this.", "And that."])
    #expect(help.sections.map(\.title) == ["EXAMPLES"])
    #expect(help.sections.map(\.content) == [.lines(["muster list", "muster run x"])])
  }

  @Test("Entries have a term, two spaces and a text that may go on below")
  func entries() {
    let help = HelpText("EXIT STATUS\n  0    success\n  75   no answer,\n       or busy")
    #expect(help.sections.map(\.content) == [.entries([("0", "success"), ("75", "no answer, or busy")])])
  }
}
