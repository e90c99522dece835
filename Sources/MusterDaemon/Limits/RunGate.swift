internal import Dispatch
internal import ExternalPlugins
internal import Glibc
internal import Pipeline
internal import Posix
internal import Query
internal import Synchronization
internal import VarlinkServer

/// Lets as many runs go on at one time as the limits allow, on threads of their own. Further ones wait, in a queue of
/// bounded length.
final class RunGate: Sendable {
  /// What takes its turn here.
  enum Kind {
    /// Reports, explanations and exports, which compute.
    case runs
    /// What is listed, which is small for each but may be asked for by many: it does not wait for runs.
    case lists
  }

  private let kind: Kind
  private let semaphore: FairSemaphore
  private let sleep: @Sendable (Duration) async throws -> Void
  /// Of runs that take memory, as many as can compute at once; apart, so that none waits for those that give way.
  private let beginnings: FairSemaphore
  private let beginningsThatGiveWay: FairSemaphore
  private let threads: WorkerThreads
  private let memory: MemoryLimit

  /// Throws a `SystemError` when there are no threads to be had.
  init(
    _ limits: Configuration.Limits, of kind: Kind = .runs, clock: some Clock<Duration> = ContinuousClock()
  ) throws(SystemError) {
    self.kind = kind
    let memory = MemoryLimit(limits.memory)
    self.memory = memory
    semaphore = FairSemaphore(
      limit: Self.limit(of: kind, limits), queueLimit: limits.queuedRuns, isShort: { memory.isReached })
    // The memory of a run may be free only after its turn, and a turn that is kept back for it has nobody who ends.
    memory.whileReached { [weak semaphore] in
      guard let semaphore, semaphore.counts.waiting > 0 else { return }
      semaphore.reconsider()
    }
    let timer = SharedTimer(clock)
    sleep = { try await timer.sleep(for: $0) }
    let threadCount = max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    threads = try WorkerThreads(count: threadCount)
    beginnings = FairSemaphore(limit: threadCount, queueLimit: .max)
    beginningsThatGiveWay = FairSemaphore(limit: threadCount - 1, queueLimit: .max)
  }

  func apply(_ limits: Configuration.Limits) {
    memory.set(limits.memory)
    semaphore.set(limit: Self.limit(of: kind, limits), queueLimit: limits.queuedRuns)
  }

  private static func limit(of kind: Kind, _ limits: Configuration.Limits) -> Int {
    kind == .runs ? limits.concurrentRuns : max(2, limits.concurrentRuns / 4)
  }

  /// How many runs go on, and how many wait.
  var counts: (running: Int, waiting: Int) { semaphore.counts }

  /// Does the work in its turn, and cancels it when waiting and working take longer than a call may, or when too many runs
  /// wait for their readers and this one has done so for longest.
  ///
  /// - Parameter givesWay: whether it computes only while no other run can go on, but for a small share of the turns.
  /// - Throws: `LimitReached`, and what `work` throws.
  func run<Result: Sendable>(
    within limits: Configuration.Limits, givesWay: Bool = false,
    _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    defer { giveBackMemory() }
    let beginnings = givesWay ? beginningsThatGiveWay : beginnings
    return try await withTimeLimit(of: limits) { [kind, semaphore, threads] in
      let permit: Permit
      do {
        permit = try await semaphore.acquire()
      } catch let full as QueueFull {
        let running = Configuration.Limits.Key.concurrentRuns.qualifiedName
        let what = kind == .runs ? "runs go on, as \(running) allows," : "lists are written, a quarter of \(running),"
        throw LimitReached(.queuedRuns, of: limits, reason: "\(full.running) \(what) and \(full.waiting) wait")
      }
      let turn = RunTurn(permit, beginning: try await beginnings.acquire(), within: limits)
      return try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(executorPreference: givesWay ? threads.givingWay : threads) {
          try await turn.begin()
          return try await RequestBeginning.$observer.withValue(turn) {
            try await OutputWait.$observer.withValue(turn) { try await work() }
          }
        }
        group.addTask { try await turn.waitForEnd() }
        return try await group.first()
      }
    }
  }

  /// When nothing goes on any more. Not on the thread of whoever waits for an answer.
  private func giveBackMemory() {
    if semaphore.counts.running > 0 || semaphore.pausedCount > 0 { return }
    DispatchQueue.global(qos: .utility).async { Heap.trim() }
  }

  /// A limit of zero means none.
  private func withTimeLimit<Result: Sendable>(
    of limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let limit = limits.callTimeout
    if limit == .zero { return try await work() }
    return try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask(operation: work)
      group.addTask { [sleep] in
        try await sleep(limit)
        throw LimitReached(.callTimeout, of: limits, reason: "the call took longer than it may")
      }
      return try await group.first()
    }
  }
}

/// The memory beyond which no further run begins while others go on.
private final class MemoryLimit: Sendable {
  private let byteCount: Atomic<Int>
  private let reconsideration = Mutex<(@Sendable () -> Void)?>(nil)
  private let isReconsidering = Atomic(false)

  init(_ byteCount: Int) { self.byteCount = Atomic(byteCount) }

  func set(_ byteCount: Int) { self.byteCount.store(byteCount, ordering: .relaxed) }

  /// Has this be done some time after the limit was found reached.
  func whileReached(_ reconsider: @escaping @Sendable () -> Void) { reconsideration.withLock { $0 = reconsider } }

  var isReached: Bool {
    if Heap.usedByteCount < byteCount.load(ordering: .relaxed) { return false }
    if !isReconsidering.exchange(true, ordering: .acquiringAndReleasing) {
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { [self] in
        isReconsidering.store(false, ordering: .releasing)
        // What ended runs have left in pieces counts for nobody here, but does for the system.
        Heap.trim()
        reconsideration.withLock { $0 }?()
      }
    }
    return true
  }
}

extension ThrowingTaskGroup {
  /// What the first task to end has, and cancels the others.
  fileprivate mutating func first() async throws -> ChildTaskResult {
    defer { cancelAll() }
    guard let result = try await next() else { throw CancellationError() }
    return result
  }
}
