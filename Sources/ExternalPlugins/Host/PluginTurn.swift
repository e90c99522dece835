internal import Query
internal import Synchronization

/// A request that may run several plugins at once. They share one permit: if each waited for its own, requests could
/// hold permits and wait for each other.
public final class PluginTurn: Sendable {
  /// That of the request which the task works for; nil outside of any.
  @TaskLocal public static var current: PluginTurn?
  private let permit = Mutex<Permit?>(nil)

  private init() {}

  /// Runs `body` as one request.
  public static func take<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async rethrows -> Result {
    try await $current.withValue(PluginTurn()) { try await body() }
  }

  /// The request's permit, or a new one outside of any request.
  static func permit(of semaphore: FairSemaphore) async throws -> Permit {
    RequestBeginning.end()
    guard let current else { return try await semaphore.acquire() }
    if let permit = current.permit.withLock({ $0 }) { return permit }
    let permit = try await semaphore.acquire()
    current.permit.withLock { $0 = permit }
    return permit
  }

  /// Lets other requests run plugins while the reader of this one sleeps: its plugins do no work, since nobody takes it.
  ///
  /// - Parameter giveUp: is called when too many requests do so, and this one is to end.
  public func pause(giveUp: @escaping @Sendable (FairSemaphore.Excess) -> Void) {
    permit.withLock { $0 }?.pause(giveUp: giveUp)
  }

  /// Waits until the plugins of this request may run again. Throws `CancellationError`.
  public func resume() async throws { try await permit.withLock { $0 }?.resume() }
}
