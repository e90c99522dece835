import Base

extension TableRequest {
  /// The digits behind the point with which a field is to be kept: nil when it is not kept as numbers, and a nil
  /// inside when as many as it needs.
  func decimals(of field: Field) -> Int?? {
    if let wanted = decimals[field.name], field.type == .integer || field.type == .number {
      return .some(wanted.map { min(max(0, $0), DecimalNumber.maximumDecimals) })
    }
    return integers.contains(field.name) && field.type == .integer ? .some(0) : nil
  }
}

extension DecimalNumber {
  /// Ten to a higher power is beyond 64 bits.
  static let maximumDecimals = 18

  /// How many digits behind the point it takes to write this number.
  var digitsBehindPoint: Int { max(0, digits.count - exponent) }

  /// The number as a multiple of ten to the power of `-decimals`; nil when it is none, or none of 64 bits.
  func units(decimals: Int) -> Int64? {
    guard kind == .finite, digitsBehindPoint <= decimals, exponent + decimals <= 19 else { return nil }
    var value: Int64 = 0
    // Counted downwards, since the least integer has no positive counterpart.
    for place in 0..<max(0, exponent + decimals) {
      let digit = place < digits.count ? Int64(digits[place] - UInt8(ascii: "0")) : 0
      let (product, overflowA) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowB) = product.subtractingReportingOverflow(digit)
      if overflowA || overflowB { return nil }
      value = sum
    }
    if isNegative { return value }
    return value == .min ? nil : 0 - value
  }
}

extension Constraints {
  /// The least and the greatest multiple of the last digit that the bounds allow; nil when that alone does not decide.
  func range(decimals: Int) -> (minimum: Int64, maximum: Int64)? {
    guard enumeration == nil else { return nil }
    var range = (minimum: Int64.min, maximum: Int64.max)
    for (bound, step) in [(minimum, Int64(0)), (exclusiveMinimum, 1)] {
      guard let bound else { continue }
      guard let units = bound.units(decimals: decimals), units <= .max - step else { return nil }
      range.minimum = max(range.minimum, units + step)
    }
    for (bound, step) in [(maximum, Int64(0)), (exclusiveMaximum, 1)] {
      guard let bound else { continue }
      guard let units = bound.units(decimals: decimals), units >= .min + step else { return nil }
      range.maximum = min(range.maximum, units - step)
    }
    return range
  }
}

extension Constraints.Bound {
  fileprivate func units(decimals: Int) -> Int64? { DecimalNumber(trimmed(text.utf8))?.units(decimals: decimals) }
}

extension CellPlan {
  /// The number in a cell when it is plainly written, of at most eighteen digits, and in the range; else nil.
  @inline(__always)
  func units(of start: UnsafePointer<UInt8>, count: Int) -> Int64? {
    if count == 0 || count > 20 { return nil }
    let isNegative = start.pointee == UInt8(ascii: "-")
    var value: Int64 = 0
    var digits = 0
    var behind = 0
    var hasPoint = false
    for index in (isNegative ? 1 : 0)..<count {
      let digit = start[index] &- UInt8(ascii: "0")
      if digit <= 9 {
        value = value &* 10 &+ Int64(digit)
        digits += 1
        if hasPoint { behind += 1 }
      } else if start[index] == UInt8(ascii: "."), allowsPoint, !hasPoint {
        hasPoint = true
      } else {
        return nil
      }
    }
    if digits == 0 || digits > 18 { return nil }
    while behind > decimals {
      let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
      if remainder != 0 { return nil }
      value = quotient
      behind -= 1
    }
    while behind < decimals {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
      behind += 1
    }
    if isNegative { value = 0 - value }
    return value >= minimum && value <= maximum ? value : nil
  }
}

extension TableWorker {
  /// - Returns: whether the whole row is blank, and nothing more is to be said about it.
  mutating func readUnusualNumber(_ cell: CellPlan, column: Int, record: Int, row: Int, count: Int) -> Bool {
    if let isBlank = readIfMissing(cell, column: column, record: record, row: row, count: count) { return isBlank }
    let text = contents.bytes(column)
    let problems = plan.checks[cell.field].problems(of: text)
    for message in problems { report(record, cell.field, message) }
    guard problems.isEmpty, let number = DecimalNumber(trimmed(text)) else { return false }
    let digits = number.digitsBehindPoint
    if let units = number.units(decimals: cell.decimals) {
      cell.integers?[row] = units
    } else if digits > cell.decimals, digits <= DecimalNumber.maximumDecimals, plan.findsDecimals.contains(cell.field) {
      findings.neededDecimals[cell.field] = max(findings.neededDecimals[cell.field] ?? 0, digits)
    } else {
      let whole = contents.text(column)
      let plan = plan
      report(record, cell.field, plan.whyNotKept(number, text: whole, field: cell.field))
    }
    return false
  }
}

extension TablePlan {
  fileprivate func whyNotKept(_ number: DecimalNumber, text: String, field: Int) -> String {
    let decimals = decimals[field] ?? 0
    let digits = number.digitsBehindPoint
    if number.kind != .finite { return "\(quoted(text)) is no number that can be added" }
    if digits > decimals {
      let limit =
        findsDecimals.contains(field)
        ? "at most \(DecimalNumber.maximumDecimals) are supported" : "the measure has \(counted(decimals, "decimal"))"
      return "\(quoted(text)) has \(counted(digits, "digit")) behind the point; \(limit)"
    }
    let precision = decimals > 0 ? " with \(counted(decimals, "decimal"))" : ""
    return "\(quoted(text)) is beyond the range of a 64-bit integer\(precision)"
  }
}
