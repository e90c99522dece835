import Base

/// Applies a field's type to the text of a cell.
struct CellReader: Sendable {
  let type: FieldType
  let trueValues: [String]
  let falseValues: [String]

  func read(_ text: String) -> CellValue? {
    var text = text
    return text.withUTF8 { read($0) }
  }

  /// The value of a text that is valid UTF-8 and not missing; nil when it is not of the type.
  func read(_ text: UnsafeBufferPointer<UInt8>) -> CellValue? {
    switch type {
    case .string, .any: .string(String(decoding: text, as: UTF8.self))
    case .integer: parseInteger(text).value.map { .integer($0) }
    case .number: DecimalNumber(trimmed(text)).map { .number($0) }
    case .boolean: readBoolean(String(decoding: text, as: UTF8.self))
    case .date: parseDate(text).map { .date($0) }
    case .year: parseYear(text).map { .date($0) }
    case .yearmonth: parseYearmonth(text).map { .date($0) }
    }
  }

  private func readBoolean(_ text: String) -> CellValue? {
    func isAmong(_ values: [String]) -> Bool { values.contains { hasSameBytes($0, text) } }
    return isAmong(falseValues) ? .boolean(false) : isAmong(trueValues) ? .boolean(true) : nil
  }
}

enum IntegerText: Equatable {
  case value(Int64)
  /// An integer, but beyond 64 bits.
  case tooLarge
  case malformed

  var value: Int64? { if case .value(let value) = self { value } else { nil } }
}

/// A sign and digits, with white space around them as the reference implementation allows.
func parseInteger(_ text: some Collection<UInt8>) -> IntegerText {
  var digits = trimmed(text)
  let sign = digits.first
  let isNegative = sign == UInt8(ascii: "-")
  if isNegative || sign == UInt8(ascii: "+") { digits = digits.dropFirst() }
  if digits.isEmpty { return .malformed }
  var value: Int64 = 0
  var overflows = false
  for byte in digits {
    let digit = byte &- UInt8(ascii: "0")
    if digit > 9 { return .malformed }
    let (product, overflowA) = value.multipliedReportingOverflow(by: 10)
    let (sum, overflowB) = product.subtractingReportingOverflow(Int64(digit))
    overflows = overflows || overflowA || overflowB
    value = sum
  }
  // Counted downwards, since the least integer has no positive counterpart.
  if !isNegative, !overflows, value == .min { overflows = true }
  return overflows ? .tooLarge : .value(isNegative ? value : 0 &- value)
}

/// A date as YYYY-MM-DD of the Gregorian calendar, as one ascending number.
func parseDate(_ text: some Collection<UInt8>) -> Int? {
  let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
  guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count), (1...2).contains(parts[2].count),
    let year = digits(parts[0]), let month = digits(parts[1]), let day = digits(parts[2]),
    year >= 1, (1...12).contains(month)
  else { return nil }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  guard (1...lengths[month - 1]).contains(day) else { return nil }
  return (year * 100 + month) * 100 + day
}

func parseYear(_ text: some Collection<UInt8>) -> Int? {
  text.count == 4 ? digits(text) : nil
}

/// A year and a month as YYYY-MM, as one ascending number.
func parseYearmonth(_ text: some Collection<UInt8>) -> Int? {
  let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
  guard parts.count == 2, let year = parseYear(parts[0]), parts[1].count == 2, let month = digits(parts[1]),
    (1...12).contains(month)
  else { return nil }
  return year * 100 + month
}

private func digits(_ text: some Collection<UInt8>) -> Int? {
  var value = 0
  for byte in text {
    let digit = byte &- UInt8(ascii: "0")
    if digit > 9 { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}

/// Without white space around it.
func trimmed<Text: Collection<UInt8>>(_ text: Text) -> Text.SubSequence {
  var text = text[...]
  func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  while let first = text.first, isSpace(first) { text = text.dropFirst() }
  var end = text.count
  for (offset, byte) in text.enumerated() where !isSpace(byte) { end = offset + 1 }
  return text.prefix(text.isEmpty ? 0 : end)
}
