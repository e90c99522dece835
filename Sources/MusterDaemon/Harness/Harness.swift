internal import JSON
internal import Pipeline
internal import Varlink
internal import VarlinkServer

/// One interface of the daemon: decodes calls, has them decided, and encodes the answers, without who may ask.
protocol Harness: Sendable {
  var interface: InterfaceDescription { get }

  /// Answers a call from one generation, which the caller took once: no reply mixes two.
  ///
  /// Throws `CallFailure`, `LimitReached`, `SizeLimitExceeded`, `CancellationError`, or a `VarlinkError` of
  /// `org.varlink.service`.
  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters

  /// Whether a call of this method takes its turn among the lists. Others do among the runs while they compute, or are for
  /// those who look after the daemon and cost little.
  func isList(_ method: String) -> Bool

  /// Whether the time that a call of this method takes says how fast the daemon is.
  func isMeasured(_ method: String) -> Bool

  /// Whether the method may be called with `upgrade`.
  func supportsUpgrade(_ method: String) -> Bool
}

extension Harness {
  func isList(_ method: String) -> Bool { false }

  func isMeasured(_ method: String) -> Bool { true }

  func supportsUpgrade(_ method: String) -> Bool { false }

  /// Answers with a list that may be long: with `more` in pages, else whole.
  ///
  /// - Parameter encode: makes the reply of a page, and is told whether it is the first; of no items there is one reply
  ///   as well.
  func pages<Items: RandomAccessCollection, Reply: JSONWritable>(
    of items: Items, in served: ServedGeneration, to replies: ReplyStream,
    _ encode: (Items.SubSequence, _ isFirst: Bool) throws -> Reply
  ) async throws -> ReplyParameters {
    var paged = PagedReplies(to: replies, within: served.generation.configuration.limits)
    var rest = items[...]
    // What is too long is seen before all of it is encoded, and nearly nothing is encoded twice.
    var count = 64
    var isFirst = true
    while true {
      count = min(count, rest.count)
      let reply = try encode(rest.prefix(count), isFirst).jsonBytes
      let isWhole = count == rest.count
      if !paged.isPaged {
        try paged.check(pending: reply.count)
        if isWhole { return .encoded(try paged.finish(reply).last) }
        let isLikelyToFit = paged.fits(reply.count / count * rest.count)
        count = isLikelyToFit ? rest.count : count * 2
      } else if !paged.fits(reply.count), count > (isFirst ? 0 : 1) {
        count /= 2
      } else if isWhole {
        return .encoded(try paged.finish(reply).last)
      } else {
        try await paged.send(reply)
        rest = rest.dropFirst(count)
        count = max(1, count * paged.pageSize / reply.count)
        isFirst = false
      }
    }
  }
}

extension ReplyParameters {
  /// The parameters as the encoded object of a wire type.
  init(encoding value: some Encodable) throws {
    self = .object(try JSONValue(encoding: value).objectValue ?? [:])
  }
}
