import Glibc

/// A time as ISO 8601 in UTC, to the second, from microseconds since 1970-01-01 00:00 UTC.
func timeText(microseconds: Int64) -> String {
  let seconds = microseconds.flooringQuotient(1_000_000)
  let days = seconds.flooringQuotient(86_400)
  let second = seconds - days * 86_400
  let (year, month, day) = civilDate(daysSince1970: days)
  let time = [second / 3600, second / 60 % 60, second % 60].map { digits($0, 2) }.joined(separator: ":")
  return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))T\(time)Z"
}

/// Year, month and day of the proleptic Gregorian calendar. Counted in eras of 400 years that begin on 1 March, so that
/// the leap day is the last of its year.
private func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let days = daysSince1970 + 719_468
  let era = days.flooringQuotient(146_097)
  let dayOfEra = days - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

extension Int64 {
  fileprivate func flooringQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

private func digits(_ number: Int64, _ count: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, count - text.count)) + text
}

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

/// Microseconds since 1970-01-01 00:00 UTC.
func currentMicroseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}
