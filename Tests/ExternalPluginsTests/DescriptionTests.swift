import Base
import ExternalPlugins
import ReportKit
import TestSupport
import Testing

/// `--describe`: what a plugin says of itself is held against its manifest.
@Suite(.blocking, .timeLimit(.minutes(10))) struct DescriptionTests {
  private func problems(_ said: String, describe: Bool = true) async throws -> [String] {
    let workshop = try Workshop()
    let manifest = try workshop.manifest(
      """
      if [ "$1" = --describe ]; then \(said); fi
      """,
      """
      name: test-plugin
      kind: report
      summary: s
      command: [./plugin]
      parameters: [{ name: top, summary: s, type: integer, default: 3 }]
      rows: { dimensions: [a] }
      columns: [{ name: a }, { name: n, kind: integer }]
      describe: \(describe)
      """)
    let place = "\(workshop.folder)/plugin.yaml:1:7: with --describe "
    return try await manifest.checkDescription(on: .test()).map { problem in
      #expect(problem.description.hasPrefix(place))
      return String(problem.description.dropFirst(place.count))
    }
  }

  @Test(
    arguments: [
      #"echo '{}'"#, #"echo '{"name":"test-plugin","kind":"report","version":2}'"#,
      #"""
      echo '{"parameters":[{"name":"top","type":"integer","default":3}],"columns":["a",{"name":"n","kind":"integer"}]}'
      """#,
    ])
  func itMayAgree(said: String) async throws {
    #expect(try await problems(said) == [])
  }

  @Test func itIsNotAskedUnlessItOffersThat() async throws {
    #expect(try await problems("exit 1", describe: false) == [])
  }

  @Test(
    arguments: [
      (
        #"""
        echo '{"name":"x","kind":"transform","parameters":[{"name":"top","type":"text","default":4}],"columns":["a","m"]}'
        """#,
        [
          #""test-plugin" says name "x", where the manifest says "test-plugin""#,
          #""test-plugin" says kind "transform", where the manifest says "report""#,
          #""test-plugin" says type of the parameter "top" "text", where the manifest says "integer""#,
          #""test-plugin" says default of the parameter "top" 4, where the manifest says 3"#,
          #""test-plugin" says columns a, m, where the manifest says a, n"#,
        ]
      ),
      (
        #"echo '{"parameters":[],"columns":[{"name":"a"},{"name":"n","kind":"text"}]}'"#,
        [
          #""test-plugin" says parameters none, where the manifest says top"#,
          #""test-plugin" says kind of the column "n" "text", where the manifest says "integer""#,
        ]
      ),
      (
        "echo usage: none",
        [#""test-plugin" must print one line of JSON, not "usage: none\n": unexpected character at byte 0"#]
      ),
      ("echo no >&2; exit 2", ["the plugin \"test-plugin\" ended with exit code 2; its standard error:\n  no"]),
    ])
  func whatDiffersIsSaid(said: String, expected: [String]) async throws {
    #expect(try await problems(said) == expected)
  }
}
