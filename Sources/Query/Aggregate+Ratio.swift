package import Model

extension Aggregate {
  /// A ratio of what two measures come to, rounded once, half away from zero (MODEL, rule 6). It lacks what either lacks.
  package func divided(
    by per: Aggregate, _ ratio: Measure.Ratio, _ measure: Measure, in model: DatasetModel
  ) throws(SumOverflow) -> Aggregate {
    var result = try union(per)
    result.sum = nil
    // What parts of one measure and of another come to together means nothing.
    result.parts.sum = nil
    result.estimates = 0
    (result.lower, result.upper) = (nil, nil)
    guard result.notAdditive == nil, let dividend = sum, let divisor = per.sum else { return result }
    if divisor == 0 {
      result.isUndefined = true
      return result
    }
    // Both are whole numbers of their last digits.
    let shift = measure.decimals + model.measures[ratio.per].decimals - model.measures[ratio.of].decimals
    guard let scaled = dividend.multiplied(by: Int128(ratio.times))?.multiplied(byTenTo: max(0, shift)),
      let scaledDivisor = divisor.multiplied(byTenTo: max(0, -shift))
    else { throw SumOverflow() }
    result.sum = scaled.dividedHalfAwayFromZero(by: scaledDivisor)
    result.estimates = estimates + per.estimates
    if result.estimates > 0 {
      func quotient(_ above: Int128?, _ below: Int128?) -> Int128? {
        // Of negative numbers nobody can say which bound is which.
        guard let above, let below, above >= 0, below > 0 else { return nil }
        let units = above.multiplied(by: Int128(ratio.times))?.multiplied(byTenTo: max(0, shift))
        let divisor = below.multiplied(byTenTo: max(0, -shift))
        return units.flatMap { units in divisor.map { units.dividedHalfAwayFromZero(by: $0) } }
      }
      result.lower = quotient(estimates > 0 ? lower : sum, per.estimates > 0 ? per.upper : per.sum)
      result.upper = quotient(estimates > 0 ? upper : sum, per.estimates > 0 ? per.lower : per.sum)
    }
    return result
  }
}

extension Int128 {
  /// Nil beyond 128 bits.
  package func multiplied(by factor: Int128) -> Int128? {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    return overflows ? nil : product
  }

  /// Nil beyond 128 bits.
  package func multiplied(byTenTo power: Int) -> Int128? {
    var result: Int128? = self
    for _ in 0..<power { result = result?.multiplied(by: 10) }
    return result
  }

  /// The quotient, rounded to a whole number, a half away from zero.
  ///
  /// - Parameter divisor: not 0.
  package func dividedHalfAwayFromZero(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    // The remainder has the dividend's sign; a half is looked at without leaving 128 bits.
    let isUp = remainder.magnitude >= divisor.magnitude - remainder.magnitude
    return isUp && remainder != 0 ? quotient + ((self < 0) == (divisor < 0) ? 1 : -1) : quotient
  }
}
