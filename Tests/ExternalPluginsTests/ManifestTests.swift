import Base
import ExternalPlugins
import ReportKit
import Testing
import YAML

/// What a manifest may say, and what is said about one that is wrong.
@Suite struct ManifestTests {
  private func problems(_ yaml: String) -> [String] {
    let problems = ProblemCollector()
    if let node = loadYAML(file: "p.yaml", contents: Array(yaml.utf8), problems: problems) {
      _ = ExternalManifest(from: node, problems: problems)
    }
    return problems.problems.lines
  }

  @Test func everythingAReportMaySay() throws {
    let node = try loadYAML(
      file: "/etc/muster/plugins.d/p.yaml",
      contents: Array(
        """
        name: by-sea
        kind: report
        summary: By sea
        command: [sh, -c, "cat", ./data, ../more, plain, a/b]
        parameters:
          - { name: sea, summary: Which, type: choice, choices: [north, baltic], default: baltic }
          - { name: top, summary: How many, type: integer, minimum: 1, maximum: 9 }
          - { name: all, summary: All, type: boolean, default: false }
          - { name: title, summary: Heading, type: text, default: "" }
        rows: { of: observations, dimensions: [harbour, sea], roles: [counted, of-which] }
        columns:
          - { name: sea, title: Sea }
          - { name: ships, kind: integer, unit: ships, summary: How many, total: sum }
        limits: { time: 250ms, cpu: 1s, memory: 64MiB, processes: 4, output: 1MiB, stderr: 4KiB }
        describe: true
        """.utf8))
    let problems = ProblemCollector()
    let manifest = try #require(ExternalManifest(from: node, problems: problems))
    #expect(problems.problems.lines == [])
    #expect(manifest.name.value == "by-sea")
    #expect(manifest.kind == .report)
    #expect(
      manifest.command == [
        "/usr/bin/sh", "-c", "cat", "/etc/muster/plugins.d/./data", "/etc/muster/plugins.d/../more", "plain", "a/b",
      ])
    #expect(manifest.parameters.map(\.name) == ["sea", "top", "all", "title"])
    #expect(manifest.parameters.map(\.kind) == [.choice(["north", "baltic"]), .integer(1...9), .boolean, .text])
    #expect(
      manifest.parameters.map(\.default) == [
        .value(.text("baltic")), .required, .value(.boolean(false)), .value(.text("")),
      ])
    #expect(manifest.query?.unit == .observations)
    #expect(manifest.query?.dimensions.map(\.value) == ["harbour", "sea"])
    #expect(manifest.query?.roles == [.counted, .ofWhich])
    guard case .list(let columns) = manifest.columns else {
      Issue.record("no columns")
      return
    }
    #expect(
      columns == [
        Column(name: "sea", title: "Sea", kind: .text),
        Column(name: "ships", title: "ships", kind: .integer, unit: "ships", summary: "How many", total: .sum),
      ])
    #expect(manifest.limits.time == .milliseconds(250))
    #expect(manifest.limits.cpuTime == .seconds(1))
    #expect(manifest.limits.memory == 64 << 20)
    #expect(manifest.limits.processes == 4)
    #expect(manifest.limits.output == 1 << 20)
    #expect(manifest.limits.standardError == 4096)
    #expect(manifest.describesItself)
  }

  @Test(
    arguments: [
      (
        "kind: report",
        [
          #"p.yaml:1:1: the manifest of a report lacks the key "name""#,
          #"p.yaml:1:1: the manifest of a report lacks the key "summary""#,
          #"p.yaml:1:1: the manifest of a report lacks the key "command""#,
          #"p.yaml:1:1: the manifest of a report lacks the key "rows""#,
          #"p.yaml:1:1: the manifest of a report lacks the key "columns""#,
        ]
      ),
      (
        "name: a\nkind: exporter\nsummary: s\ncommand: [sh]\ncolumns: same",
        [
          #"p.yaml:1:1: the manifest of an exporter lacks the key "media_type""#,
          #"p.yaml:1:1: the manifest of an exporter lacks the key "file_extensions""#,
          #"p.yaml:5:1: unknown key "columns" in the manifest of an exporter"#,
        ]
      ),
      (
        "name: a\nkind: raport\nsummary: s\ncommand: [sh]",
        [#"p.yaml:2:7: "kind" must be "report", "transform" or "exporter", not "raport"; did you mean "report"?"#]
      ),
      (
        "name: A b\nkind: transform\nsummary: s\ncommand: [sh]\ncolumns: same",
        [#"p.yaml:1:7: "name" must be lower-case words joined by -, not "A b""#]
      ),
      (
        "name: a\nkind: transform\nsummary: s\ncommand: [no-such-program]\ncolumns: same",
        [
          #"p.yaml:4:11: the program "no-such-program" cannot be started: it is not in "#
            + "/usr/local/bin:/usr/bin:/bin"
        ]
      ),
      (
        "name: a\nkind: transform\nsummary: s\ncommand: [/etc/passwd]\ncolumns: some",
        [
          #"p.yaml:4:11: the program "/etc/passwd" cannot be started: it is not executable"#,
          #"p.yaml:5:10: "columns" must be same or a list of columns, not the text "some""#,
        ]
      ),
      (
        "name: a\nkind: transform\nsummary: s\ncommand: [/etc/]\ncolumns: same\nlimits: { tim: 1s, time: 0s, memory: 1 }",
        [
          #"p.yaml:4:11: the program "/etc/" cannot be started: it is no file"#,
          #"p.yaml:6:11: unknown key "tim" in the limits; did you mean "time"?"#,
          #"p.yaml:6:26: "time" must be a duration between 10ms and 1h, not 0s"#,
          #"p.yaml:6:38: "memory" must be a size between 16MiB and 1TiB, not 1"#,
        ]
      ),
      (
        """
        name: a
        kind: report
        summary: s
        command: [sh]
        rows: { of: aggregates, dimensions: [], roles: [counted] }
        columns:
          - { name: B, kind: number, total: sum }
          - { name: c, kind: text, total: sum }
          - { name: c }
        parameters:
          - { name: p, summary: s, type: text, choices: [a] }
          - { name: p, summary: s, type: integer, minimum: 5, default: 4 }
          - { name: q, summary: s, type: choice, choices: [a], default: b }
        """,
        [
          #"p.yaml:5:37: "dimensions" must have at least 1 entry"#,
          #"p.yaml:5:48: aggregates are of counted observations alone: leave out "roles", or ask for observations"#,
          #"p.yaml:7:3: the column "c" is there twice"#,
          #"p.yaml:7:13: "name" must be lower-case words joined by _, not "B""#,
          #"p.yaml:7:22: "kind" must be "text", "integer" or "decimal", not "number""#,
          "p.yaml:8:35: a column of texts has no sum",
          #"p.yaml:11:3: the parameter "p" is there twice"#,
          #"p.yaml:11:49: "choices" belongs to a parameter of type choice, not text"#,
          #"p.yaml:12:64: "default" must be an integer of at least 5, not the integer 4"#,
          #"p.yaml:13:65: "default" must be "a", not "b""#,
        ]
      ),
    ])
  func allThatIsWrongIsSaidWithItsPlace(yaml: String, expected: [String]) {
    #expect(problems(yaml) == expected)
  }

  @Test func everyKeyIsDescribedOnce() {
    for place in ExternalManifest.Key.Place.allCases {
      let keys = ExternalManifest.keys.filter { $0.place == place }
      #expect(!keys.isEmpty)
      #expect(Set(keys.map(\.description.name)).count == keys.count)
    }
    #expect(
      ExternalManifest.keys.allSatisfy {
        !$0.description.summary.isEmpty && !$0.description.type.isEmpty && !$0.kinds.isEmpty
      })
    let time = ExternalManifest.keys.map(\.description).first { $0.name == "time" }
    #expect(time?.type == "duration from 10ms to 1h")
    #expect(time?.default == .value("10s"))
  }

  /// What is left out is as the table of the keys says.
  @Test func defaultsAreAsDescribed() throws {
    let keys = ExternalManifest.keys.filter { $0.place == .limits }.map(\.description)
    let written = keys.map { key in
      guard case .value(let value) = key.default else { return "" }
      return "\(key.name): \(value)"
    }
    func limits(_ text: String) throws -> PluginLimits {
      let yaml = "name: a\nkind: transform\nsummary: s\ncommand: [sh]\ncolumns: same\n\(text)"
      let problems = ProblemCollector()
      let manifest = ExternalManifest(from: try loadYAML(file: "p", contents: Array(yaml.utf8)), problems: problems)
      try problems.throwIfAny()
      return try #require(manifest).limits
    }
    let explicit = try limits("limits: { \(written.joined(separator: ", ")) }")
    let implicit = try limits("")
    #expect(explicit.time == implicit.time)
    #expect(explicit.cpuTime == implicit.cpuTime)
    #expect(explicit.memory == implicit.memory)
    #expect(explicit.processes == implicit.processes)
    #expect(explicit.output == implicit.output)
    #expect(explicit.standardError == implicit.standardError)
  }
}
