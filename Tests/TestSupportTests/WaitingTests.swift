import Glibc
import Synchronization
import Testing

@testable import TestSupport

/// A test's time limit cancels its task. Every wait must end by that, or the limit ends nothing.
@Suite("A wait for what never comes ends when the test is cancelled", .timeLimit(.minutes(10)))
struct WaitingTests {
  /// Cancels the wait once it has begun, and when it has been cancelled before.
  private func expectCancellation(of wait: @escaping @Sendable () async throws -> Void) async throws {
    for pause in [Duration.zero, .milliseconds(20)] {
      let hasBegun = Promise<Void>()
      let task = Task {
        if pause == .zero { try? await hasBegun.value } else { hasBegun.resolve() }
        try await wait()
      }
      if pause != .zero {
        try await hasBegun.value
        try await Task.sleep(for: pause)
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.finished }
    }
  }

  @Test func forACondition() async throws {
    try await expectCancellation { try await waitUntil("never") { false } }
  }

  @Test func forAnEvent() async throws {
    try await expectCancellation { try await Probe().wait(for: "never") }
  }

  @Test func forACallThatBlocks() async throws {
    let pipe = try makePipe()
    try await expectCancellation { try await onThread { _ = readToEnd(pipe.read) } }
    close(pipe.write)
  }

  @Test func forATaskThatDoesNotEndWhenItIsCancelled() async throws {
    let held = Mutex<CheckedContinuation<Void, Never>?>(nil)
    let task = Task {
      await withCheckedContinuation { continuation in held.withLock { $0 = continuation } }
    }
    try await waitUntil("it waits") { held.withLock { $0 != nil } }
    try await expectCancellation { try await task.finished }
    #expect(task.isCancelled)
    held.withLock { $0 }?.resume()
  }

  @Test func forAClock() async throws {
    let clock = TestClock()
    try await expectCancellation { try await clock.sleep(for: .seconds(1)) }
    #expect(clock.sleeperCount == 0)
    #expect(clock.queuedCount == 2, "as real clocks do")
    clock.turn(by: .seconds(1))
    #expect(clock.queuedCount == 0)
  }

  @Test func forATurnAndTakesNone() async throws {
    let semaphore = AsyncSemaphore(1)
    try await semaphore.acquire()
    try await expectCancellation { try await semaphore.acquire() }
    semaphore.release()
    // In the time of the test: a turn that went to one who has gone would never come back.
    try await semaphore.acquire()
  }

  @Test func forAProgram() async throws {
    try await expectCancellation { _ = try await run("/bin/sleep", ["1000"]) }
  }

  @Test func anEventThatCameBeforeIsNotWaitedFor() async throws {
    let probe = Probe()
    let waiting = Task { try await probe.wait(for: "b") }
    probe.note("a")
    probe.note("b")
    try await probe.wait(for: "a")
    try await waiting.finished
    #expect(probe.events == ["a", "b"])
  }
}

@Suite("A clock that a test turns", .timeLimit(.minutes(10)))
struct TestClockTests {
  @Test func wakesWhoIsDueAndNobodyElse() async throws {
    let clock = TestClock()
    let probe = Probe()
    let tasks = [3, 1, 2].map { seconds in
      Task {
        try await clock.sleep(for: .seconds(seconds))
        probe.note("\(seconds)")
      }
    }
    try await clock.turn(by: .seconds(1), onceAsleep: 3)
    try await probe.wait(for: "1")
    #expect(probe.events == ["1"])
    #expect(clock.sleeperCount == 2)
    clock.turn(by: .milliseconds(999))
    #expect(clock.sleeperCount == 2)
    clock.turn(by: .seconds(5))
    for task in tasks { try await task.finished }
    #expect(probe.events.first == "1" && probe.events.count == 3)
    #expect(clock.now.offset == .milliseconds(6999))
  }

  @Test func whoComesLateDoesNotSleep() async throws {
    let clock = TestClock()
    clock.turn(by: .seconds(2))
    try await clock.sleep(until: TestClock.Instant(offset: .seconds(2)), tolerance: nil)
    #expect(clock.sleeperCount == 0)
  }
}
