import Pipeline
import Synchronization
import TestSupport
import Testing

@testable import MusterDaemon

@Suite("Runs have their turn in order, within the limits", .timeLimit(.minutes(10)))
struct RunGateTests {
  private let clock = TestClock()
  private let probe = Probe()
  private var limits = Configuration.Limits()
  private let gate: RunGate

  init() {
    limits.concurrentRuns = 1
    limits.queuedRuns = 3
    gate = RunGate(limits, clock: clock)
  }

  /// A run that says when it begins, and ends when it is told to.
  private func run(_ name: String, until end: Promise<Void>) -> Task<String, any Error> {
    Task { [gate, limits, probe] in
      try await gate.run(within: limits) {
        probe.note(name)
        do { try await end.value } catch {
          probe.note("\(name) cancelled")
          throw error
        }
        return name
      }
    }
  }

  private func waitForCounts(_ running: Int, _ waiting: Int) async throws {
    try await waitUntil("\(running) run and \(waiting) wait") { gate.counts == (running, waiting) }
  }

  @Test func whoWaitsHasItsTurnInTheOrderOfComing() async throws {
    let ends = (0..<4).map { _ in Promise<Void>() }
    var tasks: [Task<String, any Error>] = []
    for (index, end) in ends.enumerated() {
      tasks.append(run("\(index)", until: end))
      try await waitForCounts(1, index)
    }
    for (index, end) in ends.enumerated() {
      try await probe.wait(for: "\(index)")
      #expect(probe.events.count == index + 1, "nobody else has begun")
      end.resolve()
    }
    for (index, task) in tasks.enumerated() { #expect(try await task.finished == "\(index)") }
    #expect(gate.counts == (0, 0))
  }

  @Test func aQueueThatIsFullSendsTheNextAwayAndNamesItsLimit() async throws {
    let end = Promise<Void>()
    let tasks = ["a", "b", "c", "d"].map { run($0, until: end) }
    try await waitForCounts(1, 3)
    let error = await #expect(throws: LimitReached.self) { try await run("e", until: end).finished }
    #expect(error?.limit == "limits.queued_runs")
    #expect(error?.value == 3)
    #expect(error?.reason == "1 runs go on, as limits.concurrent_runs allows, and 3 wait")
    end.resolve()
    for task in tasks { _ = try await task.finished }
    #expect(!probe.events.contains("e"))
  }

  @Test func moreMayRunAsSoonAsTheLimitIsRaised() async throws {
    let end = Promise<Void>()
    let tasks = ["a", "b", "c"].map { run($0, until: end) }
    try await waitForCounts(1, 2)
    var raised = limits
    raised.concurrentRuns = 2
    gate.apply(raised)
    try await waitForCounts(2, 1)
    end.resolve()
    for task in tasks { _ = try await task.finished }
  }

  @Test func aRunThatTakesTooLongIsCancelledAndNamesItsLimit() async throws {
    let task = run("a", until: Promise())
    try await probe.wait(for: "a")
    try await clock.turn(by: limits.callTimeout - .milliseconds(1), onceAsleep: 1)
    #expect(probe.events == ["a"])
    clock.turn(by: .milliseconds(1))
    let error = await #expect(throws: LimitReached.self) { try await task.finished }
    #expect(error?.limit == "limits.call_timeout")
    #expect(error?.value == 3_600_000_000)
    #expect(probe.events == ["a", "a cancelled"])
    #expect(gate.counts == (0, 0), "its place is free")
  }

  @Test func theTimeOfWaitingCounts() async throws {
    let end = Promise<Void>()
    var unlimited = limits
    unlimited.callTimeout = .zero
    let first = Task { [gate, unlimited] in try await gate.run(within: unlimited) { try await end.value } }
    try await waitForCounts(1, 0)
    let second = run("b", until: end)
    try await waitForCounts(1, 1)
    try await clock.turn(by: limits.callTimeout, onceAsleep: 1)
    await #expect(throws: LimitReached.self) { try await second.finished }
    #expect(gate.counts == (1, 0), "a limit of zero is none")
    end.resolve()
    try await first.finished
    #expect(probe.events == [], "it never had its turn")
  }

  @Test func whoIsCancelledWhileWaitingLeavesTheQueue() async throws {
    let end = Promise<Void>()
    let first = run("a", until: end)
    try await probe.wait(for: "a")
    let (second, third) = (run("b", until: end), run("c", until: end))
    try await waitForCounts(1, 2)
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.finished }
    #expect(gate.counts == (1, 1))
    end.resolve()
    #expect(try await first.finished == "a")
    #expect(try await third.finished == "c")
    #expect(probe.events == ["a", "c"])
  }

  @Test func nothingWaitsForTheTimeLimitOfARunThatHasEnded() async throws {
    for number in 0..<100 {
      #expect(try await gate.run(within: limits) { number } == number)
    }
    #expect(clock.queuedCount <= 1, "one timer serves all runs")
  }
}
