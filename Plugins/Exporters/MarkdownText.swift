/// The text on one line, so that GitHub Flavored Markdown shows it as it is: nothing in it is markup, ends a table cell
/// or is taken for HTML.
///
/// - Parameter startsBlock: whether the text stands first in a paragraph, where a dash or a number would begin a list.
func markdownText(_ text: String, startsBlock: Bool = false) -> String {
  // By scalars: a combining mark behind a bar makes one character of both, but the bar still ends the table's cell.
  let scalars = trimmed(printable(text).unicodeScalars)
  var result = String.UnicodeScalarView()
  var isInLeadingDigits = startsBlock
  for index in scalars.indices {
    let scalar = scalars[index]
    switch scalar {
    case "&": result += "&amp;".unicodeScalars
    case "<": result += "&lt;".unicodeScalars
    case ">": result += "&gt;".unicodeScalars
    case "\\", "`", "*", "[", "]", "|", "~", "$", "#": result += ["\\", scalar]
    case "_": result += isInsideWord(index, of: scalars) ? [scalar] : ["\\", scalar]
    case "-", "+", "=": result += startsBlock && index == scalars.startIndex ? ["\\", scalar] : [scalar]
    case ".", ")": result += isInLeadingDigits && index > scalars.startIndex ? ["\\", scalar] : [scalar]
    default: result.append(scalar)
    }
    if !("0"..."9").contains(scalar) { isInLeadingDigits = false }
  }
  return String(result)
}

/// Where an underscore, as in united_states, is no emphasis.
private func isInsideWord(_ index: Int, of scalars: ArraySlice<Unicode.Scalar>) -> Bool {
  index > scalars.startIndex && index + 1 < scalars.endIndex && isWordPart(scalars[index - 1])
    && isWordPart(scalars[index + 1])
}

private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isAlphabetic || scalar.properties.numericType != nil
}

private func trimmed(_ text: String.UnicodeScalarView) -> ArraySlice<Unicode.Scalar> {
  var scalars = Array(text)[...]
  while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
  while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
  return scalars
}
