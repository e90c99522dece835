import TabularPackage
import TestSupport
import Testing

struct RandomTableTests {
  /// Cells with everything that makes CSV difficult.
  private static func cell(_ random: inout SplitMix) -> String {
    let pieces = ["a", "bc", "\"", ",", "\n", "\r\n", "é", "漢", " ", "x\"y", "1", ""]
    return (0..<Int.random(in: 0...5, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }

  private static func written(_ text: String, _ random: inout SplitMix) -> String {
    let mustBeQuoted = text.unicodeScalars.contains { "\",\n\r".unicodeScalars.contains($0) }
    guard mustBeQuoted || Bool.random(using: &random) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  @Test("any table is read the same however it is cut and on however many threads", arguments: 0..<15)
  func reading(seed: Int) throws {
    var random = SplitMix(seed: seed)
    let words = ["alpha", "be,ta", "ga\"mma", "del\nta", "漢字漢字漢字漢字漢字漢字"]
    let rowCount = Int.random(in: 0...150, using: &random)
    var rows: [(key: Int, text: String, word: Int?, number: Int64?)] = []
    for index in 0..<rowCount {
      let number: Int64? = Bool.random(using: &random) ? Int64.random(in: .min ... .max, using: &random) : nil
      let word = Int.random(in: 0...words.count, using: &random)
      rows.append((index, Self.cell(&random), word < words.count ? word : nil, number))
    }
    let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
    var lines = ["key,text,word,number"]
    for row in rows {
      let texts = ["k\(row.key)", row.text, row.word.map { words[$0] } ?? "", row.number.map(String.init) ?? "–"]
      lines.append(texts.map { Self.written($0, &random) }.joined(separator: ","))
    }
    let csv = lines.joined(separator: lineEnd) + (Bool.random(using: &random) ? lineEnd : "")
    let list = "id\n" + words.map { Self.written($0, &random) }.joined(separator: "\n")
    let package = try TemporaryPackage(
      descriptor: #"""
        {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [
          {"name": "t", "path": "t.csv", "schema": {
            "fields": [{"name": "key"}, {"name": "text"}, {"name": "word"}, {"name": "number", "type": "integer"}],
            "missingValues": [{"value": ""}, {"value": "–", "label": "none printed"}],
            "primaryKey": "key",
            "foreignKeys": [{"fields": "word", "reference": {"resource": "words", "fields": "id"}}]}},
          {"name": "words", "path": "words.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": "id"}}]}
        """#, files: ["t.csv": csv, "words.csv": list])

    var request = TableRequest()
    request.integers = ["number"]
    for (threads, chunkSize) in [(1, 1 << 20), (1, 1), (3, 7), (8, 61), (4, 256)] {
      let loaded = try package.load(threads: threads, chunkSize: chunkSize, requests: ["t": request])
      let table = try #require(loaded.tables["t"])
      try #require(table.rowCount == rowCount)
      let numbers = try #require(table.integers(3))
      var found: [TableRow] = []
      try table.forEachRow { _, row in found.append(row) }
      for (index, row) in rows.enumerated() {
        #expect(found[index][0] == "k\(row.key)")
        #expect(found[index].printed(1) == row.text)
        #expect(table.rowReferred(byForeignKey: 0, inRow: index) == row.word)
        #expect(numbers.reason(ofRow: index) == (row.number == nil ? 2 : 0))
        #expect(row.number == nil || numbers[index] == row.number)
      }
      if rowCount > 70 { #expect(try table.rows(65..<70).map { $0[0] } == (65..<70).map { "k\($0)" }) }
    }
  }

  @Test("keys in any order are compared for all rows", arguments: [0, 1])
  func keys(seed: Int) throws {
    var random = SplitMix(seed: seed)
    var keys = (0..<90_000).map { "k\($0)" }
    keys.shuffle(using: &random)
    let good = try TemporaryPackage(
      fields: #"[{"name": "id"}]"#, more: #", "primaryKey": "id""#, csv: "id\n" + keys.joined(separator: "\n"))
    #expect(good.problems(threads: 3, chunkSize: 4096) == [])

    let first = Int.random(in: 0..<40_000, using: &random)
    let second = Int.random(in: 40_000..<80_000, using: &random)
    keys[second] = keys[first]
    let bad = try TemporaryPackage(
      fields: #"[{"name": "id"}]"#, more: #", "primaryKey": "id""#, csv: "id\n" + keys.joined(separator: "\n"))
    #expect(
      bad.problems(threads: 3, chunkSize: 4096) == [
        "t.csv:\(second + 2):id: the primary key \"\(keys[first])\" is already used in row \(first + 2)"
      ])
  }
}
