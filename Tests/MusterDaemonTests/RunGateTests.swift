import ExternalPlugins
import Glibc
import Pipeline
import Posix
import Query
import Synchronization
import TestSupport
import Testing
import VarlinkServer

@testable import MusterDaemon

@Suite("Runs have their turn in order, within the limits", .timeLimit(.minutes(10)))
struct RunGateTests {
  private let clock = TestClock()
  private let probe = Probe()
  private var limits = Configuration.Limits()
  private let gate: RunGate

  init() throws {
    limits.concurrentRuns = 1
    limits.queuedRuns = 3
    gate = try RunGate(limits, clock: clock)
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

  // MARK: Readers that sleep

  /// A run that has its turn, waits for its reader until that reads, and then ends.
  private func runWithReader(
    _ name: String, _ user: UInt32? = nil, after work: Promise<Void>? = nil, reads: Promise<Void>,
    end: Promise<Void> = Promise(), in gate: RunGate? = nil
  ) -> Task<Void, any Error> {
    let gate = gate ?? self.gate
    return Task { [limits, probe] in
      try await FairSemaphore.$user.withValue(user) {
        try await gate.run(within: limits) {
          let observer = try #require(OutputWait.observer)
          try await work?.value
          observer.willWait()
          probe.note("\(name) waits")
          try await reads.value
          try await observer.didWait()
          probe.note("\(name) goes on")
          try await end.value
        }
      }
    }
  }

  @Test func aReaderThatSleepsKeepsNobodyFromRunning() async throws {
    let (reads, end) = (Promise<Void>(), Promise<Void>())
    let sleeping = runWithReader("a", reads: reads, end: end)
    try await probe.wait(for: "a waits")
    #expect(gate.counts == (0, 0))
    for name in ["b", "c"] {
      let done = Promise<Void>()
      done.resolve()
      #expect(try await run(name, until: done).finished == name)
    }
    reads.resolve()
    try await probe.wait(for: "a goes on")
    #expect(gate.counts == (1, 0))
    end.resolve()
    try await sleeping.finished
    #expect(gate.counts == (0, 0))
  }

  @Test func whoseReaderHasReadGoesOnBeforeThoseWhoHaveNotBegun() async throws {
    let (reads, end, done) = (Promise<Void>(), Promise<Void>(), Promise<Void>())
    let sleeping = runWithReader("a", reads: reads, end: done)
    try await probe.wait(for: "a waits")
    let running = run("b", until: end)
    try await probe.wait(for: "b")
    let waiting = run("c", until: done)
    try await waitForCounts(1, 1)
    reads.resolve()
    try await waitForCounts(1, 2)
    end.resolve()
    try await probe.wait(for: "a goes on")
    #expect(!probe.events.contains("c"))
    done.resolve()
    _ = try await (sleeping.finished, running.finished, waiting.finished)
    #expect(probe.events == ["a waits", "b", "a goes on", "c"])
  }

  @Test func ofTooManySleepingReadersTheOneOfTheUserWithTheMostIsGivenUp() async throws {
    let other = runWithReader("other", 2000, reads: Promise())
    try await probe.wait(for: "other waits")
    var tasks: [Task<Void, any Error>] = []
    for index in 0..<4 {
      tasks.append(runWithReader("\(index)", 1000, reads: Promise()))
      try await probe.wait(for: "\(index) waits")
    }
    let error = await #expect(throws: LimitReached.self) { try await tasks[0].finished }
    #expect(error?.limit == "limits.concurrent_runs")
    #expect(error?.reason == "too many runs wait for their readers, and that of this one has slept longest")
    for task in tasks + [other] { task.cancel() }
    for task in tasks.dropFirst() + [other] {
      await #expect(throws: CancellationError.self) { try await task.finished }
    }
    let done = Promise<Void>()
    done.resolve()
    #expect(try await run("next", until: done).finished == "next", "nothing is held any more")
  }

  // MARK: Users

  private func runs(of user: UInt32, _ count: Int, in gate: RunGate, until end: Promise<Void>) -> [Task<
    Void, any Error
  >] {
    (0..<count).map { _ in
      Task { [limits, probe] in
        try await FairSemaphore.$user.withValue(user) {
          try await gate.run(within: limits) {
            RequestBeginning.end()
            probe.note("of \(user)")
            try await end.value
          }
        }
      }
    }
  }

  private func gate(_ running: Int, waiting: Int) throws -> RunGate {
    var limits = limits
    (limits.concurrentRuns, limits.queuedRuns) = (running, waiting)
    return try RunGate(limits, clock: clock)
  }

  @Test func oneUserCannotHaveAllTheTurnsThereAre() async throws {
    let gate = try gate(4, waiting: 100)
    let end = Promise<Void>()
    let many = runs(of: 1000, 20, in: gate, until: end)
    try await waitUntil("three run and the others wait") { gate.counts == (3, 17) }
    let one = runs(of: 2000, 1, in: gate, until: end)
    try await probe.wait(for: "of 2000")
    #expect(gate.counts == (4, 17))
    end.resolve()
    for task in many + one { try await task.finished }
  }

  @Test func readersWhoAllReadAtOnceLeaveOthersTheirTurn() async throws {
    let gate = try gate(4, waiting: 100)
    let (reads, end) = (Promise<Void>(), Promise<Void>())
    // Four who sleep, and three who do not: as many as one user may have.
    var many: [Task<Void, any Error>] = []
    for index in 0..<4 {
      many.append(runWithReader("\(index)", 1000, reads: reads, end: end, in: gate))
      try await probe.wait(for: "\(index) waits")
    }
    reads.resolve()
    try await waitUntil("three go on, and one waits for its turn") { gate.counts == (3, 1) }
    let one = runs(of: 2000, 1, in: gate, until: end)
    try await probe.wait(for: "of 2000")
    #expect(gate.counts == (4, 1))
    end.resolve()
    for task in many + one { try await task.finished }
    #expect(gate.counts == (0, 0))
  }

  @Test func whoseReaderHasReadIsNotTakenForOneThatSleeps() async throws {
    let (reads, work, done) = (Promise<Void>(), Promise<Void>(), Promise<Void>())
    done.resolve()
    let awake = runWithReader("awake", reads: reads, end: done)
    try await probe.wait(for: "awake waits")
    // As many sleep now as may.
    var sleeping: [Task<Void, any Error>] = []
    for index in 0..<3 {
      sleeping.append(runWithReader("\(index)", reads: Promise()))
      try await probe.wait(for: "\(index) waits")
    }
    sleeping.append(runWithReader("last", after: work, reads: Promise()))
    try await waitForCounts(1, 0)
    reads.resolve()
    try await waitForCounts(1, 1)
    work.resolve()
    try await probe.wait(for: "awake goes on")
    try await awake.finished
    for task in sleeping { task.cancel() }
    for task in sleeping { await #expect(throws: CancellationError.self) { try await task.finished } }
  }

  @Test func itIsTheTurnOfTheUserForWhomFewestRun() async throws {
    let gate = try gate(2, waiting: 100)
    let (first, end) = (Promise<Void>(), Promise<Void>())
    let running = runs(of: 1000, 2, in: gate, until: first)
    try await waitUntil("two run") { gate.counts == (2, 0) }
    let many = runs(of: 1000, 10, in: gate, until: end)
    try await waitUntil("ten wait") { gate.counts == (2, 10) }
    let one = runs(of: 2000, 1, in: gate, until: end)
    try await waitUntil("eleven wait") { gate.counts == (2, 11) }
    first.resolve()
    try await probe.wait(for: "of 2000")
    #expect(gate.counts == (2, 9))
    end.resolve()
    for task in running + many + one { try await task.finished }
  }

  @Test func aQueueThatOneUserFillsHasRoomForAnother() async throws {
    let gate = try gate(1, waiting: 3)
    let end = Promise<Void>()
    let many = runs(of: 1000, 4, in: gate, until: end)
    try await waitUntil("three wait") { gate.counts == (1, 3) }
    let one = runs(of: 2000, 1, in: gate, until: end)
    var refused = 0
    end.resolve()
    for task in many {
      do { try await task.finished } catch let error as LimitReached {
        refused += 1
        #expect(error.limit == "limits.queued_runs")
      }
    }
    #expect(refused <= 1)
    try await one[0].finished
  }

  // MARK: Memory

  @Test func fewTakeTheirMemoryAtOneTime() async throws {
    let gate = try gate(64, waiting: 100)
    let (rows, end) = (Promise<Void>(), Promise<Void>())
    let isTaking = CountedTurns()
    let tasks = (0..<20).map { _ in
      Task { [limits] in
        try await gate.run(within: limits) {
          isTaking.enter()
          try await rows.value
          isTaking.leave()
          // It has its first rows, and goes on for long.
          RequestBeginning.end()
          try await end.value
        }
      }
    }
    try await waitUntil("all have their turn") { gate.counts == (20, 0) }
    rows.resolve()
    try await waitUntil("all have their rows") { isTaking.total == 20 }
    #expect(isTaking.most <= max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    end.resolve()
    for task in tasks { try await task.finished }
  }

  @Test func withoutMemoryRunsBeginOneAfterTheOther() async throws {
    var limits = limits
    (limits.concurrentRuns, limits.queuedRuns, limits.memory) = (4, 100, 1 << 20)
    let gate = try RunGate(limits, clock: clock)
    let end = Promise<Void>()
    let tasks = runs(of: 1000, 3, in: gate, until: end)
    try await waitUntil("one runs, since this process has more than that in use") { gate.counts == (1, 2) }
    limits.memory = 1 << 40
    gate.apply(limits)
    try await waitUntil("all run") { gate.counts == (3, 0) }
    end.resolve()
    for task in tasks { try await task.finished }
  }

  // MARK: Threads

  @Test func whoGivesWayComesAfterAllOthersAndLeavesThemAThread() async throws {
    let gate = try gate(64, waiting: 100)
    let isOver = Interruption()
    let giving = (0..<8).map { number in
      Task { [limits] in
        try await gate.run(within: limits, givesWay: true) {
          while !isOver.isRequested { usleep(100) }
          return number
        }
      }
    }
    try await waitUntil("all have their turn") { gate.counts == (8, 0) }
    // Would wait for ever if every thread were at work for those.
    for number in 0..<20 { #expect(try await gate.run(within: limits) { number } == number) }
    isOver.request()
    for (number, task) in giving.enumerated() { #expect(try await task.finished == number) }
  }

  @Test func whoGivesWayIsNotLateForEver() async throws {
    let gate = try gate(64, waiting: 100)
    let isOver = Interruption()
    let computing = (0..<16).map { _ in
      Task { [limits] in
        try await gate.run(within: limits) {
          while !isOver.isRequested {
            usleep(100)
            await Task.yield()
          }
        }
      }
    }
    try await waitUntil("all have their turn") { gate.counts == (16, 0) }
    #expect(try await gate.run(within: limits, givesWay: true) { 7 } == 7)
    isOver.request()
    for task in computing { try await task.finished }
  }

  @Test func runsThatOnlyComputeLeaveTheThreadsOfOthersAlone() async throws {
    let gate = try gate(64, waiting: 100)
    let isOver = Interruption()
    let computing = (0..<16).map { number in
      Task { [limits] in
        try await gate.run(within: limits) {
          while !isOver.isRequested { usleep(100) }
          return number
        }
      }
    }
    try await waitUntil("all have their turn") { gate.counts == (16, 0) }
    // Would wait for ever if they held the threads that tasks have.
    await withTaskGroup { group in
      for number in 0..<64 {
        group.addTask {
          await Task.yield(); return number
        }
      }
    }
    isOver.request()
    for (number, task) in computing.enumerated() { #expect(try await task.finished == number) }
  }
}

/// How many were in something at one time at most.
private final class CountedTurns: Sendable {
  private let state = Mutex((now: 0, most: 0, total: 0))

  func enter() {
    state.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }

  func leave() {
    state.withLock {
      $0.now -= 1
      $0.total += 1
    }
  }

  var most: Int { state.withLock { $0.most } }
  var total: Int { state.withLock { $0.total } }
}
