extension ExactDecimal {
  /// The exact difference at the larger of both scales; nil when it does not fit.
  public func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
    let (negated, overflows) = Int128(0).subtractingReportingOverflow(other.units)
    return overflows ? nil : adding(ExactDecimal(units: negated, scale: other.scale))
  }

  /// The quotient times a whole number, rounded once, half away from zero; nil when the divisor is 0, or when the quotient
  /// or what it is computed from does not fit.
  ///
  /// - Parameter digits: how many stand behind the point.
  public func quotient(by divisor: ExactDecimal, times factor: Int = 1, digits: Int) -> ExactDecimal? {
    if divisor.units == 0 { return nil }
    // Powers of ten that both have in common would only make the numbers larger.
    let shift = divisor.scale + digits - scale
    let numerator = units.multiplied(by: Int128(factor))?.timesTen(toThe: max(0, shift))
    guard let numerator, let denominator = divisor.units.timesTen(toThe: max(0, -shift)) else { return nil }
    var (quotient, remainder) = numerator.magnitude.quotientAndRemainder(dividingBy: denominator.magnitude)
    if remainder >= denominator.magnitude - remainder { quotient += 1 }
    guard let size = Int128(exactly: quotient) else { return nil }
    return ExactDecimal(units: (numerator < 0) == (denominator < 0) ? size : -size, scale: digits)
  }
}

extension Int128 {
  fileprivate func multiplied(by other: Int128) -> Int128? {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? nil : product
  }

  fileprivate func timesTen(toThe power: Int) -> Int128? {
    var result = self
    for _ in 0..<power {
      guard let product = result.multiplied(by: 10) else { return nil }
      result = product
    }
    return result
  }
}
