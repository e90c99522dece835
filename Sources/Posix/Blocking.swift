internal import Dispatch
internal import Synchronization

/// Does what may wait for a disk, or for a server that holds one, on a thread of its own: Swift's tasks have as few
/// threads as there are processors, share them with Dispatch's global queues, and all calls need them.
///
/// - Parameter isLeftWhenCancelled: whether the caller goes on at once when its task is cancelled, while the thread is
///   left to what it waits for and its result is dropped; else the caller waits for the work, which sees that it is to end.
package func blocking<Result: Sendable>(
  isLeftWhenCancelled: Bool = false, _ work: @escaping @Sendable (Interruption) throws -> Result
) async throws -> Result {
  let interruption = Interruption()
  let waiter = Waiter<Result>()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      guard waiter.wait(continuation) else { return continuation.resume(throwing: CancellationError()) }
      onThreadOfItsOwn { waiter.end(with: Swift.Result { try work(interruption) }) }
    }
  } onCancel: {
    interruption.request()
    if isLeftWhenCancelled { waiter.end(with: .failure(CancellationError())) }
  }
}

/// As above, for work that does not look whether it is to end.
package func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await blocking { _ in try work() }
}

/// As above, for work that tells itself how it went.
package func blocking<Success: Sendable, Failure: Error>(
  _ work: @escaping @Sendable () -> Result<Success, Failure>
) async -> Result<Success, Failure> {
  await withCheckedContinuation { continuation in
    onThreadOfItsOwn { continuation.resume(returning: work()) }
  }
}

private func onThreadOfItsOwn(_ work: @escaping @Sendable () -> Void) {
  // A serial queue gets a thread however busy the others are.
  DispatchQueue(label: "blocking").async(execute: work)
}

/// Whether work that no task does is to end early.
package final class Interruption: Sendable {
  private let state = Atomic(false)

  package init() {}

  package var isRequested: Bool { state.load(ordering: .relaxed) }

  package func request() { state.store(true, ordering: .relaxed) }

  package func check() throws(CancellationError) {
    if isRequested { throw CancellationError() }
  }
}

/// Resumes a continuation once: with the result, or with the cancellation if that comes first.
private final class Waiter<Success: Sendable>: Sendable {
  private enum State {
    case idle
    case waiting(CheckedContinuation<Success, any Error>)
    case ended
  }

  private let state = Mutex(State.idle)

  /// False when the task was cancelled before.
  func wait(_ continuation: CheckedContinuation<Success, any Error>) -> Bool {
    state.withLock { state in
      guard case .idle = state else { return false }
      state = .waiting(continuation)
      return true
    }
  }

  func end(with result: sending Result<Success, any Error>) {
    let continuation = state.withLock { state -> CheckedContinuation<Success, any Error>? in
      defer { state = .ended }
      if case .waiting(let continuation) = state { return continuation }
      return nil
    }
    continuation?.resume(with: result)
  }
}
