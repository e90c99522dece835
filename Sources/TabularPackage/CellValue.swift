import Base

/// A value of a cell after its type was applied. Equal values are equal however they are written: 1.0 and 1.
enum CellValue: Hashable, Sendable {
  case string(String)
  case integer(Int64)
  case number(DecimalNumber)
  case boolean(Bool)
  /// Years, months and days as one ascending number; also a year with or without a month.
  case date(Int)

  /// Texts by their bytes.
  static func == (a: CellValue, b: CellValue) -> Bool {
    switch (a, b) {
    case (.string(let a), .string(let b)): hasSameBytes(a, b)
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.date(let a), .date(let b)): a == b
    case (.string, _), (.integer, _), (.number, _), (.boolean, _), (.date, _): false
    }
  }

  /// Texts by their bytes.
  func hash(into hasher: inout Hasher) {
    switch self {
    case .string(let text): hasher.combine(ExactText(text))
    case .integer(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .boolean(let value): hasher.combine(value)
    case .date(let value): hasher.combine(value)
    }
  }

  /// Whether this comes before another value of the same type; false for values without an order.
  func isLess(than other: CellValue) -> Bool {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): a < b
    case (.number(let a), .number(let b)): a < b
    case (.date(let a), .date(let b)): a < b
    default: false
    }
  }
}

/// A decimal number of any length, exact: it is compared by its digits, never through a binary fraction.
struct DecimalNumber: Hashable, Sendable {
  enum Kind: Hashable { case finite, infinite, notANumber }

  private(set) var kind = Kind.finite
  private(set) var isNegative = false
  /// Significant decimal digits without zeros at either end; empty for zero.
  private(set) var digits: [UInt8] = []
  /// The value is 0.DIGITS times ten to this power.
  private(set) var exponent = 0

  /// Reads what Table Schema calls a number: sign, digits, point, exponent; or `NaN`, `INF`, `-INF`.
  init?(_ text: some Sequence<UInt8>) {
    var bytes = ArraySlice(text)
    if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") {
      isNegative = bytes.removeFirst() == UInt8(ascii: "-")
    }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "nan":
      kind = .notANumber
      isNegative = false
      return
    case "inf", "infinity":
      kind = .infinite
      return
    default: break
    }
    var seenDigit = false
    var seenPoint = false
    while let byte = bytes.first {
      if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        seenDigit = true
        if !seenPoint, !digits.isEmpty || byte != UInt8(ascii: "0") { exponent += 1 }
        if seenPoint, digits.isEmpty, byte == UInt8(ascii: "0") { exponent -= 1 }
        if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
      } else {
        break
      }
      bytes.removeFirst()
    }
    guard seenDigit else { return nil }
    if let byte = bytes.first {
      guard byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") else { return nil }
      // A power beyond a few digits is no number that anybody counts with; Int refuses what it cannot hold.
      guard let power = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), abs(power) <= 1_000_000 else {
        return nil
      }
      exponent += power
    }
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      exponent = 0
      isNegative = false
    }
  }

  static func < (a: DecimalNumber, b: DecimalNumber) -> Bool {
    if a.kind == .notANumber || b.kind == .notANumber || a == b { return false }
    if a.sign != b.sign { return a.sign < b.sign }
    let isSmaller = a.magnitudeIsLess(than: b)
    return a.isNegative ? !isSmaller : isSmaller
  }

  private var sign: Int { kind == .finite && digits.isEmpty ? 0 : isNegative ? -1 : 1 }

  /// Between different numbers of the same sign.
  private func magnitudeIsLess(than other: DecimalNumber) -> Bool {
    if kind == .infinite || other.kind == .infinite { return other.kind == .infinite }
    if exponent != other.exponent { return exponent < other.exponent }
    return digits.lexicographicallyPrecedes(other.digits)
  }
}
