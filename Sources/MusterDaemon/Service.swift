internal import JSON
internal import Varlink
internal import VarlinkServer

/// One interface of the daemon: what it answers, without who may ask.
protocol Service: Sendable {
  var interface: InterfaceDescription { get }

  /// Answers a call from one generation, which the caller took once: no reply mixes two.
  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters

  /// Whether the time that a call of this method takes says how fast the daemon is.
  func isMeasured(_ method: String) -> Bool
}

extension Service {
  func isMeasured(_ method: String) -> Bool { true }
}
