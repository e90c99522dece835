/// What a block of a CSV file contains, counted without knowing whether it begins inside quotes.
struct BlockCensus {
  var quotes = 0
  /// Line feeds with an even number of the block's quotes before them, and those with an odd number.
  var lineFeeds = (even: 0, odd: 0)
  var hasNonASCII = false
  var hasNULOrCarriageReturn = false

  init() {}

  init(of bytes: UnsafeRawBufferPointer, quote: UInt8) {
    guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    let quotes = repeated(quote)
    let feeds = repeated(UInt8(ascii: "\n"))
    let returns = repeated(UInt8(ascii: "\r"))
    var all: UInt64 = 0
    var zerosOrReturns: UInt64 = 0
    var offset = 0
    while offset + Self.blockSize <= bytes.count {
      var quoteMarks: UInt64 = 0
      var counts: UInt64 = 0
      for index in 0..<Self.blockSize / 8 {
        let word = start.word(at: offset + index * 8)
        all |= word
        zerosOrReturns |= marks(word, equalTo: 0) | marks(word, equalTo: returns)
        quoteMarks |= marks(word, equalTo: quotes)
        // One in every byte that is a line feed: the bytes count up to the number of words.
        counts &+= exactMarks(word, equalTo: feeds) >> 7
      }
      if quoteMarks == 0 {
        add(lineFeeds: Int((counts &* 0x0101_0101_0101_0101) >> 56))
      } else {
        for index in 0..<Self.blockSize / 8 { addMarks(start.word(at: offset + index * 8), quotes, feeds) }
      }
      offset += Self.blockSize
    }
    for index in offset..<bytes.count {
      let byte = start[index]
      if byte == quote { self.quotes += 1 }
      if byte == UInt8(ascii: "\n") { add(lineFeeds: 1) }
      all |= UInt64(byte)
      if byte == 0 || byte == UInt8(ascii: "\r") { zerosOrReturns = 1 }
    }
    hasNonASCII = all & 0x8080_8080_8080_8080 != 0
    hasNULOrCarriageReturn = zerosOrReturns != 0
  }

  /// Eight words, so that no byte of a sum of marks overflows and the loop is unrolled.
  private static let blockSize = 64

  private mutating func addMarks(_ word: UInt64, _ quotePattern: UInt64, _ feedPattern: UInt64) {
    let quoteMarks = exactMarks(word, equalTo: quotePattern)
    var rest = quoteMarks | exactMarks(word, equalTo: feedPattern)
    while rest != 0 {
      let lowest = rest & (0 &- rest)
      if quoteMarks & lowest != 0 { quotes += 1 } else { add(lineFeeds: 1) }
      rest ^= lowest
    }
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

/// Marks exactly the bytes of a word that are equal to a repeated byte.
@inline(__always)
func exactMarks(_ word: UInt64, equalTo pattern: UInt64) -> UInt64 {
  let difference = word ^ pattern
  let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  return ~(((difference & low) &+ low) | difference | low)
}
