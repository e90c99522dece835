/// Counts durations in microseconds, in buckets that are narrow where durations are short: exact below 32, and from
/// there on at most a sixteenth of what they count wide. Of fixed size, whatever is counted.
struct LatencyHistogram: Sendable {
  private static let bitsPerOctave = 4
  private static let bucketsPerOctave = 1 << bitsPerOctave
  /// Two to the power of this is the longest duration that is told from longer ones, some 12 days.
  private static let greatestExponent = 40
  private static let bucketCount = (greatestExponent - bitsPerOctave + 1) * bucketsPerOctave + 1

  private var counts = [Int](repeating: 0, count: bucketCount)
  private(set) var count = 0
  private(set) var sum: Int64 = 0
  /// Exact; 0 when nothing was counted.
  private(set) var maximum: Int64 = 0

  mutating func add(microseconds: Int64) {
    let value = max(0, microseconds)
    counts[Self.bucket(of: value)] += 1
    count += 1
    sum &+= value
    maximum = max(maximum, value)
  }

  /// The least duration that is not shorter than this share of all, from 0 to 1, by at most a sixteenth too long; 0
  /// when nothing was counted.
  func quantile(_ share: Double) -> Int64 {
    let rank = max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= rank { return min(maximum, Self.greatestValue(in: bucket)) }
    }
    return maximum
  }

  private static func bucket(of value: Int64) -> Int {
    let exponent = Int64.bitWidth - 1 - max(value, 1).leadingZeroBitCount
    if exponent <= bitsPerOctave { return Int(value) }
    if exponent >= greatestExponent { return bucketCount - 1 }
    let shift = exponent - bitsPerOctave
    return shift * bucketsPerOctave + Int(value >> Int64(shift))
  }

  /// The last bucket, which has no end, is only cut by the maximum.
  private static func greatestValue(in bucket: Int) -> Int64 {
    if bucket == bucketCount - 1 { return .max }
    if bucket < 2 * bucketsPerOctave { return Int64(bucket) }
    let shift = bucket / bucketsPerOctave - 1
    let position = bucket % bucketsPerOctave + bucketsPerOctave
    return Int64(position + 1) << Int64(shift) - 1
  }
}
