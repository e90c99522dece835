/// A decimal number, exact: `units` divided by ten to the power of `scale`.
///
/// Equal numbers of different scale are not equal values: 12.50 says more than 12.5.
public struct ExactDecimal: Hashable, Sendable {
  /// The number without its point: 125 for 1.25.
  public var units: Int128
  /// How many digits stand behind the point; from 0 to 18.
  public var scale: Int

  /// - Parameter scale: digits behind the point, brought into 0 to 18.
  public init(units: Int128, scale: Int) {
    self.units = units
    self.scale = min(max(scale, 0), 18)
  }
}

extension ExactDecimal: CustomStringConvertible {
  /// Such as `-0.5`, with a point in any locale: valid JSON as well.
  public var description: String {
    if scale == 0 { return String(units) }
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return (units < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}

extension ExactDecimal: LosslessStringConvertible {
  /// Digits with at most one point among them and a sign before them; nil for anything else, or more than 18 digits
  /// behind the point.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole != "-", whole != "+" else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    if parts.count == 2 && fraction.isEmpty { return nil }
    guard fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) }), fraction.count <= 18,
      let units = Int128(whole + fraction)
    else { return nil }
    self.init(units: units, scale: fraction.count)
  }
}

extension ExactDecimal: Comparable {
  /// By value, and of equal numbers the one with fewer digits first.
  public static func < (a: ExactDecimal, b: ExactDecimal) -> Bool {
    let scale = max(a.scale, b.scale)
    guard let left = a.units(atScale: scale), let right = b.units(atScale: scale) else {
      // Only one beyond all numbers of that scale does not fit: it is larger by its size.
      return a.units(atScale: scale) == nil ? a.units < 0 : b.units > 0
    }
    return left == right ? a.scale < b.scale : left < right
  }

  /// The number in other units; nil when it does not fit.
  public func units(atScale wanted: Int) -> Int128? {
    var units = units
    for _ in scale..<max(scale, wanted) {
      let (product, overflows) = units.multipliedReportingOverflow(by: 10)
      if overflows { return nil }
      units = product
    }
    return units
  }
}

extension ExactDecimal {
  /// The exact sum at the larger of both scales; nil when it does not fit.
  public func adding(_ other: ExactDecimal) -> ExactDecimal? {
    let scale = max(self.scale, other.scale)
    guard let left = units(atScale: scale), let right = other.units(atScale: scale) else { return nil }
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? nil : ExactDecimal(units: sum, scale: scale)
  }
}

extension ExactDecimal {
  /// Whether both are the same number, however many digits of it are said.
  public func isSameNumber(as other: ExactDecimal) -> Bool {
    let scale = max(self.scale, other.scale)
    guard let own = units(atScale: scale), let others = other.units(atScale: scale) else { return false }
    return own == others
  }

  /// Nothing, without decimals.
  public static let zero = ExactDecimal(units: 0, scale: 0)
}
