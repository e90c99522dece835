import TestSupport
import Testing

@testable import MusterDaemon

@Suite("Many sleep by one timer, of which the clock knows one", .timeLimit(.minutes(10)))
struct SharedTimerTests {
  private let clock = TestClock()
  private let timer: SharedTimer<TestClock>

  init() { timer = SharedTimer(clock) }

  private func sleep(_ seconds: Int, _ probe: Probe) -> Task<Void, any Error> {
    Task { [timer] in
      try await timer.sleep(for: .seconds(seconds))
      probe.note("\(seconds)")
    }
  }

  private func waitForSleepers(_ count: Int) async throws {
    try await waitUntil("\(count) tasks sleep") { timer.sleeperCount == count }
  }

  @Test func everyoneWakesInTime() async throws {
    let probe = Probe()
    let tasks = [3, 1, 2].map { sleep($0, probe) }
    try await waitForSleepers(3)
    for seconds in 1...3 {
      try await clock.turn(by: .milliseconds(999), onceAsleep: 1)
      #expect(timer.sleeperCount == 4 - seconds, "a moment too early")
      clock.turn(by: .milliseconds(1))
      try await probe.wait(for: "\(seconds)")
    }
    for task in tasks { try await task.finished }
    #expect(probe.events == ["1", "2", "3"])
  }

  @Test func whoComesLaterAndIsDueEarlierIsNotForgotten() async throws {
    let probe = Probe()
    let long = sleep(60, probe)
    try await waitForSleepers(1)
    let short = sleep(1, probe)
    try await waitForSleepers(2)
    try await clock.turn(by: .seconds(1), onceAsleep: 2)
    try await short.finished
    #expect(timer.sleeperCount == 1)
    try await clock.turn(by: .seconds(59), onceAsleep: 1)
    try await long.finished
  }

  @Test func nothingRemainsOfWhoIsCancelled() async throws {
    for _ in 0..<1000 {
      let task = Task { [timer] in try await timer.sleep(for: .seconds(3600)) }
      if Bool.random() { try await waitForSleepers(1) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.finished }
    }
    #expect(timer.sleeperCount == 0)
    #expect(clock.queuedCount == 1)
    try await clock.turn(by: .seconds(3600), onceAsleep: 1)
    try await waitUntil("the clock is left alone") { clock.queuedCount == 0 }
  }
}
