internal import Model
internal import TabularPackage

/// The observations as columns: a code for every dimension, a value and a role for every row.
struct ObservationColumns: Sendable {
  let count: Int
  let dimensions: [CodeColumn]
  /// How many codes each dimension has.
  let shape: [Int]
  /// 0 where there is no number.
  let values: ColumnStorage<Int64>
  /// 0 where there is a number, else the index of the reason in the model, plus one.
  let reasons: ColumnStorage<UInt8>
  /// Nil when all observations are counted.
  let roles: CodeColumn?
  /// The number of reasons for which the measure can be missing.
  let reasonCount: Int
  /// Those of `reasons` that count as 0.
  var nilReasons: [UInt8] = []
  /// Whether no sum of counted observations, whichever they are, can leave 64 bits.
  let sumsFit: Bool

  init(
    count: Int, dimensions: [CodeColumn], shape: [Int], values: ColumnStorage<Int64>, reasons: ColumnStorage<UInt8>,
    roles: CodeColumn?, reasonCount: Int
  ) {
    self.count = count
    self.dimensions = dimensions
    self.shape = shape
    self.values = values
    self.reasons = reasons
    self.roles = roles
    self.reasonCount = reasonCount
    sumsFit = Self.sumsFit(values.base, count: count)
  }

  @inline(__always)
  func value(_ row: Int) -> ObservedValue {
    let reason = reasons.base[row]
    return reason == 0 ? .number(values.base[row]) : .missing(reason: Int(reason) - 1)
  }

  @inline(__always)
  func role(_ row: Int) -> Role {
    roles.flatMap { Role(rawValue: UInt8(truncatingIfNeeded: $0[row])) } ?? .counted
  }

  func codes(_ row: Int) -> [Int] { dimensions.map { $0[row] } }

  /// The sum of all magnitudes bounds the magnitude of every sum.
  private static func sumsFit(_ values: UnsafeMutablePointer<Int64>, count: Int) -> Bool {
    var bits: UInt64 = 0
    for row in 0..<count { bits |= values[row].magnitude }
    let (bound, overflows) = bits.multipliedReportingOverflow(by: UInt64(count))
    if !overflows, bound <= UInt64(Int64.max) { return true }
    var sum: UInt64 = 0
    for row in 0..<count {
      let (next, overflows) = sum.addingReportingOverflow(values[row].magnitude)
      if overflows || next > UInt64(Int64.max) { return false }
      sum = next
    }
    return true
  }
}
