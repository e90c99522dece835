private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// The bytes as RFC 4648 writes them, with padding.
public func base64(_ bytes: some Collection<UInt8>) -> String {
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  var rest = bytes[...]
  while !rest.isEmpty {
    let group = Array(rest.prefix(3))
    rest = rest.dropFirst(3)
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for index in 0..<4 {
      text.append(index <= group.count ? alphabet[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes that RFC 4648 writes so; nil for any other text.
public func base64Decoded(_ text: String) -> [UInt8]? {
  let characters = Array(text.utf8)
  guard characters.count.isMultiple(of: 4) else { return nil }
  let padding = characters.reversed().prefix(while: { $0 == UInt8(ascii: "=") }).count
  guard padding <= 2 else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(characters.count / 4 * 3)
  var bits = 0
  for (index, character) in characters.dropLast(padding).enumerated() {
    guard let value = value(of: character) else { return nil }
    bits = (bits << 6 | value) & 0xFF_FFFF
    if index % 4 > 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> (6 - 2 * (index % 4)))) }
  }
  // Bits that no byte takes must be zero, so that no two texts stand for the same bytes.
  let unused = [0, 2, 4][padding]
  return bits & (1 << unused - 1) == 0 ? bytes : nil
}

private func value(of character: UInt8) -> Int? {
  switch character {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character) - 65
  case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character) - 71
  case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character) + 4
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
