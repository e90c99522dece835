internal import Base

extension ValueReader where Value == String {
  /// Any scalar but null, with the text as it is written: `version: 1.10` is `1.10`, `country: no` is `no`.
  public static var text: Self { text(wanted: "text") { _ in true } }

  /// As `text`, and not empty.
  public static var name: Self { text(wanted: "a text that is not empty") { !$0.isEmpty } }

  /// One of `choices`, with `-` and `_` taken for each other when nothing matches exactly.
  public static func choice(of choices: [String]) -> Self {
    ValueReader { node, label, problems in choose(node, label, choices, problems) }
  }

  private static func text(wanted: String, _ isWanted: @escaping (String) -> Bool) -> Self {
    ValueReader { node, label, problems in
      guard let scalar = node.scalar, scalar.isText, isWanted(scalar.text) else {
        let hint = node.isNull && node.scalar?.text.isEmpty == false ? "; quote it if it is meant as text" : ""
        problems.reportMismatch(node, label: label, wanted: wanted, hint: hint)
        return nil
      }
      return scalar.text
    }
  }
}

extension ValueReader where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases, with `-` and `_` taken for each other when nothing matches exactly.
  public static var choice: Self {
    ValueReader { node, label, problems in
      choose(node, label, Value.allCases.map(\.rawValue), problems).flatMap(Value.init(rawValue:))
    }
  }
}

extension ValueReader where Value == Bool {
  /// `true` or `false`, and none of the other words of YAML 1.1.
  public static var bool: Self {
    ValueReader { node, label, problems in
      if case .boolean(let value)? = node.scalar?.meaning { return value }
      let hint =
        switch node.scalar?.text.lowercased() {
        case "true", "yes", "on", "y": "; write true"
        case "false", "no", "off", "n": "; write false"
        default: ""
        }
      let quotes = hint.isEmpty || node.scalar?.style == .plain ? "" : " without quotes"
      problems.reportMismatch(node, label: label, wanted: "true or false", hint: hint + quotes)
      return nil
    }
  }
}

extension ValueReader where Value == Int {
  /// A decimal integer, or one that begins with `0x` or `0o` (`WrittenInteger`).
  public static func integer(in range: ClosedRange<Int> = Int.min...Int.max) -> Self {
    ValueReader { node, label, problems in
      let bounds = rangePhrase(
        range.lowerBound == .min ? nil : "\(range.lowerBound)", range.upperBound == .max ? nil : "\(range.upperBound)")
      let wanted = "an integer" + bounds
      switch node.scalar?.meaning {
      case .integer(let value):
        if range.contains(value) { return value }
        problems.reportMismatch(node, label: label, wanted: wanted)
      case .hugeInteger:
        let isFull = range == Int.min...Int.max
        problems.reportMismatch(node, label: label, wanted: isFull ? "an integer that fits 64 bits" : wanted)
      default:
        let hint = node.scalar.map(integerHint) ?? ""
        problems.reportMismatch(node, label: label, wanted: wanted, hint: hint)
      }
      return nil
    }
  }

  private static func integerHint(_ scalar: Scalar) -> String {
    func isInteger(_ text: String) -> Bool {
      if case .integer = Scalar(text: text, style: .plain).meaning { true } else { false }
    }
    if scalar.text.utf8.count > 40 { return "" }
    if isInteger(scalar.text) { return "; write \(scalar.text) without quotes" }
    let joined = String(scalar.text.filter { $0 != "_" })
    if joined != scalar.text, isInteger(joined) { return "; write \(joined)" }
    return ""
  }
}

extension Scalar {
  /// Whether it may be read as text.
  var isText: Bool { tag == .string || (tag == nil && !isNull) }
}

/// ` between 1 and 10`, ` of at least 1`, ` of at most 10`, or nothing.
func rangePhrase(_ minimum: String?, _ maximum: String?) -> String {
  switch (minimum, maximum) {
  case (nil, nil): ""
  case (nil, let maximum?): " of at most \(maximum)"
  case (let minimum?, nil): " of at least \(minimum)"
  case (let minimum?, let maximum?): " between \(minimum) and \(maximum)"
  }
}

private func choose(
  _ node: Node, _ label: String, _ choices: [String], _ problems: ProblemCollector
) -> String? {
  guard let scalar = node.scalar, scalar.isText else {
    problems.reportMismatch(node, label: label, wanted: alternatives(choices))
    return nil
  }
  if choices.contains(scalar.text) { return scalar.text }
  func folded(_ text: String) -> String { String(text.map { $0 == "-" ? "_" : $0 }) }
  if let choice = choices.first(where: { folded($0) == folded(scalar.text) }) { return choice }
  problems.report(
    "\(label) must be \(alternatives(choices)), not \(quoted(scalar.text))"
      + problems.suggestion(for: scalar.text, among: choices), at: node)
  return nil
}

/// `"csv", "json" or "table"`; a long list is cut.
private func alternatives(_ choices: [String]) -> String {
  let shown = choices.prefix(12).map { quoted($0) }
  if choices.count > shown.count {
    return shown.joined(separator: ", ") + " or one of \(choices.count - shown.count) others"
  }
  return shown.count < 2
    ? shown.joined() : shown.dropLast().joined(separator: ", ") + " or " + (shown.last ?? "")
}
