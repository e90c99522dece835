internal import Pipeline
internal import Synchronization

/// The replies of recent runs of one generation, those used longest ago dropped first.
final class ReplyCache: Sendable {
  struct Key: Hashable, Sendable {
    var request: ResultRequest
    var isMore: Bool
  }

  struct Statistics: Sendable {
    var entries = 0
    var bytes = 0
    var hits = 0
    var misses = 0
  }

  /// How often something was found, over all caches that share this.
  final class Counters: Sendable {
    fileprivate let hits = Atomic(0)
    fileprivate let misses = Atomic(0)
  }

  private struct Entry {
    var replies: [[UInt8]]
    var byteCount: Int
    var lastUse: Int
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    /// The entries by their last use. Each use is passed once in the search for the oldest one, which looks at no other.
    var keysByUse: [Int: Key] = [:]
    var uses = 0
    var oldestUse = 1
    var statistics = Statistics()

    mutating func use(_ key: Key) {
      guard let use = entries[key]?.lastUse else { return }
      uses += 1
      keysByUse[use] = nil
      keysByUse[uses] = key
      entries[key]?.lastUse = uses
    }

    mutating func insert(_ replies: [[UInt8]], _ byteCount: Int, for key: Key) {
      uses += 1
      entries[key] = Entry(replies: replies, byteCount: byteCount, lastUse: uses)
      keysByUse[uses] = key
      statistics.bytes += byteCount
    }

    mutating func remove(_ key: Key) {
      guard let old = entries.removeValue(forKey: key) else { return }
      keysByUse[old.lastUse] = nil
      statistics.bytes -= old.byteCount
    }

    mutating func removeOldest() {
      while oldestUse <= uses {
        defer { oldestUse += 1 }
        if let key = keysByUse[oldestUse] { return remove(key) }
      }
    }
  }

  /// A single result may take a quarter of the cache; larger ones are not kept.
  let entryLimit: Int
  private let limit: Int
  private let counters: Counters
  private let state = Mutex(State())

  init(limit: Int, counters: Counters = Counters()) {
    self.limit = limit
    self.counters = counters
    entryLimit = limit / 4
  }

  var statistics: Statistics {
    var statistics = state.withLock(\.statistics)
    statistics.hits = counters.hits.load(ordering: .relaxed)
    statistics.misses = counters.misses.load(ordering: .relaxed)
    return statistics
  }

  /// The parameters of the replies, each an encoded JSON object.
  func replies(for key: Key) -> [[UInt8]]? {
    state.withLock { state in
      guard let entry = state.entries[key] else {
        counters.misses.add(1, ordering: .relaxed)
        return nil
      }
      state.use(key)
      counters.hits.add(1, ordering: .relaxed)
      return entry.replies
    }
  }

  func insert(_ replies: [[UInt8]], for key: Key) {
    let byteCount = replies.reduce(0) { $0 + $1.count }
    guard byteCount <= entryLimit else { return }
    state.withLock { state in
      state.remove(key)
      while state.statistics.bytes + byteCount > limit, !state.entries.isEmpty { state.removeOldest() }
      state.insert(replies, byteCount, for: key)
      state.statistics.entries = state.entries.count
    }
  }
}
