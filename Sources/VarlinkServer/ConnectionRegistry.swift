import Logging
import Synchronization
import Varlink

/// Which connections there are, who may have another one, and what was counted.
final class ConnectionRegistry: Sendable {
  enum Refusal: Error {
    case connections(limit: Int)
    case descriptors(limit: Int)
    case connectionsOfUser(limit: Int)
    case stopping
  }

  /// How many refused connections may wait for their answer at one time. Further ones are closed at once.
  private static let refusedLimit = 64

  private struct State {
    var nextID = 1
    var open: [Int: Entry] = [:]
    var internalCount = 0
    var refusedCount = 0
    var limit: Int
    var limitPerUser: Int
    var countByUser: [UInt32: Int] = [:]
    var isStopping = false
    var emptyWaiters: [CheckedContinuation<Void, Never>] = []
    var statistics = ServerStatistics()
    var unfinishedByteCount = 0
    var unreadByteCount = 0
    var lastUnread = 0

    /// The connection that has left its output alone for longest, of the user with the most of it; nil while there is room
    /// for that of all which have not been given up already.
    mutating func longestUnread(beyond limit: Int) -> (any OpenConnection)? {
      var byteCounts: [UInt32?: Int] = [:]
      for entry in open.values where !entry.isGivenUp { byteCounts[entry.uid, default: 0] += entry.unreadByteCount }
      if byteCounts.values.reduce(0, +) <= limit { return nil }
      let most = byteCounts.values.max()
      let longest = open.filter {
        byteCounts[$0.value.uid] == most && $0.value.unreadByteCount > 0 && !$0.value.isGivenUp
      }
      .min { $0.value.unreadSince < $1.value.unreadSince }
      guard let longest else { return nil }
      open[longest.key]?.isGivenUp = true
      return longest.value.connection
    }
  }

  private struct Entry {
    var uid: UInt32?
    var isInternal: Bool
    var connection: (any OpenConnection)?
    /// What waits for the client, and greater for one that has waited shorter.
    var unreadByteCount = 0
    var unreadSince = 0
    /// It was told that it has waited for too long.
    var isGivenUp = false
  }

  private let descriptorLimit: Int
  private let state: Mutex<State>

  /// `descriptorLimit` is how many connections there may be for the process's sake, whatever `limit` says.
  init(limit: Int, limitPerUser: Int, descriptorLimit: Int = .max) {
    state = Mutex(State(limit: limit, limitPerUser: limitPerUser))
    self.descriptorLimit = descriptorLimit
  }

  /// Connections that are there already stay.
  func set(limit: Int, limitPerUser: Int) {
    state.withLock { state in
      state.limit = limit
      state.limitPerUser = limitPerUser
    }
  }

  /// Admits a connection under a new number, which is to be released when it has ended.
  ///
  /// An internal one is neither limited nor counted.
  ///
  /// - Parameter mayUseReserve: whether there is a sixteenth more for it than for others, at most 16 connections: who looks
  ///   after the service must get in however many others are there.
  func admit(uid: UInt32?, mayUseReserve: Bool = false, isInternal: Bool = false) throws(Refusal) -> Int {
    let result = state.withLock { state -> Result<Int, Refusal> in
      if state.isStopping { return .failure(.stopping) }
      let count = state.open.count - state.internalCount
      let refusal: Refusal? =
        if isInternal {
          nil
        } else if count >= state.limit + (mayUseReserve ? min(16, state.limit / 16) : 0) {
          .connections(limit: state.limit)
        } else if count >= descriptorLimit {
          .descriptors(limit: descriptorLimit)
        } else if let uid, state.countByUser[uid, default: 0] >= state.limitPerUser {
          .connectionsOfUser(limit: state.limitPerUser)
        } else {
          nil
        }
      if let refusal { return .failure(refusal) }
      let id = state.nextID
      state.nextID += 1
      state.open[id] = Entry(uid: uid, isInternal: isInternal)
      if let uid { state.countByUser[uid, default: 0] += 1 }
      if isInternal { state.internalCount += 1 } else { state.statistics.acceptedConnectionCount += 1 }
      return .success(id)
    }
    return try result.get()
  }

  /// Counts a refusal, by the name of its limit. Whether the connection may wait for an answer, which is to be
  /// followed by `releaseRefused`.
  func admitRefused(by limit: String) -> Bool {
    state.withLock { state in
      state.statistics.refusedConnectionCounts[limit, default: 0] += 1
      if state.isStopping || state.refusedCount >= Self.refusedLimit { return false }
      state.refusedCount += 1
      return true
    }
  }

  func releaseRefused() {
    state.withLock { $0.refusedCount -= 1 }
  }

