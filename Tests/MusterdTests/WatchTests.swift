import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("Reloads are told to those who watch, and figures to those who ask", .blocking, .timeLimit(.minutes(10)))
struct WatchTests {
  let workplace: Workplace
  let daemon: RunningDaemon

  init() async throws {
    workplace = try Workplace()
    // Longer than a test may take: nobody is to wait for those who watch.
    try workplace.write(workplace.read("musterd.yaml") + "\nlimits: { shutdown_timeout: 1h }\n", to: "musterd.yaml")
    daemon = try await RunningDaemon(in: workplace)
  }

  private func decode<Reply: Decodable>(_ reply: JSONObject?) throws -> Reply {
    try JSONValue.object(#require(reply)).decode()
  }

  @Test func watchingTellsEachGenerationAndEndsWithTheDaemon() async throws {
    let client = try connect(workplace)
    var replies = try client.callMore("org.muster.Reports.Watch", timeout: .seconds(60))
    let first: Reports.WatchReply = try decode(replies.next())
    #expect(first.generation == 1)
    let other = try CheckedClient(connect(workplace))
    #expect(try other.call("org.muster.Reports.List")["revision"]?.stringValue == first.revision)

    try workplace.write(workplace.read("entries.csv").replacing(",12,p. 1,", with: ",13,p. 1,"), to: "entries.csv")
    _ = try other.call("org.muster.Manage.Reload")
    let second: Reports.WatchReply = try decode(replies.next())
    #expect(second.generation == 2)
    #expect(second.revision != first.revision)

    // Nothing is told of a reload that fails.
    let sound = try workplace.read("musterd.yaml")
    try workplace.write("nonsense: true\n", to: "musterd.yaml")
    #expect(try other.error("org.muster.Manage.Reload").name == "org.muster.Manage.ReloadFailed")
    try workplace.write(sound, to: "musterd.yaml")
    _ = try other.call("org.muster.Manage.Reload")
    #expect((try decode(replies.next()) as Reports.WatchReply).generation == 3)

    kill(daemon.process.processIdentifier, SIGTERM)
    #expect((try decode(replies.next()) as Reports.WatchReply).generation == 3)
    #expect(try replies.next() == nil)
    #expect(try await daemon.end() == 0)
  }

  @Test func watchingTakesMoreThanOneReply() throws {
    let client = try CheckedClient(connect(workplace))
    #expect(try client.error("org.muster.Reports.Watch").name == "org.varlink.service.ExpectedMore")
  }

  @Test func aWatcherThatHangsUpIsForgotten() async throws {
    let client = try connect(workplace)
    var replies = try client.callMore("org.muster.Reports.Watch")
    _ = try replies.next()
    client.close()
    let other = try connect(workplace)
    try await waitUntil("the call has ended") {
      try other.call("org.muster.Manage.Status")["runningCalls"] == 1
    }
  }

  @Test func theStatusHasFiguresOfEverything() async throws {
    let client = try CheckedClient(connect(workplace))
    for _ in 0..<4 { _ = try client.call("org.muster.Reports.Run", ["report": "arrivals"]) }
    _ = try client.error("org.muster.Reports.Run", ["report": "arivals"])
    _ = try client.call("org.muster.Manage.Reload")
    _ = try client.call("org.muster.Reports.Run", ["report": "arrivals"])
    let status: Manage.StatusReply = try decode(client.call("org.muster.Manage.Status"))
    let runs = try #require(status.latencies.first { $0.method == "org.muster.Reports.Run" })
    #expect(runs.count == 6)
    #expect(runs.max > 0)
    #expect(runs.p50 <= runs.p90 && runs.p90 <= runs.p99 && runs.p99 <= runs.max && runs.max <= runs.sum)
    #expect(status.errors == [Manage.Counter(name: "org.muster.Reports.NoSuchReport", count: 1)])
    #expect(status.generation == 2)
    #expect(status.loadedAt > status.startedAt)
    #expect((status.reloads, status.failedReloads) == (1, 0))
    #expect(status.runningCalls == 1)
    // The figures outlive the generation that they come from; what is kept does not.
    #expect((status.cacheHits, status.cacheMisses, status.cacheEntries) == (3, 2, 1))
    #expect(status.programs == [])
  }

  @Test func eachCallIsLoggedForWhoWantsToKnow() async throws {
    let workplace = try Workplace()
    let daemon = try await RunningDaemon(in: workplace, ["--log-level", "debug"])
    let client = try CheckedClient(connect(workplace))
    _ = try client.call("org.muster.Reports.Run", ["report": "arrivals"])
    _ = try client.error("org.muster.Reports.Run", ["report": "arivals"])
    try await waitUntil("both are logged") { daemon.log.contains("arivals") }
    let lines = daemon.log.split(separator: "\n").filter { $0.contains("method=org.muster.Reports.Run") }
    #expect(lines.count == 2)
    for part in [
      " debug answered a call ", " report=arrivals", " generation=1", " duration-usec=", " peer-uid=\(getuid())",
    ] {
      #expect(lines.first?.contains(part) == true)
    }
    #expect(lines.last?.contains(" info a call failed ") == true)
    #expect(lines.last?.contains("error=\"org.muster.Reports.NoSuchReport ") == true)
    #expect(try await daemon.stop() == 0)
  }
}
