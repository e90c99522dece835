import Base
import Testing
import YAML

/// What a reader makes of the value of `timeout`, and its complaints.
private func read<Value>(_ value: String, as reader: ValueReader<Value>) throws -> (value: Value?, complaints: [String])
{
  let problems = ProblemCollector()
  let node = try load("timeout: \(value)\n")
  let map = try #require(MappingReader(node, of: "the export", keys: ["timeout"], problems: problems))
  return (map.required("timeout", reader), problems.problems.lines)
}

/// A reader of any type, for tables.
private struct AnyReader: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var complaints: @Sendable (String) throws -> [String]

  init<Value>(_ name: String, _ reader: @escaping @Sendable () -> ValueReader<Value>) {
    testDescription = name
    complaints = { try read($0, as: reader()).complaints }
  }
}

private enum Format: String, CaseIterable {
  case csv, json
  case plainTable = "plain_table"
}

private let text = AnyReader("text") { .text }
private let name = AnyReader("name") { .name }
private let bool = AnyReader("bool") { .bool }
private let integer = AnyReader("integer") { .integer() }
private let percent = AnyReader("percent") { .integer(in: 0...100) }
private let port = AnyReader("at least 1") { .integer(in: 1...Int.max) }
private let format = AnyReader("format") { ValueReader<Format>.choice }
private let duration = AnyReader("duration") { .duration() }
private let minute = AnyReader("up to an hour") { .duration(atLeast: .milliseconds(1500), atMost: .seconds(3600)) }
private let brief = AnyReader("at most a minute") { .duration(atMost: .seconds(60)) }
private let long = AnyReader("at least a day") { .duration(atLeast: .seconds(86_400)) }
private let size = AnyReader("size") { .byteCount() }
private let page = AnyReader("up to a page") { .byteCount(in: 1...4096) }
private let names = AnyReader("names") { .list(of: .name) }
private let someNames = AnyReader("some names") { .list(of: .name, atLeast: 1) }
private let limits = AnyReader("limits") { .mapping(of: .integer()) }

