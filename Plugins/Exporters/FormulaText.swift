/// Whether a spreadsheet that opens a file of separated values could take the text for a formula.
///
/// It could when, white space aside, the text begins with `=`, `+`, `-`, `@` or the full-width form of one of them, or
/// when it begins with a tab or a line end (OWASP, "CSV Injection"). A text of nothing but such signs, such as the lone
/// dash that archives print, has nothing to compute and is none.
func isFormulaLike(_ text: String) -> Bool {
  let scalars = text.unicodeScalars
  guard let first = scalars.first, !scalars.allSatisfy({ isFormulaSign($0) || $0.properties.isWhitespace }) else {
    return false
  }
  if first == "\t" || first == "\r" || first == "\n" { return true }
  return scalars.first { !$0.properties.isWhitespace }.map(isFormulaSign) ?? false
}

/// The text with an apostrophe before it if a spreadsheet could take it for a formula.
///
/// A text that already has apostrophes before a formula gets one more, so that taking one away from each text that is a
/// formula behind its apostrophes gives back the original.
func escapingFormula(_ text: String) -> String {
  // Nearly all texts: a look at the first byte is enough.
  if let first = text.utf8.first, beginsNoFormula(first) || text.utf8.count == 1 && first > UInt8(ascii: " ") {
    return text
  }
  return isFormulaLike(String(text.unicodeScalars.drop { $0 == "'" })) ? "'" + text : text
}

/// Whether it is a sign of ASCII that neither a formula nor what may stand before one begins with.
private func beginsNoFormula(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "'"): false
  default: (0x21...0x7E).contains(byte)
  }
}

private func isFormulaSign(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
  default: false
  }
}
