/// Bytes in the compressed form of archives (RFC 1951), which do not depend on the version of a library.
///
/// It looks for repetitions in blocks of its own and writes them with the format's fixed codes: not the smallest result
/// that there could be, but one that markup, which repeats itself, gets most of.
struct Deflate {
  /// Of what is looked through at once. What lies further back than the format can refer to is not found.
  private static let blockSize = 1 << 17
  private static let distanceLimit = 1 << 15
  private static let lengths = 4...258
  private static let hashBits = 15

  /// What is compressed so far.
  private(set) var bytes: [UInt8] = []
  /// Of what was written, as is its checksum.
  private(set) var size = 0
  private(set) var checksum = Checksum()
  private var block: [UInt8] = []
  private var heads: [Int32] = []
  /// Not yet whole bytes; the lowest bits come first.
  private var bits: UInt64 = 0
  private var bitCount: UInt64 = 0

  mutating func write(_ content: some Collection<UInt8>) {
    block += content
    if block.count >= Self.blockSize { writeBlock() }
  }

  /// Ends at a whole byte, so that another stream can follow.
  mutating func flush() {
    writeBlock()
    put(0, bits: 3)
    align()
    bytes += [0, 0, 0xFF, 0xFF]
  }

  /// Ends the stream.
  mutating func finish() {
    writeBlock()
    put(0b011, bits: 3)
    put(symbol: 256)
    align()
  }

  private mutating func writeBlock() {
    if block.isEmpty { return }
    checksum.add(block)
    size += block.count
    heads = Array(repeating: -1, count: 1 << Self.hashBits)
    put(0b010, bits: 3)
    block.withUnsafeBytes { input in
      var index = 0
      while index < input.count {
        guard index + Self.lengths.lowerBound <= input.count else {
          put(symbol: Int(input[index]))
          index += 1
          continue
        }
        let start = remember(index, of: input)
        guard start >= 0, index - start <= Self.distanceLimit, word(input, start) == word(input, index) else {
          put(symbol: Int(input[index]))
          index += 1
          continue
        }
        let limit = min(Self.lengths.upperBound, input.count - index)
        var length = Self.lengths.lowerBound
        while length < limit && input[start + length] == input[index + length] { length += 1 }
        put(length: length)
        put(distance: index - start)
        let end = index + length
        index += 1
        while index < end {
          if index + Self.lengths.lowerBound <= input.count { _ = remember(index, of: input) }
          index += 1
        }
      }
    }
    put(symbol: 256)
    block.removeAll(keepingCapacity: true)
  }

  /// Where the same bytes were last, or what only looks like it, or -1.
  private mutating func remember(_ index: Int, of input: UnsafeRawBufferPointer) -> Int {
    let hash = Int((word(input, index) &* 0x9E37_79B1) >> UInt32(32 - Self.hashBits))
    defer { heads[hash] = Int32(truncatingIfNeeded: index) }
    return Int(heads[hash])
  }

  private func word(_ input: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
    UInt32(littleEndian: input.loadUnaligned(fromByteOffset: index, as: UInt32.self))
  }

  /// The next length or byte by its fixed code (RFC 1951, 3.2.6).
  private mutating func put(symbol: Int) {
    switch symbol {
    case ..<144: put(code: 0x30 + symbol, bits: 8)
    case ..<256: put(code: 0x190 + symbol - 144, bits: 9)
    case ..<280: put(code: symbol - 256, bits: 7)
    default: put(code: 0xC0 + symbol - 280, bits: 8)
    }
  }

  private mutating func put(length: Int) {
    let offset = length - 3
    if length == Self.lengths.upperBound { return put(symbol: 285) }
    if offset < 8 { return put(symbol: 257 + offset) }
    let extraBits = Int.bitWidth - 1 - offset.leadingZeroBitCount - 2
    put(symbol: 257 + 4 * (extraBits + 1) + (offset >> extraBits & 3))
    put(UInt64(offset & (1 << extraBits - 1)), bits: UInt64(extraBits))
  }

  private mutating func put(distance: Int) {
    let offset = distance - 1
    if offset < 4 { return put(code: offset, bits: 5) }
    let extraBits = Int.bitWidth - 1 - offset.leadingZeroBitCount - 1
    put(code: 2 * (extraBits + 1) + (offset >> extraBits & 1), bits: 5)
    put(UInt64(offset & (1 << extraBits - 1)), bits: UInt64(extraBits))
  }

  /// Codes begin with their highest bit, all else with the lowest.
  private mutating func put(code: Int, bits count: Int) {
    put(UInt64(bitReversed[code] >> UInt16(16 - count)), bits: UInt64(count))
  }

  private mutating func put(_ value: UInt64, bits count: UInt64) {
    bits |= value << bitCount
    bitCount += count
    while bitCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      bitCount -= 8
    }
  }

  private mutating func align() {
    if bitCount > 0 { put(0, bits: 8 - bitCount) }
  }
}

/// Of all codes, as numbers of 16 bits.
private let bitReversed: [UInt16] = (0..<512).map { code in
  (0..<16).reduce(0) { reversed, bit in reversed << 1 | UInt16(code) >> UInt16(bit) & 1 }
}
