/// What a block of a CSV file contains, counted without knowing whether it begins inside quotes.
struct BlockCensus {
  var quotes = 0
  /// Line feeds with an even number of the block's quotes before them, and those with an odd number.
  var lineFeeds = (even: 0, odd: 0)
  var hasNonASCII = false
  var hasNUL = false
  var hasCarriageReturn = false

  init() {}

  init(of bytes: UnsafeRawBufferPointer, quote: UInt8) {
    let wide = SIMD64<UInt8>.scalarCount
    var offset = 0
    let quotes = SIMD64<UInt8>(repeating: quote)
    let feeds = SIMD64<UInt8>(repeating: UInt8(ascii: "\n"))
    let returns = SIMD64<UInt8>(repeating: UInt8(ascii: "\r"))
    let one = SIMD64<UInt8>(repeating: 1)
    var all = SIMD64<UInt8>.zero
    var zeros = SIMD64<UInt8>.zero
    var anyReturn = SIMD64<UInt8>.zero
    while offset + wide <= bytes.count {
      // Lanes count up to 255, so a run of blocks has at most that many.
      let runEnd = min(bytes.count - wide, offset + 254 * wide)
      var feedCounts = SIMD64<UInt8>.zero
      while offset <= runEnd {
        let block = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD64<UInt8>.self)
        if any(block .== quotes) { break }
        all |= block
        zeros.replace(with: one, where: block .== .zero)
        anyReturn.replace(with: one, where: block .== returns)
        feedCounts &+= SIMD64<UInt8>.zero.replacing(with: one, where: block .== feeds)
        offset += wide
      }
      add(feedCounts)
      if offset <= runEnd {
        for index in offset..<offset + wide { add(bytes[index], quote: quote) }
        offset += wide
      }
    }
    for index in offset..<bytes.count { add(bytes[index], quote: quote) }
    hasNonASCII = hasNonASCII || any(all .>= SIMD64(repeating: 0x80))
    hasNUL = hasNUL || any(zeros .!= .zero)
    hasCarriageReturn = hasCarriageReturn || any(anyReturn .!= .zero)
  }

  private mutating func add(_ byte: UInt8, quote: UInt8) {
    if byte == quote {
      quotes += 1
    } else if byte == UInt8(ascii: "\n") {
      add(lineFeeds: 1)
    }
    if byte >= 0x80 { hasNonASCII = true }
    if byte == 0 { hasNUL = true }
    if byte == UInt8(ascii: "\r") { hasCarriageReturn = true }
  }

  private mutating func add(_ counts: SIMD64<UInt8>) {
    let even = SIMD32<UInt16>(truncatingIfNeeded: counts.evenHalf)
    let odd = SIMD32<UInt16>(truncatingIfNeeded: counts.oddHalf)
    add(lineFeeds: Int((even &+ odd).wrappedSum()))
  }

  private mutating func add(lineFeeds count: Int) {
    if quotes % 2 == 0 { lineFeeds.even += count } else { lineFeeds.odd += count }
  }
}

extension UnsafePointer<UInt8> {
  /// Eight bytes from here on, the first in the lowest bits.
  @inline(__always)
  func word(at offset: Int = 0) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt64.self))
  }
}

/// A byte repeated eight times.
@inline(__always)
func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

/// Marks bytes of a word that are equal to a repeated byte. Only the lowest mark is exact, which is the one to use.
@inline(__always)
func marks(_ word: UInt64, equalTo pattern: UInt64) -> UInt64 {
  let difference = word ^ pattern
  return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
}
