/// A decimal number, exact: `units` divided by ten to the power of `scale`.
///
/// Equal numbers of different scale are not equal values: 12.50 says more than 12.5.
public struct ExactDecimal: Hashable, Sendable {
  /// The number without its point: 125 for 1.25.
  public var units: Int64
  /// How many digits stand behind the point; from 0 to 18.
  public var scale: Int

  /// - Parameter scale: digits behind the point, brought into 0 to 18.
  public init(units: Int64, scale: Int) {
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
      let units = Int64(whole + fraction)
    else { return nil }
    self.init(units: units, scale: fraction.count)
  }
}

extension ExactDecimal: Comparable {
  /// By value, and of equal numbers the one with fewer digits first.
  public static func < (a: ExactDecimal, b: ExactDecimal) -> Bool {
    let scale = max(a.scale, b.scale)
    let (left, right) = (a.units(atScale: scale), b.units(atScale: scale))
    return left == right ? a.scale < b.scale : left < right
  }

  private func units(atScale wanted: Int) -> Int128 {
    (scale..<wanted).reduce(Int128(units)) { units, _ in units * 10 }
  }
}

extension ExactDecimal {
  /// The exact sum at the larger of both scales; nil when it does not fit.
  public func adding(_ other: ExactDecimal) -> ExactDecimal? {
    let scale = max(self.scale, other.scale)
    return Int64(exactly: units(atScale: scale) + other.units(atScale: scale)).map {
      ExactDecimal(units: $0, scale: scale)
    }
  }
}

extension ExactDecimal {
  /// Whether both are the same number, however many digits of it are said.
  public func isSameNumber(as other: ExactDecimal) -> Bool {
    let scale = max(self.scale, other.scale)
    return units(atScale: scale) == other.units(atScale: scale)
  }
}
