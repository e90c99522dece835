internal import ExternalPlugins
internal import Pipeline

/// Lets as many runs go on at one time as the limits allow. Further ones wait in order, in a line of bounded length.
final class RunGate: Sendable {
  private let slots: Slots

  init(_ limits: Configuration.Limits) {
    slots = Slots(limit: limits.concurrentRuns, queueLimit: limits.queuedRuns)
  }

  func apply(_ limits: Configuration.Limits) {
    slots.set(limit: limits.concurrentRuns, queueLimit: limits.queuedRuns)
  }

  /// How many runs go on, and how many wait.
  var counts: (running: Int, waiting: Int) { slots.counts }

  /// Does the work in its turn, and cancels it when waiting and working take longer than a call may.
  ///
  /// Throws `LimitReached`, and what `work` throws.
  func run<Result: Sendable>(
    within limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withTimeLimit(of: limits) { [slots] in
      let lease: SlotLease
      do {
        lease = try await slots.acquire()
      } catch let full as QueueFull {
        let running = Configuration.Limits.Key.concurrentRuns.qualifiedName
        throw LimitReached(
          .queuedRuns, of: limits, reason: "\(full.running) runs go on, as \(running) allows, and \(full.waiting) wait")
      }
      defer { withExtendedLifetime(lease) {} }
      return try await work()
    }
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
    group.addTask {
      try await Task.sleep(for: limit)
      throw LimitReached(.callTimeout, of: limits, reason: "the call took longer than it may")
    }
    defer { group.cancelAll() }
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
