/// Arithmetic on numbers from outside, such as times of files and counts in replies: they may be anything, and what goes
/// beyond the type's range becomes its nearest number.
extension FixedWidthInteger {
  /// The sum, within the range of the type.
  public func addingClamped(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, within the range of the type.
  public func subtractingClamped(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The product, within the range of the type.
  public func multipliedClamped(by other: Self) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
