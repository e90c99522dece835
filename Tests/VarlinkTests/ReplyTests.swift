import JSON
import Testing
import Varlink

@Suite struct ReplyTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func aSuccessAlwaysHasParameters() throws {
    #expect(text(try Reply().encoded()) == "{\"parameters\":{}}\0")
    #expect(text(try Reply(["a": 1], continues: true).encoded()) == "{\"parameters\":{\"a\":1},\"continues\":true}\0")
  }

  @Test func anErrorHasItsNameAndParameters() throws {
    #expect(
      text(try Reply(.invalidParameter("x")).encoded())
        == "{\"error\":\"org.varlink.service.InvalidParameter\",\"parameters\":{\"parameter\":\"x\"}}\0")
    #expect(
      text(try Reply(.permissionDenied).encoded())
        == "{\"error\":\"org.varlink.service.PermissionDenied\",\"parameters\":{}}\0")
  }

  @Test func encodedParametersAreCopiedAsTheyAre() throws {
    let parameters = ReplyParameters.encoded(Array(#"{"b":1.50,"a":"\\u0000"}"#.utf8))
    #expect(
      text(try parameters.encodedReply(continues: true))
        == #"{"parameters":{"b":1.50,"a":"\\u0000"},"continues":true}"# + "\0")
  }

  @Test(arguments: ["", "{", "[]", "null", "{}x"])
  func encodedParametersThatAreNoObjectAreRefused(text: String) {
    #expect(throws: UnsendableValue(path: "parameters", reason: "the encoded text is not an object")) {
      try ReplyParameters.encoded(Array(text.utf8)).encodedReply(continues: false)
    }
  }

  @Test(arguments: ["{\"a\":\"\0\"}", #"{"a":"\u0000"}"#, #"{"a":"\\\u0000"}"#, #"{"a":"\n\u0000"}"#])
  func encodedParametersWithANULAreRefused(text: String) {
    #expect(throws: UnsendableValue(path: "parameters", reason: "a string holds U+0000")) {
      try ReplyParameters.encoded(Array(text.utf8)).encodedReply(continues: false)
    }
  }

  @Test(arguments: [
    (#"{}"#, Reply()), (#"{"parameters":null,"error":null}"#, Reply()),
    (#"{"parameters":{"a":1.0e+00},"continues":true,"x.y":1}"#, Reply(["a": 1.0], continues: true)),
    (#"{"error":"a.B","continues":false}"#, Reply(VarlinkError("a.B"))),
  ])
  func repliesAreRead(text: String, reply: Reply) throws {
    #expect(try Reply(parsing: Array(text.utf8)) == reply)
  }

  @Test(arguments: [
    ("[]", MessageError.notAnObject(kind: "array")),
    (#"{"parameters":1}"#, .parametersNotAnObject(kind: "integer")),
    (#"{"continues":null}"#, .flagNotABool("continues", kind: "null")),
    (#"{"error":1}"#, .errorNotAString(kind: "integer")),
    (#"{"error":"a.B","continues":true}"#, .errorContinues),
    (#"{"parameter":{}}"#, .unknownKey("parameter")),
  ])
  func malformedRepliesAreRefused(text: String, error: MessageError) {
    #expect(throws: error) { try Reply(parsing: Array(text.utf8)) }
  }
}
