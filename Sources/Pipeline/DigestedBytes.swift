internal import Base
internal import Crypto

/// Hands blocks on, and computes the SHA-256 of all.
public struct DigestedBytes<Sink: ByteSink>: ByteSink {
  /// What took the blocks.
  public private(set) var sink: Sink
  private var hash = SHA256()

  /// Of no bytes yet.
  public init(_ sink: Sink) {
    self.sink = sink
  }

  /// Hands the block on when it has been counted in.
  public mutating func write(_ block: [UInt8]) async throws {
    hash.update(data: block)
    try await sink.write(block)
  }

  /// Of all bytes so far, in hexadecimal.
  public var sha256: String { hexadecimal(hash.finalize()) }
}
