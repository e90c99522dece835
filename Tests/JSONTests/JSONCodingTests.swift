import JSON
import Testing

private enum Role: String, Codable { case counted, ofWhich = "of_which" }

private struct Point: Codable, Equatable {
  var x: Int
  var y: Double?
}

private struct Everything: Codable, Equatable {
  var zeta: String
  var alpha: Bool
  var count: UInt8
  var big: Int64
  var ratio: Double
  var role: Role
  var missing: Int?
  var points: [Point]
  var labels: [String: String]
  var sparse: [Int?]
  var raw: JSONValue
  var object: JSONObject
  var nothing: Empty

  struct Empty: Codable, Equatable {}

  static let example = Everything(
    zeta: "é", alpha: true, count: 255, big: .max, ratio: 1, role: .ofWhich, missing: nil,
    points: [Point(x: -1, y: nil), Point(x: 2, y: 0.5)], labels: ["b": "2", "a": "1", "c": "3"], sparse: [1, nil],
    raw: ["z": 1, "a": [nil, 1.0]], object: ["y": 1, "b": 2], nothing: Empty())
}

@Suite("Swift values become JSON")
struct JSONEncodingTests {
  @Test func membersKeepTheirOrderAndNilIsLeftOut() throws {
    #expect(
      try JSONValue(encoding: Everything.example).text
        == #"{"zeta":"é","alpha":true,"count":255,"big":9223372036854775807,"ratio":1.0,"role":"of_which","#
        + #""points":[{"x":-1},{"x":2,"y":0.5}],"labels":{"a":"1","b":"2","c":"3"},"sparse":[1,null],"#
        + #""raw":{"z":1,"a":[null,1.0]},"object":{"y":1,"b":2},"nothing":{}}"#)
  }

  @Test func theWayBackGivesTheSameValue() throws {
    #expect(try JSONValue(encoding: Everything.example).decode(Everything.self) == .example)
  }

  @Test func dictionariesAreSortedWhateverTheirKeysAre() throws {
    let names = (0..<100).map { "k\($0)" }
    let object = try JSONValue(encoding: Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })).objectValue
    #expect(object?.names == names.sorted())
    #expect(try JSONValue(encoding: [10: "a", 9: "b"]).text == #"{"10":"a","9":"b"}"#)
    #expect(try JSONValue(encoding: ["b": Int?.none, "a": 1]).text == #"{"a":1,"b":null}"#)
  }

  @Test(arguments: [
    (JSONEncodable(UInt64.max), "count"), (JSONEncodable(Double.nan), "count"),
    (JSONEncodable([[1.0, .infinity]]), "count[0][1]"),
    (JSONEncodable(Failing()), "count"),
  ])
  func whatJSONCannotExpressIsAnErrorWithItsPlace(value: JSONEncodable, path: String) {
    let error = #expect(throws: EncodingError.self) { try JSONValue(encoding: ["count": value]) }
    #expect(error?.path.dotted == path)
  }

  @Test func containersMayBeNestedAndFilledInAnyOrder() throws {
    struct Nested: Encodable {
      enum Key: String, CodingKey { case list, map, first, last }
      func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Key.self)
        var list = outer.nestedUnkeyedContainer(forKey: .list)
        var map = outer.nestedContainer(keyedBy: Key.self, forKey: .map)
        try outer.encode("end", forKey: .last)
        try list.encode(1)
        var inner = list.nestedContainer(keyedBy: Key.self)
        try list.encodeNil()
        try inner.encode(true, forKey: .first)
        try map.encodeNil(forKey: .first)
        try Point(x: 1, y: nil).encode(to: outer.superEncoder())
        var again = outer.nestedContainer(keyedBy: Key.self, forKey: .map)
        try again.encode(2, forKey: .last)
      }
    }
    #expect(
      try JSONValue(encoding: Nested()).text
        == #"{"list":[1,{"first":true},null],"map":{"first":null,"last":2},"last":"end","super":{"x":1}}"#)
  }

  struct Failing: Encodable {
    func encode(to encoder: any Encoder) throws { throw Refusal("no") }
  }
}

private struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Some value, so that one table may hold values of several types.
struct JSONEncodable: Encodable, CustomTestStringConvertible, Sendable {
  let value: any Encodable & Sendable
  init(_ value: any Encodable & Sendable) { self.value = value }
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
  var testDescription: String { "\(value)" }
}

