/// Where periods stand on the axis of time: years, months or days at their distances, any other texts side by side.
struct ChartTime {
  private enum Step {
    case year, month, day, place
  }

  private let step: Step
  private let names: [String]
  /// By period, ascending in the order of `order`.
  let positions: [Double]
  /// The periods by time.
  let order: [Int]

  init(_ names: [String]) {
    self.names = names
    let dates = names.compactMap { Self.date($0) }
    let counts = Set(dates.map(\.count))
    if dates.count == names.count, counts.count == 1, let count = counts.first {
      step = [.year, .month, .day][count - 1]
      positions = dates.map(Self.position)
    } else {
      step = .place
      positions = names.indices.map(Double.init)
    }
    order = positions.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
  }

  /// A period that is there twice; nil where none is.
  var twice: String? {
    if step == .place {
      // By bytes: what is the same text for Unicode in other characters is another place.
      var seen: Set<[UInt8]> = []
      return names.first { !seen.insert(Array($0.utf8)).inserted }
    }
    return zip(order, order.dropFirst()).first { positions[$0] == positions[$1] }.map { names[$1] }
  }

  /// From 0 for the first period to 1 for the last one.
  func fraction(_ position: Double) -> Double {
    guard let first = order.first, let last = order.last, positions[first] < positions[last] else { return 0.5 }
    return (position - positions[first]) / (positions[last] - positions[first])
  }

  /// Whether periods lack between two that follow each other: they are farther from each other than most are.
  func isGap(from first: Int, to second: Int) -> Bool {
    step != .place && positions[second] - positions[first] > 1.5 * usualDistance
  }

  private var usualDistance: Double {
    let distances = zip(order, order.dropFirst()).map { positions[$1] - positions[$0] }.sorted()
    return distances.isEmpty ? 1 : distances[distances.count / 2]
  }

  /// What is written on the axis, at most so many texts: round years where there are years enough, else names of periods.
  func ticks(atMost limit: Int) -> [(position: Double, text: String)] {
    guard let first = order.first, let last = order.last else { return [] }
    let perYear =
      switch step {
      case .year: 1.0
      case .month: 12.0
      case .day: 365.2425
      case .place: 0.0
      }
    let years = perYear == 0 ? 0 : (positions[last] - positions[first]) / perYear
    if step == .year || years >= 3 {
      let (from, to) = (Self.date(names[first])?[0] ?? 0, Self.date(names[last])?[0] ?? 0)
      for distance in [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] where (to - from) / distance < limit {
        let year = { (year: Int) in
          Self.position(Array([year, 1, 1].prefix(step == .year ? 1 : step == .month ? 2 : 3)))
        }
        return stride(from: from - from % distance, through: to, by: distance)
          .filter { year($0) >= positions[first] && year($0) <= positions[last] }.map { (year($0), String($0)) }
      }
    }
    let each = (order.count - 1) / limit + 1
    return stride(from: 0, to: order.count, by: each).map { (positions[order[$0]], names[order[$0]]) }
  }

  /// Year, month and day of `1955`, `1955-07` or `1955-07-04`; nil for any other text.
  private static func date(_ text: String) -> [Int]? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard (1...3).contains(parts.count), numbers.count == parts.count, parts[0].utf8.count <= 4,
      parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }), numbers.dropFirst().allSatisfy({ (1...31).contains($0) }),
      numbers.count < 2 || numbers[1] <= 12
    else { return nil }
    return numbers
  }

  /// In years, months or days.
  private static func position(_ date: [Int]) -> Double {
    switch date.count {
    case 1: return Double(date[0])
    case 2: return Double(date[0] * 12 + date[1] - 1)
    default:
      // Days since the first of March of the year 0 (Hinnant, "chrono-compatible low-level date algorithms").
      let year = date[1] > 2 ? date[0] : date[0] - 1
      let month = (date[1] + 9) % 12
      return Double(year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date[2] - 1)
    }
  }
}
