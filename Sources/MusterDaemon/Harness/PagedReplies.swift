internal import JSON
internal import Pipeline
internal import Varlink
internal import VarlinkServer

/// The replies of one call: with `more` a page each, else a single one. Holds every reply and all of them together to
/// the limits of the configuration, and keeps them for the next one who asks the same.
///
/// What the first reply alone says, such as columns, may take the room that its page needs. It then goes out before.
struct PagedReplies {
  /// The parameters of all replies, as encoded objects.
  struct Outcome {
    var last: [UInt8]
    /// Those before the last one; nil when they were too large to keep.
    var kept: [[UInt8]]?
  }

  private let stream: ReplyStream
  private let replyLimit: SizeLimit
  private let resultLimit: SizeLimit
  private let keepLimit: Int
  private var sentByteCount = 0
  private var kept: [[UInt8]]? = []

  /// - Parameter keepLimit: how many bytes of replies are kept at most.
  init(to stream: ReplyStream, within limits: Configuration.Limits, keepLimit: Int = 0) {
    self.stream = stream
    self.keepLimit = keepLimit
    replyLimit = SizeLimit(.replySize, of: limits)
    resultLimit = SizeLimit(.resultSize, of: limits)
  }

  /// Whether what is collected may go out before the end.
  var isPaged: Bool { stream.isMore }

  /// About how many bytes a page has: large enough to be efficient, small enough for every client, and far enough below
  /// the limit that what a text becomes in JSON, and what stands around it, has room.
  var pageSize: Int { min(128 << 10, replyLimit.byteCount / 8) }

  /// Refuses what will become too large, before it is done.
  ///
  /// - Parameter pending: bytes that are collected and not sent.
  func check(pending: Int) throws(SizeLimitExceeded) {
    if !isPaged { try replyLimit.check(pending) }
    try resultLimit.check(sentByteCount + pending)
  }

  /// Whether parameters of that many bytes may be one reply.
  func fits(_ byteCount: Int) -> Bool { byteCount + ReplyParameters.envelopeByteCount <= replyLimit.byteCount }

  mutating func send(_ reply: [UInt8]) async throws {
    try count(reply)
    if sentByteCount <= keepLimit { kept?.append(reply) } else { kept = nil }
    try await stream.send(.encoded(reply))
  }

  /// Takes the final reply, which whoever answers the call sends.
  mutating func finish(_ last: [UInt8]) throws(SizeLimitExceeded) -> Outcome {
    try count(last)
    return Outcome(last: last, kept: kept)
  }

  private mutating func count(_ reply: [UInt8]) throws(SizeLimitExceeded) {
    try replyLimit.check(reply.count + ReplyParameters.envelopeByteCount)
    sentByteCount += reply.count
    try resultLimit.check(sentByteCount)
  }
}

extension ReplyParameters {
  /// What a message has around its parameters at most: `{"parameters":`, `,"continues":true`, `}` and the NUL.
  static let envelopeByteCount = 33

  /// The same as bytes, if that makes a reply of no more than the limit.
  func encoded(within limit: SizeLimit) throws(SizeLimitExceeded) -> ReplyParameters {
    let bytes =
      switch self {
      case .object(let object): JSONValue.object(object).bytes
      case .encoded(let bytes): bytes
      }
    try limit.check(bytes.count + Self.envelopeByteCount)
    return .encoded(bytes)
  }
}
