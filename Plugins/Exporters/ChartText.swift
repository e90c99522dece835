internal import Base

/// About how wide the text is in a common sans-serif font, in the unit of the size; rather too much than too little.
func estimatedWidth(_ text: String, size: Double) -> Double {
  Double(TerminalText.width(of: text)) * size * 0.64
}

/// The text cut to about that width, with an ellipsis in the place of what is missing.
func cut(_ text: String, toWidth width: Double, size: Double) -> String {
  if estimatedWidth(text, size: size) <= width { return text }
  var result = ""
  for character in text {
    if estimatedWidth(result + String(character) + "…", size: size) > width { break }
    result.append(character)
  }
  while result.last == " " { result.removeLast() }
  return result + "…"
}

/// A coordinate with at most two decimals.
func coordinate(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let magnitude = hundredths.magnitude
  let decimals = magnitude % 100
  let fraction =
    decimals == 0 ? "" : decimals % 10 == 0 ? ".\(decimals / 10)" : decimals < 10 ? ".0\(decimals)" : ".\(decimals)"
  return "\(hundredths < 0 ? "-" : "")\(magnitude / 100)\(fraction)"
}
