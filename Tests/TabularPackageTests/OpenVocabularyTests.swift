import TabularPackage
import TestSupport
import Testing

/// Fields whose distinct values become codes.
struct OpenVocabularyTests {
  private static let ways: [(threads: Int, chunkSize: Int)] = [(1, 1 << 20), (1, 1), (3, 7), (8, 61), (4, 4096)]

  private static func request(_ fields: Set<String> = ["x"]) -> [String: TableRequest] {
    var request = TableRequest()
    request.openVocabularies = fields
    return ["t": request]
  }

  private static func package(type: String, more: String = "", _ cells: [String]) throws -> TemporaryPackage {
    try TemporaryPackage(
      fields: "[{\"name\": \"id\", \"type\": \"integer\"}, {\"name\": \"x\", \"type\": \"\(type)\"\(more)}]",
      csv: "id,x\n" + cells.enumerated().map { "\($0.offset),\($0.element)\n" }.joined())
  }

  /// The vocabulary, and for each row its code; nil for a missing value. The same on any number of threads.
  private func read(
    type: String = "string", more: String = "", _ cells: [String], ways: [(threads: Int, chunkSize: Int)] = ways
  ) throws -> (words: [String], codes: [Int?], width: Int) {
    let package = try Self.package(type: type, more: more, cells)
    var results: [(words: [String], codes: [Int?], width: Int)] = []
    for (threads, chunkSize) in ways {
      let loaded = try package.load(threads: threads, chunkSize: chunkSize, requests: Self.request())
      let table = try #require(loaded.tables["t"])
      let column = try #require(table.codes(1))
      let codes = (0..<table.rowCount).map { column[$0] == column.missingCode ? nil : column[$0] }
      let result = (words: table.vocabulary(1), codes: codes, width: column.width)
      if let first = results.first { try #require(result == first) }
      results.append(result)
    }
    return try #require(results.first)
  }

  @Test("texts come in the order in which they first occur")
  func texts() throws {
    let found = try read(["b", "a", "", "\"b\"", "B", "\"a \"\"x\"\"\"", "a"])
    #expect(found.words == ["b", "a", "B", "a \"x\""])
    #expect(found.codes == [0, 1, nil, 0, 2, 3, 1])
  }

  @Test("texts are the same when their bytes are")
  func bytes() throws {
    let found = try read(["\u{E9}", "e\u{301}", "\u{E9}"])
    #expect(found.codes == [0, 1, 0])
    #expect(found.words.map { Array($0.utf8) } == [Array("\u{E9}".utf8), Array("e\u{301}".utf8)])
  }

  @Test(
    "periods and integers ascend by their value",
    arguments: [
      ("year", ["2001", "0999", "1955"], ["0999", "1955", "2001"]),
      ("yearmonth", ["2001-01", "2000-12", "1999-02"], ["1999-02", "2000-12", "2001-01"]),
      ("date", ["2001-01-10", "2001-01-09", "1955-12-31"], ["1955-12-31", "2001-01-09", "2001-01-10"]),
      ("integer", ["10", "9", "-1"], ["-1", "9", "10"]),
    ])
  func ascending(type: String, cells: [String], words: [String]) throws {
    let found = try read(type: type, cells + [""] + cells)
    #expect(found.words == words)
    let codes = cells.map { words.firstIndex(of: $0) }
    #expect(found.codes == codes + [nil] + codes)
  }

  @Test("equal values are one code, with the text that comes first")
  func equalValues() throws {
    let integers = try read(type: "integer", ["8", "07", "7", "+8", "007", "-0", "0"])
    #expect(integers.words == ["-0", "07", "8"])
    #expect(integers.codes == [2, 1, 1, 2, 1, 0, 0])
    let dates = try read(type: "date", ["1955-7-4", "1955-07-04", "1955-07-03"])
    #expect(dates.words == ["1955-07-03", "1955-7-4"])
    #expect(dates.codes == [1, 1, 0])
  }

  @Test("a list of the field's own is the vocabulary, all of it and in its order")
  func lists() throws {
    let enumeration = try read(more: #", "constraints": {"enum": ["c", "b", "a"], "minLength": 1}"#, ["a", "c", ""])
    #expect(enumeration.words == ["c", "b", "a"])
    #expect(enumeration.codes == [2, 0, nil])
    let categories = try read(
      more: #", "categories": [{"value": "low", "label": "Low"}, {"value": "high"}], "categoriesOrdered": true"#,
      ["high", "", "low"])
    #expect(categories.words == ["low", "high"])
    #expect(categories.codes == [1, nil, 0])
  }

  @Test("categories and their labels can be asked for")
  func categories() throws {
    let package = try Self.package(
      type: "string",
      more: #", "categories": [{"value": "low", "label": "Low"}, {"value": "high"}], "categoriesOrdered": true"#, [])
    let fields = try #require(try package.load().tables["t"]).schema.fields
    #expect(fields[1].categories.map(\.value) == ["low", "high"])
    #expect(fields[1].categories.map(\.label) == ["Low", nil])
    #expect(fields[1].categoriesAreOrdered)
    #expect(fields[0].categories.isEmpty && !fields[0].categoriesAreOrdered)
  }

  @Test(
    "the column is as narrow as the number of codes allows", arguments: [0, 1, 254, 255, 256, 65_534, 65_535, 65_536])
  func widths(count: Int) throws {
    // In a second round, so that codes are read that were learnt before and by other threads.
    let cells = (0..<count).map { "w\($0)" } + [""] + (0..<count).reversed().map { "w\($0)" }
    let found = try read(cells, ways: [(1, 1 << 20), (4, 4096)])
    #expect(found.width == (count <= 255 ? 1 : count <= 65_535 ? 2 : 4))
    #expect(found.words.count == count && found.words.last == (count > 0 ? "w\(count - 1)" : nil))
    #expect(found.codes == (0..<count).map { $0 } + [nil] + (0..<count).reversed().map { $0 })
  }

  @Test("many texts for one value are one code")
  func manyTexts() throws {
    let cells = (0..<70_000).map { String(repeating: "0", count: $0 % 300) + "\($0 / 300 % 3)" }
    let found = try read(type: "integer", cells, ways: [(1, 1 << 20), (3, 4096)])
    #expect(found.words == ["0", "1", "2"])
    #expect(found.codes == (0..<70_000).map { $0 / 300 % 3 })
  }

  @Test("more distinct values than the limit are refused", arguments: ["string", "integer"])
  func limit(type: String) throws {
    #expect(TableRequest.maximumVocabularyCount == 1_000_000)
    var requests = Self.request()
    requests["t"]?.vocabularyLimit = 1000
    let cells = (0..<1000).map(String.init)
    for (threads, chunkSize) in [(1, 1 << 20), (4, 100)] {
      let loaded = try Self.package(type: type, cells + cells).load(
        threads: threads, chunkSize: chunkSize, requests: requests)
      #expect(loaded.tables["t"]?.vocabulary(1) == cells)
      #expect(
        try Self.package(type: type, cells + cells + ["1000"] + cells).problems(
          threads: threads, chunkSize: chunkSize, requests: requests) == [
            "t.csv: the field \"x\" has more than 1000 distinct values"
          ])
    }
  }

  @Test("cells are checked as without a vocabulary")
  func checks() throws {
    let pattern = try Self.package(
      type: "string", more: #", "constraints": {"required": true, "pattern": "[a-z]"}"#, ["a", "", "aa", "a", "aa"])
    let dates = try Self.package(type: "date", ["2001-02-29", "2001-02-28", "2001-02-29"])
    for (threads, chunkSize) in Self.ways {
      #expect(
        pattern.problems(threads: threads, chunkSize: chunkSize, requests: Self.request()) == [
          "t.csv:3:x: a value is required", "t.csv:4:x: \"aa\" does not match the pattern \"[a-z]\"",
          "t.csv:6:x: \"aa\" does not match the pattern \"[a-z]\"",
        ])
      #expect(
        dates.problems(threads: threads, chunkSize: chunkSize, requests: Self.request()) == [
          "t.csv:2:x: \"2001-02-29\" is not a date (YYYY-MM-DD)",
          "t.csv:4:x: \"2001-02-29\" is not a date (YYYY-MM-DD)",
        ])
    }
  }

  @Test("a field with a vocabulary can be a key and refer to another table")
  func keys() throws {
    let package = try TemporaryPackage(
      descriptor: #"""
        {"resources": [
          {"name": "t", "path": "t.csv", "schema": {
            "fields": [{"name": "x"}, {"name": "y", "type": "year"}], "primaryKey": ["x", "y"],
            "foreignKeys": [{"fields": "x", "reference": {"resource": "w", "fields": "id"}}]}},
          {"name": "w", "path": "w.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": "id"}}]}
        """#,
      files: ["t.csv": "x,y\nb,2001\na,2000\n,\nb,2000\nb,2001\nc,1999\n", "w.csv": "id\na\nb\n"])
    #expect(
      package.problems(requests: Self.request(["x", "y"])) == [
        "t.csv:4: the row is blank", "t.csv:6:x: the primary key (\"b\", \"2001\") is already used in row 2",
        "t.csv:7:x: \"c\" is not in w.id",
      ])
    try package.folder.write("x,y\nb,2001\na,2000\n", to: "t.csv")
    let table = try #require(try package.load(requests: Self.request(["x", "y"])).tables["t"])
    #expect(table.vocabulary(0) == ["b", "a"])
    #expect(table.vocabulary(1) == ["2000", "2001"])
    #expect((0..<2).map { table.rowReferred(byForeignKey: 0, inRow: $0) } == [1, 0])
  }

  @Test("any table has the same vocabulary however it is cut", arguments: 0..<10)
  func random(seed: Int) throws {
    var random = SplitMix(seed: seed)
    let count = Int.random(in: 1...400, using: &random)
    let cells = (0..<Int.random(in: 0...600, using: &random)).map { _ in "\(Int.random(in: 0..<count, using: &random))"
    }
    let texts = try read(cells)
    var order: [String] = []
    for cell in cells where !order.contains(cell) { order.append(cell) }
    #expect(texts.words == order)
    #expect(texts.codes.compactMap { $0.map { order[$0] } } == cells)
    let years = try read(type: "integer", cells)
    #expect(years.words == order.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
    #expect(years.codes.compactMap { $0.map { years.words[$0] } } == cells)
  }
}
