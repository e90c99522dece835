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
}
