/// The text without control characters, which could take over a terminal; each becomes its escape.
func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  return text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar {
    case "\n", "\t": result += " "
    case _ where isControl(scalar): result += scalar.escaped(asASCII: true)
    default: result.unicodeScalars.append(scalar)
    }
  }
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
}

/// The words of a text in lines of at most `width` columns, or on one line without a width. A longer word has its own.
func wrapped(_ text: String, width: Int?) -> [String] {
  let words = printable(text).split(separator: " ").map(String.init)
  guard let width else { return [words.joined(separator: " ")] }
  var lines: [String] = []
  var used = 0
  for word in words {
    let needed = columns(word)
    if let last = lines.last, used + 1 + needed <= width {
      lines[lines.count - 1] = "\(last) \(word)"
      used += 1 + needed
    } else {
      lines.append(word)
      used = needed
    }
  }
  return lines.isEmpty ? [""] : lines
}

/// The text with spaces behind it up to a width.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - columns(text)))
}

/// The columns that a text takes on a terminal: two for an East Asian wide character.
func columns(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { sum, character in
    guard let scalar = character.unicodeScalars.first else { return sum }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return sum + 2
    default: return sum + 1
    }
  }
}
