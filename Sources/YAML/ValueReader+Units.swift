internal import Base

extension ValueReader where Value == Duration {
  /// One or more whole numbers with units, the larger units first: `250ms`, `30s`, `1h 30min`; units are
  /// `us ms s min h d`. A bare 0 needs no unit.
  public static func duration(atLeast minimum: Duration = .zero, atMost maximum: Duration? = nil) -> Self {
    ValueReader { node, label, problems in
      let wanted = "a duration such as 250ms, 30s or 5min"
      guard let scalar = node.scalar, scalar.isText else {
        problems.reportMismatch(node, label: label, wanted: wanted)
        return nil
      }
      guard let microseconds = quantity(scalar.text, units: durationUnits) else {
        problems.reportMismatch(node, label: label, wanted: wanted, hint: durationHint(scalar.text))
        return nil
      }
      let value = Duration.microseconds(microseconds)
      guard value >= minimum, value <= maximum ?? value else {
        let bounds = rangePhrase(minimum == .zero ? nil : format(minimum), maximum.map(format))
        problems.report("\(label) must be a duration\(bounds), not \(abbreviated(scalar.text))", at: node)
        return nil
      }
      return value
    }
  }
}

extension ValueReader where Value == Int {
  /// A number of bytes: a whole number, alone or with a unit of `B KiB MiB GiB TiB`.
  public static func byteCount(in range: ClosedRange<Int> = 0...Int.max) -> Self {
    ValueReader { node, label, problems in
      let wanted = "a size in bytes such as 65536, 64KiB or 16MiB"
      guard let scalar = node.scalar, scalar.isText else {
        problems.reportMismatch(node, label: label, wanted: wanted)
        return nil
      }
      guard
        let value = WrittenInteger(scalar.text)?.value.flatMap({ $0 < 0 ? nil : $0 })
          ?? quantity(scalar.text, units: sizeUnits)
      else {
        problems.reportMismatch(node, label: label, wanted: wanted, hint: sizeHint(scalar.text))
        return nil
      }
      guard range.contains(value) else {
        let bounds = rangePhrase(
          range.lowerBound == 0 ? nil : formatSize(range.lowerBound),
          range.upperBound == .max ? nil : formatSize(range.upperBound))
        problems.report("\(label) must be a size\(bounds), not \(abbreviated(scalar.text))", at: node)
        return nil
      }
      return value
    }
  }
}

private typealias Unit = (name: String, factor: Int)

/// Largest first, in microseconds.
private let durationUnits: [Unit] = [
  ("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1),
]

private let sizeUnits: [Unit] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)]

/// The sum of whole numbers with descending units; nil when the text is anything else or beyond 64 bits.
private func quantity(_ text: String, units: [Unit]) -> Int? {
  if text == "0" { return 0 }
  var rest = Substring(text)
  var units = units[...]
  var total = 0
  while true {
    let digits = rest.prefix(while: isDecimalDigit)
    rest = rest.dropFirst(digits.count).drop { $0 == " " }
    let name = rest.prefix { $0 != " " && !isDecimalDigit($0) }
    rest = rest.dropFirst(name.count).drop { $0 == " " }
    guard let number = Int(decimalDigits: digits), let index = units.firstIndex(where: { $0.name == name }) else {
      return nil
    }
    let (product, isTooLarge) = number.multipliedReportingOverflow(by: units[index].factor)
    let (sum, isBeyond) = total.addingReportingOverflow(product)
    guard !isTooLarge, !isBeyond else { return nil }
    total = sum
    units = units[(index + 1)...]
    if rest.isEmpty { return text.hasSuffix(" ") ? nil : total }
  }
}

private func durationHint(_ text: String) -> String {
  let digits = text.prefix(while: isDecimalDigit)
  guard digits.count < 8, Int(decimalDigits: digits) != nil else { return "" }
  switch text.dropFirst(digits.count).drop(while: { $0 == " " }) {
  case "": return "; write \(digits)s for seconds"
  case "m": return "; write \(digits)min for minutes, \(digits)ms for milliseconds"
  case "sec", "secs", "second", "seconds", "S": return "; write \(digits)s"
  case "mins", "minute", "minutes": return "; write \(digits)min"
  case "hr", "hour", "hours", "H": return "; write \(digits)h"
  case "day", "days", "D": return "; write \(digits)d"
  case "msec", "millis", "milliseconds": return "; write \(digits)ms"
  default: return ""
  }
}

private func sizeHint(_ text: String) -> String {
  let digits = text.prefix(while: isDecimalDigit)
  guard digits.count < 20 else { return "" }
  let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
  guard let first = unit.first, [String(first), "\(first)b", "\(first)ib"].contains(unit),
    let known = sizeUnits.first(where: { $0.name.count == 3 && $0.name.lowercased().first == first }),
    quantity(digits + known.name, units: sizeUnits) != nil
  else { return "" }
  return "; write \(digits)\(known.name)"
}

private func format(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  let (product, overflows) = Int(seconds).multipliedReportingOverflow(by: 1_000_000)
  if overflows { return "\(seconds)s" }
  return formatted(product + Int(attoseconds / 1_000_000_000_000), units: durationUnits) ?? "0s"
}

private func formatSize(_ bytes: Int) -> String {
  formatted(bytes, units: sizeUnits.dropLast()) ?? "\(bytes)"
}

/// In the largest unit that divides it; nil for 0 and when none does.
private func formatted(_ value: Int, units: [Unit]) -> String? {
  guard value != 0, let unit = units.first(where: { value.isMultiple(of: $0.factor) }) else { return nil }
  return "\(value / unit.factor)\(unit.name)"
}

private func isDecimalDigit(_ character: Character) -> Bool {
  character.isASCII && character.isNumber
}

extension Int {
  /// A whole number without sign in ASCII digits.
  fileprivate init?(decimalDigits text: some StringProtocol) {
    guard text.allSatisfy(isDecimalDigit) else { return nil }
    self.init(text)
  }
}
