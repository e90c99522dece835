/// A text in double quotes for a message: on one line, shortened, with everything that does not print or hides escaped.
///
/// - Parameters:
///   - limit: how many Unicode scalars are shown; `…` stands for the rest.
///   - escapingBackslash: false for a text in which people expect to read backslashes as they wrote them: a pattern.
public func quoted(_ text: some StringProtocol, limit: Int = 60, escapingBackslash: Bool = true) -> String {
  var result = "\""
  append(text, to: &result, limit: limit) { $0 == "\"" || ($0 == "\\" && escapingBackslash) }
  return result + "\""
}

/// A text for a message without quotes around it: on one line, shortened, with everything that does not print or hides
/// escaped.
///
/// - Parameter limit: how many Unicode scalars are shown; `…` stands for the rest.
public func abbreviated(_ text: some StringProtocol, limit: Int = 40) -> String {
  var result = ""
  append(text, to: &result, limit: limit) { _ in false }
  return result
}

private func append(
  _ text: some StringProtocol, to result: inout String, limit: Int, escaping isEscaped: (Unicode.Scalar) -> Bool
) {
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == limit {
      result += "…"
      return
    }
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where isEscaped(scalar): result += "\\\(scalar)"
    case _ where isHidden(scalar): result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
}

/// The text with other texts in the place of some of its scalars.
///
/// By scalars, and not by characters: a sign and a mark that combines with it are one character, which is not equal to the
/// sign, and CR LF is one; whoever reads what is written sees the sign.
///
/// - Parameter escape: what stands for a scalar; nil for the scalar itself.
public func escapingScalars(_ text: String, _ escape: (Unicode.Scalar) -> String?) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if let replacement = escape(scalar) {
      result += replacement
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
  return switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
