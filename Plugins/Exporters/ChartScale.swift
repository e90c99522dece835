internal import ReportKit

/// The axis of a chart: round numbers at equal distances, from one at or below the least value to one at or above the
/// greatest, with 0 among them unless it is told that it need not be.
struct ChartScale: Equatable {
  /// Ascending; at least two.
  let ticks: [Int128]

  init(minimum: Int128, maximum: Int128, tickCount: Int, hasZero: Bool = true) {
    let low = hasZero ? min(0, minimum) : minimum
    var high = hasZero ? max(0, maximum) : maximum
    if high == low { high += 1 }
    let step = Self.step(atLeast: (high - low + Int128(tickCount) - 1) / Int128(tickCount))
    ticks = (Self.floor(low, step)...(-Self.floor(-high, step))).map { $0 * step }
  }

  /// 0 for the least tick, 1 for the greatest.
  func fraction(_ value: Int128) -> Double {
    Double(value - ticks[0]) / Double(ticks[ticks.count - 1] - ticks[0])
  }

  /// How many steps are below the value or at it.
  private static func floor(_ value: Int128, _ step: Int128) -> Int128 {
    value >= 0 ? value / step : -((-value + step - 1) / step)
  }

  /// The least of 1, 2, 5, 10, 20, 50 and so on.
  private static func step(atLeast minimum: Int128) -> Int128 {
    var power: Int128 = 1
    while true {
      for factor: Int128 in [1, 2, 5] where factor * power >= minimum { return factor * power }
      power *= 10
    }
  }
}

/// In what units the numbers of a chart are drawn: as whole numbers of the last digit that any of them has, or of a larger
/// one where they would be too large to be computed with.
struct ChartUnits: Equatable {
  /// Larger numbers are drawn as this.
  private static let limit: Int128 = 1_000_000_000_000_000_000_000_000_000_000_000
  /// How many digits stand behind the point.
  let decimals: Int

  init(_ numbers: [ExactDecimal]) {
    var decimals = numbers.map(\.scale).max() ?? 0
    while decimals > 0, numbers.contains(where: { Self.units($0, decimals).magnitude >= Self.limit.magnitude }) {
      decimals -= 1
    }
    self.decimals = decimals
  }

  /// The number in these units.
  func callAsFunction(_ number: ExactDecimal) -> Int128 { Self.units(number, decimals) }

  /// The number of a cell in these units; nil where there is none.
  func callAsFunction(_ cell: Cell) -> Int128? { cell.value.asDecimal.map { self($0) } }

  /// For the axis: without decimals that are 0, and with a narrow space between each three digits.
  func text(_ units: Int128) -> String {
    var text = ExactDecimal(units: units, scale: decimals).description
    if decimals > 0 {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return Thousands.space.grouped(text)
  }

  private static func units(_ number: ExactDecimal, _ decimals: Int) -> Int128 {
    var units = number.units
    if number.scale > decimals {
      for _ in decimals..<number.scale { units /= 10 }
    } else {
      units = number.units(atScale: decimals) ?? (units < 0 ? -limit : limit)
    }
    return min(max(units, -limit), limit)
  }
}
