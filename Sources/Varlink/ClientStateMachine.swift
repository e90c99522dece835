/// One connection as the client sees it, without I/O: it pairs replies with calls by their order and checks them.
package struct ClientStateMachine: Sendable {
  private var decoder: MessageDecoder
  /// The calls that await a reply, oldest first.
  private var awaiting: [Call.Mode] = []
  /// The connection carries raw bytes.
  package private(set) var isUpgraded = false

  /// - Parameter limit: the greatest length of a message in bytes, without its NUL.
  package init(limit: Int = MessageDecoder.defaultLimit) {
    decoder = MessageDecoder(limit: limit)
  }

  /// A call of this mode is about to be sent. What was received that no call awaits would be taken for its reply.
  package mutating func send(_ mode: Call.Mode) throws(MessageError) {
    if awaiting.isEmpty, decoder.bufferedByteCount > 0 { throw .unexpectedReply }
    if mode != .oneway { awaiting.append(mode) }
  }

  /// Takes what was read, in pieces of any size.
  package mutating func received(_ bytes: UnsafeRawBufferPointer) {
    decoder.append(bytes)
  }

  /// The next reply; nil when none is complete yet. It belongs to the oldest call that awaits one.
  package mutating func nextReply() throws(MessageError) -> Reply? {
    if isUpgraded { return nil }
    let reply = try decoder.withNextMessage { message throws(MessageError) in try Reply(parsing: message) }
    guard let reply else { return nil }
    guard let mode = awaiting.first else { throw .unexpectedReply }
    if reply.continues {
      if mode != .more { throw .continuesWithoutMore }
    } else {
      awaiting.removeFirst()
      isUpgraded = mode == .upgrade && reply.error == nil
    }
    return reply
  }

  /// The server closed the connection.
  package func inputEnded() throws(MessageError) {
    if !isUpgraded, decoder.bufferedByteCount > 0 { throw .truncated(byteCount: decoder.bufferedByteCount) }
  }

  /// The raw bytes that came right behind the reply that confirmed the upgrade.
  package mutating func takeRemaining() -> [UInt8] {
    decoder.takeRemaining()
  }
}