@Suite("Wrong values are named with what is wanted")
struct WrongValueTests {
  private static let table: [(AnyReader, String, String)] = [
    (text, "[a]", "text, not a list"),
    (text, "{a: b}", "text, not a mapping"),
    (text, "", "text, not empty"),
    (text, "null", "text, not null; quote it if it is meant as text"),
    (text, "~", "text, not null; quote it if it is meant as text"),
    (text, "!!int 12", "text, not the integer 12"),
    (name, "''", "a text that is not empty, not the text \"\""),
    (bool, "yes", "true or false, not the text \"yes\"; write true"),
    (bool, "Off", "true or false, not the text \"Off\"; write false"),
    (bool, "TRUE", "true or false, not the text \"TRUE\"; write true"),
    (bool, "'true'", "true or false, not the text \"true\"; write true without quotes"),
    (bool, "1", "true or false, not the integer 1"),
    (bool, "maybe", "true or false, not the text \"maybe\""),
    (integer, "soon", "an integer, not the text \"soon\""),
    (integer, "'12'", "an integer, not the text \"12\"; write 12 without quotes"),
    (integer, "01.5", "an integer, not the number 01.5"),
    (integer, "0o18", "an integer, not the text \"0o18\""),
    (integer, "2026-07-04", "an integer, not the text \"2026-07-04\""),
    (integer, "1_000", "an integer, not the text \"1_000\"; write 1000"),
    (integer, "1:30", "an integer, not the text \"1:30\""),
    (integer, "1.5", "an integer, not the number 1.5"),
    (integer, "1e3", "an integer, not the number 1e3"),
    (integer, ".inf", "an integer, not the number .inf"),
    (integer, "0xZ", "an integer, not the text \"0xZ\""),
    (integer, "0b11", "an integer, not the text \"0b11\""),
    (integer, "true", "an integer, not the boolean true"),
    (integer, "[1]", "an integer, not a list"),
    (integer, "9223372036854775808", "an integer that fits 64 bits, not the integer 9223372036854775808"),
    (integer, "-9223372036854775809", "an integer that fits 64 bits, not the integer -9223372036854775809"),
    (percent, "101", "an integer between 0 and 100, not the integer 101"),
    (percent, "0xFFFFFFFFFFFFFFFFFF", "an integer between 0 and 100, not the integer 0xFFFFFFFFFFFFFFFFFF"),
    (port, "0", "an integer of at least 1, not the integer 0"),
    (port, "-1", "an integer of at least 1, not the integer -1"),
    (format, "cvs", "\"csv\", \"json\" or \"plain_table\", not \"cvs\"; did you mean \"csv\"?"),
    (format, "zip", "\"csv\", \"json\" or \"plain_table\", not \"zip\""),
    (format, "[csv]", "\"csv\", \"json\" or \"plain_table\", not a list"),
    (duration, "soon", "a duration such as 250ms, 30s or 5min, not the text \"soon\""),
    (duration, "30", "a duration such as 250ms, 30s or 5min, not the integer 30; write 30s for seconds"),
    (
      duration, "5m",
      "a duration such as 250ms, 30s or 5min, not the text \"5m\"; write 5min for minutes, 5ms for milliseconds"
    ),
    (duration, "2 hours", "a duration such as 250ms, 30s or 5min, not the text \"2 hours\"; write 2h"),
    (duration, "1.5s", "a duration such as 250ms, 30s or 5min, not the text \"1.5s\""),
    (duration, "-1s", "a duration such as 250ms, 30s or 5min, not the text \"-1s\""),
    (duration, "30s 1min", "a duration such as 250ms, 30s or 5min, not the text \"30s 1min\""),
    (duration, "1s 1s", "a duration such as 250ms, 30s or 5min, not the text \"1s 1s\""),
    (
      duration, "999999999999999d",
      "a duration such as 250ms, 30s or 5min, not the text \"999999999999999d\""
    ),
    (duration, "", "a duration such as 250ms, 30s or 5min, not empty"),
    (minute, "2h", "a duration between 1500ms and 1h, not 2h"),
    (minute, "0", "a duration between 1500ms and 1h, not 0"),
    (brief, "61s", "a duration of at most 1min, not 61s"),
    (long, "1h", "a duration of at least 1d, not 1h"),
    (size, "big", "a size in bytes such as 65536, 64KiB or 16MiB, not the text \"big\""),
    (size, "16MB", "a size in bytes such as 65536, 64KiB or 16MiB, not the text \"16MB\"; write 16MiB"),
    (size, "16k", "a size in bytes such as 65536, 64KiB or 16MiB, not the text \"16k\"; write 16KiB"),
    (size, "16mib", "a size in bytes such as 65536, 64KiB or 16MiB, not the text \"16mib\"; write 16MiB"),
    (size, "-1", "a size in bytes such as 65536, 64KiB or 16MiB, not the integer -1"),
    (size, "9999999TiB", "a size in bytes such as 65536, 64KiB or 16MiB, not the text \"9999999TiB\""),
    (page, "5000", "a size between 1 and 4KiB, not 5000"),
    (page, "0", "a size between 1 and 4KiB, not 0"),
    (names, "csv", "a list, not the text \"csv\"; write [\"csv\"]"),
    (names, "{a: b}", "a list, not a mapping"),
    (names, "", "a list, not empty"),
    (limits, "[a]", "a mapping, not a list"),
  ]

  @Test(arguments: table)
  fileprivate func wrong(reader: AnyReader, value: String, expected: String) throws {
    #expect(try reader.complaints(value) == ["a.yaml:1:\(value.isEmpty ? 9 : 10): \"timeout\" must be \(expected)"])
  }

  @Test func entriesAreNamedByTheirList() throws {
    #expect(
      try names.complaints("[a, [b], '', c]") == [
        "a.yaml:1:14: an entry of \"timeout\" must be a text that is not empty, not a list",
        "a.yaml:1:19: an entry of \"timeout\" must be a text that is not empty, not the text \"\"",
      ])
    #expect(try someNames.complaints("[]") == ["a.yaml:1:10: \"timeout\" must have at least 1 entry"])
    #expect(
      try limits.complaints("{a: 1, b: x}") == [
        "a.yaml:1:20: \"b\" in \"timeout\" must be an integer, not the text \"x\""
      ])
  }

  @Test func monstrousTextsAreShortened() throws {
    let lines = try integer.complaints("\"\(String(repeating: "é\\n", count: 50_000))\"")
    #expect(lines.count == 1)
    #expect(lines[0].count < 200)
  }
}

