import JSON
import TestSupport
import Testing
import Varlink

@Suite("Plugins are listed with their state, and held to giving the same twice", .blocking, .timeLimit(.minutes(10)))
struct PluginsTests {
  private static let plugins: JSONObject = [
    "plugins": [
      [
        "name": "released-share", "kind": "report", "summary": "One row for each country", "state": "ready",
        "runs": 12, "failures": 0, "isolation": ["network", "files"],
      ],
      ["name": "sort", "kind": "transform", "summary": "Sorts rows", "state": "shipped"],
      [
        "name": "sqlite", "kind": "exporter", "summary": "An SQLite database", "state": "failed",
        "reason": "the plugin \"sqlite\" ended with exit code 1; its standard error:\noops", "runs": 3, "failures": 2,
        "isolation": [],
      ],
    ]
  ]

  @Test func list() async throws {
    let service = try FakeService(replies: [Reply(Self.plugins)])
    let outcome = try await muster("plugins", "--address", service.address)
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        Name            Kind       State    Runs  Failures  Summary
        released-share  report     ready      12         0  One row for each country
                                                            isolation: network, files
        sort            transform  shipped                  Sorts rows
        sqlite          exporter   failed      3         2  An SQLite database
                                                            isolation: nothing more than its limits
                                                            the plugin "sqlite" ended with exit code 1; its standard \
        error: oops

        """)
    #expect(service.calls.map(\.method) == ["org.muster.Manage.Plugins"])
  }

  @Test func json() async throws {
    let service = try FakeService(replies: [Reply(Self.plugins)])
    let outcome = try await muster("plugins", "--json", "--address", service.address)
    #expect(outcome.output == JSONValue.object(Self.plugins).text + "\n")
  }

  @Test func thatGivesTheSameTwice() async throws {
    let service = try FakeService(replies: [Reply(["report": "shares"])])
    let outcome = try await muster("plugins", "--audit", "released-share", "--address", service.address)
    #expect(outcome.output == "same: shares\n")
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    #expect(service.calls.map(\.method) == ["org.muster.Manage.AuditPlugin"])
    #expect(service.calls.map(\.parameters) == [["name": "released-share"]])
  }

  @Test(arguments: [false, true])
  func thatGivesSomethingElse(isJSON: Bool) async throws {
    let reply: JSONObject = ["report": "shares", "difference": "line 2, byte 9: \"1\" and then \"2\""]
    let service = try FakeService(replies: [Reply(reply)])
    let arguments = ["plugins", "--audit", "released-share", "--address", service.address] + (isJSON ? ["--json"] : [])
    let outcome = try await Program(arguments).wait()
    #expect(outcome.output == (isJSON ? JSONValue.object(reply).text : "different: shares") + "\n")
    #expect(
      outcome.errors
        == "muster: released-share does not give the same twice: shares: line 2, byte 9: \"1\" and then \"2\"\n")
    #expect(outcome.status == 65)
  }
}
