internal import Synchronization

/// What happened elsewhere, for a test to wait for.
public final class Probe: Sendable {
  private struct State {
    var events: [String] = []
    var promises: [String: Promise<Void>] = [:]
  }

  private let state = Mutex(State())

  /// Nothing has happened yet.
  public init() {}

  /// In their order.
  public var events: [String] { state.withLock(\.events) }

  /// It has happened, once or again.
  public func note(_ event: String) {
    let promise = state.withLock { state in
      state.events.append(event)
      return state.promises.removeValue(forKey: event)
    }
    promise?.resolve()
  }

  /// Returns at once when it happened before. Throws `CancellationError` as soon as the task is cancelled.
  public func wait(for event: String) async throws {
    let promise: Promise<Void>? = state.withLock { state in
      if state.events.contains(event) { return nil }
      let promise = state.promises[event] ?? Promise()
      state.promises[event] = promise
      return promise
    }
    try await promise?.value
  }
}
