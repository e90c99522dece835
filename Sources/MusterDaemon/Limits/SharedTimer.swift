internal import Synchronization

/// Lets many tasks sleep, of which the clock knows only one. A clock keeps a sleep that was cancelled until its time has
/// come: with a limit of an hour on each call, those of an hour's calls.
final class SharedTimer<C: Clock>: Sendable where C.Duration == Duration {
  private struct Sleeper {
    let deadline: C.Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var sleepers: [Int: Sleeper] = [:]
    var lastID = 0
    /// What the clock is asked to wake us at: the time of the earliest sleeper, or one before it.
    var alarm: C.Instant?
  }

  private let clock: C
  private let state = Mutex(State())

  init(_ clock: C) { self.clock = clock }

  /// How many tasks sleep.
  var sleeperCount: Int { state.withLock(\.sleepers.count) }

  /// Throws `CancellationError` as soon as the task is cancelled, and leaves nothing behind.
  func sleep(for duration: Duration) async throws {
    let deadline = clock.now.advanced(by: duration)
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { add(id, Sleeper(deadline: deadline, continuation: $0)) }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  private func add(_ id: Int, _ sleeper: Sleeper) {
    let (isCancelled, isEarliest) = state.withLock { state in
      // A task that was cancelled before is not found by the handler.
      if Task.isCancelled { return (true, false) }
      state.sleepers[id] = sleeper
      if let alarm = state.alarm, alarm <= sleeper.deadline { return (false, false) }
      state.alarm = sleeper.deadline
      return (false, true)
    }
    if isCancelled { sleeper.continuation.resume(throwing: CancellationError()) }
    if isEarliest { setAlarm(at: sleeper.deadline) }
  }

  private func setAlarm(at first: C.Instant) {
    Task { [weak self, clock] in
      var next: C.Instant? = first
      while let alarm = next {
        try? await clock.sleep(until: alarm, tolerance: nil)
        next = self?.wake(by: alarm)
      }
    }
  }

  /// Wakes who is due. Returns when to come back; nil when nobody is left, or another alarm is set.
  private func wake(by alarm: C.Instant) -> C.Instant? {
    let now = clock.now
    let (due, next) = state.withLock { state in
      let due = state.sleepers.filter { $0.value.deadline <= now }
      for id in due.keys { state.sleepers[id] = nil }
      guard state.alarm == alarm else { return (due, nil as C.Instant?) }
      state.alarm = state.sleepers.values.map(\.deadline).min()
      return (due, state.alarm)
    }
    for sleeper in due.values { sleeper.continuation.resume() }
    return next
  }
}
