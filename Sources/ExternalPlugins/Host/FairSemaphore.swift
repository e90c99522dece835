internal import Synchronization

/// A counting semaphore that is fair: so many may run at one time, and further ones wait, in a queue of limited length.
///
/// Of those who wait, it is the turn of the user for whom the fewest run, and among his runs that of the first who came.
/// One user has at most three quarters of the permits, so that another one need not wait for his runs to end, and when the
/// queue is full it is he who has the most in it that is sent away.
///
/// Whoever does no work, since he waits for a reader, gives his permit back for that time (`Permit.pause`). As many may
/// pause as may run; beyond that, the one is given up that has slept longest of the user with the most. Nobody begins while
/// as many hold what they have made as may run and pause together.
///
/// While there is too little of something else, such as memory, one works after the other (`Permit.begin`), and one at most
/// pauses.
public final class FairSemaphore: Sendable {
  /// On whose behalf a task works; nil for nobody in particular.
  @TaskLocal public static var user: UInt32?

  private struct State {
    var limit: Int
    var queueLimit: Int
    var running = 0
    /// Of those, who have begun to work.
    var working = 0
    var runningByUser: [UInt32?: Int] = [:]
    /// In the order of coming; whoever has paused comes before all others.
    var queue: [Waiter] = []
    var resuming: [Waiter] = []
    var paused: [Int: Pause] = [:]
    var lastID = 0

    var share: Int { limit - limit / 4 }
    var pauseLimit: Int { max(limit, FairSemaphore.leastPauseLimit) }

    mutating func begin(_ user: UInt32?) {
      running += 1
      runningByUser[user, default: 0] += 1
    }

    mutating func end(_ user: UInt32?, hasBegun: Bool) {
      running -= 1
      if hasBegun { working -= 1 }
      let count = runningByUser[user, default: 1] - 1
      runningByUser[user] = count > 0 ? count : nil
    }

    /// Takes the waiter whose turn it is.
    mutating func next(isShort: Bool) -> Waiter? {
      if running >= limit || isShort && working > 0 { return nil }
      // It holds what others would have to compute again, and is on its way to let go of it.
      if let index = resuming.firstIndex(where: { runningByUser[$0.user, default: 0] < share }) {
        return resuming.remove(at: index)
      }
      if isShort && running > 0 { return nil }
      if running + resuming.count + paused.count >= limit + pauseLimit { return nil }
      var best: (index: Int, count: Int)?
      for (index, waiter) in queue.enumerated() {
        let count = runningByUser[waiter.user, default: 0]
        if count >= share || count >= best?.count ?? .max { continue }
        best = (index, count)
        if count == 0 { break }
      }
      return best.map { queue.remove(at: $0.index) }
    }

    /// Makes room in a full queue for one of that user; nil when nobody has more in it than he would have.
    mutating func displace(for user: UInt32?) -> Waiter? {
      var counts: [UInt32?: Int] = [:]
      for waiter in queue { counts[waiter.user, default: 0] += 1 }
      guard let most = counts.max(by: { $0.value < $1.value }), most.value > counts[user, default: 0] + 1,
        let index = queue.lastIndex(where: { $0.user == most.key })
      else { return nil }
      return queue.remove(at: index)
    }

    /// Takes the pause that is to be given up; nil while there is room for all.
    mutating func excess(isShort: Bool) -> Pause? {
      guard paused.count > (isShort ? 1 : pauseLimit) else { return nil }
      var counts: [UInt32?: Int] = [:]
      for pause in paused.values { counts[pause.user, default: 0] += 1 }
      let most = counts.values.max()
      let longest = paused.filter { counts[$0.value.user] == most }.min { $0.value.order < $1.value.order }
      return longest.flatMap { paused.removeValue(forKey: $0.key) }
    }
  }

  private struct Waiter {
    let id: Int
    let user: UInt32?
    let continuation: CheckedContinuation<Outcome, Never>
  }

