internal import Dispatch

/// Does what may wait for a disk, or for a server that holds one, on a thread of its own: Swift has few threads for
/// tasks, and all calls need them.
func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Swift.Result(catching: work)) }
  }
}
