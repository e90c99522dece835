import TabularPackage
import TestSupport
import Testing

/// Numbers with digits behind the point are kept exactly, as multiples of the last of them.
struct DecimalTests {
  private static func package(type: String = "number", more: String = "", _ cells: [String]) throws -> TemporaryPackage
  {
    try TemporaryPackage(
      fields: "[{\"name\": \"id\", \"type\": \"integer\"}, {\"name\": \"x\", \"type\": \"\(type)\"\(more)}]",
      more: #", "missingValues": ["", "–", "-99.9"]"#,
      csv: "id,x\n" + cells.enumerated().map { "\($0.offset),\($0.element)\n" }.joined())
  }

  private static func request(_ decimals: Int?) -> [String: TableRequest] {
    var request = TableRequest()
    request.decimals = ["x": decimals]
    return ["t": request]
  }

  private static func values(
    type: String = "number", more: String = "", _ cells: [String], decimals: Int?, threads: Int = 1,
    chunkSize: Int? = nil
  ) throws -> (values: [Int64?], decimals: Int) {
    let package = try package(type: type, more: more, cells)
    let loaded = try package.load(threads: threads, chunkSize: chunkSize, requests: request(decimals))
    let table = try #require(loaded.tables["t"])
    let column = try #require(table.integers(1))
    return ((0..<table.rowCount).map { column.reason(ofRow: $0) == 0 ? column[$0] : nil }, table.decimals(1))
  }

  private static func problems(type: String = "number", more: String = "", _ cells: [String], decimals: Int?) throws
    -> [String]
  {
    try package(type: type, more: more, cells).problems(requests: request(decimals))
  }

  @Test("each way to write a number is exact", arguments: [1, 3])
  func exact(threads: Int) throws {
    let cells = [
      "1", "1.5", "-1.25", "+.5", "5.", " 2.50 ", "0.10000000000000000000000", "1e3", "125e-2", "-0", "-0.01",
      "92233720368547758.07", "-92233720368547758.08", "90071992547409.93", "\"7.00\"", "000000000000000000000000.07",
    ]
    let expected: [Int64] = [
      100, 150, -125, 50, 500, 250, 10, 100_000, 125, 0, -1, .max, .min, 9_007_199_254_740_993, 700, 7,
    ]
    for chunkSize in [1 << 20, 1, 7] {
      for wanted in [2, nil] {
        let found = try Self.values(cells, decimals: wanted, threads: threads, chunkSize: chunkSize)
        #expect(found.values == expected)
        #expect(found.decimals == 2)
      }
    }
  }

