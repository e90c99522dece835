/// The text without what XML cannot carry in any form; a CR is a space, and one before an LF is none.
func xmlCharacters(_ text: String) -> String {
  let needsLook = text.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\r") || $0 == 0xEF }
  guard needsLook else { return text }
  let scalars = Array(text.unicodeScalars)
  var result = String.UnicodeScalarView()
  for (index, scalar) in scalars.enumerated() {
    switch scalar {
    case "\0", "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
    case "\r" where index + 1 < scalars.count && scalars[index + 1] == "\n": break
    case "\r": result.append(" ")
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// The text so that a spreadsheet shows it as it is.
func cellText(_ text: String) -> String { escapingCodes(xmlCharacters(text)) }

/// A spreadsheet takes `_x0041_` in a cell for the escape of a character (ECMA-376, ST_Xstring); `_x005F_` is an underscore
/// that begins none.
private func escapingCodes(_ text: String) -> String {
  guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
  let bytes = Array(text.utf8)
  var result: [UInt8] = []
  for index in bytes.indices {
    if beginsCode(bytes[index...]) { result += Array("_x005F".utf8) }
    result.append(bytes[index])
  }
  return String(decoding: result, as: UTF8.self)
}

private func beginsCode(_ bytes: ArraySlice<UInt8>) -> Bool {
  guard bytes.count >= 7, bytes.starts(with: "_x".utf8) else { return false }
  let start = bytes.startIndex
  return bytes[start + 6] == UInt8(ascii: "_") && bytes[(start + 2)..<(start + 6)].allSatisfy(isHexadecimal)
}

private func isHexadecimal(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
}

/// The text, which `xmlCharacters` left, as the content of an element. Control characters get the escapes of spreadsheets.
func spreadsheetMarkup(_ text: String) -> String {
  let needsLook = text.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "&") || $0 == 0x3C || $0 == 0x3E }
  guard needsLook else { return text }
  var result: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "&"): result += "&amp;".utf8
    case UInt8(ascii: "<"): result += "&lt;".utf8
    case UInt8(ascii: ">"): result += "&gt;".utf8
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"), 0x20...: result.append(byte)
    default: result += "_x00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))_".utf8
    }
  }
  return String(decoding: result, as: UTF8.self)
}
