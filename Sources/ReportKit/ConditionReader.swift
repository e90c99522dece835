internal import Base

/// Reads the condition on one column: `>= 100`, `!= 0`, `nato`, `[nato, neither]`, `{ not: [nato] }`, `present`,
/// `missing`; `= missing` is the text.
package struct ConditionReader {
  let column: Column
  /// The name of the plugin.
  let step: String
  package private(set) var errors: [ParameterError] = []

  package init(column: Column, step: String) {
    self.column = column
    self.step = step
  }

  package mutating func read(_ input: ParameterInput, at path: [ParameterInput.Step]) -> Condition.Test? {
    switch input {
    case .text("present"): return .isPresent
    case .text("missing"): return .isMissing
    case .text(let text): return comparison(text, at: path)
    case .list: return operands(input, at: path).map { .isAmong($0) }
    case .mapping(let entries):
      guard entries.count == 1, let entry = entries.first, entry.key == "not" else {
        let key = entries.first { $0.key != "not" }?.key
        fail(
          "a condition on \(column.name) as a mapping is { not: value }"
            + (key.map { ", not \"\($0)\"" + didYouMean($0, among: ["not"]) } ?? ""),
          at: path + (key.map { [.key($0)] } ?? []))
        return nil
      }
      return operands(entry.value, at: path + [.value("not")]).map { .isNotAmong($0) }
    case .empty:
      fail("the condition on \(column.name) is empty; write missing for rows without a value", at: path)
      return nil
    }
  }

  private mutating func comparison(_ text: String, at path: [ParameterInput.Step]) -> Condition.Test? {
    // By bytes: a text may begin with a mark that makes one character of itself and the sign before it.
    func rest(behind sign: String) -> String? {
      text.utf8.starts(with: sign.utf8) ? trimmed(Substring(text.utf8.dropFirst(sign.utf8.count))) : nil
    }
    for comparison in Condition.Comparison.allCases {
      guard let rest = rest(behind: comparison.rawValue) else { continue }
      guard column.kind.isNumber else {
        fail("\(comparison.rawValue) compares numbers, and \(column.name) holds text", at: path)
        return nil
      }
      return number(rest, at: path).map { .compares(comparison, $0) }
    }
    if let rest = rest(behind: "!=") { return operand(rest, at: path).map { .isNotAmong([$0]) } }
    let value = text.utf8.starts(with: "==".utf8) ? text : rest(behind: "=") ?? text
    return operand(value, at: path).map { .isAmong([$0]) }
  }

  private mutating func operands(_ input: ParameterInput, at path: [ParameterInput.Step]) -> [Condition.Operand]? {
    switch input {
    case .text(let text): return operand(text, at: path).map { [$0] }
    case .list(let elements) where !elements.isEmpty:
      return elements.enumerated().compactMap { index, element in
        let place = path + [.element(index)]
        if case .text(let text) = element { return operand(text, at: place) }
        fail("a value for \(column.name) must be \(wanted), not \(element.summary)", at: place)
        return nil
      }
    case .list: fail("the list of values for \(column.name) must have at least one entry", at: path)
    case .mapping, .empty:
      fail("the values for \(column.name) must be \(wanted) or a list, not \(input.summary)", at: path)
    }
    return nil
  }

  private mutating func operand(_ text: String, at path: [ParameterInput.Step]) -> Condition.Operand? {
    if column.kind.isNumber { return number(text, at: path).map { .number($0) } }
    guard let values = column.values?.map(\.text) else { return .text(text) }
    // It is found in either form that Unicode takes for the same; in rows it stands as the list of values has it.
    if let value = values.first(where: { $0 == text }) { return .text(value) }
    let folded = values.filter { fold($0) == fold(text) }
    if folded.count == 1 { return .text(folded[0]) }
    errors.append(ParameterError(parameter: column.name, unknown: column.name, name: text, among: values, path: path))
    return nil
  }

  private mutating func number(_ text: String, at path: [ParameterInput.Step]) -> ExactDecimal? {
    if let number = ExactDecimal(text) { return number }
    // 0x10 and 0o10, as wherever an integer is written.
    if let integer = WrittenInteger(text)?.value { return ExactDecimal(units: Int128(integer), scale: 0) }
    fail("a value for \(column.name) must be \(wanted), not \"\(text)\"", at: path)
    return nil
  }

  private var wanted: String { column.kind.isNumber ? "a number such as 100 or 12.5" : "a text" }

  private mutating func fail(_ message: String, at path: [ParameterInput.Step]) {
    errors.append(ParameterError(parameter: column.name, message: message, path: path))
  }
}

/// Without spaces at both ends.
func trimmed(_ text: Substring) -> String {
  var bytes = text.utf8
  while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
  while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
  return String(Substring(bytes))
}
