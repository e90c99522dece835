public import Base

/// What the cells of one column must be like.
///
/// A missing cell meets only `missing`: nobody knows whether its number is large, or differs from another.
public struct Condition: Hashable, Sendable {
  /// What is asked of a cell.
  public enum Test: Hashable, Sendable {
    case isPresent
    case isMissing
    /// Equal to one of these.
    case isAmong([Operand])
    /// Equal to none of these.
    case isNotAmong([Operand])
    case compares(Comparison, ExactDecimal)
  }

  /// What a cell is compared with: numbers by their value, whatever their scale.
  public enum Operand: Hashable, Sendable {
    case text(String)
    case number(ExactDecimal)
  }

  /// How two numbers stand to each other, by the sign that is written for it.
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    // Each before those that begin with it.
    case atLeast = ">="
    case atMost = "<="
    case more = ">"
    case less = "<"
  }

  /// The name of the column.
  @ExactText public var column: String
  /// Its place among the columns of the table.
  public var index: Int
  /// What is asked of its cells.
  public var test: Test

  /// - Parameter index: the place of the column in the table.
  public init(column: String, index: Int, _ test: Test) {
    self.column = column
    self.index = index
    self.test = test
  }

  /// Whether a value is as the condition asks; a text meets no comparison of numbers.
  public func isMet(by value: Cell.Value) -> Bool {
    guard let operand = Operand(value) else { return test == .isMissing }
    return switch test {
    case .isPresent: true
    case .isMissing: false
    case .isAmong(let operands): operands.contains { $0.equals(operand) }
    case .isNotAmong(let operands): !operands.contains { $0.equals(operand) }
    case .compares(let comparison, let bound): operand.number.map { comparison.holds($0, bound) } ?? false
    }
  }
}

extension Condition.Operand {
  /// Whether both are written alike, texts by their bytes.
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): hasSameBytes(a, b)
    case (.number(let a), .number(let b)): a == b
    case (.text, .number), (.number, .text): false
    }
  }

  /// Texts by their bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let text): hasher.combine(ExactText(text))
    case .number(let number): hasher.combine(number)
    }
  }

  fileprivate init?(_ value: Cell.Value) {
    switch value {
    case .text(let text): self = .text(text)
    case .integer(let integer): self = .number(ExactDecimal(units: Int128(integer), scale: 0))
    case .decimal(let decimal): self = .number(decimal)
    case .missing: return nil
    }
  }

  fileprivate var number: ExactDecimal? {
    if case .number(let number) = self { number } else { nil }
  }

  fileprivate func equals(_ other: Self) -> Bool {
    switch (self, other) {
    case (.text(let a), .text(let b)): hasSameBytes(a, b)
    case (.number(let a), .number(let b)): a.isSameNumber(as: b)
    case (.text, .number), (.number, .text): false
    }
  }
}

extension Condition.Comparison {
  fileprivate func holds(_ a: ExactDecimal, _ b: ExactDecimal) -> Bool {
    switch self {
    case .atLeast: a.isSameNumber(as: b) || b < a
    case .atMost: a.isSameNumber(as: b) || a < b
    case .more: !a.isSameNumber(as: b) && b < a
    case .less: !a.isSameNumber(as: b) && a < b
    }
  }
}

extension Condition: CustomStringConvertible {
  /// Such as `released >= 100`, `bloc is nato or neither`, `total is missing`.
  public var description: String {
    switch test {
    case .isPresent, .isMissing: "\(column) is \(test)"
    case .isAmong(let operands): "\(column) is \(operands.map(\.description).joined(separator: " or "))"
    case .isNotAmong(let operands): "\(column) is not \(operands.map(\.description).joined(separator: " or "))"
    case .compares: "\(column) \(test)"
    }
  }
}

extension Condition.Test: CustomStringConvertible {
  /// As it is written in a configuration.
  public var description: String {
    switch self {
    case .isPresent: "present"
    case .isMissing: "missing"
    case .isAmong(let operands): written(operands)
    case .isNotAmong(let operands): operands.count == 1 ? "!= \(operands[0])" : "{ not: \(written(operands)) }"
    case .compares(let comparison, let bound): "\(comparison.rawValue) \(bound)"
    }
  }

  private func written(_ operands: [Condition.Operand]) -> String {
    operands.count == 1 ? operands[0].description : "[\(operands.map(\.description).joined(separator: ", "))]"
  }
}

extension Condition.Operand: CustomStringConvertible {
  /// As it is written in a configuration, without quotes.
  public var description: String {
    switch self {
    case .text(let text): text
    case .number(let number): number.description
    }
  }
}
