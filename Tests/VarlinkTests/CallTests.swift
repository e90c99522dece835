import JSON
import Testing
import Varlink

@Suite struct CallTests {
  @Test func aCallIsReadWithItsParts() throws {
    let call = try Call(
      parsing: Array(
        #" { "method" : "org.example.a-b.Do", "parameters":{"n":9007199254740993}, "more":true, "x.y":[] } "#.utf8))
    #expect(call == Call("org.example.a-b.Do", ["n": 9_007_199_254_740_993], mode: .more))
    #expect(call.interfaceName == "org.example.a-b")
    #expect(call.methodName == "Do")
  }

  @Test func aDotIsOneWhateverFollowsIt() {
    let call = Call("org.example.\u{301}Do")
    #expect(Array(call.interfaceName.utf8) == Array("org.example".utf8))
    #expect(Array(call.methodName.utf8) == Array("\u{301}Do".utf8))
  }

  @Test func aMethodWithoutADotHasNoInterface() throws {
    #expect(Call("Do").interfaceName == "")
    #expect(Call("Do").methodName == "Do")
  }

  @Test(arguments: [#"{"method":"a.B"}"#, #"{"method":"a.B","parameters":null}"#, #"{"method":"a.B","parameters":{}}"#])
  func absentNullAndEmptyParametersAreTheSame(text: String) throws {
    #expect(try Call(parsing: Array(text.utf8)) == Call("a.B"))
  }

  @Test func falseFlagsAreAcceptedButNotSent() throws {
    let call = try Call(parsing: Array(#"{"method":"a.B","oneway":false,"more":false,"upgrade":false}"#.utf8))
    #expect(call.mode == .single)
    #expect(String(decoding: try call.encoded(), as: UTF8.self) == "{\"method\":\"a.B\"}\0")
  }

  @Test(arguments: Call.Mode.allCases)
  func whatIsEncodedReadsBackTheSame(mode: Call.Mode) throws {
    let call = Call("a.B", ["s": "\"\\\u{7}é", "i": .integer(.min), "d": 0.1, "n": nil, "a": [true]], mode: mode)
    #expect(try Call(parsing: call.encoded().dropLast()) == call)
  }

  @Test(arguments: [
    (#""#, "invalid-json", "the message is not JSON: unexpected end of the text at byte 0"),
    (#"{"method":"a.B""#, "invalid-json", "the message is not JSON: expected ',' or '}' at byte 15"),
    ("\u{FEFF}{}", "invalid-json", "the message is not JSON: a byte order mark, which JSON must not have at byte 0"),
    (
      #"{"method":"a.B","method":"a.C"}"#, "invalid-json",
      #"the message is not JSON: repeated member "method" at byte 16"#
    ),
    ("[]", "not-an-object", "the message is of kind array, not an object"),
    ("1", "not-an-object", "the message is of kind integer, not an object"),
    ("{}", "method-missing", #"the call has no "method""#),
    (#"{"parameters":{}}"#, "method-missing", #"the call has no "method""#),
    (#"{"method":null}"#, "method-not-a-string", #""method" is of kind null, not a string"#),
    (#"{"method":1}"#, "method-not-a-string", #""method" is of kind integer, not a string"#),
    (
      #"{"method":"a.B","parameters":[]}"#, "parameters-not-an-object",
      #""parameters" is of kind array, not an object"#
    ),
    (
      #"{"method":"a.B","parameters":"x"}"#, "parameters-not-an-object",
      #""parameters" is of kind string, not an object"#
    ),
    (#"{"method":"a.B","more":1}"#, "flag-not-a-bool", #""more" is of kind integer, not a bool"#),
    (#"{"method":"a.B","oneway":null}"#, "flag-not-a-bool", #""oneway" is of kind null, not a bool"#),
    (#"{"method":"a.B","upgrade":"true"}"#, "flag-not-a-bool", #""upgrade" is of kind string, not a bool"#),
    (
      #"{"method":"a.B","more":true,"oneway":true}"#, "conflicting-flags",
      #"only one of "more", "oneway" may be true"#
    ),
    (
      #"{"upgrade":true,"more":true,"oneway":true,"method":"a.B"}"#, "conflicting-flags",
      #"only one of "upgrade", "more", "oneway" may be true"#
    ),
    (#"{"method":"a.B","continues":true}"#, "unknown-key", #"unknown key "continues""#),
    (#"{"method":"a.B","params":{}}"#, "unknown-key", #"unknown key "params""#),
  ])
  func malformedCallsAreRefusedWithTheirReason(text: String, reason: String, description: String) {
    let error = #expect(throws: MessageError.self) { try Call(parsing: Array(text.utf8)) }
    #expect(error?.reason == reason)
    #expect(error?.description == description)
  }

  @Test func brokenUTF8IsRefused() {
    let message = Array(#"{"method":"a.B"#.utf8) + [0xFF] + Array(#""}"#.utf8)
    let error = #expect(throws: MessageError.self) { try Call(parsing: message) }
    #expect(
      error?.description
        == "the message is not JSON: invalid UTF-8 in the string that continues at byte 11")
  }

  @Test func textOfThePeerIsShortAndOnOneLineInTheReason() {
    let error = MessageError.unknownKey("a\nb" + String(repeating: "x", count: 1000))
    #expect(error.description == #"unknown key "a\nb"# + String(repeating: "x", count: 77) + #"…""#)
  }

  @Test func whatTheWireForbidsIsNotSent() {
    #expect(throws: UnsendableValue(path: "parameters.a.1", reason: "nan is not a JSON number")) {
      try Call("a.B", ["a": [1, .double(.nan)]]).encoded()
    }
    #expect(throws: UnsendableValue(path: "parameters.a.b", reason: "a string holds U+0000")) {
      try Call("a.B", ["a": ["b": "x\0y"]]).encoded()
    }
    #expect(throws: UnsendableValue(path: "parameters", reason: "a member name holds U+0000")) {
      try Call("a.B", ["a\0": 1]).encoded()
    }
    #expect(throws: UnsendableValue(path: "method", reason: "a string holds U+0000")) { try Call("a.\0").encoded() }
  }
}