  /// Counts what a call takes that is being answered, unless all unfinished ones come to more than the limit then. Then it
  /// is false, but for one that is alone.
  func takeRoom(_ byteCount: Int, limit: Int) -> Bool {
    state.withLock { state in
      if state.unfinishedByteCount > 0, state.unfinishedByteCount + byteCount > limit { return false }
      state.unfinishedByteCount += byteCount
      return true
    }
  }

  /// Counts what a connection holds of a call that has not come whole. Whether all together stay below the limit.
  @discardableResult func changeUnfinished(by byteCount: Int, limit: Int) -> Bool {
    state.withLock { state in
      state.unfinishedByteCount += byteCount
      return state.unfinishedByteCount <= limit
    }
  }

  /// Counts the output that waits for a client.
  ///
  /// - Returns: when all together take more than the limit, the connection that is to be closed for it.
  func setUnread(_ byteCount: Int, of id: Int, limit: Int) -> (any OpenConnection)? {
    state.withLock { state in
      guard let entry = state.open[id] else { return nil }
      state.unreadByteCount += byteCount - entry.unreadByteCount
      // Whoever has taken some of it is on his way.
      if byteCount < entry.unreadByteCount || entry.unreadByteCount == 0 {
        state.lastUnread += 1
        state.open[id]?.unreadSince = state.lastUnread
        state.open[id]?.isGivenUp = false
      }
      state.open[id]?.unreadByteCount = byteCount
      return state.unreadByteCount > limit ? state.longestUnread(beyond: limit) : nil
    }
  }

  /// Whether a connection that was to be closed for its output is to be closed still: it is not when more room came
  /// meanwhile, and may then be chosen again.
  func staysGivenUp(_ id: Int, limit: Int) -> Bool {
    state.withLock { state in
      let isBeyond = state.unreadByteCount > limit && (state.open[id]?.unreadByteCount ?? 0) > 0
      if !isBeyond { state.open[id]?.isGivenUp = false }
      return isBeyond
    }
  }

  /// Makes the connection known to a shutdown.
  func attach(_ connection: any OpenConnection, to id: Int) {
    let isStopping = state.withLock { state in
      state.open[id]?.connection = connection
      return state.isStopping
    }
    if isStopping { connection.shutdown() }
  }

  func release(_ id: Int) {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard let entry = state.open.removeValue(forKey: id) else { return [] }
      if entry.isInternal { state.internalCount -= 1 }
      state.unreadByteCount -= entry.unreadByteCount
      if let uid = entry.uid, let count = state.countByUser[uid] {
        state.countByUser[uid] = count > 1 ? count - 1 : nil
      }
      guard state.open.isEmpty else { return [] }
      defer { state.emptyWaiters = [] }
      return state.emptyWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Admits nobody any more, and lets each connection finish its running call.
  func stop() {
    let connections = state.withLock { state in
      state.isStopping = true
      return state.open.values.compactMap(\.connection)
    }
    for connection in connections { connection.shutdown() }
  }

  /// Closes each connection and cancels its running call.
  func abort() {
    let connections = state.withLock { $0.open.values.compactMap(\.connection) }
    for connection in connections { connection.abort() }
  }

  /// Whether all connections ended within that time. Ends the other waits too.
  @discardableResult func waitUntilEmpty(within time: Duration? = nil) async -> Bool {
    var timer: Task<Void, any Error>?
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if !state.open.isEmpty { state.emptyWaiters.append(continuation) }
        return state.open.isEmpty
      }
      if isEmpty { return continuation.resume() }
      // Not before: a short time would pass with nobody to wake.
      timer = time.map { time in
        Task {
          try await Task.sleep(for: time)
          for waiter in takeWaiters() { waiter.resume() }
        }
      }
    }
    timer?.cancel()
    return state.withLock { $0.open.isEmpty }
  }

  private func takeWaiters() -> [CheckedContinuation<Void, Never>] {
    state.withLock { state in
      defer { state.emptyWaiters = [] }
      return state.emptyWaiters
    }
  }
}

/// What a shutdown asks of a connection, from any thread.
protocol OpenConnection: Sendable {
  func shutdown()
  func abort()
  /// Has it close unless its client has read meanwhile.
  func giveUpOutput()
}

// MARK: Counting

extension ConnectionRegistry {
  var statistics: ServerStatistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.openConnectionCount = state.open.count - state.internalCount
      return statistics
    }
  }

  func countCallStart() {
    state.withLock { state in
      state.statistics.callCount += 1
      state.statistics.runningCallCount += 1
    }
  }

  func countCallEnd(errorName: String?) {
    state.withLock { state in
      state.statistics.runningCallCount -= 1
      if let errorName { state.statistics.errorReplyCounts[errorName, default: 0] += 1 }
    }
  }

  func countViolation(_ reason: String) {
    state.withLock { $0.statistics.violationCounts[reason, default: 0] += 1 }
  }

  func countAcceptFailure() {
    state.withLock { $0.statistics.acceptFailureCount += 1 }
  }
}
