/// The checksum of ISO 3309, of content that comes in pieces.
struct Checksum: Equatable {
  private var state: UInt32 = ~0

  var value: UInt32 { ~state }

  mutating func add(_ bytes: [UInt8]) {
    state = bytes.reduce(state) { crc, byte in crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
  }

  /// The checksum of this content with the other's behind it.
  ///
  /// - Parameter size: of the other content.
  func followed(by other: Checksum, size: Int) -> UInt32 {
    // What a byte of zeroes does to a checksum is a multiplication by x⁸ modulo the polynomial.
    var result = value
    var factor: UInt32 = 1 << 23
    var rest = size
    while rest > 0 {
      if rest & 1 == 1 { result = product(factor, result) }
      factor = product(factor, factor)
      rest >>= 1
    }
    return result ^ other.value
  }
}

/// The checksum of ISO 3309.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  var checksum = Checksum()
  checksum.add(bytes)
  return checksum.value
}

private let polynomial: UInt32 = 0xEDB8_8320

private let crcTable: [UInt32] = (0..<256).map { index in (0..<8).reduce(UInt32(index)) { crc, _ in timesX(crc) } }

/// The highest bit is that of x⁰.
private func timesX(_ value: UInt32) -> UInt32 { value & 1 == 1 ? polynomial ^ value >> 1 : value >> 1 }

private func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
  var result: UInt32 = 0
  var right = right
  for bit in stride(from: 31, through: 0, by: -1) {
    if left >> UInt32(bit) & 1 == 1 { result ^= right }
    right = timesX(right)
  }
  return result
}
