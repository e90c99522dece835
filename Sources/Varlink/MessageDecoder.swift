#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Cuts a stream of bytes, arriving in pieces of any size, into the messages that a NUL ends.
///
/// Every byte is looked at once, however small the pieces are.
public struct MessageDecoder: Sendable {
  /// What sd-varlink buffers at most for one message: 16 MiB.
  public static let defaultLimit = 16 << 20

  /// The greatest length of a message in bytes, without its NUL.
  public let limit: Int

  private var buffer: [UInt8] = []
  /// Where the first message that was not taken begins.
  private var start = 0
  /// Up to here no NUL was found after `start`.
  private var scanned = 0

  /// - Parameter limit: the greatest length of a message in bytes, without its NUL.
  public init(limit: Int = MessageDecoder.defaultLimit) {
    self.limit = limit
  }

  /// How many bytes wait: complete messages, and the beginning of one.
  public var bufferedByteCount: Int { buffer.count - start }

  /// How many bytes of memory are held for that.
  var allocatedByteCount: Int { buffer.capacity }

  /// Takes bytes as they came. Nothing is refused here; what is too long shows when a message is asked for.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    compact()
    buffer.append(contentsOf: bytes)
  }

  /// As above, of any collection.
  public mutating func append(_ bytes: some Collection<UInt8>) {
    compact()
    buffer.append(contentsOf: bytes)
  }

  /// Hands the next complete message, without its NUL, to `body`; nil when there is none yet.
  mutating func withNextMessage<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(MessageError) -> Result
  ) throws(MessageError) -> Result? {
    guard let end = findNUL() else {
      if bufferedByteCount > limit { throw .tooLong(limit: limit) }
      return nil
    }
    if end - start > limit { throw .tooLong(limit: limit) }
    let message = start..<end
    start = end + 1
    scanned = start
    let result = buffer.withUnsafeBufferPointer { bytes in
      Swift.Result { () throws(MessageError) in try body(UnsafeBufferPointer(rebasing: bytes[message])) }
    }
    // At once: a client may be silent for long, and thousands of them may be.
    if start == buffer.count { compact() }
    return try result.get()
  }

  /// The next complete message without its NUL; nil when there is none yet.
  public mutating func next() throws(MessageError) -> [UInt8]? {
    try withNextMessage { message throws(MessageError) in Array(message) }
  }

  /// Takes everything that is left, complete messages too: what follows the confirmation of an upgrade is not Varlink.
  public mutating func takeRemaining() -> [UInt8] {
    let remaining = start == 0 ? buffer : Array(buffer[start...])
    removeAll()
    return remaining
  }

  /// Forgets everything, complete messages too, and gives the memory back.
  public mutating func removeAll() {
    buffer = []
    start = 0
    scanned = 0
  }

  private mutating func findNUL() -> Int? {
    let found = buffer.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress, scanned < bytes.count,
        let found = memchr(base + scanned, 0, bytes.count - scanned)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(found))
    }
    if found == nil { scanned = buffer.count }
    return found
  }

  /// Drops what was taken, once that is the greater part: each byte is moved at most once on average.
  private mutating func compact() {
    if start == buffer.count {
      // A buffer that once held a large message is given back.
      if buffer.capacity > 1 << 16 { buffer = [] } else { buffer.removeAll(keepingCapacity: true) }
    } else if start > buffer.count / 2 {
      buffer.removeSubrange(..<start)
    } else {
      return
    }
    scanned -= start
    start = 0
  }
}
