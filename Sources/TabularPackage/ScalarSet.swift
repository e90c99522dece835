/// A set of Unicode scalars as disjoint ascending ranges of their numbers.
struct ScalarSet: Sendable {
  private(set) var ranges: [ClosedRange<UInt32>] = []

  static let maximum: UInt32 = 0x10FFFF

  init() {}

  init(_ scalars: [Unicode.Scalar]) {
    for scalar in scalars { insert(scalar.value...scalar.value) }
  }

  /// The number of the only member.
  var single: UInt32? {
    guard ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }

  func contains(_ value: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(value)
  }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    formUnion(ScalarSet(ranges: [range]))
  }

  mutating func formUnion(_ other: ScalarSet) {
    var merged: [ClosedRange<UInt32>] = []
    for range in (ranges + other.ranges).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    ranges = merged
  }

  var inverted: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= Self.maximum { gaps.append(next...Self.maximum) }
    return ScalarSet(ranges: gaps)
  }

  private init(ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

  /// All scalars for which a predicate holds; asks for each one.
  private init(where isMember: (Unicode.Scalar) -> Bool) {
    var start: UInt32?
    for value in 0...Self.maximum + 1 {
      if let scalar = Unicode.Scalar(value), value <= Self.maximum, isMember(scalar) {
        if start == nil { start = value }
      } else if let first = start {
        ranges.append(first...value - 1)
        start = nil
      }
    }
  }

  /// Decimal digits of all scripts, as `\d` in Python and XML Schema.
  static let digits = ScalarSet { $0.properties.generalCategory == .decimalNumber }

  static let whiteSpace = ScalarSet { $0.properties.isWhitespace || (0x1C...0x1F).contains($0.value) }

  /// Letters, numbers and the underscore, as `\w` in Python.
  static let wordScalars = ScalarSet { scalar in
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      true
    default: scalar == "_"
    }
  }
}
