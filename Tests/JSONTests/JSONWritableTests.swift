import JSON
import Testing

@Suite("A value that writes its own JSON writes the compact form")
struct JSONWritableTests {
  private struct Pair: JSONWritable {
    var first: String?
    var second: [Int64?]

    func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("first", first, to: &bytes)
        writeJSONMember("second", second, to: &bytes)
      }
    }
  }

  private func text(_ value: some JSONWritable) -> String { String(decoding: value.jsonBytes, as: UTF8.self) }

  @Test func aMemberWithoutAValueIsLeftOutAndAnElementIsNull() {
    #expect(text(Pair(first: nil, second: [])) == #"{"second":[]}"#)
    #expect(text(Pair(first: "{", second: [1, nil])) == ##"{"first":"{","second":[1,null]}"##)
  }

  @Test func membersAreSeparatedWhateverTheValueBeforeThem() {
    let values: [String: JSONValue] = ["a": [:], "b": "{", "c": "\\", "d": [], "e": nil, "f": 1, "g": ["x": [:]]]
    #expect(text(values) == #"{"a":{},"b":"{","c":"\\","d":[],"e":null,"f":1,"g":{"x":{}}}"#)
  }

  @Test func theEdgesOfNumbersAndNamesThatNeedEscapes() throws {
    #expect(text([Int64.min, .max]) == "[-9223372036854775808,9223372036854775807]")
    #expect(text([1.0, 1e300, -.infinity]) == "[1.0,1e+300,null]")
    #expect(text(["\"\n": [true, false]]) == #"{"\"\n":[true,false]}"#)
    #expect(text([String: String]()) == "{}")
  }
}
