internal import Synchronization

/// How many may run at one time. Who comes when all slots are taken waits in a line of limited length.
public final class Slots: Sendable {
  private struct State {
    var limit: Int
    var queueLimit: Int
    var running = 0
    var line: [Waiter] = []
    var lastID = 0
  }

  private struct Waiter {
    let id: Int
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private enum Outcome {
    case granted
    case cancelled
    case full(running: Int, waiting: Int)
  }

  private let state: Mutex<State>

  public init(limit: Int, queueLimit: Int) {
    state = Mutex(State(limit: max(1, limit), queueLimit: max(0, queueLimit)))
  }

  /// Who waits already is not sent away by a shorter line.
  public func set(limit: Int, queueLimit: Int) {
    state.withLock { state in
      state.limit = max(1, limit)
      state.queueLimit = max(0, queueLimit)
    }
    grant()
  }

  public var counts: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.line.count) } }

  /// Waits for a slot, first come, first served. It is free again when the lease is let go of.
  ///
  /// - Throws: `QueueFull`, or `CancellationError` as soon as the task is cancelled.
  public func acquire() async throws -> SlotLease {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { enqueue(Waiter(id: id, continuation: $0)) }
    } onCancel: {
      cancel(id)
    }
    switch outcome {
    case .granted: return SlotLease(self)
    case .cancelled: throw CancellationError()
    case .full(let running, let waiting): throw QueueFull(running: running, waiting: waiting)
    }
  }

  private func enqueue(_ waiter: Waiter) {
    let outcome: Outcome? = state.withLock { state in
      // A task that was cancelled before is not found by `cancel`.
      if Task.isCancelled { return .cancelled }
      if state.running < state.limit, state.line.isEmpty {
        state.running += 1
        return .granted
      }
      if state.line.count >= state.queueLimit { return .full(running: state.running, waiting: state.line.count) }
      state.line.append(waiter)
      return nil
    }
    if let outcome { waiter.continuation.resume(returning: outcome) }
  }

  private func cancel(_ id: Int) {
    let waiter = state.withLock { state in
      state.line.firstIndex { $0.id == id }.map { state.line.remove(at: $0) }
    }
    waiter?.continuation.resume(returning: .cancelled)
  }

  fileprivate func release() {
    state.withLock { $0.running -= 1 }
    grant()
  }

  private func grant() {
    while true {
      let waiter: Waiter? = state.withLock { state in
        guard state.running < state.limit, !state.line.isEmpty else { return nil }
        state.running += 1
        return state.line.removeFirst()
      }
      guard let waiter else { return }
      waiter.continuation.resume(returning: .granted)
    }
  }
}

/// A slot that is taken until this is let go of.
public final class SlotLease: Sendable {
  private let slots: Slots

  fileprivate init(_ slots: Slots) {
    self.slots = slots
  }

  deinit {
    slots.release()
  }
}

/// So many plugins run and wait that no more are taken on.
public struct QueueFull: Error, Hashable, Sendable, CustomStringConvertible {
  public var running: Int
  public var waiting: Int

  public var description: String {
    "\(running) plugins are running and \(waiting) wait, the most that \(PluginHost.limitKey) and "
      + "\(PluginHost.queueLimitKey) allow"
  }
}

/// A request that may run several plugins at once. They share one slot: if each waited for its own, requests could hold
/// slots and wait for each other.
public final class PluginTurn: Sendable {
  @TaskLocal static var current: PluginTurn?
  private let lease = Mutex<SlotLease?>(nil)

  private init() {}

  /// Runs `body` as one request.
  public static func take<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async rethrows -> Result {
    try await $current.withValue(PluginTurn()) { try await body() }
  }

  /// The request's slot, or a new one outside of any request.
  static func lease(from slots: Slots) async throws -> SlotLease {
    guard let current else { return try await slots.acquire() }
    if let lease = current.lease.withLock({ $0 }) { return lease }
    let lease = try await slots.acquire()
    current.lease.withLock { $0 = lease }
    return lease
  }
}
