import Base
import Testing
import YAML

func load(_ text: String) throws -> Node { try loadYAML(file: "a.yaml", contents: Array(text.utf8)) }

extension Node {
  /// `line:column`.
  var place: String { "\(line):\(column)" }

  /// The tree in one line, for comparison.
  var outline: String {
    switch kind {
    case .scalar(let scalar): scalar.style == .plain ? scalar.text : "'\(scalar.text)'"
    case .sequence(let elements): "[" + elements.map(\.outline).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key.outline): \($0.value.outline)" }.joined(separator: ", ") + "}"
    case .unreadable: "?"
    }
  }
}

@Suite("Nodes keep their place, through aliases and merges")
struct NodeTests {
  @Test func placesCountCharacters() throws {
    let root = try load("é: {ü: ö}\nlist:\n  - 'x'\n  - |\n    text\nempty:\ntagged: !!str 1\n")
    #expect(root.place == "1:1")
    #expect(root["é"]?.place == "1:4")
    #expect(root["é"]?["ü"]?.place == "1:8")
    #expect(root["list"]?.elements?.map(\.place) == ["3:5", "4:5"])
    #expect(root["empty"]?.place == "6:7")
    #expect(root["tagged"]?.place == "7:9")
    #expect(root["é"]?["ü"]?.problem("m").description == "a.yaml:1:8: m")
  }

  @Test func stylesAreKept() throws {
    let root = try load("[a, 'b', \"c\", !!int '1', ! 12]")
    #expect(
      root.elements?.compactMap(\.scalar) == [
        Scalar(text: "a", style: .plain), Scalar(text: "b", style: .quoted), Scalar(text: "c", style: .quoted),
        Scalar(text: "1", style: .quoted, tag: .integer), Scalar(text: "12", style: .plain, tag: .string),
      ])
    #expect(try load("|\n a\n b\n").scalar == Scalar(text: "a\nb\n", style: .literal))
    #expect(try load(">-\n a\n b\n").scalar == Scalar(text: "a b", style: .literal))
  }

  @Test(arguments: [
    ("\u{FEFF}a: 1\n", "{a: 1}"),
    ("a: 1\r\nb: |\r\n  x\r\n  y\r\n", "{a: 1, b: 'x\ny\n'}"),
    ("%YAML 1.1\n---\na: 1\n...\n", "{a: 1}"),
    ("--- a\n", "a"),
    ("a:\t1\t# tab\n", "{a: 1}"),
    ("a: b:c #d\n", "{a: b:c}"),
    (#"a: "\x41\u00e9\U0001F600\t""#, "{a: 'Aé😀\t'}"),
    ("'<<': 1\n", "{'<<': 1}"),
    ("? a\n: 1\n", "{a: 1}"),
    ("[a: 1, b]", "[{a: 1}, b]"),
    ("- - a\n  - b\n-\n", "[[a, b], ]"),
  ])
  func forms(_ text: String, expected: String) throws {
    #expect(try load(text).outline == expected)
  }

  @Test func aByteOrderMarkTakesNoColumn() {
    #expect(complaints("\u{FEFF}a: ]\n") == ["a.yaml:1:4: expected a value; in the line: a: ]"])
  }

  @Test func linesWithCRLFCountOnce() {
    #expect(complaints("a: 1\r\nb: ]\r\n") == ["a.yaml:2:4: expected a value; in the line: b: ]"])
  }

  @Test func anAliasLeadsToTheAnchor() throws {
    let root = try load("a: &x [1, 2]\nb: *x\nc: &k key\n*k : 1\n")
    #expect(root["b"]?.outline == "[1, 2]")
    #expect(root["b"]?.place == "1:4")
    #expect(root["b"]?.elements?.last?.place == "1:11")
    #expect(root.entries?.last?.key.place == "4:1")
  }

  @Test func anAnchorMayBeSetAgain() throws {
    #expect(try load("[&a 1, *a, &a 2, *a]").outline == "[1, 1, 2, 2]")
  }

  @Test(arguments: [
    ("{<<: *a, x: own}", "{y: ay, x: own}"),
    ("{x: own, <<: *a}", "{x: own, y: ay}"),
    ("{<<: [*a, *b], w: 1}", "{x: ax, y: ay, z: bz, w: 1}"),
    ("{<<: [*b, *a]}", "{x: bx, z: bz, y: ay}"),
    ("{<<: {v: 1, x: 2}}", "{v: 1, x: 2}"),
    ("{<<: []}", "{}"),
    ("{<<: *c}", "{y: ay, x: cx}"),
  ])
  func merges(_ merging: String, expected: String) throws {
    let root = try load("a: &a {x: ax, y: ay}\nb: &b {x: bx, z: bz}\nc: &c {<<: *a, x: cx}\nm: \(merging)\n")
    #expect(root["m"]?.outline == expected)
  }

  @Test func mergedValuesKeepTheirPlace() throws {
    let root = try load("base: &base\n  every: 5min\nexport:\n  <<: *base\n  name: x\n")
    let entries = try #require(root["export"]?.entries)
    #expect(entries.map(\.key.place) == ["2:3", "5:3"])
    #expect(entries.map(\.value.place) == ["2:10", "5:9"])
  }
}
