import TestSupport
import Testing

@testable import ExporterPlugins

/// What other programs make of it is checked by Tests/exporters.sh.
@Suite("Deflate")
struct DeflateTests {
  @Test("What is compressed comes back", arguments: [0, 1, 3, 4, 5, 257, 258, 259, 1000, 131_071, 131_072, 300_000])
  func roundTrip(size: Int) throws {
    var random = SplitMix(seed: UInt64(size))
    var content: [UInt8] = []
    while content.count < size {
      // Runs, repetitions from near and far, and what does not repeat.
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        content += [UInt8](repeating: .random(in: 0...255, using: &random), count: .random(in: 1..<600, using: &random))
      case 1 where !content.isEmpty:
        content += Array(content[Int.random(in: content.indices, using: &random)...].prefix(400))
      default: content += (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
    }
    content = Array(content.prefix(size))
    var stream = Deflate()
    for start in stride(from: 0, to: size, by: 1013) { stream.write(content[start..<min(start + 1013, size)]) }
    stream.finish()
    #expect(try inflated(stream.bytes) == content)
    #expect(stream.size == size)
    #expect(stream.checksum.value == crc32(content))
  }

  @Test("Markup gets small")
  func markup() throws {
    var stream = Deflate()
    for row in 1...5000 {
      stream.write("<row r=\"\(row)\"><c r=\"A\(row)\" s=\"2\"><v>\(row * row)</v></c></row>".utf8)
    }
    stream.finish()
    #expect(stream.bytes.count * 4 < stream.size)
  }

  @Test("A stream follows another, and so does its checksum", arguments: [0, 1, 70_000])
  func followed(size: Int) throws {
    let (first, second) = (
      Array("the beginning, the beginning".utf8), (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7) }
    )
    var beginning = Deflate()
    beginning.write(first)
    beginning.flush()
    var rest = Deflate()
    rest.write(second)
    rest.finish()
    #expect(try inflated(beginning.bytes + rest.bytes) == first + second)
    #expect(beginning.checksum.followed(by: rest.checksum, size: rest.size) == crc32(first + second))
  }

  /// The blocks that `Deflate` writes, read by the tables of RFC 1951.
  private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
    var position = 0
    var result: [UInt8] = []
    func bits(_ count: Int) throws -> Int {
      try #require(position + count <= bytes.count * 8)
      defer { position += count }
      return (0..<count).reduce(0) { $0 | Int(bytes[(position + $1) / 8] >> ((position + $1) % 8) & 1) << $1 }
    }
    func code(_ count: Int) throws -> Int { try (0..<count).reduce(0) { value, _ in try value << 1 | bits(1) } }
    func symbol() throws -> Int {
      var value = try code(7)
      if value < 24 { return value + 256 }
      value = try value << 1 | bits(1)
      if (0x30...0xBF).contains(value) { return value - 0x30 }
      if (0xC0...0xC7).contains(value) { return value - 0xC0 + 280 }
      return try value << 1 | bits(1) - 0x190 + 144
    }
    let lengths = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    let distances = [
      1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
      8193, 12289, 16385, 24577,
    ]
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      if try bits(2) == 0 {
        position = (position + 7) / 8 * 8
        try #require(bits(16) == 0)
        try #require(bits(16) == 0xFFFF)
        continue
      }
      while case let symbol = try symbol(), symbol != 256 {
        if symbol < 256 {
          result.append(UInt8(symbol))
          continue
        }
        let index = symbol - 257
        let length = try lengths[index] + bits(index < 8 || index == 28 ? 0 : index / 4 - 1)
        let near = try code(5)
        let distance = try distances[near] + bits(near < 4 ? 0 : near / 2 - 1)
        try #require(distance <= result.count)
        for _ in 0..<length { result.append(result[result.count - distance]) }
      }
    }
    try #require((position + 7) / 8 == bytes.count)
    return result
  }
}
