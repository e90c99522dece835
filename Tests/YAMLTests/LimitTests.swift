import Base
import Glibc
import TestSupport
import Testing
import YAML

@Suite("No input exhausts the machine")
struct LimitTests {
  @Test func anAliasBombIsRefusedAtItsAlias() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(complaints(text) == ["a.yaml:6:10: with the alias *a4 the file has more than 100000 values"])
  }

  @Test func aMergeBombIsRefused() {
    var text = "a0: &a0 {k0: [x, x, x, x, x, x, x, x, x]}\n"
    for level in 1...12 {
      let parts = (0..<9).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
      text += "a\(level): &a\(level) {<<: *a\(level - 1), \(parts)}\n"
    }
    let lines = complaints(text)
    #expect(lines.count == 1 && lines[0].hasSuffix("the file has more than 100000 values"), "\(lines)")
  }

  @Test func plainValuesAreCountedToo() {
    let text = "[\n" + String(repeating: "x,\n", count: 100_000) + "]"
    #expect(complaints(text) == ["a.yaml:100001:1: more than 100000 values in the file"])
    #expect(complaints("[\n" + String(repeating: "x,\n", count: 99_999) + "]") == [])
  }

  @Test func manyKeysTakeNoTime() throws {
    let text = (0..<24_000).map { "key\($0): \($0)\n" }.joined()
    #expect(try load(text).entries?.count == 24_000)
    #expect(complaints(text + text).last == "and 23000 more problems, 24000 in all")
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
  func depthIsBounded(_ opening: String) {
    for count in [65, 1000, 100_000] {
      let lines = complaints(String(repeating: opening, count: count))
      #expect(lines.count == 1)
      #expect(lines[0].contains("values are nested deeper than 64 levels"), "\(lines)")
    }
  }

  @Test func sixtyFourLevelsAreRead() {
    #expect(complaints(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == [])
  }

  @Test func aliasesDoNotLeadDeeper() {
    var text = "a0: &a0 [x]\n"
    for level in 1...70 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(
      complaints(text) == ["a.yaml:64:12: with the alias *a62 values are nested deeper than 64 levels"])
  }

  @Test func manyDirectivesTakeNoTime() {
    let directives = (0..<200_000).map { "%TAG !e\($0)! tag:x:\n" }.joined()
    #expect(complaints(directives + "---\na: 1\n").count == 1)
    #expect(complaints("a: 1\n...\n# x\n" + directives + "---\na: 1\n").count == 1)
    #expect(
      complaints(String(repeating: "%YAML 1.2\n", count: 200_000) + "---\na: 1\n")
        == ["a.yaml:2:1: %YAML is already there; in the line: %YAML 1.2"])
  }

  @Test func aLargerFileIsRefused() throws {
    let message = ": larger than the limit of 4 MiB for a YAML file"
    #expect(complaints([UInt8](repeating: 0x20, count: YAMLLimits.fileSize + 1)) == ["a.yaml" + message])
    #expect(complaints([UInt8](repeating: 0x20, count: YAMLLimits.fileSize)) == ["a.yaml: the file is empty"])
    try withTemporaryFile("") { path in
      truncate(path, YAMLLimits.fileSize + 1)
      #expect(throws: ProblemList.self) { _ = try loadYAML(path: path) }
      #expect(problems(reading: path) == [path + message])
    }
  }

  @Test func filesAreRead() throws {
    try withTemporaryFile("a: 1\nb: 'x\n") { path in
      #expect(
        problems(reading: path) == ["\(path):2:4: the quoted text that begins here is not closed; in the line: b: 'x"])
    }
    try withTemporaryFile("a: 1\n") { path in
      let root = try loadYAML(path: path)
      #expect(root["a"]?.scalar?.text == "1")
      chmod(path, 0)
      if getuid() != 0 { #expect(problems(reading: path) == ["\(path): cannot be read: Permission denied"]) }
    }
  }

  @Test(arguments: [
    ("/nowhere/a.yaml", "cannot be read: No such file or directory"),
    ("/", "cannot be read: a directory, not a file"),
    ("/dev/null", "cannot be read: not a regular file"),
  ])
  func unreadableFiles(_ path: String, expected: String) {
    #expect(problems(reading: path) == ["\(path): \(expected)"])
  }

  @Test func aPipeDoesNotHang() throws {
    try withTemporaryFile("") { path in
      let pipe = path + ".pipe"
      try #require(mkfifo(pipe, 0o600) == 0)
      defer { unlink(pipe) }
      #expect(problems(reading: pipe) == ["\(pipe): cannot be read: not a regular file"])
    }
  }

  @Test func mutatedFilesNeverCrash() {
    let seedText = """
      %YAML 1.2
      ---
      defaults: &defaults {every: 5min, size: 0x10, on: [a, 'b', "c\\u00e9"]}
      exports:
        - <<: *defaults
          name: |
            text
          list: [*defaults, ~, true, 1.5]
        - <<: [*defaults, {x: !!str 1}]
          ? key
          : !!int "12"
      é: >-
        folded
      ...

      """
    let pieces = [
      "&a ", "*a", "<<: ", "[", "{", "]", "}", ": ", "- ", "\t", "\n", "'", "\"", "!!int ", "|\n", "%", "\0", "\u{85}",
      "\r",
    ]
    var random = SplitMix(seed: 20_260_704)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(1)
    var rounds = 0
    var accepted = 0
    while clock.now < end || rounds < 200 {
      var bytes = Array(seedText.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: index)
        case 3: bytes.removeSubrange(index..<min(bytes.count, index + 20))
        default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 30)], at: index / 2)
        }
        if bytes.isEmpty { bytes = [0x0A] }
      }
      let collector = ProblemCollector()
      let node = loadYAML(file: "a.yaml", contents: bytes, problems: collector)
      #expect(node != nil || !collector.isEmpty)
      #expect(collector.problems.problems.allSatisfy { !$0.message.contains("\n") })
      if collector.isEmpty { accepted += 1 }
      if let node { _ = Exports(from: node, problems: collector) }
      rounds += 1
    }
    #expect(accepted > 0)
  }
}

/// A reader that touches every kind of value.
private struct Exports: NodeReadable {
  init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the file", keys: ["defaults", "exports", "é"], problems: problems) else {
      return nil
    }
    _ = map.optional("defaults", .mapping(of: .duration()))
    _ = map.optional("defaults", .mapping(of: .byteCount()))
    _ = map.optional("defaults", .mapping(of: .integer(in: 0...5)))
    _ = map.optional("defaults", .mapping(of: .choice(of: ["a", "b"])))
    _ = map.optional("defaults", .mapping(of: .bool))
    _ = map.required("exports", .list(of: .mapping(of: .located(.text))))
    _ = map.optional("é", .name, default: "")
  }
}

private func problems(reading path: String) -> [String] {
  let collector = ProblemCollector()
  _ = loadYAML(path: path, problems: collector)
  return collector.problems.lines
}

private func withTemporaryFile(_ text: String, _ body: (String) throws -> Void) throws {
  try withTemporaryFolder { folder in
    try folder.write(text, to: "a.yaml")
    try body("\(folder.path)/a.yaml")
  }
}
