import JSON
import Testing

@Suite("JSON is read exactly")
struct JSONParserTests {
  @Test(arguments: [
    ("null", JSONValue.null), ("true", .bool(true)), (" [ ] ", .array([])), ("{}", .object([:])),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .double(9223372036854775808)), ("1.0e+00", .double(1)), ("-0", .double(-0.0)),
    ("0", .integer(0)),
    ("3.141592653589793", .double(3.141592653589793)),
    (#""a\u00e9\ud83d\ude00\/\n""#, .string("aé😀/\n")), (#""é""#, .string("é")), (#""""#, .string("")),
    (#"{"a":[1,{"b":null}]}"#, .object(["a": .array([.integer(1), .object(["b": .null])])])),
  ])
  func accepts(text: String, expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test(arguments: [
    ("", "unexpected end of the text at byte 0"),
    ("{", "expected a member name at byte 1"),
    ("{\"a\" 1}", "expected ':' after a member name at byte 5"),
    ("{\"a\":1,}", "expected a member name at byte 7"),
    ("{\"a\":1 \"b\":2}", "expected ',' or '}' at byte 7"),
    ("{\"a\":1,\"a\":2}", "repeated member \"a\" at byte 7"),
    ("[1,]", "unexpected character at byte 3"),
    ("[1", "expected ',' or ']' at byte 2"),
    ("01", "a number does not begin with 0 at byte 0"),
    ("-", "expected a digit at byte 1"), ("1.", "expected a digit at byte 2"), ("1e", "expected a digit at byte 2"),
    ("1e999", "number out of range at byte 0"),
    ("nul", "expected 'null' at byte 3"), ("True", "unexpected character at byte 0"),
    ("1 2", "unexpected text after the value at byte 2"),
    ("\"a", "unexpected end of a string at byte 2"), ("\"\t\"", "unescaped control character in a string at byte 1"),
    (#""\x""#, "unknown escape at byte 2"), (#""\u12g4""#, "expected four hexadecimal digits at byte 5"),
    (#""\ud800""#, "unpaired surrogate escape at byte 1"), (#""\udc00""#, "unpaired surrogate escape at byte 1"),
    ("\u{FEFF}1", "a byte order mark, which JSON must not have at byte 0"),
    (String(repeating: "[", count: 200), "nested deeper than 128 levels at byte 128"),
  ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    #expect(error?.description == message)
  }

  @Test(
    arguments: [
      // Around escapes, which do not complete what is before or behind them.
      (["\"", 0xFF, "\""], 1), (["\"\\n", 0xC0, 0x80, "\""], 3), (["\"a\\n", 0xC3, "\""], 4),
      (["\"", 0xC3, #"\u00a9""#], 1), (["\"\\u00c3", 0xA9, "\""], 7), (["\"", 0xF0, #"\ud83d\ude00""#], 1),
      ([#""\ud83d\ude00"#, 0x80, "\""], 13), ([#""\\\""#, 0x80, "\""], 5),
      // The first of several mistakes.
      (["\"\\n", 0xFF, #"\q""#], 3), (["\"\\n", 0xFF, "\t\""], 3), (["\"\\n", 0xFF], 3),
    ] as [([any Sendable], Int)])
  func refusesInvalidUTF8(text: [any Sendable], offset: Int) {
    let bytes = text.flatMap { ($0 as? String).map { Array($0.utf8) } ?? [UInt8($0 as? Int ?? 0)] }
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    #expect(error?.description == "invalid UTF-8 in the string that continues at byte \(offset)")
  }

  @Test(
    "What is no JSON from its first bytes on is named",
    arguments: [
      ([0xFF, 0xFE, 0x7B, 0], "this is UTF-16, not UTF-8 at byte 0"),
      ([0xFE, 0xFF, 0, 0x7B], "this is UTF-16, not UTF-8 at byte 0"),
      ([0x7B, 0], "this is UTF-16, not UTF-8 at byte 0"),
      ([0, 0x7B], "this is UTF-16, not UTF-8 at byte 0"),
      ([0x1F, 0x8B, 8, 0], "this is compressed with gzip at byte 0"),
      ([0x1F, 0x1F], "unexpected character at byte 0"),
      ([0], "unexpected character at byte 0"),
    ] as [([UInt8], String)])
  func foreignKinds(_ bytes: [UInt8], _ message: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    #expect(error?.description == message)
  }

  @Test func escapesAmongOtherTextAreUndone() throws {
    #expect(
      try JSONValue(parsing: #""\"ä\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00漢 \u0000z""#)
        == .string("\"ä\\/\u{8}\u{C}\n\r\tAé€😀漢 \0z"))
  }

  @Test func aRepeatedNameIsFoundInALargeObjectToo() {
    let members = (0..<40).map { "\"m\($0)\":0" }.joined(separator: ",")
    #expect(throws: Never.self) { try JSONValue(parsing: "{\(members)}") }
    for repeated in [0, 15, 16, 39] {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "{\(members),\"m\(repeated)\":1}") }
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let text = Array(#"{"a":[1,-2.5e3,"é\n",true,null],"b":{"c":false}}"#.utf8)
    _ = try JSONValue(parsing: text)
    for length in 0..<text.count {
      #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text.prefix(length)) }
    }
  }
}

@Suite("JSON is written exactly")
struct JSONWriterTests {
  @Test(arguments: [
    #"{"b":1,"a":[true,false,null],"c":"q\"\\\n\u0001é😀/"}"#, "-9223372036854775808", "9223372036854775807",
    "3.141592653589793", "1.0", "1e+16", "5e-324", "[]", "{}", #""""#,
  ])
  func roundTrip(text: String) throws {
    #expect(try JSONValue(parsing: text).text == text)
  }

  @Test func whatJSONLacksBecomesNull() {
    #expect(JSONValue.array([.double(.nan), .double(.infinity)]).text == "[null,null]")
  }
}

@Suite("A value's place in the text can be found")
struct JSONLocationTests {
  static let text = Array(
    """
    {
      "é": 0, "resources": [
        {"name": "a"},
        {"name": "b", "path": 7}
      ]
    }
    """.utf8)

  @Test(
    arguments: [
      ([], 1, 1), (["resources"], 2, 24), (["resources", 1], 4, 5), (["resources", 1, "path"], 4, 27),
      (["resources", 1, "missing"], 4, 5), (["resources", 9, "path"], 2, 24), (["é"], 2, 8),
    ] as [([JSONPathStep], Int, Int)])
  func location(path: [JSONPathStep], line: Int, column: Int) {
    let location = locateJSON(path, in: Self.text)
    #expect((location.line, location.column) == (line, column))
  }
}

@Suite("Values are compared as the wire has them")
struct JSONEqualityTests {
  @Test(
    "Strings and names are the same when their bytes are (RFC 8259, section 8.3)",
    arguments: [
      { .string($0) }, { .array([.string($0)]) }, { .object(["a": .string($0)]) }, { .object([$0: .null]) },
    ] as [@Sendable (String) -> JSONValue])
  func strings(_ value: @Sendable (String) -> JSONValue) {
    let (one, two) = (value("\u{E9}"), value("e\u{301}"))
    #expect(one != two)
    #expect(Set([one, two, one]).count == 2)
  }

  @Test func theOrderOfMembersMakesNoDifference() {
    let (one, two) = (["a": 1, "b": 2] as JSONValue, ["b": 2, "a": 1] as JSONValue)
    #expect(one == two && Set([one, two]).count == 1)
    #expect(one != ["a": 1, "b": 3])
    #expect(["a": 1] as JSONValue != one)
  }
}
