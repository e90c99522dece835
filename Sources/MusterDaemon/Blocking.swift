internal import Dispatch
internal import Synchronization

/// Does what may wait for a disk, or for a server that holds one, on a thread of its own: Swift's tasks have as few
/// threads as there are processors, share them with Dispatch's global queues, and all calls need them.
func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await blocking { _ in try work() }
}

/// As above, for work that tells itself how it went.
func blocking<Success: Sendable, Failure: Error>(
  _ work: @escaping @Sendable () -> Result<Success, Failure>
) async -> Result<Success, Failure> {
  await withCheckedContinuation { continuation in
    onThreadOfItsOwn { continuation.resume(returning: work()) }
  }
}

/// As above, for work that takes long and ends early when its task is cancelled.
func blocking<Result: Sendable>(
  _ work: @escaping @Sendable (Interruption) throws -> Result
) async throws -> Result {
  let interruption = Interruption()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      onThreadOfItsOwn { continuation.resume(with: Swift.Result { try work(interruption) }) }
    }
  } onCancel: {
    interruption.request()
  }
}

private func onThreadOfItsOwn(_ work: @escaping @Sendable () -> Void) {
  // A serial queue gets a thread however busy the others are.
  DispatchQueue(label: "blocking").async(execute: work)
}

/// Whether work that no task does is to end early.
final class Interruption: Sendable {
  private let state = Atomic(false)

  var isRequested: Bool { state.load(ordering: .relaxed) }

  func request() { state.store(true, ordering: .relaxed) }

  func check() throws(CancellationError) {
    if isRequested { throw CancellationError() }
  }
}