@Suite("Right values are read as written")
struct RightValueTests {
  @Test(arguments: ["1.10", "012", "no", "true", "1_000", "2026-07-04", "0x1F", "-", "a: b"])
  func aPlainTextIsVerbatim(_ text: String) throws {
    let written = text.contains(": ") ? "'\(text)'" : text == "-" ? "\"-\"" : text
    #expect(try read(written, as: .text).value == text)
  }

  @Test func nullInQuotesIsText() throws {
    #expect(try read("'null'", as: .text).value == "null")
    #expect(try read("!!str null", as: .text).value == "null")
    #expect(try read("! ~", as: .text).value == "~")
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("12", 12), ("+12", 12), ("-12", -12), ("010", 10), ("-08", -8), ("0x1f", 31), ("0o17", 15),
    ("!!int '12'", 12),
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
  ])
  func integers(_ text: String, expected: Int) throws {
    #expect(try read(text, as: .integer()).value == expected)
  }

  @Test func booleans() throws {
    #expect(try read("true", as: .bool).value == true)
    #expect(try read("false", as: .bool).value == false)
  }

  @Test(arguments: [
    ("0", Duration.zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("5min", .seconds(300)),
    ("1h30min", .seconds(5400)), ("1h 30min 5s", .seconds(5405)), ("2 d", .seconds(172_800)), ("7us", .microseconds(7)),
    ("'30s'", .seconds(30)),
  ])
  func durations(_ text: String, expected: Duration) throws {
    #expect(try read(text, as: .duration()).value == expected)
  }

  @Test(arguments: [
    ("0", 0), ("65536", 65536), ("512B", 512), ("64KiB", 65536), ("16 MiB", 16 << 20), ("1GiB", 1 << 30),
    ("2TiB", 2 << 40),
  ])
  func sizes(_ text: String, expected: Int) throws {
    #expect(try read(text, as: .byteCount()).value == expected)
  }

  @Test(arguments: [("csv", Format.csv), ("plain_table", .plainTable), ("plain-table", .plainTable)])
  fileprivate func choices(_ text: String, expected: Format) throws {
    #expect(try read(text, as: .choice).value == expected)
    #expect(try read(text, as: .choice(of: Format.allCases.map(\.rawValue))).value == expected.rawValue)
  }
}

private struct Export: NodeReadable {
  var report: Located<String>
  var every: Duration
  var formats: [Format]
  var parameters: [Entry<Located<String>>]
  var retries: Int?

  init?(from node: Node, problems: ProblemCollector) {
    let keys = ["report", "every", "formats", "parameters", "retries"]
    guard let map = MappingReader(node, of: "the export", keys: keys, problems: problems) else { return nil }
    let report = map.required("report", .located(.name))
    every = map.optional("every", .duration(), default: .seconds(60))
    let formats = map.required("formats", .list(of: .choice, atLeast: 1) as ValueReader<[Format]>)
    parameters = map.optional("parameters", .mapping(of: .located(.text)), default: [])
    retries = map.optional("retries", .integer(in: 0...10))
    guard let report, let formats else { return nil }
    self.report = report
    self.formats = formats
  }
}

private struct Configuration: NodeReadable {
  var exports: [Export]

  init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the configuration", keys: ["exports"], problems: problems) else {
      return nil
    }
    guard let exports = map.required("exports", .list(of: .value(as: Export.self))) else { return nil }
    self.exports = exports
  }

  static func read(_ text: String) -> (value: Configuration?, complaints: [String]) {
    let problems = ProblemCollector()
    let value = loadYAML(file: "musterd.yaml", contents: Array(text.utf8), problems: problems)
      .flatMap { Configuration(from: $0, problems: problems) }
    return (value, problems.problems.lines)
  }
}

