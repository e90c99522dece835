/// A type of the standard library that is one JSON value by itself.
protocol JSONScalar: Codable {
  /// What a message calls it.
  static var expected: String { get }
  /// Nil when the value is of another kind, or does not fit exactly.
  init?(json: JSONValue)
  /// Nil when JSON cannot express the value exactly.
  var json: JSONValue? { get }
}

extension Bool: JSONScalar {
  static var expected: String { "a bool" }
  init?(json: JSONValue) {
    guard case .bool(let value) = json else { return nil }
    self = value
  }
  var json: JSONValue? { .bool(self) }
}

extension String: JSONScalar {
  static var expected: String { "a string" }
  init?(json: JSONValue) {
    guard case .string(let value) = json else { return nil }
    self = value
  }
  var json: JSONValue? { .string(self) }
}

extension JSONScalar where Self: FixedWidthInteger {
  static var expected: String {
    let range = Int64(clamping: min)...Int64(clamping: max)
    return range == .min ... .max ? "an integer" : "an integer from \(range.lowerBound) to \(range.upperBound)"
  }
  init?(json: JSONValue) {
    guard case .integer(let value) = json else { return nil }
    self.init(exactly: value)
  }
  var json: JSONValue? { Int64(exactly: self).map(JSONValue.integer) }
}

extension Int: JSONScalar {}
extension Int8: JSONScalar {}
extension Int16: JSONScalar {}
extension Int32: JSONScalar {}
extension Int64: JSONScalar {}
extension Int128: JSONScalar {}
extension UInt: JSONScalar {}
extension UInt8: JSONScalar {}
extension UInt16: JSONScalar {}
extension UInt32: JSONScalar {}
extension UInt64: JSONScalar {}
extension UInt128: JSONScalar {}

extension JSONScalar where Self: BinaryFloatingPoint {
  static var expected: String { "a number" }
  /// Rounds to the nearest value of this type; what rounds to infinity does not fit.
  init?(json: JSONValue) {
    switch json {
    case .integer(let value): self.init(value)
    case .double(let value): self.init(value)
    default: return nil
    }
    if !isFinite { return nil }
  }
  var json: JSONValue? { isFinite ? .double(Double(self)) : nil }
}

extension Double: JSONScalar {}
extension Float: JSONScalar {}
