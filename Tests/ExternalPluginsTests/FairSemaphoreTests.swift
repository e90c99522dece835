import ExternalPlugins
import Synchronization
import TestSupport
import Testing

/// Of something that is short, such as memory, nobody knows how much there will be when many are let in at once.
@Suite("While something is short, one works after the other", .timeLimit(.minutes(10))) struct FairSemaphoreTests {
  private final class Shortage: Sendable {
    let isShort = Atomic(false)
  }

  private let shortage = Shortage()
  private let semaphore: FairSemaphore

  init() {
    semaphore = FairSemaphore(limit: 8, queueLimit: 8) { [shortage] in shortage.isShort.load(ordering: .relaxed) }
  }

  private func set(_ isShort: Bool) { shortage.isShort.store(isShort, ordering: .relaxed) }

  /// One who works until it is told to end, and then lets go of its permit.
  private func work(_ permit: Permit, until end: Promise<Void>) -> Task<Void, any Error> {
    Task {
      try await permit.begin()
      try await end.value
    }
  }

  @Test func whoWasLetInBeforeItWasKnownWaitsWithHisWork() async throws {
    let (first, second) = (Promise<Void>(), Promise<Void>())
    var tasks: [Task<Void, any Error>] = []
    do {
      let permits = [try await semaphore.acquire(), try await semaphore.acquire(), try await semaphore.acquire()]
      #expect(semaphore.counts == (3, 0))
      set(true)
      tasks.append(work(permits[0], until: first))
      try await waitUntil("the first works") { semaphore.workingCount == 1 }
      for permit in permits.dropFirst() { tasks.append(work(permit, until: second)) }
    }
    try await waitUntil("the others wait") { semaphore.counts == (1, 2) }
    first.resolve()
    try await tasks[0].finished
    try await waitUntil("one of them works") { semaphore.counts == (1, 1) && semaphore.workingCount == 1 }
    set(false)
    semaphore.reconsider()
    try await waitUntil("both work") { semaphore.workingCount == 2 }
    second.resolve()
    for task in tasks { try await task.finished }
    #expect(semaphore.counts == (0, 0))
    #expect(semaphore.workingCount == 0)
  }

  /// Those who are in, and have not begun for another reason, hold nothing that is short.
  @Test func whoHasNotBegunKeepsNobodyFromIt() async throws {
    let (first, second) = (Promise<Void>(), Promise<Void>())
    var permits = [try await semaphore.acquire(), try await semaphore.acquire(), try await semaphore.acquire()]
    set(true)
    let working = work(permits.removeFirst(), until: first)
    try await waitUntil("the first works") { semaphore.workingCount == 1 }
    let waiting = work(permits.removeFirst(), until: second)
    try await waitUntil("the second waits") { semaphore.counts == (2, 1) }
    first.resolve()
    try await working.finished
    try await waitUntil("the second works") { semaphore.counts == (2, 0) && semaphore.workingCount == 1 }
    second.resolve()
    try await waiting.finished
    permits = []
    #expect(semaphore.counts == (0, 0))
  }

  @Test func whoIsCancelledWhileHeWaitsHoldsNothing() async throws {
    let end = Promise<Void>()
    let tasks: [Task<Void, any Error>]
    do {
      let permits = [try await semaphore.acquire(), try await semaphore.acquire()]
      set(true)
      let first = work(permits[0], until: end)
      try await waitUntil("the first works") { semaphore.workingCount == 1 }
      tasks = [first, work(permits[1], until: end)]
    }
    try await waitUntil("the second waits") { semaphore.counts == (1, 1) }
    tasks[1].cancel()
    await #expect(throws: CancellationError.self) { try await tasks[1].finished }
    #expect(semaphore.counts == (1, 0))
    end.resolve()
    try await tasks[0].finished
    #expect(semaphore.counts == (0, 0))
  }

  @Test func oneWhoSleepsStays() async throws {
    let given = Mutex<[(name: String, excess: FairSemaphore.Excess)]>([])
    set(true)
    var permits: [Permit] = []
    for name in ["first", "second", "third"] {
      let permit = try await semaphore.acquire()
      try await permit.begin()
      permit.pause { excess in given.withLock { $0.append((name, excess)) } }
      permits.append(permit)
    }
    #expect(given.withLock { $0.map(\.name) } == ["first", "second"])
    #expect(given.withLock { $0.allSatisfy { $0.excess == .shortage } })
    #expect(semaphore.pausedCount == 1)
    try await permits[2].resume()
    #expect(semaphore.workingCount == 1)
    permits = []
    #expect(semaphore.workingCount == 0)
    #expect(semaphore.counts == (0, 0))
  }
}
