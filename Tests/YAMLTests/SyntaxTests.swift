import Base
import Testing
import YAML

/// What `loadYAML` has to say about a text, one problem a line.
func complaints(_ text: String) -> [String] { complaints(Array(text.utf8)) }

func complaints(_ contents: [UInt8]) -> [String] {
  do {
    _ = try loadYAML(file: "a.yaml", contents: contents)
    return []
  } catch {
    return error.lines
  }
}

@Suite("Broken files are refused at the place where they break")
struct SyntaxTests {
  @Test(arguments: [
    // Indentation and structure.
    ("", "a.yaml: the file is empty"),
    ("\n# only a comment\n", "a.yaml: the file is empty"),
    ("a: 1\n\tb: 2\n", #"a.yaml:2:1: a tab in the indentation; indent with spaces; in the line: \tb: 2"#),
    ("a:\n\t- b\n", #"a.yaml:2:1: a tab in the indentation; indent with spaces; in the line: \t- b"#),
    ("a: |\n\tx\n", #"a.yaml:2:1: a tab in the indentation; indent with spaces; in the line: \tx"#),
    (
      "a: 1\n b: 2\n",
      #"a.yaml:2:3: ":" is not allowed here; check the indentation, and quote a text that contains ": "; in the line: b: 2"#
    ),
    (
      "title: Attachment 4: France\n",
      #"a.yaml:1:20: ":" is not allowed here; check the indentation, and quote a text that contains ": "; "#
        + "in the line: title: Attachment 4: France"
    ),
    (
      String(repeating: "x", count: 100) + ": y: z\n",
      #"a.yaml:1:104: ":" is not allowed here; check the indentation, and quote a text that contains ": "; "#
        + "in the line: …xxxxxxxxxxxxxxxxxxxxxxxxxxx: y: z"
    ),
    (
      "- a\nb: 1\n",
      #"a.yaml:2:1: expected "- " for the list that begins in line 1; check the indentation; in the line: b: 1"#
    ),
    (
      "a: 1\n- b\n",
      "a.yaml:2:1: expected a key of the mapping that begins in line 1; check the indentation; in the line: - b"
    ),
    (
      "a:\n  - b\n c: d\n",
      "a.yaml:3:2: expected a key of the mapping that begins in line 1; check the indentation; in the line: c: d"
    ),
    (
      "a: - b\n",
      #"a.yaml:1:4: an entry of a list ("- ") is not allowed here; begin it on a line of its own; in the line: a: - b"#
    ),
    ("a: 1\nb\nc: 2\n", #"a.yaml:2:1: ":" is missing after this key; in the line: b"#),
    (
      "a: ? b\n",
      #"a.yaml:1:4: "?" is not allowed here; check the indentation, and quote a text that begins with "? "; in the line: a: ? b"#
    ),
    // Brackets.
    ("a: [1, 2\n", #"a.yaml:1:4: the list that begins here is not closed with "]"; in the line: a: [1, 2"#),
    ("a: [1, 2\nb: 3\n", #"a.yaml:2:2: expected "," or "]" in the list that begins in line 1; in the line: b: 3"#),
    ("a: {b: 1\n \n", #"a.yaml:1:4: the mapping that begins here is not closed with "}"; in the line: a: {b: 1"#),
    ("{a: 1, b\nc: 2", #"a.yaml:2:2: expected "," or "}" in the mapping that begins in line 1; in the line: c: 2"#),
    ("a: [", "a.yaml:2:1: the file ends where a value is expected"),
    ("a: ]\n", "a.yaml:1:4: expected a value; in the line: a: ]"),
    ("é: [ü, }\n", "a.yaml:1:8: expected a value; in the line: é: [ü, }"),
    ("a: [b]c\n", "a.yaml:1:7: unexpected text after the value; check the quotes; in the line: a: [b]c"),
    // Quotes and escapes.
    ("a: 'it's'\n", "a.yaml:1:8: unexpected text after the value; check the quotes; in the line: a: 'it's'"),
    ("a: \"😀\" b\n", #"a.yaml:1:8: unexpected text after the value; check the quotes; in the line: a: "😀" b"#),
    ("a: 'x\nb: 1\n", "a.yaml:1:4: the quoted text that begins here is not closed; in the line: a: 'x"),
    (
      "a: \"x\n---\nb\"\n",
      "a.yaml:2:1: the quoted text that begins in line 1 is not closed before this line; in the line: ---"
    ),
    (
      #"a: "C:\qed""#,
      #"a.yaml:1:7: the escape \q is not known; in single quotes a backslash stands for itself; in the line: a: "C:\qed""#
    ),
    (
      #"a: "\ud800""#,
      #"a.yaml:1:7: this escape is not a Unicode character; write "\xNN", "\uNNNN" or "\UNNNNNNNN"; in the line: a: "\ud800""#
    ),
    (
      #"a: "\xZZ""#,
      #"a.yaml:1:7: this escape is not a Unicode character; write "\xNN", "\uNNNN" or "\UNNNNNNNN"; in the line: a: "\xZZ""#
    ),
    (#"a: "x\0y""#, "a.yaml:1:4: a NUL character in a text"),
    ("a: %x\n", #"a.yaml:1:4: a text that begins with "%" must be in quotes; in the line: a: %x"#),
    ("a: @x\n", #"a.yaml:1:4: a text that begins with "@" must be in quotes; in the line: a: @x"#),
    ("a: |x\n b\n", #"a.yaml:1:5: a text after "|" or ">" begins on the next line; in the line: a: |x"#),
    ("a: |0\n x\n", #"a.yaml:1:5: the indentation after "|" or ">" counts from 1 to 9; in the line: a: |0"#),
    // Documents and directives.
    ("a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins here; a file holds one"),
    ("a: 1\n...\n%TAG ! x:\n---\nb\n", "a.yaml:3:1: a second document begins here; a file holds one"),
    ("a: 1\n...\nb\n", "a.yaml:3:1: text after the end of the document; a file holds one document; in the line: b"),
    ("%TAG ! tag:x:\n---\na: 1\n", "a.yaml:1:1: the directive %TAG is not known; the only one is %YAML 1.2"),
    ("# x\n%FOO\n---\na: 1\n", "a.yaml:2:1: the directive %FOO is not known; the only one is %YAML 1.2"),
    (
      "%YAML 3.0\n---\na\n",
      "a.yaml:1:1: this version of YAML is not known; delete the line, or write %YAML 1.2; in the line: %YAML 3.0"
    ),
    ("%YAML x\n---\na\n", "a.yaml:1:7: this directive is not known; the only one is %YAML 1.2; in the line: %YAML x"),
    // Keys.
    ("a: 1\nb: 2\n\"a\": 3\n", "a.yaml:3:1: the key \"a\" is already in line 1"),
    ("a: {b: 1, b: 2}\n", "a.yaml:1:11: the key \"b\" is already in line 1"),
    ("[a, b]: 1\n", "a.yaml:1:1: a key must be a text, not a list"),
    ("? {a: 1}\n: 1\n", "a.yaml:1:3: a key must be a text, not a mapping"),
    ("a: 1\n?\n: 1\n", "a.yaml:2:2: a key is missing before \":\""),
    (
      ": 1\n",
      "a.yaml:1:1: expected a key of the mapping that begins in line 1; check the indentation; in the line: : 1"
    ),
    // Tags.
    ("a: !!string x\n", "a.yaml:1:4: the tag !!string is not known; did you mean \"!!str\"?"),
    ("a: !secret x\n", "a.yaml:1:4: the tag !secret is not known"),
    ("a: !secret [x]\n", "a.yaml:1:4: the tag !secret is not known"),
    ("a: !!binary aGk=\n", "a.yaml:1:4: the tag !!binary is not known"),
    ("a: !!int soon\n", "a.yaml:1:4: the tag !!int does not fit the text \"soon\""),
    ("a: !!bool yes\n", "a.yaml:1:4: the tag !!bool does not fit the text \"yes\""),
    ("a: !!str [x]\n", "a.yaml:1:4: the tag !!str does not fit a list"),
    ("a: !!map x\n", "a.yaml:1:4: the tag !!map does not fit the text \"x\""),
    ("a: !<x\n", #"a.yaml:1:4: this tag is not known; quote a text that begins with "!"; in the line: a: !<x"#),
    ("a: !e!x b\n", #"a.yaml:1:4: this tag is not known; quote a text that begins with "!"; in the line: a: !e!x b"#),
    (
      "a: !!str%ED%A0%80 b\n",
      "a.yaml:1:4: not valid YAML: a name or text that is not UTF-8; in the line: a: !!str%ED%A0%80 b"
    ),
    // Anchors, aliases and merge keys.
    (
      "a: *.csv\n",
      #"a.yaml:1:4: "*" begins an alias, and a name must follow; quote a text that begins with "*"; in the line: a: *.csv"#
    ),
    (
      "a: &\n",
      #"a.yaml:1:4: "&" begins an anchor, and a name must follow; quote a text that begins with "&"; in the line: a: &"#
    ),
    ("a: &x *x\n", "a.yaml:1:7: unexpected text after the value; check the quotes; in the line: a: &x *x"),
    ("a: &base 1\nb: *bsae\n", "a.yaml:2:4: no anchor &bsae before this alias; did you mean \"base\"?"),
    ("a: *b\nb: &b 1\n", "a.yaml:1:4: no anchor &b before this alias"),
    ("a: &a [*a]\n", "a.yaml:1:8: the alias *a stands inside the value that it repeats"),
    ("a: &a 1\nb: &a {c: {d: *a}}\n", "a.yaml:2:15: the alias *a stands inside the value that it repeats"),
    ("<<: 1\n", "a.yaml:1:1: \"<<\" takes a mapping or a list of mappings, not the integer 1"),
    ("a: 1\n<<: [{b: 1}, x]\n", "a.yaml:2:1: \"<<\" takes a mapping or a list of mappings, not the text \"x\""),
    ("<<: {a: 1}\n<<: {b: 1}\n", "a.yaml:2:1: the key \"<<\" is already in line 1"),
  ])
  func text(_ text: String, expected: String) {
    #expect(complaints(text) == [expected])
  }

  @Test(arguments: [
    (Array("a: x\u{0}y\n".utf8), ["a.yaml:1:5: a NUL byte; is this a text file?"]),
    ([0x61, 0x3A, 0x20, 0xE9, 0x0A], ["a.yaml:1:4: not UTF-8; save the file as UTF-8"]),
    (
      [0x61, 0x0A, 0xC0, 0x80, 0x0A, 0xE2, 0x82],
      ["a.yaml:2:1", "a.yaml:2:2", "a.yaml:3:1"].map { $0 + ": not UTF-8; save the file as UTF-8" }
    ),
    ([0xFF, 0xFE, 0x61, 0x00], ["a.yaml: this is UTF-16, not UTF-8; save it as UTF-8"]),
    ([0xFE, 0xFF, 0x00, 0x61], ["a.yaml: this is UTF-16, not UTF-8; save it as UTF-8"]),
    ([0x61, 0x00, 0x3A, 0x00], ["a.yaml: this is UTF-16, not UTF-8; save it as UTF-8"]),
    ([0x61, 0, 0, 0, 0x3A, 0, 0, 0], ["a.yaml: this is UTF-32, not UTF-8; save it as UTF-8"]),
    ([0x1F, 0x8B, 8, 0], ["a.yaml: this is compressed with gzip; unpack it"]),
    ([0xEF, 0xBB, 0xBF], ["a.yaml: the file is empty"]),
    (
      Array("é: \u{7}\nb: \u{1B}\n".utf8),
      [
        #"a.yaml:1:4: the control character U+0007 is not allowed; write "\u0007" in double quotes"#,
        #"a.yaml:2:4: the control character U+001B is not allowed; write "\u001B" in double quotes"#,
      ]
    ),
    (
      Array("a: b\u{2028}c\n".utf8),
      [#"a.yaml:1:5: U+2028 is a line break to some readers and none to others; write "\u2028" in double quotes"#]
    ),
    (Array("a: b\u{FEFF}\n".utf8), ["a.yaml:1:5: a byte order mark (U+FEFF) inside the text; delete it"]),
    (
      Array("a: 1\rb: 2\r\nc: 3\r".utf8),
      ["a.yaml:1:5", "a.yaml:2:5"].map { $0 + ": a carriage return without a line feed; end lines with LF or CRLF" }
    ),
  ])
  func bytes(_ contents: [UInt8], expected: [String]) {
    #expect(complaints(contents) == expected)
  }

  @Test func aBinaryFileIsNotListedByteByByte() {
    let lines = complaints([UInt8](repeating: 0x80, count: 500))
    #expect(lines.count == 11)
    #expect(lines.last == "and 490 more problems, 500 in all")
  }

  @Test func whatLeavesATreeDoesNotHideTheRest() {
    let text = "a: *x\na: 1\nb: !foo y\n? [k]\n: 1\nc: !!int z\n"
    #expect(
      complaints(text) == [
        "a.yaml:1:4: no anchor &x before this alias",
        "a.yaml:2:1: the key \"a\" is already in line 1",
        "a.yaml:3:4: the tag !foo is not known",
        "a.yaml:4:3: a key must be a text, not a list",
        "a.yaml:6:4: the tag !!int does not fit the text \"z\"",
      ])
  }
}
