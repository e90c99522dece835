internal import Synchronization

/// A counting semaphore that is fair: so many may run at one time, and further ones wait in order, in a queue of limited
/// length.
public final class FairSemaphore: Sendable {
  private struct State {
    var limit: Int
    var queueLimit: Int
    var running = 0
    var queue: [Waiter] = []
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

  /// - Parameters:
  ///   - limit: permits at one time, at least one.
  ///   - queueLimit: who may wait for one.
  public init(limit: Int, queueLimit: Int) {
    state = Mutex(State(limit: max(1, limit), queueLimit: max(0, queueLimit)))
  }

  /// Who waits already is not sent away by a shorter queue.
  public func set(limit: Int, queueLimit: Int) {
    state.withLock { state in
      state.limit = max(1, limit)
      state.queueLimit = max(0, queueLimit)
    }
    grant()
  }

  /// How many permits are given out, and how many wait for one.
  public var counts: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.queue.count) } }

  /// Waits for a permit, first come, first served. It is free again when it is let go of.
  ///
  /// - Throws: `QueueFull`, or `CancellationError` as soon as the task is cancelled.
  public func acquire() async throws -> Permit {
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
    case .granted: return Permit(self)
    case .cancelled: throw CancellationError()
    case .full(let running, let waiting): throw QueueFull(running: running, waiting: waiting)
    }
  }

  private func enqueue(_ waiter: Waiter) {
    let outcome: Outcome? = state.withLock { state in
      // A task that was cancelled before is not found by `cancel`.
      if Task.isCancelled { return .cancelled }
      if state.running < state.limit, state.queue.isEmpty {
        state.running += 1
        return .granted
      }
      if state.queue.count >= state.queueLimit { return .full(running: state.running, waiting: state.queue.count) }
      state.queue.append(waiter)
      return nil
    }
    if let outcome { waiter.continuation.resume(returning: outcome) }
  }

  private func cancel(_ id: Int) {
    let waiter = state.withLock { state in
      state.queue.firstIndex { $0.id == id }.map { state.queue.remove(at: $0) }
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
        guard state.running < state.limit, !state.queue.isEmpty else { return nil }
        state.running += 1
        return state.queue.removeFirst()
      }
      guard let waiter else { return }
      waiter.continuation.resume(returning: .granted)
    }
  }
}

/// Leave to run, until this is let go of.
public final class Permit: Sendable {
  private let semaphore: FairSemaphore

  fileprivate init(_ semaphore: FairSemaphore) {
    self.semaphore = semaphore
  }

  deinit {
    semaphore.release()
  }
}

/// So many plugins run and wait that no more are taken on.
public struct QueueFull: Error, Hashable, Sendable, CustomStringConvertible {
  /// Permits that are given out.
  public var running: Int
  /// Who waits for one.
  public var waiting: Int

  /// The message, which names the limits of plugins and their keys.
  public var description: String {
    "\(running) plugins are running and \(waiting) wait, the most that \(PluginHost.limitKey) and "
      + "\(PluginHost.queueLimitKey) allow"
  }
}
