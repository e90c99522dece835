import TestSupport
import Testing

@testable import Varlink

@Suite struct MessageDecoderTests {
  private func decodeAll(_ decoder: inout MessageDecoder) throws -> [String] {
    var messages: [String] = []
    while let message = try decoder.next() { messages.append(String(decoding: message, as: UTF8.self)) }
    return messages
  }

  @Test func messagesArriveWholeHoweverTheBytesDo() throws {
    let messages = ["a", "", "bcd", String(repeating: "x", count: 500), "é"]
    let stream: [UInt8] = messages.flatMap { Array($0.utf8) + [0] }
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      var decoder = MessageDecoder()
      var rest = stream[...]
      var decoded: [String] = []
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...(seed == 0 ? 1 : 60), using: &random))
        rest = rest.dropFirst(piece.count)
        decoder.append(piece)
        if Bool.random(using: &random) { decoded += try decodeAll(&decoder) }
      }
      decoded += try decodeAll(&decoder)
      #expect(decoded == messages, "seed \(seed)")
      #expect(decoder.bufferedByteCount == 0)
    }
  }

  /// A thousand clients that made one long call each, and then wait, would hold a gigabyte.
  @Test func aLongMessageIsNotHeldOnceItIsTaken() throws {
    var decoder = MessageDecoder()
    decoder.append(Array(repeating: UInt8(ascii: "a"), count: 1 << 20) + [0])
    #expect(decoder.allocatedByteCount >= 1 << 20)
    #expect(try decoder.next()?.count == 1 << 20)
    #expect(decoder.allocatedByteCount <= 1 << 16)
    decoder.append(Array("b\0".utf8))
    #expect(try decoder.next() == Array("b".utf8))
  }

  @Test func aMessageMayBeAsLongAsTheLimit() throws {
    var decoder = MessageDecoder(limit: 4)
    decoder.append(Array("abcd\0".utf8))
    #expect(try decodeAll(&decoder) == ["abcd"])
  }

  @Test(arguments: ["abcde", "abcde\0", "a\0abcde"])
  func aLongerOneIsRefusedEvenBeforeItsEnd(text: String) {
    var decoder = MessageDecoder(limit: 4)
    decoder.append(Array(text.utf8))
    #expect(throws: MessageError.tooLong(limit: 4)) { try decodeAll(&decoder) }
  }

  @Test func manyShortMessagesTogetherMayExceedTheLimit() throws {
    var decoder = MessageDecoder(limit: 4)
    decoder.append(Array(String(repeating: "ab\0", count: 100).utf8))
    #expect(try decodeAll(&decoder).count == 100)
  }

  @Test func whatFollowsAMessageCanBeTakenRaw() throws {
    var decoder = MessageDecoder()
    decoder.append(Array("call\0raw\0bytes".utf8))
    #expect(try decoder.next() == Array("call".utf8))
    #expect(decoder.takeRemaining() == Array("raw\0bytes".utf8))
    #expect(decoder.bufferedByteCount == 0)
    #expect(try decoder.next() == nil)
  }

  @Test func aHugeMessageInSmallPiecesTakesLinearTime() throws {
    // 16 MiB in pieces of 64 bytes: rescanning from the start would look at 2 TiB.
    var decoder = MessageDecoder()
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64)
    for _ in 0..<MessageDecoder.defaultLimit / 64 {
      decoder.append(piece)
      #expect(try decoder.next() == nil)
    }
    decoder.append([0])
    #expect(try decoder.next()?.count == MessageDecoder.defaultLimit)
  }
}
