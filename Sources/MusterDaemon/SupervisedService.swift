internal import Logging
internal import MusterAPI
internal import Pipeline
internal import Varlink
internal import VarlinkServer

/// A service under the rules that hold for every call, whatever it is about: who may make it.
struct SupervisedService: DescribedInterface {
  let service: any Service
  let store: GenerationStore
  let logger: Logger

  var interface: InterfaceDescription { service.interface }

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    let served = store.current
    let right = Right.needed(for: call.method)
    guard served.generation.configuration.access.allows(right, to: peer) else {
      logger.warning(
        "refused a call",
        metadata: [
          "method": "\(call.method)", "right": "access.\(right.rawValue)", "peer-uid": "\(peer?.uid ?? 0)",
          "peer-pid": "\(peer?.pid ?? 0)",
        ])
      throw VarlinkError.permissionDenied
    }
    return try await service.handle(call, in: served, replies: replies)
  }
}
