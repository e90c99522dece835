internal import JSON

/// How a format writes the values of cells: numbers with all their digits everywhere, the rest as the format has it.
public struct ValueSpelling: Sendable {
  private let missing: [UInt8]
  private let text: @Sendable (_ text: String, _ bytes: inout [UInt8]) -> Void

  /// - Parameters:
  ///   - missing: what stands for any missing value.
  ///   - text: appends a text with its quotes and escapes.
  public init(
    missing: String, text: @escaping @Sendable (_ text: String, _ bytes: inout [UInt8]) -> Void
  ) {
    self.missing = Array(missing.utf8)
    self.text = text
  }

  /// A missing value is null, a decimal a number.
  public static let json = ValueSpelling(missing: "null") { JSON.writeJSON($0, to: &$1) }

  /// Appends the value.
  public func write(_ value: Cell.Value, to bytes: inout [UInt8]) {
    switch value {
    case .text(let text): write(text, to: &bytes)
    case .integer(let integer): write(integer, to: &bytes)
    case .decimal(let decimal): decimal.write(to: &bytes)
    case .missing: writeMissing(to: &bytes)
    }
  }

  func write(_ text: String, to bytes: inout [UInt8]) { self.text(text, &bytes) }
  func write(_ integer: Int64, to bytes: inout [UInt8]) { JSON.writeJSON(integer, to: &bytes) }
  func writeMissing(to bytes: inout [UInt8]) { bytes += missing }
}

extension ExactDecimal {
  /// Appends its `description`, without a String in between.
  func write(to bytes: inout [UInt8]) {
    guard let units = Int64(exactly: units) else {
      bytes += description.utf8
      return
    }
    JSON.writeJSON(units, to: &bytes)
    if scale == 0 { return }
    let digits = String(units.magnitude).utf8.count
    if digits <= scale {
      bytes.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: scale + 1 - digits), at: bytes.count - digits)
    }
    bytes.insert(UInt8(ascii: "."), at: bytes.count - scale)
  }
}
