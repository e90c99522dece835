import Logging
import NIOConcurrencyHelpers
import Varlink

/// Which connections there are, who may have another one, and what was counted.
final class ConnectionRegistry: Sendable {
  enum Refusal: String, Error {
    case connections
    case connectionsOfUser = "connections-of-user"
    case stopping
  }

  private struct State {
    var nextID = 1
    var open: [Int: Entry] = [:]
    var internalCount = 0
    var countByUser: [UInt32: Int] = [:]
    var isStopping = false
    var emptyWaiters: [CheckedContinuation<Void, Never>] = []
    var statistics = ServerStatistics()
  }

  private struct Entry {
    var uid: UInt32?
    var isInternal: Bool
    var connection: (any OpenConnection)?
  }

  private let limit: Int
  private let limitPerUser: Int
  private let state = NIOLockedValueBox(State())

  init(limit: Int, limitPerUser: Int) {
    self.limit = limit
    self.limitPerUser = limitPerUser
  }

  /// Admits a connection under a new number, which is to be released when it has ended.
  ///
  /// An internal one is neither limited nor counted.
  func admit(uid: UInt32?, isInternal: Bool = false) throws(Refusal) -> Int {
    let result = state.withLockedValue { state -> Result<Int, Refusal> in
      if state.isStopping { return .failure(.stopping) }
      let refusal: Refusal? =
        if isInternal {
          nil
        } else if state.open.count - state.internalCount >= limit {
          .connections
        } else if let uid, state.countByUser[uid, default: 0] >= limitPerUser {
          .connectionsOfUser
        } else {
          nil
        }
      if let refusal {
        state.statistics.refusedConnectionCounts[refusal.rawValue, default: 0] += 1
        return .failure(refusal)
      }
      let id = state.nextID
      state.nextID += 1
      state.open[id] = Entry(uid: uid, isInternal: isInternal)
      if let uid { state.countByUser[uid, default: 0] += 1 }
      if isInternal { state.internalCount += 1 } else { state.statistics.acceptedConnectionCount += 1 }
      return .success(id)
    }
    return try result.get()
  }

  /// Makes the connection known to a shutdown.
  func attach(_ connection: any OpenConnection, to id: Int) {
    let isStopping = state.withLockedValue { state in
      state.open[id]?.connection = connection
      return state.isStopping
    }
    if isStopping { connection.shutdown() }
  }

  func release(_ id: Int) {
    let waiters = state.withLockedValue { state -> [CheckedContinuation<Void, Never>] in
      guard let entry = state.open.removeValue(forKey: id) else { return [] }
      if entry.isInternal { state.internalCount -= 1 }
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
    let connections = state.withLockedValue { state in
      state.isStopping = true
      return state.open.values.compactMap(\.connection)
    }
    for connection in connections { connection.shutdown() }
  }

  /// Closes each connection and cancels its running call.
  func abort() {
    let connections = state.withLockedValue { $0.open.values.compactMap(\.connection) }
    for connection in connections { connection.abort() }
  }

  func waitUntilEmpty() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLockedValue { state in
        if !state.open.isEmpty { state.emptyWaiters.append(continuation) }
        return state.open.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }

  /// Whether all connections ended within that time. Ends the other waits too.
  func waitUntilEmpty(within time: Duration) async -> Bool {
    let timer = Task {
      try await Task.sleep(for: time)
      for waiter in takeWaiters() { waiter.resume() }
    }
    await waitUntilEmpty()
    timer.cancel()
    return state.withLockedValue { $0.open.isEmpty }
  }

  private func takeWaiters() -> [CheckedContinuation<Void, Never>] {
    state.withLockedValue { state in
      defer { state.emptyWaiters = [] }
      return state.emptyWaiters
    }
  }
}

/// What a shutdown asks of a connection, from any thread.
protocol OpenConnection: Sendable {
  func shutdown()
  func abort()
}

// MARK: Counting

extension ConnectionRegistry {
  var statistics: ServerStatistics {
    state.withLockedValue { state in
      var statistics = state.statistics
      statistics.openConnectionCount = state.open.count - state.internalCount
      return statistics
    }
  }

  func countCallStart() {
    state.withLockedValue { state in
      state.statistics.callCount += 1
      state.statistics.runningCallCount += 1
    }
  }

  func countCallEnd(errorName: String?) {
    state.withLockedValue { state in
      state.statistics.runningCallCount -= 1
      if let errorName { state.statistics.errorReplyCounts[errorName, default: 0] += 1 }
    }
  }

  func countViolation(_ reason: String) {
    state.withLockedValue { $0.statistics.violationCounts[reason, default: 0] += 1 }
  }

  func countAcceptFailure() {
    state.withLockedValue { $0.statistics.acceptFailureCount += 1 }
  }
}
