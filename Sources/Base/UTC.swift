/// A time of day in UTC on a day of the proleptic Gregorian calendar, without leap seconds: POSIX time, taken apart.
public struct UTC: Hashable, Sendable {
  /// The year 0 is the one before 1.
  public var year: Int64
  /// From 1 on.
  public var month: Int64
  /// Of the month, from 1 on.
  public var day: Int64
  /// From 0 to 23.
  public var hour: Int64
  /// From 0 to 59.
  public var minute: Int64
  /// From 0 to 59; there are no leap seconds.
  public var second: Int64
  /// Of the second, from 0 to 999,999.
  public var microsecond: Int64

  /// - Parameter microseconds: since 1970-01-01 00:00 UTC, negative before.
  public init(microseconds: Int64) {
    let (seconds, fraction) = microseconds.floored(by: 1_000_000)
    let (days, secondOfDay) = seconds.floored(by: 86_400)
    (year, month, day) = civilDate(daysSince1970: days)
    (hour, minute, second) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
    microsecond = fraction
  }

  /// Reads the form that `text(fractionDigits: 6)` gives, with any mark or none in the place of `-`, `T`, `:`, `.` and
  /// `Z`: digits alone are looked at. Numbers beyond their range carry over, as with timegm(3).
  ///
  /// Nil when there are not 20 digits.
  public init?(digitsOf text: some StringProtocol) {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }.map { Int64($0 - 0x30) }
    guard digits.count == 20 else { return nil }
    func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
    (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
    (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
    microsecond = number(14..<20)
  }

  /// Since 1970-01-01 00:00 UTC.
  public var microseconds: Int64 {
    let days = daysSince1970(year: year, month: month, day: day)
    return (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + microsecond
  }

  /// ISO 8601, such as `2026-11-23T10:45:00.123456Z`.
  ///
  /// - Parameter fractionDigits: of the second, from 0 to 6; what is beyond is cut off.
  public func text(fractionDigits: Int = 0) -> String {
    let date = "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
    let time = "\(digits(hour, 2)):\(digits(minute, 2)):\(digits(second, 2))"
    let fraction = fractionDigits == 0 ? "" : "." + digits(microsecond, 6).prefix(fractionDigits)
    return "\(date)T\(time)\(fraction)Z"
  }
}

/// Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
private func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let (era, dayOfEra) = (daysSince1970 + 719_468).floored(by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// The inverse of `civilDate`, which also takes months and days beyond their range.
private func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
  let (years, shiftedMonth) = (month - 3).floored(by: 12)
  let (era, yearOfEra) = (year + years).floored(by: 400)
  let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func digits(_ number: Int64, _ count: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
}

extension Int64 {
  /// The quotient that is rounded down, and a remainder that is never negative.
  fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