@Suite("A configuration is read whole, with all its problems")
struct ConfigurationTests {
  @Test func aRightOne() throws {
    let (value, complaints) = Configuration.read(
      """
      exports:
        - &first
          report: country-summary
          every: 5min
          formats: [csv, plain-table]
          parameters: {scheme: memorandum, top: 5, strict: no}
        - <<: *first
          report: bloc-aggregate
          every: null
      """)
    #expect(complaints == [])
    let exports = try #require(value?.exports)
    #expect(exports.map(\.report.value) == ["country-summary", "bloc-aggregate"])
    #expect(exports[1].report.problem("no such report").description == "musterd.yaml:8:13: no such report")
    #expect(exports.map(\.every) == [.seconds(300), .seconds(60)])
    #expect(exports[1].formats == [.csv, .plainTable])
    #expect(exports[1].parameters.map(\.key.value) == ["scheme", "top", "strict"])
    #expect(exports[1].parameters.map(\.value.value) == ["memorandum", "5", "no"])
    #expect(exports[1].parameters[1].key.position == .text(line: 6, column: 38))
    #expect(exports[1].retries == nil)
  }

  @Test func allProblemsAtOnceInTheOrderOfTheText() {
    let (_, complaints) = Configuration.read(
      """
      exports:
        - retries: 11
          reprot: country-summary
          every: soon
          every: 5min
          formats: []
        - country-summary
        - report: *unknown
          formats: [csv, xml]
          parameters: {scheme: [a], scheme: b}
      epxorts: []
      """)
    #expect(
      complaints == [
        "musterd.yaml:2:5: the export lacks the key \"report\"",
        "musterd.yaml:2:14: \"retries\" must be an integer between 0 and 10, not the integer 11",
        "musterd.yaml:3:5: unknown key \"reprot\" in the export; did you mean \"report\"?",
        "musterd.yaml:4:12: \"every\" must be a duration such as 250ms, 30s or 5min, not the text \"soon\"",
        "musterd.yaml:5:5: the key \"every\" is already in line 4",
        "musterd.yaml:6:14: \"formats\" must have at least 1 entry",
        "musterd.yaml:7:5: the export must be a mapping, not the text \"country-summary\"",
        "musterd.yaml:8:13: no anchor &unknown before this alias",
        "musterd.yaml:9:20: an entry of \"formats\" must be \"csv\", \"json\" or \"plain_table\", not \"xml\"",
        "musterd.yaml:10:26: \"scheme\" in \"parameters\" must be text, not a list",
        "musterd.yaml:10:31: the key \"scheme\" is already in line 10",
        "musterd.yaml:11:1: unknown key \"epxorts\" in the configuration; did you mean \"exports\"?",
      ])
  }

  @Test func anAliasedProblemIsToldOnceAtItsAnchor() {
    let (_, complaints) = Configuration.read(
      "exports:\n  - {report: a, formats: [csv], retries: &n 99}\n  - {report: b, formats: [csv], retries: *n}\n")
    let line = "musterd.yaml:2:42: \"retries\" must be an integer between 0 and 10, not the integer 99"
    #expect(complaints == [line])
  }

  @Test(arguments: [
    ("", "musterd.yaml: the file is empty"),
    ("---\n", "musterd.yaml:2:1: the configuration must be a mapping, not empty"),
    ("exports\n", "musterd.yaml:1:1: the configuration must be a mapping, not the text \"exports\""),
    ("{}\n", "musterd.yaml:1:1: the configuration lacks the key \"exports\""),
    ("exports:\n", "musterd.yaml:1:9: \"exports\" must be a list, not empty"),
  ])
  func anEmptyOne(_ text: String, expected: String) {
    #expect(Configuration.read(text).complaints == [expected])
  }

  @Test func severalFilesStayApart() throws {
    let problems = ProblemCollector(limit: 3)
    for file in ["b.yaml", "a.yaml"] {
      let node = try loadYAML(file: file, contents: Array("z: 1\ny: 2\n".utf8))
      _ = MappingReader(node, of: "the file", keys: [], problems: problems)
    }
    #expect(
      problems.problems.lines == [
        "b.yaml:1:1: unknown key \"z\" in the file", "b.yaml:2:1: unknown key \"y\" in the file",
        "a.yaml:1:1: unknown key \"z\" in the file", "and 1 more problems, 4 in all",
      ])
    #expect(throws: ProblemList.self) { try problems.throwIfAny() }
  }
}
