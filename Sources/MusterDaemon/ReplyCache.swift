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
    var uses = 0
    var statistics = Statistics()
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
      state.uses += 1
      guard state.entries[key] != nil else {
        counters.misses.add(1, ordering: .relaxed)
        return nil
      }
      state.entries[key]?.lastUse = state.uses
      counters.hits.add(1, ordering: .relaxed)
      return state.entries[key]?.replies
    }
  }

  func insert(_ replies: [[UInt8]], for key: Key) {
    let byteCount = replies.reduce(0) { $0 + $1.count }
    guard byteCount <= entryLimit else { return }
    state.withLock { state in
      state.uses += 1
      if let old = state.entries.removeValue(forKey: key) { state.statistics.bytes -= old.byteCount }
      while state.statistics.bytes + byteCount > limit,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
        state.statistics.bytes -= oldest.value.byteCount
      }
      state.entries[key] = Entry(replies: replies, byteCount: byteCount, lastUse: state.uses)
      state.statistics.bytes += byteCount
      state.statistics.entries = state.entries.count
    }
  }
}
