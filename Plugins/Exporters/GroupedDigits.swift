internal import ReportKit

/// What stands between each three digits of a number that people read.
enum Thousands: String, CaseIterable {
  /// Nothing, so that a number can be copied into a program.
  case none
  /// As in 1,234.5.
  case comma
  /// As in 1.234,5: the decimals then stand behind a comma.
  case point
  /// As in 1 234.5, with a narrow space at which no line breaks: what the International System of Units asks for.
  case space
  /// As in 1'234.5.
  case apostrophe

  static let parameter = Parameter.choice(
    "thousands",
    "What stands between each three digits before the decimals; with point, decimals stand behind a comma",
    default: Thousands.none
  ).quiet

  private var separator: String {
    switch self {
    case .none: ""
    case .comma: ","
    case .point: "."
    case .space: "\u{202F}"
    case .apostrophe: "'"
    }
  }

  /// The digits with separators; what is no number stays as it is.
  func text(_ value: Cell.Value) -> String {
    switch value {
    case .text, .missing: value.description
    case .integer, .decimal: self == .none ? value.description : grouped(value.description)
    }
  }

  /// What a cell of the column shows: a year has no thousands.
  func text(_ value: Cell.Value, in column: Column) -> String {
    column.time == .periods ? value.description : text(value)
  }

  /// - Parameter number: digits, with a sign before them or not, and a point before decimals.
  func grouped(_ number: String) -> String {
    let parts = number.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first else { return number }
    let digits = whole.drop { $0 == "-" }
    var result = whole.count > digits.count ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += separator }
      result.append(digit)
    }
    return parts.count == 2 ? "\(result)\(self == .point ? "," : ".")\(parts[1])" : result
  }
}
