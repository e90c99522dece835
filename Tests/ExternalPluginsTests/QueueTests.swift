import ExternalPlugins
import Glibc
import ReportKit
import TestSupport
import Testing

/// Only so many plugins run at one time; the others wait.
@Suite(.blocking, .timeLimit(.minutes(10))) struct QueueTests {
  private let script = "cat > /dev/null; sleep 0.6"

  @Test func waitingIsNotCountedAgainstThePlugin() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(script, limits: "{ time: 4s }")
    let host = PluginHost.test(limit: 1)
    try await withThrowingTaskGroup { group in
      for _ in 0..<8 { group.addTask { _ = try await run(manifest, on: host, table([rows(1)])) } }
      try await group.waitForAll()
    }
    #expect(host.statistics(of: "test-plugin").runs == 8)
    #expect(host.statistics(of: "test-plugin").failures == 0)
  }

  @Test func aLineThatIsFullSendsTheNextAway() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("sleep 1000", limits: "{ time: 60s }")
    let host = PluginHost.test(limit: 1, queueLimit: 0)
    let running = Task { try await run(manifest, on: host, table([rows(1)])) }
    try await waitUntil("the first runs") { host.statistics(of: "test-plugin").runs == 1 }
    let error = await #expect(throws: QueueFull.self) { try await run(manifest, on: host, table([rows(1)])) }
    #expect(
      error?.description
        == "1 plugins are running and 0 wait, the most that limits.plugins and limits.plugin_queue allow")
    running.cancel()
    _ = try? await running.finished
  }

  @Test func whoIsCancelledInTheLineLeavesItAtOnce() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("sleep 1000", limits: "{ time: 60s }")
    let host = PluginHost.test(limit: 1)
    let running = Task { try await run(manifest, on: host, table([rows(1)])) }
    try await waitUntil("the first runs") { host.statistics(of: "test-plugin").runs == 1 }
    let waiting = Task { try await run(manifest, on: host, table([rows(1)])) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.finished }
    #expect(host.statistics(of: "test-plugin").runs == 1)
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.finished }
    let next = try workshop.transform("tail -n +2")
    #expect(try await run(next, on: host, table([rows(2)])).count == 2, "the place is free again")
  }

  @Test func requestsWithSeveralPluginsDoNotWaitForEachOther() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("tail -n +2", limits: "{ time: 20s }")
    let host = PluginHost.test(limit: 1)
    try await withThrowingTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          try await PluginTurn.take {
            let first = try transformed(table([rows(5)]), manifest, host)
            let second = try transformed(first, manifest, host)
            #expect(try await readAll(second).rows.count == 5)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(host.statistics(of: "test-plugin").runs == 8)
  }
}
