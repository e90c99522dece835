import Glibc
import Logging
import NIOCore
import Varlink

extension EventLoop {
  /// Makes a new connection a Varlink connection, or fails if there are too many.
  func initialize(_ channel: any Channel, _ service: ServiceContext) -> EventLoopFuture<Void> {
    makeCompletedFuture {
      let operations = channel.pipeline.syncOperations
      // The peer is asked of the accepted socket: under socket activation the listening one would name the activator.
      let peer = try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
        // NIO accepts without SOCK_CLOEXEC.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return Peer(ofSocket: descriptor)
      }
      let id: Int
      do throws(ConnectionRegistry.Refusal) {
        id = try service.registry.admit(uid: peer??.uid)
      } catch {
        if error != .stopping {
          var metadata: Logger.Metadata = ["limit": .string(error.rawValue)]
          if let uid = peer??.uid { metadata["uid"] = "\(uid)" }
          service.throttle.log(service.logger, .warning, "refusing a connection over the limit", metadata)
        }
        throw error
      }
      do {
        let handler = ConnectionHandler(id: id, peer: peer ?? nil, service: service, eventLoop: channel.eventLoop)
        try operations.addHandler(handler)
      } catch {
        service.registry.release(id)
        throw error
      }
    }
  }
}

extension Peer {
  init?(ofSocket descriptor: Int32) {
    // `struct ucred`, which is hidden from Swift.
    var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
    self.init(uid: credentials.uid, gid: credentials.gid, pid: credentials.pid)
  }
}

/// Keeps a lack of descriptors from making the loop spin: the connection that cannot be accepted stays ready.
final class AcceptFailureHandler: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private let service: ServiceContext

  init(service: ServiceContext) {
    self.service = service
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    service.registry.countAcceptFailure()
    service.throttle.log(service.logger, .error, "cannot accept a connection", ["error": "\(error)"])
    guard let options = context.channel.syncOptions else { return }
    try? options.setOption(.autoRead, value: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(200)) {
      // Fails when the listener is closed, and then there is nothing to accept.
      try? options.setOption(.autoRead, value: true)
    }
  }
}
