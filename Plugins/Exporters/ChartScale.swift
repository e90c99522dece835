/// The axis of a chart: round numbers at equal distances, from one at or below the least value to one at or above the
/// greatest, with 0 among them.
struct ChartScale: Equatable {
  /// Ascending; at least two.
  let ticks: [Int128]

  init(minimum: Int128, maximum: Int128, tickCount: Int) {
    let minimum = min(0, minimum)
    let maximum = max(0, maximum, minimum == 0 ? 1 : 0)
    let step = Self.step(atLeast: (maximum - minimum + Int128(tickCount) - 1) / Int128(tickCount))
    let first = -((-minimum + step - 1) / step)
    let last = (maximum + step - 1) / step
    ticks = (first...last).map { $0 * step }
  }

  /// 0 for the least tick, 1 for the greatest.
  func fraction(_ value: Int128) -> Double {
    Double(value - ticks[0]) / Double(ticks[ticks.count - 1] - ticks[0])
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
