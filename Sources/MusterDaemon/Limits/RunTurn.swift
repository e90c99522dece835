internal import ExternalPlugins
internal import Pipeline
internal import Query
internal import Synchronization
internal import VarlinkServer

/// One run's place among those that go on. While its client does not read it has none, and so no slot of plugins, so that
/// whoever sleeps keeps nobody from working; and when too many do that, it ends.
final class RunTurn: OutputObserver, RequestBeginningObserver {
  private struct State {
    var limitReached: LimitReached?
    var continuation: CheckedContinuation<LimitReached?, Never>?
    var isCancelled = false
  }

  private let permit: Permit
  private let limits: Configuration.Limits
  private let state = Mutex(State())
  private let beginning: Mutex<Permit?>

  /// - Parameters:
  ///   - permit: to be among those that go on.
  ///   - beginning: to be among those that take memory, until the first rows are there.
  init(_ permit: Permit, beginning: Permit, within limits: Configuration.Limits) {
    self.permit = permit
    self.beginning = Mutex(beginning)
    self.limits = limits
  }

  /// Waits until the run may work, which it may not at once while memory is short and others work.
  func begin() async throws { try await permit.begin() }

  /// It has taken what it takes at first, or does so later.
  func endBeginning() { beginning.withLock { $0 = nil } }

  func willWait() {
    endBeginning()
    permit.pause { [weak self] excess in
      switch excess {
      case .pauses: self?.end(.concurrentRuns, "too many runs wait")
      case .shortage: self?.end(.memory, "memory is short, several runs wait")
      }
    }
    PluginTurn.current?.pause { [weak self] _ in self?.end(.plugins, "too many runs wait") }
  }

  func didWait() async throws {
    try await permit.resume()
    try await PluginTurn.current?.resume()
  }

  private func end(_ key: Configuration.Limits.Key<Int>, _ reason: String) {
    let error = LimitReached(
      key, of: limits, reason: "\(reason) for their readers, and that of this one has slept longest")
    let continuation = state.withLock { state in
      state.limitReached = error
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(returning: error)
  }

  /// Throws why the run is to end, or `CancellationError` when nobody waits for that any more.
  func waitForEnd() async throws -> Never {
    let error = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.limitReached != nil || state.isCancelled { return true }
          state.continuation = continuation
          return false
        }
        if isOver { continuation.resume(returning: state.withLock(\.limitReached)) }
      }
    } onCancel: {
      let continuation = state.withLock { state in
        state.isCancelled = true
        defer { state.continuation = nil }
        return state.continuation
      }
      continuation?.resume(returning: nil)
    }
    throw error ?? CancellationError() as any Error
  }
}