  private struct Pause {
    let user: UInt32?
    /// Greater for one that began later.
    let order: Int
    let giveUp: @Sendable (Excess) -> Void
  }

  /// Why a pause is given up.
  public enum Excess: Sendable {
    /// More pause than may.
    case pauses
    /// There is too little of something else.
    case shortage
  }

  private enum Outcome {
    case granted
    case cancelled
    case full(running: Int, waiting: Int)
  }

  /// So many may pause however few may run.
  private static let leastPauseLimit = 4

  private let state: Mutex<State>
  private let isShort: @Sendable () -> Bool

  /// - Parameters:
  ///   - limit: permits at one time, at least one.
  ///   - queueLimit: who may wait for one.
  ///   - isShort: whether there is too little of something else for more than one to run; asked when a permit is wanted
  ///     and when one is free again.
  public init(limit: Int, queueLimit: Int, isShort: @escaping @Sendable () -> Bool = { false }) {
    self.isShort = isShort
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
  public var counts: (running: Int, waiting: Int) {
    state.withLock { ($0.running, $0.queue.count + $0.resuming.count) }
  }

  /// How many of them have begun to work.
  public var workingCount: Int { state.withLock(\.working) }

  /// How many have a permit that they do not use, since their readers sleep.
  public var pausedCount: Int { state.withLock(\.paused.count) }

  /// Waits for a permit for the task's user. It is free again when it is let go of.
  ///
  /// - Throws: `QueueFull`, or `CancellationError` as soon as the task is cancelled.
  public func acquire() async throws -> Permit {
    let user = Self.user
    try await wait(user, pause: nil, goesFirst: false)
    return Permit(self, user)
  }

  /// - Parameters:
  ///   - pause: the one that ends; nil for none.
  ///   - goesFirst: whether it has had its permit before.
  private func wait(_ user: UInt32?, pause: Int?, goesFirst: Bool) async throws {
    let id = makeID()
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation {
        enqueue(Waiter(id: id, user: user, continuation: $0), pause: pause, goesFirst: goesFirst)
      }
    } onCancel: {
      cancel(id)
    }
    switch outcome {
    case .granted: return
    case .cancelled: throw CancellationError()
    case .full(let running, let waiting): throw QueueFull(running: running, waiting: waiting)
    }
  }

  private func makeID() -> Int {
    state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
  }

  private func enqueue(_ waiter: Waiter, pause: Int?, goesFirst: Bool) {
    let (sentAway, outcome): (Waiter?, Outcome) = state.withLock { state in
      // A task that was cancelled before is not found by `cancel`.
      if Task.isCancelled { return (waiter, .cancelled) }
      // Whose reader has read does not sleep any more, however long he waits for his turn.
      if let pause { state.paused[pause] = nil }
      if goesFirst {
        state.resuming.append(waiter)
        return (nil, .granted)
      }
      let full = Outcome.full(running: state.running, waiting: state.queue.count)
      let isFree = state.running < state.limit && state.runningByUser[waiter.user, default: 0] < state.share
      if state.queue.count >= state.queueLimit, !isFree || !state.queue.isEmpty {
        guard let other = state.displace(for: waiter.user) else { return (waiter, full) }
        state.queue.append(waiter)
        return (other, full)
      }
      state.queue.append(waiter)
      return (nil, .granted)
    }
    sentAway?.continuation.resume(returning: outcome)
    grant()
  }

  private func cancel(_ id: Int) {
    let waiter = state.withLock { state -> Waiter? in
      if let index = state.queue.firstIndex(where: { $0.id == id }) { return state.queue.remove(at: index) }
      return state.resuming.firstIndex { $0.id == id }.map { state.resuming.remove(at: $0) }
    }
    waiter?.continuation.resume(returning: .cancelled)
  }

  fileprivate func release(_ user: UInt32?, hasBegun: Bool) {
    state.withLock { $0.end(user, hasBegun: hasBegun) }
    grant()
  }

