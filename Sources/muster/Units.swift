/// A duration in its two largest units, such as `3 h 2 min`.
func durationText(microseconds: Int64) -> String {
  let seconds = max(0, microseconds) / 1_000_000
  switch seconds {
  case 0: return "\(max(0, microseconds) / 1000) ms"
  case ..<60: return "\(seconds) s"
  case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
  case ..<86_400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
  default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
  }
}

/// A short duration in one unit, with at most one decimal, rounded down, such as `3.4 ms`.
func latencyText(microseconds: Int64) -> String {
  switch microseconds {
  case ..<1000: "\(max(0, microseconds)) µs"
  case ..<1_000_000: "\(microseconds / 1000).\(microseconds % 1000 / 100) ms"
  default: "\(microseconds / 1_000_000).\(microseconds % 1_000_000 / 100_000) s"
  }
}

/// A size with at most one decimal, rounded down, such as `3.4 KiB`.
func sizeText(bytes: Int64) -> String {
  let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
  guard bytes >= 1024 else { return "\(bytes) bytes" }
  var (value, index) = (bytes, 0)
  while value >= 1024 * 1024 {
    value /= 1024
    index += 1
  }
  return "\(value / 1024).\(value % 1024 * 10 / 1024) \(units[index])"
}
