internal import Glibc

/// Microseconds since 1970-01-01 00:00 UTC, as the interfaces give times.
package func currentMicroseconds() -> Int64 { nanoseconds(of: CLOCK_REALTIME) / 1000 }

/// Microseconds on a clock that is never set and only goes forward.
package func monotonicMicroseconds() -> Int64 { monotonicNanoseconds() / 1000 }

/// Nanoseconds on a clock that is never set and only goes forward.
package func monotonicNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

private func nanoseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
