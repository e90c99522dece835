internal import Dispatch
internal import Synchronization
public import Testing

/// For tests that block: they run on threads of their own, a few at a time. On the few threads that run tasks they would
/// keep each other, and even their time limits, from going on.
public struct BlockingTrait: SuiteTrait, TestTrait, TestScoping {
  private static let width = AsyncSemaphore(4)

  /// For every test of a suite.
  public var isRecursive: Bool { true }

  /// Runs the test when one of the few threads is free.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await Self.width.acquire()
    defer { Self.width.release() }
    try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
  }
}

extension Trait where Self == BlockingTrait {
  /// The trait, as `@Suite(.blocking)` gives it.
  public static var blocking: Self { BlockingTrait() }
}

/// Runs jobs on as many threads as it takes for none to wait for another.
private final class ThreadExecutor: TaskExecutor {
  static let shared = ThreadExecutor()

  private let jobs = Mutex<[UnownedJob]>([])
  private let arrivals = DispatchSemaphore(value: 0)

  /// One thread starts all others: a test's own thread may have become another user, which its threads would be too.
  init() {
    startThread { [self] in
      while true {
        arrivals.wait()
        let job = jobs.withLock { $0.removeFirst() }
        startThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
      }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    arrivals.signal()
  }
}

/// Lets so many in at a time, in the order in which they came.
final class AsyncSemaphore: Sendable {
  private struct State {
    var free: Int
    var waiters: [Promise<Void>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  func acquire() async throws {
    let promise = Promise<Void>()
    state.withLock { state in
      if state.free > 0 {
        state.free -= 1
        promise.resolve()
      } else {
        state.waiters.append(promise)
      }
    }
    do {
      try await promise.value
    } catch {
      // Whoever has given up takes no turn: one that was given in the meantime is the next one's.
      let wasWaiting = state.withLock { state in
        let place = state.waiters.firstIndex { $0 === promise }
        if let place { state.waiters.remove(at: place) }
        return place != nil
      }
      if !wasWaiting { release() }
      throw error
    }
  }

  func release() {
    let next: Promise<Void>? = state.withLock { state in
      if !state.waiters.isEmpty { return state.waiters.removeFirst() }
      state.free += 1
      return nil
    }
    next?.resolve()
  }
}
