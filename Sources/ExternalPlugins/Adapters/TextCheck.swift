/// Whether bytes that come piece by piece are UTF-8.
package struct TextCheck {
  package init() {}

  /// How many bytes of whole scalars there were.
  private(set) var count = 0
  /// The beginning of a scalar whose rest is in the next piece.
  private var pending: [UInt8] = []

  package var isAtEndOfScalar: Bool { pending.isEmpty }

  /// Where from the beginning of all pieces the first byte stands that is wrong.
  package mutating func firstOffence(in piece: [UInt8]) -> Int? {
    let bytes = pending + piece
    let whole = bytes.count - unfinishedCount(bytes)
    if String(validating: bytes[..<whole], as: UTF8.self) == nil {
      // Repairing keeps what is right before the first replacement.
      var rest = bytes[..<whole].makeIterator()
      var decoder = UTF8()
      var right = 0
      while case .scalarValue(let scalar) = decoder.decode(&rest) { right += UTF8.width(scalar) }
      return count + right
    }
    count += whole
    pending = Array(bytes[whole...])
    return nil
  }

  /// How many bytes at the end may become a scalar with those that follow.
  private func unfinishedCount(_ bytes: [UInt8]) -> Int {
    for count in 1..<4 where count <= bytes.count {
      let byte = bytes[bytes.count - count]
      if UTF8.isContinuation(byte) { continue }
      let width = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return width > count ? count : 0
    }
    return 0
  }

  /// The end of a sentence that begins with the plugin's name.
  static func message(at offset: Int) -> String {
    "wrote bytes that are no UTF-8, from byte \(offset) on; \"content: binary\" in its manifest would let it"
  }
}
