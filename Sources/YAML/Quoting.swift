/// A text in double quotes on one line: shortened, and with everything that does not print or hides escaped.
package func quoted(_ text: some StringProtocol, limit: Int = 40) -> String {
  "\"" + abbreviated(text, limit: limit, escapingQuotes: true) + "\""
}

/// A text on one line: shortened, and with everything that does not print or hides escaped.
func abbreviated(_ text: some StringProtocol, limit: Int = 40, escapingQuotes: Bool = false) -> String {
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == limit { return result + "…" }
    count += 1
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\"" where escapingQuotes: result += "\\\""
    case "\\" where escapingQuotes: result += "\\\\"
    default:
      if isHidden(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}

/// `U+0007`: at least four digits.
func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
