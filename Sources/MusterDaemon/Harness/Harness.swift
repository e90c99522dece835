internal import JSON
internal import Varlink
internal import VarlinkServer

/// One interface of the daemon: it makes sense of calls and words of answers, without who may ask.
protocol Harness: Sendable {
  var interface: InterfaceDescription { get }

  /// Answers a call from one generation, which the caller took once: no reply mixes two.
  ///
  /// Throws `CallFailure`, `LimitReached`, `CancellationError`, or a `VarlinkError` of `org.varlink.service`.
  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters

  /// Whether the time that a call of this method takes says how fast the daemon is.
  func isMeasured(_ method: String) -> Bool
}

extension Harness {
  func isMeasured(_ method: String) -> Bool { true }
}

extension ReplyParameters {
  /// The parameters as the encoded object of a wire type.
  init(encoding value: some Encodable) throws {
    self = .object(try JSONValue(encoding: value).objectValue ?? [:])
  }
}
