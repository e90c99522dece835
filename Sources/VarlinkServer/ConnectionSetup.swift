import Glibc
import JSON
import Logging
import NIOCore
import Varlink

extension EventLoop {
  /// Makes a new connection a Varlink connection, or fails if there are too many.
  ///
  /// An internal one, of this process to itself, is not limited and not counted.
  func initialize(
    _ channel: any Channel, _ service: ServiceContext, isInternal: Bool = false
  ) -> EventLoopFuture<Void> {
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
        let uid = peer??.uid
        id = try service.registry.admit(
          uid: isInternal ? nil : uid, mayUseReserve: uid == 0 || uid == geteuid(), isInternal: isInternal)
      } catch {
        guard let refusal = service.refuse(error, peer ?? nil) else { throw error }
        try operations.addHandler(RefusalHandler(refusal, registry: service.registry))
        return
      }
      do {
        let handler = ConnectionHandler(
          id: id, peer: peer ?? nil, isInternal: isInternal, service: service, eventLoop: channel.eventLoop)
        try operations.addHandler(handler)
      } catch {
        service.registry.release(id)
        throw error
      }
    }
  }
}

extension ServiceContext {
  /// Logs and counts a refusal. The error to answer with, if there is to be an answer.
  fileprivate func refuse(_ refusal: ConnectionRegistry.Refusal, _ peer: Peer?) -> VarlinkError? {
    let (name, value, reason): (String, Int, String)
    switch refusal {
    case .connections(let limit): (name, value, reason) = (limitNames.connectionCount, limit, "all connections")
    case .descriptors(let limit): (name, value, reason) = (limitNames.descriptorCount, limit, "all descriptors")
    case .connectionsOfUser(let limit):
      (name, value, reason) = (limitNames.connectionCountPerUser, limit, "all connections of one user")
    case .stopping: return nil
    }
    var metadata: Logger.Metadata = ["limit": .string(name), "value": "\(value)"]
    if let peer {
      metadata["peer-uid"] = "\(peer.uid)"
      metadata["peer-pid"] = "\(peer.pid)"
    }
    throttle.log(logger, .warning, "refusing a connection over the limit", metadata)
    return registry.admitRefused(by: name) ? limitNames.error(name, value, "\(reason) are taken") : nil
  }
}

extension Peer {
  init?(ofSocket descriptor: Int32) {
    // `struct ucred`, which is hidden from Swift.
    var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
    self.init(
      uid: credentials.uid, gid: credentials.gid, pid: credentials.pid,
      groups: Self.groups(ofSocket: descriptor, capacity: 32))
  }

  private static func groups(ofSocket descriptor: Int32, capacity: Int) -> [UInt32]? {
    var groups = [UInt32](repeating: 0, count: capacity)
    var size = socklen_t(capacity * MemoryLayout<UInt32>.size)
    if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &size) == 0 {
      return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.size))
    }
    // The size that is needed was written back.
    let needed = Int(size) / MemoryLayout<UInt32>.size
    return errno == ERANGE && needed > capacity ? self.groups(ofSocket: descriptor, capacity: needed) : nil
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