  @Test("eighteen digits behind the point are kept")
  func eighteen() throws {
    let cells = ["0.000000000000000001", "-9.223372036854775808", "9.223372036854775807", "1"]
    let found = try Self.values(cells, decimals: nil)
    #expect(found.values == [1, .min, 9_223_372_036_854_775_807, 1_000_000_000_000_000_000].map { $0 })
    #expect(found.decimals == 18)
    #expect(
      try Self.problems(["0.0000000000000000001", "1"], decimals: nil) == [
        "t.csv:2:x: \"0.0000000000000000001\" has 19 digits behind the point; at most 18 are supported"
      ])
  }

  @Test("the digits that are needed are found wherever they stand", arguments: [0, 1, 300, 39_999], [1, 4])
  func found(row: Int, threads: Int) throws {
    var cells = (0..<40_000).map { "\($0).5" }
    cells[row] = "0.125"
    let found = try Self.values(cells, decimals: nil, threads: threads, chunkSize: 1000)
    #expect(found.decimals == 3)
    #expect(found.values[row] == 125)
    #expect(found.values[20_000] == 20_000_500)
    #expect(found.values.count == 40_000)
  }

  @Test("integers have no digits behind the point unless they are asked for")
  func integers() throws {
    let plain = try Self.values(type: "integer", ["1", "-2", "9223372036854775807"], decimals: nil)
    #expect(plain.values == [1, -2, .max])
    #expect(plain.decimals == 0)
    let tenths = try Self.values(type: "integer", ["1", "-2", "922337203685477580"], decimals: 1)
    #expect(tenths.values == [10, -20, 9_223_372_036_854_775_800])
    #expect(tenths.decimals == 1)
    #expect(
      try Self.problems(type: "integer", ["1.0", "922337203685477581"], decimals: 1) == [
        "t.csv:2:x: \"1.0\" is not an integer",
        "t.csv:3:x: \"922337203685477581\" is beyond the range of a 64-bit integer with 1 decimal",
      ])
  }

  @Test("whole numbers of type number need none")
  func whole() throws {
    let found = try Self.values(["1.0", "2e0", "3"], decimals: nil)
    #expect(found.values == [1, 2, 3])
    #expect(found.decimals == 0)
  }

  @Test("missing values have their reason, also those that look like numbers")
  func missing() throws {
    let package = try Self.package(["1", "", "–", "-99.9", "-99.90"])
    let table = try #require(try package.load(requests: Self.request(1)).tables["t"])
    let column = try #require(table.integers(1))
    #expect((0..<5).map { column.reason(ofRow: $0) } == [0, 1, 2, 3, 0])
    #expect(column[4] == -999)
    // A missing value is no reason for further digits.
    let whole = try Self.values(["1", "-99.9"], decimals: nil)
    #expect(whole.decimals == 0)
    #expect(whole.values == [1, nil])
  }

  @Test("what cannot be kept exactly is refused, with its place")
  func refused() throws {
    #expect(
      try Self.problems(["0.125", "1.50", "1e-3", "NaN", "-INF", "92233720368547758.08", "1e400", "x"], decimals: 2)
        == [
          "t.csv:2:x: \"0.125\" has 3 digits behind the point; the measure has 2 decimals",
          "t.csv:4:x: \"1e-3\" has 3 digits behind the point; the measure has 2 decimals",
          "t.csv:5:x: \"NaN\" is no number that can be added",
          "t.csv:6:x: \"-INF\" is no number that can be added",
          "t.csv:7:x: \"92233720368547758.08\" is beyond the range of a 64-bit integer with 2 decimals",
          "t.csv:8:x: \"1e400\" is beyond the range of a 64-bit integer with 2 decimals",
          "t.csv:9:x: \"x\" is not a number",
        ])
    #expect(
      try Self.problems(["0.5", "9223372036854775808"], decimals: 0) == [
        "t.csv:2:x: \"0.5\" has 1 digit behind the point; the measure has 0 decimals",
        "t.csv:3:x: \"9223372036854775808\" is beyond the range of a 64-bit integer",
      ])
    // Found digits can make a number too large that was not.
    #expect(
      try Self.problems(["9223372036854775807", "0.5"], decimals: nil) == [
        "t.csv:2:x: \"9223372036854775807\" is beyond the range of a 64-bit integer with 1 decimal"
      ])
  }

  @Test("constraints hold for the exact number")
  func constraints() throws {
    let bounds = #", "constraints": {"minimum": 0.5, "maximum": "1e1"}"#
    #expect(
      try Self.problems(more: bounds, ["0.5", "0.4", "10.0", "10.1"], decimals: 1) == [
        "t.csv:3:x: \"0.4\" is below the minimum 0.5", "t.csv:5:x: \"10.1\" is above the maximum 1e1",
      ])
    let finer = #", "constraints": {"exclusiveMinimum": 0.25, "exclusiveMaximum": 2}"#
    #expect(
      try Self.problems(more: finer, ["0.3", "0.2", "1.9", "2"], decimals: 1) == [
        "t.csv:3:x: \"0.2\" is not above 0.25", "t.csv:5:x: \"2\" is not below 2",
      ])
    let listed = #", "constraints": {"enum": [0.5, 1]}"#
    #expect(try Self.values(more: listed, ["1.0", "0.50"], decimals: 1).values == [10, 5])
    #expect(
      try Self.problems(more: listed, ["72.6"], decimals: 1) == ["t.csv:2:x: \"72.6\" is not one of \"0.5\", \"1\""])
  }

  @Test("a field that was asked for must be in the file")
  func absent() throws {
    let package = try TemporaryPackage(
      fields: #"[{"name": "id"}, {"name": "x", "type": "number"}]"#, more: #", "fieldsMatch": "superset""#,
      csv: "id\na\n")
    #expect(package.problems() == [])
    #expect(package.problems(requests: Self.request(2)) == ["t.csv:1: the header lacks the field \"x\""])
  }

  @Test("random numbers come back as they were written", arguments: 0..<5)
  func random(seed: Int) throws {
    var random = SplitMix(seed: seed)
    let decimals = Int.random(in: 0...18, using: &random)
    let expected = (0..<500).map { _ in
      Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...60, using: &random)
    }
    let cells = expected.map { value in
      let digits = String(value.magnitude)
      let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
      let point = decimals == 0 ? "" : "."
      return (value < 0 ? "-" : "") + padded.dropLast(decimals) + point + padded.suffix(decimals)
    }
    for (threads, chunkSize) in [(1, 1 << 20), (3, 50)] {
      let found = try Self.values(cells, decimals: decimals, threads: threads, chunkSize: chunkSize)
      #expect(found.values == expected)
    }
  }
}
