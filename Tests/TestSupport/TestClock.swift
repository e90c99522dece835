internal import Synchronization

/// A clock that stands still until a test turns it.
public final class TestClock: Clock, Sendable {
  /// A time since the clock was made.
  public struct Instant: InstantProtocol {
    /// Since the clock was made.
    public var offset: Duration

    /// - Parameter offset: since the clock was made.
    public init(offset: Duration) { self.offset = offset }

    /// Later by that time.
    public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    /// How much later the other one is.
    public func duration(to other: Instant) -> Duration { other.offset - offset }
    /// Whether the first is the earlier one.
    public static func < (first: Instant, second: Instant) -> Bool { first.offset < second.offset }
  }

  private struct Sleeper {
    let id: Int
    let deadline: Instant
    let promise: Promise<Void>
    var isCancelled = false
  }

  private struct State {
    var now = Instant(offset: .zero)
    /// The one to wake first in front.
    var sleepers: [Sleeper] = []
    var lastID = 0
  }

  private let state = Mutex(State())

  /// It shows zero.
  public init() {}

  /// What it shows.
  public var now: Instant { state.withLock(\.now) }
  /// It is exact.
  public var minimumResolution: Duration { .zero }

  /// How many tasks sleep by this clock.
  public var sleeperCount: Int { state.withLock { $0.sleepers.count { !$0.isCancelled } } }

  /// How many sleeps wait for their time, those that were cancelled included: real clocks keep them, too.
  public var queuedCount: Int { state.withLock(\.sleepers.count) }

  /// Turns it forward, and wakes who is due, in the order of their times.
  public func turn(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.prefix { $0.deadline <= state.now }
      state.sleepers.removeFirst(due.count)
      return due
    }
    for sleeper in due { sleeper.promise.resolve() }
  }

  /// Waits until so many tasks sleep, and turns it then.
  public func turn(by duration: Duration, onceAsleep count: Int) async throws {
    try await waitUntil("\(count) tasks sleep") { sleeperCount >= count }
    turn(by: duration)
  }

  /// Returns when a test has turned it so far, or throws `CancellationError`.
  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let sleeper: Sleeper? = state.withLock { state in
      if deadline <= state.now { return nil }
      state.lastID += 1
      let sleeper = Sleeper(id: state.lastID, deadline: deadline, promise: Promise())
      let index = state.sleepers.firstIndex { deadline < $0.deadline } ?? state.sleepers.endIndex
      state.sleepers.insert(sleeper, at: index)
      return sleeper
    }
    guard let sleeper else { return try Task.checkCancellation() }
    do {
      try await sleeper.promise.value
    } catch {
      state.withLock { state in
        if let index = state.sleepers.firstIndex(where: { $0.id == sleeper.id }) {
          state.sleepers[index].isCancelled = true
        }
      }
      throw error
    }
  }
}