@Suite("JSON becomes Swift values")
struct JSONDecodingTests {
  private struct Outer: Decodable { var rows: [Row] }
  private struct Row: Decodable {
    var count: Int8
    var share: Double?
    var role: Role?
    var odd: Odd?
  }
  private struct Odd: Decodable {
    init(from decoder: any Decoder) throws {
      if try decoder.singleValueContainer().decode(Int.self) % 2 == 0 {
        throw Refusal("even")
      }
    }
  }

  @Test(arguments: [
    (#"{"count":300}"#, "rows[1].count", "expected an integer from -128 to 127, found 300"),
    (#"{"count":1.0}"#, "rows[1].count", "expected an integer from -128 to 127, found 1.0"),
    (#"{"count":"1"}"#, "rows[1].count", #"expected an integer from -128 to 127, found "1""#),
    (#"{"count":null}"#, "rows[1].count", "expected an integer from -128 to 127, found null"),
    (#"{"share":1}"#, "rows[1].count", "missing"),
    (#"{"count":1,"share":true}"#, "rows[1].share", "expected a number, found true"),
    (#"{"count":1,"share":[]}"#, "rows[1].share", "expected a number, found an array"),
    (#"{"count":1,"role":"other"}"#, "rows[1].role", "Cannot initialize Role from invalid String value other"),
    (#"{"count":1,"role":{}}"#, "rows[1].role", "expected a string, found an object"),
    (#"{"count":1,"odd":2}"#, "rows[1].odd", "even"),
    (#"[1]"#, "rows[1]", "expected an object, found an array"),
  ])
  func refuses(row: String, path: String, message: String) throws {
    let value = try JSONValue(parsing: #"{"rows":[{"count":1},\#(row)]}"#)
    let error = #expect(throws: DecodingError.self) { try value.decode(Outer.self) }
    #expect(error?.path.dotted == path)
    #expect(error?.message == message)
  }

  @Test func unknownMembersAndNullsAreIgnored() throws {
    let point = try JSONValue(parsing: #"{"new":[1],"x":1,"y":null}"#).decode(Point.self)
    #expect(point == Point(x: 1, y: nil))
  }

  @Test func anIntegerServesAsANumber() throws {
    #expect(try JSONValue.integer(3).decode(Double.self) == 3)
    #expect(try JSONValue.array([3, 0.5]).decode([Float].self) == [3, 0.5])
    #expect(throws: DecodingError.self) { try JSONValue.double(1e300).decode(Float.self) }
  }

  @Test(arguments: [(JSONValue.integer(-1), false), (.integer(.max), true), (.double(0x1p63), false)])
  func unsignedIntegersAreExact(value: JSONValue, fits: Bool) {
    #expect((try? value.decode(UInt64.self)) == (fits ? UInt64(Int64.max) : nil))
  }

  @Test func aLargeObjectIsReadLikeASmallOne() throws {
    let members = (0..<1000).map { ("m\($0)", JSONValue.integer($0)) }
    let numbers = try JSONValue.object(JSONObject(members)).decode([String: Int].self)
    #expect(numbers.count == 1000 && numbers["m999"] == 999)
  }

  @Test func nestedContainersAndMissingElements() throws {
    struct Pair: Decodable, Equatable {
      enum Key: CodingKey { case pair, inner }
      var first: Int
      var isFirstNil: Bool
      init(from decoder: any Decoder) throws {
        var list = try decoder.container(keyedBy: Key.self).nestedUnkeyedContainer(forKey: .pair)
        isFirstNil = try list.decodeNil()
        first = try list.nestedContainer(keyedBy: Key.self).decode(Int.self, forKey: .inner)
        _ = try list.superDecoder()
      }
    }
    let pair = try JSONValue(parsing: #"{"pair":[null,{"inner":5},7]}"#).decode(Pair.self)
    #expect(pair.isFirstNil && pair.first == 5)
    let short = try JSONValue(parsing: #"{"pair":[null,{"inner":5}]}"#)
    let error = #expect(throws: DecodingError.self) { try short.decode(Pair.self) }
    #expect(error?.path.dotted == "pair[2]")
    #expect(error?.message == "expected another element, found the end of the array")
  }

  @Test func thePathOfAnErrorLeadsToItsPlaceInTheText() throws {
    let text = Array("{\"rows\": [\n  {\"count\": 1},\n  {\"count\": 900}\n]}".utf8)
    let error = #expect(throws: DecodingError.self) { try JSONValue(parsing: text).decode(Outer.self) }
    let location = locateJSON(error?.path ?? [], in: text)
    #expect((location.line, location.column) == (3, 13))
  }
}