  /// Whether the work may begin. If not, the permit is given back.
  fileprivate func begin(_ user: UInt32?) -> Bool {
    let isShort = isShort()
    return state.withLock { state in
      if isShort && state.working > 0 {
        state.end(user, hasBegun: false)
        return false
      }
      state.working += 1
      return true
    }
  }

  /// - Returns: the number of the pause.
  fileprivate func pause(_ user: UInt32?, hasBegun: Bool, giveUp: @escaping @Sendable (Excess) -> Void) -> Int {
    let isShort = isShort()
    let (id, excess) = state.withLock { state in
      state.lastID += 1
      state.end(user, hasBegun: hasBegun)
      state.paused[state.lastID] = Pause(user: user, order: state.lastID, giveUp: giveUp)
      return (state.lastID, state.excess(isShort: isShort))
    }
    excess?.giveUp(isShort ? .shortage : .pauses)
    grant()
    return id
  }

  fileprivate func endPause(_ id: Int) {
    state.withLock { $0.paused[id] = nil }
    grant()
  }

  /// - Parameter pause: the one that ends; nil for who has not begun.
  fileprivate func resume(_ user: UInt32?, pause: Int?, hasBegun: Bool) async throws {
    try await wait(user, pause: pause, goesFirst: true)
    if hasBegun { state.withLock { $0.working += 1 } }
  }

  /// Gives out permits that were kept back as there was too little of something else.
  public func reconsider() { grant() }

  private func grant() {
    while true {
      let isShort = isShort()
      let waiter: Waiter? = state.withLock { state in
        let waiter = state.next(isShort: isShort)
        if let waiter { state.begin(waiter.user) }
        return waiter
      }
      guard let waiter else { return }
      waiter.continuation.resume(returning: .granted)
    }
  }
}

/// Leave to run, until this is let go of.
public final class Permit: Sendable {
  private enum Use {
    case held(hasBegun: Bool)
    case paused(Int, hasBegun: Bool)
    /// Neither: it waits for the permit, or has given up doing so.
    case none
  }

  private let semaphore: FairSemaphore
  private let user: UInt32?
  private let use = Mutex(Use.held(hasBegun: false))

  fileprivate init(_ semaphore: FairSemaphore, _ user: UInt32?) {
    self.semaphore = semaphore
    self.user = user
  }

  deinit {
    switch use.withLock({ $0 }) {
    case .held(let hasBegun): semaphore.release(user, hasBegun: hasBegun)
    case .paused(let id, _): semaphore.endPause(id)
    case .none: break
    }
  }

  /// To be called where the work begins. While there is too little of something else, waits until nobody else works: who was
  /// let in before that was known goes back in line, before all others.
  ///
  /// Throws `CancellationError`; the permit is then as good as let go of.
  public func begin() async throws {
    while !semaphore.begin(user) {
      use.withLock { $0 = .none }
      try await semaphore.resume(user, pause: nil, hasBegun: false)
      use.withLock { $0 = .held(hasBegun: false) }
    }
    use.withLock { $0 = .held(hasBegun: true) }
  }

  /// Gives the permit back until `resume`. Only the task that works under it may call this, and not twice.
  ///
  /// - Parameter giveUp: is called when too many pause and this one is to end instead.
  public func pause(giveUp: @escaping @Sendable (FairSemaphore.Excess) -> Void) {
    guard case .held(let hasBegun) = use.withLock({ $0 }) else { return }
    // Outside of the lock: whom it concerns may be ourselves.
    let id = semaphore.pause(user, hasBegun: hasBegun, giveUp: giveUp)
    use.withLock { $0 = .paused(id, hasBegun: hasBegun) }
  }

  /// Waits for the permit anew. Throws `CancellationError`; the permit is then as good as let go of.
  public func resume() async throws {
    guard case .paused(let id, let hasBegun) = use.withLock({ $0 }) else { return }
    use.withLock { $0 = .none }
    try await semaphore.resume(user, pause: id, hasBegun: hasBegun)
    use.withLock { $0 = .held(hasBegun: hasBegun) }
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
