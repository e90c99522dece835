/// An integer as it is written wherever people write one: in YAML without quotes, for a parameter of a report in YAML, on
/// the command line and in a call.
///
/// These are the integers of the core schema of YAML 1.2.2 (section 10.3.2) and no others: decimal digits with or without a
/// sign, of which the first may be zeros, `0o` with octal digits, and `0x` with hexadecimal ones. So `010` is ten.
public enum WrittenInteger: Hashable, Sendable {
  case value(Int)
  /// It does not fit 64 bits.
  case tooLarge

  /// Nil for a text that is no integer.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    var digits = bytes[...]
    var radix = 10
    var isNegative = false
    if bytes.starts(with: "0x".utf8) || bytes.starts(with: "0o".utf8) {
      radix = bytes[1] == UInt8(ascii: "x") ? 16 : 8
      digits = digits.dropFirst(2)
    } else if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      digits = digits.dropFirst()
    }
    guard !digits.isEmpty else { return nil }
    var value = 0
    var overflows = false
    for byte in digits {
      guard let digit = Self.digit(byte), digit < radix else { return nil }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: radix)
      let (sum, isBeyond) =
        isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      value = sum
      overflows = overflows || isTooLarge || isBeyond
    }
    self = overflows ? .tooLarge : .value(value)
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// The integer; nil when it does not fit 64 bits.
  public var value: Int? { if case .value(let value) = self { value } else { nil } }
}
