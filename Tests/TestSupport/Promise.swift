internal import Synchronization

/// A value that is given later, or never. Who waits for it stops when the task is cancelled, as a test's time limit does.
public final class Promise<Value: Sendable>: Sendable {
  private struct State {
    var result: Result<Value, any Error>?
    var waiters: [Int: CheckedContinuation<Value, any Error>] = [:]
    var lastID = 0
  }

  private let state = Mutex(State())

  /// Nothing is given yet.
  public init() {}

  /// Only the first time counts.
  public func resolve(with result: Result<Value, any Error>) {
    let waiters = state.withLock { state in
      if state.result != nil { return [CheckedContinuation<Value, any Error>]() }
      state.result = result
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(with: result) }
  }

  /// Throws `CancellationError` as soon as the task is cancelled.
  public var value: Value {
    get async throws {
      let id = state.withLock { state in
        state.lastID += 1
        return state.lastID
      }
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { wait(id, $0) }
      } onCancel: {
        state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
      }
    }
  }

  private func wait(_ id: Int, _ continuation: CheckedContinuation<Value, any Error>) {
    let result: Result<Value, any Error>? = state.withLock { state in
      if let result = state.result { return result }
      // A task that was cancelled before is not found by the handler.
      if Task.isCancelled { return .failure(CancellationError()) }
      state.waiters[id] = continuation
      return nil
    }
    if let result { continuation.resume(with: result) }
  }
}

extension Promise where Value == Void {
  /// It has happened; only the first time counts.
  public func resolve() { resolve(with: .success(())) }
}
