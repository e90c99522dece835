package import Glibc

/// Microseconds since 1970-01-01 00:00 UTC, as the interfaces give times.
package func currentMicroseconds() -> Int64 { time(of: CLOCK_REALTIME).microseconds }

/// Microseconds on a clock that is never set and only goes forward.
package func monotonicMicroseconds() -> Int64 { monotonicNanoseconds() / 1000 }

/// Nanoseconds on a clock that is never set and only goes forward.
package func monotonicNanoseconds() -> Int64 { time(of: CLOCK_MONOTONIC).count(ofSecond: 1_000_000_000) }

private func time(of clock: clockid_t) -> timespec {
  var time = timespec()
  clock_gettime(clock, &time)
  return time
}

extension timespec {
  /// In microseconds, within the range of the type: a file may have any time.
  package var microseconds: Int64 { count(ofSecond: 1_000_000) }

  /// - Parameter parts: as many of them are a second; a power of ten, at most 10⁹.
  fileprivate func count(ofSecond parts: Int64) -> Int64 {
    let (seconds, isBeyond) = Int64(tv_sec).multipliedReportingOverflow(by: parts)
    let (count, isStillBeyond) = seconds.addingReportingOverflow(Int64(tv_nsec) / (1_000_000_000 / parts))
    return isBeyond || isStillBeyond ? (tv_sec < 0 ? .min : .max) : count
  }

  /// - Parameter microseconds: since 1970, negative before.
  package init(microseconds: Int64) {
    var (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000_000) }
    self.init(tv_sec: Int(seconds), tv_nsec: Int(rest * 1000))
  }
}
