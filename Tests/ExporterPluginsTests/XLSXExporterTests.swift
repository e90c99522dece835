import ReportKit
import TestSupport
import Testing

@testable import ExporterPlugins

/// What a reader makes of the workbooks is checked by Tests/exporters.sh.
@Suite("xlsx")
struct XLSXExporterTests {
  @Test("The same table gives the same bytes, and they are no text")
  func determinism() async throws {
    let xlsx = XLSXExporter()
    #expect(!xlsx.isText)
    let bytes = try await export(.small, with: xlsx)
    #expect(bytes.starts(with: Array("PK".utf8)))
    #expect(try await export(.small, with: xlsx) == bytes)
  }

  @Test("A text that does not fit into a cell is refused with its place")
  func longText() async throws {
    let xlsx = XLSXExporter()
    let error = await #expect(throws: (any Error).self) {
      try await export(.texts(["a", String(repeating: "é", count: 32_768)]), with: xlsx)
    }
    #expect(
      error.map { "\($0)" } == "the workbook holds at most 32767 characters in a cell, and A3 has 32768")
  }

  @Test(
    "A text is written so that it is shown as it is",
    arguments: [
      ("_x0041_", "_x005F_x0041_"), ("a_xFFff_x0041_", "a_x005F_xFFff_x005F_x0041_"), ("_x004_", "_x004_"),
      ("_x0041", "_x0041"), ("_X0041_", "_X0041_"), ("_x00g1_", "_x00g1_"), ("united_states", "united_states"),
      ("a\u{0}b", "a\u{FFFD}b"), ("a\u{FFFE}\u{FFFF}b", "a\u{FFFD}\u{FFFD}b"), ("a\rb\r\nc\r", "a b\nc "),
      ("＝1", "＝1"), ("_\u{301}x0041_", "_\u{301}x0041_"), ("_x0041_\u{301}", "_x005F_x0041_\u{301}"),
    ])
  func cellTexts(_ text: String, _ written: String) {
    #expect(areSameBytes(cellText(text), written), "\(cellText(text).debugDescription)")
  }

  @Test("Signs of markup and of control are escaped in the content of a cell")
  func markup() {
    #expect(spreadsheetMarkup("a<b>&\"c\"\t\n") == "a&lt;b&gt;&amp;\"c\"\t\n")
    #expect(spreadsheetMarkup("\u{1}a\u{1F}") == "_x0001_a_x001F_")
  }

  @Test("A table without rows is a workbook")
  func noRows() async throws {
    let xlsx = XLSXExporter()
    #expect(try await export(.texts([]), with: xlsx).isEmpty == false)
  }
}
