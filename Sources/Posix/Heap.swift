internal import CGlibc
internal import Synchronization

/// The memory that this process has from its allocator.
package enum Heap {
  private struct Reading {
    var time = Int64.min
    var byteCount = 0
  }

  private static let last = Mutex(Reading())
  private static let lastTrim = Mutex(Int64.min)

  /// What is in use, in bytes, as it was at most 20 ms ago: to count it takes longer the more pieces there are.
  package static var usedByteCount: Int {
    last.withLock { last in
      let now = monotonicMicroseconds()
      if now - max(last.time, 0) > 20_000 || last.time < 0 {
        last = Reading(time: now, byteCount: read().used)
      }
      return last.byteCount
    }
  }

  /// Gives the system back what is not in use any more, when that is much. At most once a second, and on the thread of the
  /// caller, which it may take some milliseconds.
  package static func trim() {
    let isDue = lastTrim.withLock { last in
      let now = monotonicMicroseconds()
      if last > 0, now - last < 1_000_000 { return false }
      last = now
      return true
    }
    if isDue, read().kept > 64 << 20 { linux_trim_heap() }
  }

  private static func read() -> (used: Int, kept: Int) {
    var (used, kept) = (0, 0)
    linux_heap(&used, &kept)
    return (used, kept)
  }
}
