internal import ExternalPlugins
internal import Pipeline

/// Lets as many runs go on at one time as the limits allow. Further ones wait in order, in a queue of bounded length.
final class RunGate: Sendable {
  private let semaphore: FairSemaphore
  private let sleep: @Sendable (Duration) async throws -> Void

  init(_ limits: Configuration.Limits, clock: some Clock<Duration> = ContinuousClock()) {
    semaphore = FairSemaphore(limit: limits.concurrentRuns, queueLimit: limits.queuedRuns)
    let timer = SharedTimer(clock)
    sleep = { try await timer.sleep(for: $0) }
  }

  func apply(_ limits: Configuration.Limits) {
    semaphore.set(limit: limits.concurrentRuns, queueLimit: limits.queuedRuns)
  }

  /// How many runs go on, and how many wait.
  var counts: (running: Int, waiting: Int) { semaphore.counts }

  /// Does the work in its turn, and cancels it when waiting and working take longer than a call may.
  ///
  /// Throws `LimitReached`, and what `work` throws.
  func run<Result: Sendable>(
    within limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withTimeLimit(of: limits) { [semaphore] in
      let permit: Permit
      do {
        permit = try await semaphore.acquire()
      } catch let full as QueueFull {
        let running = Configuration.Limits.Key.concurrentRuns.qualifiedName
        throw LimitReached(
          .queuedRuns, of: limits, reason: "\(full.running) runs go on, as \(running) allows, and \(full.waiting) wait")
      }
      defer { withExtendedLifetime(permit) {} }
      return try await work()
    }
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
      defer { group.cancelAll() }
      guard let result = try await group.next() else { throw CancellationError() }
      return result
    }
  }
}
