import JSON
import TestSupport
import Testing

@testable import Exports

@Suite("Differences are told in a time that grows as the tables do", .timeLimit(.minutes(10)))
struct DifferenceTests {
  private func column(_ name: String, _ kind: String = "text") -> TableRecord.Column {
    TableRecord.Column(name: name, kind: kind)
  }

  private func difference(_ text: String, _ expected: String, _ columns: [TableRecord.Column]) throws -> [String] {
    var difference = TableDifference(limit: 20)
    let record = TableRecord(columns: columns, cells: [], totals: [], notes: [])
    try difference.compare(text: text, with: expected, mediaType: "text/csv; charset=utf-8", record: record)
    return difference.lines
  }

  @Test func aHeaderThatRepeatsItsNamesIsComparedAsText() throws {
    let header = Array(repeating: "bloc", count: 50_000).joined(separator: ",")
    let text = "\(header)\na,b\na,b\n"
    let columns = (0..<20_000).map { column("c\($0)") } + [column("bloc")]
    let start = ContinuousClock.now
    #expect(
      try difference(text, "bloc,a\nx,1\n", [column("bloc"), column("a")]) == [
        "line 1: \"bloc,a\" -> \"\(header.prefix(120))\"…", "line 2: \"x,1\" -> \"a,b\"", "line 3: \"\" -> \"a,b\"",
        "3 lines -> 4 lines",
      ])
    _ = try difference(text, "c0\nx\n", columns)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func wideTablesOfEqualRowsAreComparedByNumber() throws {
    let columns = (0..<2000).map { column("c\($0)") }
    func table(_ last: String) -> TableRecord {
      let rows = (0..<300).map { _ in columns.map { _ in JSONValue.string("same") } }
      return TableRecord(
        columns: columns, cells: rows.dropLast() + [columns.map { _ in .string(last) }], totals: [], notes: [])
    }
    var difference = TableDifference(limit: 1)
    try difference.compare(table("old"), table("new"))
    #expect(difference.lines == ["row 300, c0: \"old\" -> \"new\""])
    #expect(difference.total == 2000)
  }

  @Test func rowsAreToldApartByAsFewTextsAsDoIt() throws {
    let columns = [column("a"), column("b"), column("n", "integer")]
    func table(_ cells: [[JSONValue]]) -> TableRecord {
      TableRecord(columns: columns, cells: cells, totals: [], notes: [])
    }
    var difference = TableDifference(limit: 9)
    try difference.compare(
      table([["x", "1", 1], ["x", "2", 2], ["y", "1", 3]]), table([["x", "1", 1], ["y", "1", 4], ["x", "3", 2]]))
    #expect(difference.lines == ["x, 2: the row is gone", "y, 1, n: 3 -> 4", "x, 3: the row is new"])
  }

  @Test func lineEndsAndCellsThatAreNoNumbersAreShown() throws {
    let columns = [column("a"), column("n", "integer")]
    #expect(try difference("a,n\r\nx,1\r\n", "a,n\nx,1\n", columns) == ["the line ends differ"])
    #expect(try difference("a,n\nx,1\n", "a,n\r\nx,1\r\n", columns) == ["the line ends differ"])
    #expect(try difference("a,n\nx, 161\n", "a,n\nx,161\n", columns) == ["x, n: 161 -> \" 161\""])
    #expect(try difference("a,n\nx,\n", "a,n\nx,161\n", columns) == ["x, n: 161 -> missing"])
    var other = TableDifference(limit: 9)
    try other.compare(
      text: "{\r\n  1\r\n", with: "{\n  2\n", mediaType: "application/json",
      record: TableRecord(columns: [], totals: [], notes: []))
    #expect(other.lines == ["the line ends differ", "line 2: \"  2\" -> \"  1\""])
  }

  @Test func tellingThemEndsWhenTheCallDoes() async {
    let task = Task {
      await withCheckedContinuation { continuation in Task.detached { continuation.resume() } }
      while !Task.isCancelled { await Task.yield() }
      let record = TableRecord(columns: [column("a")], cells: [["x"]], totals: [], notes: [])
      var difference = TableDifference(limit: 1)
      try difference.compare(record, record)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.finished }
  }

  @Test("Cells are told from each other whatever marks their signs have", arguments: MarkedSigns.texts)
  func marks(_ text: String) throws {
    let columns = [column("a"), column("n", "integer"), column("b")]
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in "\(text),\(text)".utf8 { quoted += byte == UInt8(ascii: "\"") ? [byte, byte] : [byte] }
    quoted.append(UInt8(ascii: "\""))
    let written = String(decoding: quoted, as: UTF8.self)
    let found = try difference("a,n,b\r\n\(written),2,\u{301}z\r\n", "a,n,b\n\(written),1,\u{301}z\n", columns)
    #expect(found.count == 1 && found.first?.hasSuffix(", n: 1 -> 2") == true, "\(found)")
  }

  @Test func aManifestWithColumnsOfOneNameIsNone() throws {
    let table = TableRecord(columns: [column("a"), column("a")], cells: nil, totals: [], notes: [])
    #expect(ExportManifest(parsing: manifest(table).encoded) == nil)
    var whole = manifest(TableRecord(columns: [column("a")], cells: [[.string("x")]], totals: [], notes: []))
    #expect(ExportManifest(parsing: whole.encoded) == whole)
    whole.table.cells = [[.string("x\0")]]
    #expect(ExportManifest(parsing: whole.encoded) == nil, "no reply could hold it")
  }

  private func manifest(_ table: TableRecord) -> ExportManifest {
    ExportManifest(
      export: "a", file: "a.csv", report: "a", title: "A", parameters: [:], where: [], steps: [], exporter: "csv",
      formatParameters: [:], configuration: "", dataset: "d", revision: "r", plugins: [], sha256: "", bytes: 0,
      rows: 0, writtenAt: "", table: table)
  }
}
