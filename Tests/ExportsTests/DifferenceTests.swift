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

  @Test("Texts that Unicode takes for the same are two, wherever they stand")
  func otherCharacters() throws {
    let (one, two) = ("\u{E9}", "e\u{301}")
    func difference(_ table: (String) -> TableRecord) throws -> [String] {
      var difference = TableDifference(limit: 9)
      try difference.compare(table(one), table(two))
      #expect(table(one) != table(two))
      return difference.lines
    }
    func expect(_ lines: [String], _ expected: [String], _ place: SourceLocation = #_sourceLocation) {
      #expect(lines.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, sourceLocation: place)
    }
    let columns = [column("id"), column("name")]
    expect(
      try difference { TableRecord(columns: columns, cells: [["a", .string($0)]], totals: [], notes: []) },
      ["a, name: \"\(one)\" -> \"\(two)\""])
    expect(
      try difference { TableRecord(columns: columns, cells: [[.string($0), "x"]], totals: [], notes: []) },
      ["\(one): the row is gone", "\(two): the row is new"])
    expect(
      try difference { TableRecord(columns: [column("id"), column($0)], cells: [["a", "x"]], totals: [], notes: []) },
      ["the column \(one) is gone", "the column \(two) is new"])
    expect(
      try difference {
        TableRecord(columns: columns, cells: [], totals: [TableRecord.Total(title: $0, cells: [])], notes: [])
      }, ["the row \"\(one)\" is gone", "the row \"\(two)\" is new"])
    expect(
      try difference { TableRecord(columns: columns, cells: [], totals: [], notes: [$0]) },
      ["a note is gone: \(one)", "a note is new: \(two)"])
    // Rows of both are told apart by them.
    let both = TableRecord(
      columns: [column("id"), column("n", "integer")], cells: [[.string(one), 1], [.string(two), 2]], totals: [],
      notes: [])
    var swapped = both
    swapped.cells = [[.string(one), 2], [.string(two), 1]]
    var rows = TableDifference(limit: 9)
    try rows.compare(both, swapped)
    expect(rows.lines, ["\(one), n: 1 -> 2", "\(two), n: 2 -> 1"])
    // In the file itself, too.
    expect(
      try self.difference("id,name\na,\(two)\n", "id,name\na,\(one)\n", columns), ["a, name: \"\(one)\" -> \"\(two)\""])
  }

  @Test("A manifest whose texts became others that Unicode takes for the same says another thing")
  func manifestInOtherCharacters() {
    func manifest(_ change: (inout ExportManifest) -> Void) -> ExportManifest {
      var manifest = self.manifest(TableRecord(columns: [column("a")], cells: [], totals: [], notes: []))
      change(&manifest)
      manifest.configuration = manifest.definitionDigest
      return manifest
    }
    func differs(_ change: (inout ExportManifest, String) -> Void) -> Bool {
      let (one, two) = (manifest { change(&$0, "\u{E9}") }, manifest { change(&$0, "e\u{301}") })
      #expect(one.describesExport(as: one))
      return !two.describesExport(as: one)
    }
    #expect(differs { $0.title = $1 })
    #expect(differs { $0.parameters = ["a": $1] })
    #expect(differs { $0.formatParameters = ["a": $1] })
    #expect(differs { $0.where = [ExportManifest.Filter(dimension: "d", codes: [$1])] })
    #expect(
      differs { $0.steps = [ExportManifest.Step(name: "s", parameters: [.init(name: "p", value: $1)])] })
    let (old, new) = (manifest { $0.title = "\u{E9}" }, manifest { $0.title = "e\u{301}" })
    #expect(old.changes(to: new).map { Array($0.text.utf8) } == [Array("title: \u{E9} -> e\u{301}".utf8)])
    // What the file was narrowed to and its parameters are held against what they would be, even for the same file.
    for change in [
      { manifest, text in manifest.parameters = ["a": text] },
      { manifest, text in manifest.where = [ExportManifest.Filter(dimension: "d", codes: [text])] },
    ] as [(inout ExportManifest, String) -> Void] {
      let (one, two) = (manifest { change(&$0, "\u{E9}") }, manifest { change(&$0, "e\u{301}") })
      #expect(one.contradictions(to: two).count == 1)
      #expect(one.contradictions(to: one).isEmpty)
    }
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
