import Base
import JSON
import TestSupport
import Testing
import Varlink

@Suite("Parameters are held against the description")
struct InterfaceValidationTests {
  static let interface = """
    interface org.example.test
    type Row (name: string, count: ?int, role: Role, next: ?Row)
    type Role (counted, of_which)
    method Run(
      report: string, limit: ?int, share: ?float, rows: ?[]Row, set: ?[string]string, extra: ?object, value: ?any,
      flag: ?bool, sparse: ?[]?Role, inner: ?(deep: [string](x: int)), empty: ?()
    ) -> (rows: []Row, notes: ?[]string)
    method Ping() -> ()
    error NoSuchReport (report: string, suggestions: []string)
    error Odd (a, b)
    """

  @Test(arguments: [
    (#"{"report":"r"}"#, nil),
    (#"{"report":"r","limit":null,"rows":null,"set":null,"inner":null,"value":null}"#, nil),
    (#"{"report":"r","limit":-9223372036854775808,"share":3,"flag":false,"empty":{}}"#, nil),
    (#"{"share":0.5,"report":"r","extra":{"any":[null]},"value":[null],"set":{"a":"b","":""}}"#, nil),
    (#"{"report":"r","rows":[{"name":"n","role":"counted","next":{"name":"m","role":"of_which"}}]}"#, nil),
    (#"{"report":"r","sparse":[null,"counted"],"inner":{"deep":{"k":{"x":1}}}}"#, nil),
    (#"{}"#, "report"), (#"{"report":null}"#, "report"), (#"{"report":7}"#, "report"),
    (#"{"reprt":"r"}"#, "reprt"), (#"{"limit":"x","more":1}"#, "limit"), (#"{"more":1,"limit":"x"}"#, "more"),
    (#"{"limit":1}"#, "report"),
    (#"{"report":"r","limit":1.0}"#, "limit"), (#"{"report":"r","limit":9223372036854775808}"#, "limit"),
    (#"{"report":"r","limit":true}"#, "limit"), (#"{"report":"r","share":"1"}"#, "share"),
    (#"{"report":"r","flag":1}"#, "flag"), (#"{"report":"r","set":{"a":null}}"#, "set.a"),
    (#"{"report":"r","set":["a"]}"#, "set"), (#"{"report":"r","extra":[]}"#, "extra"),
    (#"{"report":"r","rows":[{"name":"n","role":"counted"},{"name":"n","role":"of-which"}]}"#, "rows[1].role"),
    (#"{"report":"r","rows":[{"name":"n","role":"counted","next":{"role":"counted"}}]}"#, "rows[0].next.name"),
    (#"{"report":"r","rows":[null]}"#, "rows[0]"), (#"{"report":"r","sparse":["x"]}"#, "sparse[0]"),
    (#"{"report":"r","inner":{"deep":{"k":{"x":1,"y":2}}}}"#, "inner.deep.k.y"),
    (#"{"report":"r","empty":{"a":1}}"#, "empty.a"),
  ])
  func invalidParameter(parameters: String, expected: String?) throws {
    let description = try InterfaceDescription(parsing: Self.interface)
    let object = try #require(JSONValue(parsing: parameters).objectValue)
    #expect(description.invalidParameter(in: object, ofMethod: "Run") == expected)
    #expect(description.invalidParameter(in: object, ofMethod: "org.example.test.Run") == expected)
  }

  @Test func aMethodThatIsNotThereTakesNothing() throws {
    let description = try InterfaceDescription(parsing: Self.interface)
    #expect(description.invalidParameter(in: [:], ofMethod: "Ping") == nil)
    #expect(description.invalidParameter(in: ["a": 1], ofMethod: "Ping") == "a")
    #expect(description.invalidParameter(in: ["a": 1], ofMethod: "Rum") == "a")
  }

  @Test(arguments: [
    (#"{"rows":[]}"#, nil), (#"{"rows":[],"notes":null}"#, nil),
    (#"{"notes":[]}"#, "rows: missing, expected []Row"),
    (#"{"rows":{}}"#, "rows: expected []Row, found an object"),
    (#"{"rows":[{"name":"n","count":"many","role":"counted"}]}"#, #"rows[0].count: expected int, found "many""#),
    (
      #"{"rows":[{"name":"n","role":"off_which"}]}"#,
      #"rows[0].role: expected one of counted, of_which, found "off_which"; did you mean "of_which"?"#
    ),
    (#"{"rows":[],"note":[]}"#, #"note: not declared; did you mean "notes"?"#),
    (#"{"rows":[null]}"#, "rows[0]: expected (name: string, count: ?int, role: Role, next: ?Row), found null"),
  ])
  func replies(parameters: String, expected: String?) throws {
    let object = try #require(JSONValue(parsing: parameters).objectValue)
    #expect(try InterfaceDescription(parsing: Self.interface).mismatch(inReply: object, ofMethod: "Run") == expected)
  }

  @Test func errorsAndUnknownNames() throws {
    let description = try InterfaceDescription(parsing: Self.interface)
    let name = "org.example.test.NoSuchReport"
    #expect(description.mismatch(inError: ["report": "r", "suggestions": []], named: name) == nil)
    #expect(
      description.mismatch(inError: ["report": "r"], named: name) == "suggestions: missing, expected []string")
    #expect(description.mismatch(inError: [:], named: "Odd") == "expected (a, b), found an object")
    #expect(description.mismatch(inError: [:], named: "Run") == "org.example.test has no error Run")
    #expect(description.mismatch(inReply: [:], ofMethod: "Odd") == "org.example.test has no method Odd")
    #expect(description.mismatch(inReply: [:], ofMethod: "org.example.Run") != nil)
  }

  @Test func aPersonMayWriteEnumsWithHyphens() throws {
    let description = try InterfaceDescription(parsing: Self.interface)
    let parameters = try #require(
      JSONValue(
        parsing: #"{"report":"of-which","rows":[{"name":"of-which","role":"of-which","next":{"role":"of-which"}}],"#
          + #""sparse":[null,"of-which","no-such"],"unknown":"of-which","rest":1}"#
      ).objectValue)
    #expect(
      JSONValue.object(description.normalizingEnums(in: parameters, ofMethod: "Run")).text
        == #"{"report":"of-which","rows":[{"name":"of-which","role":"of_which","next":{"role":"of_which"}}],"#
        + #""sparse":[null,"of_which","no-such"],"unknown":"of-which","rest":1}"#)
  }
}

@Suite("No text is too strange to be read or refused")
struct InterfaceRobustnessTests {
  static let fragments = [
    "(", ")", ",", ":", "?", "[]", "[string]", "[", "->", "-", "#", "\n", "\r", "\r\n", " ", "\t", "\u{2028}",
    "\u{FEFF}",
    "interface ", "\ntype T", "\nmethod M", "\nerror E", "bool", "T", "é", "\u{0}", "a", "_", ".", "1", "(a, b)",
    "(a: int)",
  ]

  @Test(arguments: 0..<8 as Range<UInt64>)
  func mutatedDescriptions(seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let seeds = [serviceInterfaceText, InterfaceFormattingTests.untidy, InterfaceValidationTests.interface]
    var accepted = 0
    for round in 0..<400 {
      var scalars = Array(seeds[round % seeds.count].unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let start = Int.random(in: 0...scalars.count, using: &generator)
        let end = min(scalars.count, start + Int.random(in: 0...8, using: &generator))
        let replacement = Bool.random(using: &generator) ? Self.fragments.randomElement(using: &generator) ?? "" : ""
        scalars.replaceSubrange(start..<end, with: replacement.unicodeScalars)
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      do {
        let description = try InterfaceDescription(parsing: text)
        let again = try InterfaceDescription(parsing: description.formatted)
        #expect(again.members == description.members)
        #expect(again.formatted == description.formatted)
        accepted += 1
      } catch let problems {
        #expect(!problems.isEmpty)
      }
    }
    #expect((1..<400).contains(accepted))
  }

  @Test func everyTruncationIsReadOrRefused() {
    let text = InterfaceFormattingTests.untidy
    for length in 0...text.unicodeScalars.count {
      _ = try? InterfaceDescription(parsing: String(text.unicodeScalars.prefix(length)))
    }
  }
}
