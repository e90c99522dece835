/// The text so that it stands for itself in the content and in quoted attributes of HTML and XML.
func xmlText(_ text: String) -> String {
  var result = ""
  // By scalars: a combining mark behind a sign makes one character of both, but the sign is still markup.
  for scalar in printable(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    // XML has no place for them, not even as references.
    case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
