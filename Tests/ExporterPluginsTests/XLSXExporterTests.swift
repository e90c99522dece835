import ReportKit
import Testing
import XLSXExporter

/// What a reader makes of the workbooks is checked by Tests/exporters.sh.
@Suite("xlsx", .enabled(if: !xlsxExporters.isEmpty, "built without libxlsxwriter"))
struct XLSXExporterTests {
  @Test("The same table gives the same bytes, and they are no text")
  func determinism() async throws {
    let xlsx = try #require(xlsxExporters.first)
    #expect(!xlsx.isText)
    let bytes = try await export(.small, with: xlsx)
    #expect(bytes.starts(with: Array("PK".utf8)))
    #expect(try await export(.small, with: xlsx) == bytes)
  }

  @Test("A text that does not fit into a cell is refused with its place")
  func longText() async throws {
    let xlsx = try #require(xlsxExporters.first)
    let error = await #expect(throws: (any Error).self) {
      try await export(.texts(["a", String(repeating: "é", count: 32_768)]), with: xlsx)
    }
    #expect(
      error.map { "\($0)" } == "the workbook holds at most 32767 characters in a cell, and A3 has 32768")
  }

  @Test("A table without rows is a workbook")
  func noRows() async throws {
    let xlsx = try #require(xlsxExporters.first)
    #expect(try await export(.texts([]), with: xlsx).isEmpty == false)
  }
}
