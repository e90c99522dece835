import Testing

@testable import TabularPackage

struct PatternTests {
  @Test(
    "a pattern must match the whole value, as in Table Schema",
    arguments: [
      ("[a-z]+", ["a", "xyz"], ["", "A", "a1", "a\n"]),
      ("a|bc", ["a", "bc"], ["ab", "b", "abc"]),
      ("^(a|b)$", ["a", "b"], ["ab"]),
      ("^$", [""], ["a"]),
      ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
      ("(ab){2}c?", ["abab", "ababc"], ["ab", "abcab"]),
      ("a{,2}b", ["b", "aab"], ["aaab"]),
      ("a{x", ["a{x"], ["a"]),
      (#"\d{4}-\d\d"#, ["1955-07", "١٩٥٥-07"], ["55-07"]),
      (#"\w+\s\S"#, ["Größe_1 x", "漢字\tx"], ["a-b c", "a  "]),
      (#"[^\d,]+"#, ["ab-"], ["a1", "a,b"]),
      (#"[\]\-a]+"#, ["]-a"], ["b"]),
      ("[]a]+", ["]a"], ["b"]),
      ("[a-]+", ["a-"], ["b"]),
      (".*", ["", "anything äöü 漢"], ["a\nb"]),
      ("(?:x|y)*?z", ["z", "xyxz"], ["xy"]),
      ("(?P<year>[0-9]+)", ["12"], ["x"]),
      (#"\x41\u00e9\."#, ["Aé."], ["Aéx"]),
      ("(a*)*", ["", "aaa"], ["b"]),
      ("(x+x+)+y", [String(repeating: "x", count: 40) + "y"], [String(repeating: "x", count: 40)]),
    ])
  func matching(source: String, accepted: [String], refused: [String]) throws {
    let pattern = try Pattern(source)
    func matches(_ text: String) -> Bool { Array(text.utf8).withUnsafeBufferPointer { pattern.matches($0) } }
    for text in accepted { #expect(matches(text), "\(source) accepts \(text)") }
    for text in refused { #expect(!matches(text), "\(source) refuses \(text)") }
  }

  @Test(
    "a pattern that is malformed or not supported says where",
    arguments: [
      ("(a", 1, "'(' without ')'"), ("a)", 2, "')' without '('"), ("[a", 1, "'[' without ']'"),
      ("*a", 1, "nothing to repeat before '*'"), ("a**", 3, "a repetition of a repetition needs a group"),
      ("[z-a]", 3, "bad range in a class"), (#"a\"#, 2, #"'\' at the end"#), (#"(a)\1"#, 5, #"'\1' is not supported"#),
      (#"\bx"#, 2, #"'\b' is not supported"#), ("(?=a)", 3, "this kind of group is not supported"),
      ("a{3,2}", 2, "the least count is above the greatest"), ("a{2000}", 2, "repeated more than 1000 times"),
      (#"\u12"#, 5, "expected 4 hexadecimal digits"), ("((a{1000}){1000}){1000}", 1, "too complex"),
      ("(a|b)*a(a|b){20}", 1, "too complex"),
    ])
  func refusal(source: String, character: Int, message: String) {
    #expect {
      try Pattern(source)
    } throws: { error in
      guard let error = error as? PatternError else { return false }
      return error.character == character && error.message == message
    }
  }
}
