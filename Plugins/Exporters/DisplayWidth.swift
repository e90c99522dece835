/// How many columns of a terminal a text takes: East Asian wide characters and emoji two, combining marks none
/// (Unicode Standard Annex 11).
package func displayWidth(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ character: Character) -> Int {
  // What combines into one character takes the room of its widest part.
  character.unicodeScalars.reduce(0) { max($0, displayWidth($1)) }
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: return scalar == "\u{FE0F}" ? 2 : 0
  default: break
  }
  if scalar.properties.isEmojiPresentation { return 2 }
  return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// The blocks whose characters have East Asian Width W or F.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
  0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
  0x1AFF0...0x1B2FF, 0x20000...0x3FFFD,
]

/// The text without anything that could move the cursor: line ends become spaces, other control characters `�`.
func printable(_ text: String) -> String {
  if text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control && !isBidiControl($0) }) { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if scalar == "\n" || scalar == "\t" {
      result.append(" ")
    } else if scalar.properties.generalCategory == .control || isBidiControl(scalar) {
      if scalar != "\r" { result.append("\u{FFFD}") }
    } else {
      result.append(scalar)
    }
  }
  return String(result)
}

/// Characters that reorder what stands around them, and so could show another number than the one that is there.
private func isBidiControl(_ scalar: Unicode.Scalar) -> Bool {
  (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
}

/// Breaks a text at spaces into lines of at most `width` columns; a longer word stands on a line of its own.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if line.isEmpty {
      line = String(word)
    } else if displayWidth(line) + 1 + displayWidth(String(word)) <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  return lines + [line]
}
