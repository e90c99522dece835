import Glibc
public import Logging
import NIOCore
import NIOPosix
import Synchronization
import Varlink

/// A Varlink service on Unix sockets.
public final class Server: Sendable {
  private enum Phase {
    case ready
    case serving
    case stopping
    case closed
  }

  private struct Listener {
    var channel: any Channel
    /// Nil for a socket that somebody else made.
    var socket: ListeningSocket?
    /// The same socket, for a channel to come; -1 when there was no descriptor left for it.
    var spare: Int32
    /// How often accepting has failed for good since a connection was accepted.
    var failureCount = 0
    /// The connections that all listeners had accepted when it failed last.
    var acceptedCount = 0
  }

  private struct State {
    var phase = Phase.ready
    var group: MultiThreadedEventLoopGroup?
    var listeners: [Listener] = []
    var closeWaiters: [CheckedContinuation<Void, Never>] = []
    var hasFailed = false
  }

  private let endpoints: [Endpoint]
  private let configuration: ServerConfiguration
  private let service: ServiceContext
  private let logger: Logger
  private let state = Mutex(State())

  /// Serves nothing before `start`.
  ///
  /// - Parameter interfaces: those beside `org.varlink.service`, which every server has.
  public init(
    interfaces: [any VarlinkInterface], endpoints: [Endpoint], configuration: ServerConfiguration, logger: Logger
  ) {
    self.endpoints = endpoints
    self.configuration = configuration
    self.logger = logger
    let limits = configuration.limits
    service = ServiceContext(
      router: Router(identity: configuration.identity, interfaces: interfaces),
      registry: ConnectionRegistry(
        limit: limits.connectionCount, limitPerUser: limits.connectionCountPerUser,
        descriptorLimit: connectionLimit(ofDescriptors: descriptorLimit())),
      limits: limits, limitNames: configuration.limitNames, logger: logger)
  }

  /// Takes other limits. How much a connection reads and writes ahead stays what it was when it began; the others hold
  /// for all from here on.
  public func apply(_ limits: ServerConfiguration.Limits) { service.apply(limits) }

  /// As they are now; counts are since `start`.
  public var statistics: ServerStatistics { service.registry.statistics }
}

// MARK: Start

extension Server {
  /// Serves all endpoints from here on, or none: throws `ListenError`, or an `IOError` for a descriptor that is no good.
  ///
  /// A server that only has connections, and listens nowhere, closes when the last one of them ends.
  public func start() async throws {
    let isFirst = state.withLock { state in
      defer { state.phase = state.phase == .ready ? .serving : state.phase }
      return state.phase == .ready
    }
    precondition(isFirst, "a server is started once")

    let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreadCount)
    state.withLock { $0.group = group }
    do {
      for endpoint in endpoints { try await serve(endpoint, group) }
    } catch {
      await shutdown(within: .zero)
      throw error
    }
    let isListening = state.withLock { !$0.listeners.isEmpty }
    if !isListening {
      Task {
        await service.registry.waitUntilEmpty()
        await shutdown(within: .zero)
      }
    }
  }

  private func serve(_ endpoint: Endpoint, _ group: MultiThreadedEventLoopGroup) async throws {
    switch endpoint {
    case .address(let address):
      let socket = try ListeningSocket.open(address, mode: configuration.socketMode)
      do {
        try await listen(on: socket.descriptor, socket, group)
      } catch {
        socket.remove()
        throw error
      }
      logger.info("listening", metadata: ["address": "\(address)"])
    case .adopted(let socket) where socket.isListening:
      try await listen(on: socket.descriptor, nil, group)
      logger.info("listening", metadata: ["descriptor": "\(socket.descriptor)"])
    case .adopted(let socket):
      try await serveConnection(socket.descriptor, group)
    case .streams(let input, let output):
      try await serveStreams(input, output, group)
    case .standardStreams:
      let (input, output) = try takeStandardStreams()
      if isSameSocket(input, output) {
        Glibc.close(output)
        try await serveConnection(input, group)
      } else {
        try await serveStreams(input, output, group)
      }
    }
  }

  private func listen(
    on descriptor: Int32, _ socket: ListeningSocket?, _ group: MultiThreadedEventLoopGroup
  ) async throws {
    let spare = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    let channel: any Channel
    do {
      channel = try await accept(on: descriptor, group)
    } catch {
      if spare >= 0 { Glibc.close(spare) }
      throw error
    }
    let index = state.withLock { state in
      state.listeners.append(Listener(channel: channel, socket: socket, spare: spare))
      return state.listeners.count - 1
    }
    channel.closeFuture.whenComplete { [weak self] _ in self?.listenerClosed(index) }
  }

  private func accept(on descriptor: Int32, _ group: MultiThreadedEventLoopGroup) async throws -> any Channel {
    let channel = try await ServerBootstrap(group: group)
      .serverChannelInitializer { [service] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptFailureHandler(service: service))
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: waterMark)
      .childChannelInitializer { [service] in $0.eventLoop.initialize($0, service) }
      .withBoundSocket(descriptor)
      .get()
    // The bootstrap listens again, with a backlog of 128.
    Glibc.listen(descriptor, SOMAXCONN)
    return channel
  }

  private func serveConnection(_ descriptor: Int32, _ group: MultiThreadedEventLoopGroup) async throws {
    _ = try await ClientBootstrap(group: group)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.writeBufferWaterMark, value: waterMark)
      .channelInitializer { [service] in $0.eventLoop.initialize($0, service) }
      .withConnectedSocket(descriptor)
      .get()
  }

  /// A connection of this process to itself, which no limit refuses and nothing counts, as a descriptor of the caller's.
  /// Nil when the server does not serve, or for lack of descriptors.
  ///
  /// Whether a call on it is answered tells whether those of others would be.
  public func connectInternally() -> Int32? {
    guard let group = state.withLock({ $0.phase == .serving ? $0.group : nil }) else { return nil }
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else { return nil }
    // Nobody waits for this: a loop that hangs is what the caller wants to find out.
    _ = ClientBootstrap(group: group)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.writeBufferWaterMark, value: waterMark)
      .channelInitializer { [service] in $0.eventLoop.initialize($0, service, isInternal: true) }
      .withConnectedSocket(ends[0])
    return ends[1]
  }

  private func serveStreams(
    _ input: Int32, _ output: Int32, _ group: MultiThreadedEventLoopGroup
  ) async throws {
    // Before the channel owns the descriptor and may close it.
    let copy = fcntl(output, F_DUPFD_CLOEXEC, 0)
    let serving = NIOPipeBootstrap(group: group)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.writeBufferWaterMark, value: waterMark)
      .channelInitializer { [service] in $0.eventLoop.initialize($0, service) }
      .takingOwnershipOfDescriptors(input: input, output: output)
    let channel: any Channel
    do {
      channel = try await serving.get()
    } catch {
      if copy >= 0 { Glibc.close(copy) }
      throw error
    }
    // A channel of two pipes tells nobody when its output ends before its input, and is not closed when that ends too.
    // One that has the output alone is closed then.
    guard copy >= 0 else { return }
    let bootstrap = NIOPipeBootstrap(group: channel.eventLoop)
    guard let sentinel = try? await bootstrap.takingOwnershipOfDescriptor(output: copy).get() else {
      Glibc.close(copy)
      return
    }
    sentinel.closeFuture.whenComplete { _ in channel.close(promise: nil) }
    channel.closeFuture.whenComplete { _ in sentinel.close(promise: nil) }
  }

  private var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
    let high = configuration.limits.outputByteCount
    return .init(low: high / 4, high: high)
  }
}

// MARK: Listen again

extension Server {
  /// Whether the server closed because it could not accept connections any more.
  public var hasFailed: Bool { state.withLock { $0.hasFailed } }

  /// So often accepting may fail for good without a connection in between.
  private static let maximumFailureCount = 5

  /// A channel is closed by an error of accept(2) that it does not expect, such as one of a security module. That is
  /// nearly always about the one connection: the socket is as good as before, and its clients wait in it.
  private func listenerClosed(_ index: Int) {
    let acceptedCount = service.registry.statistics.acceptedConnectionCount
    let failureCount: Int? = state.withLock { state in
      guard state.phase == .serving else { return nil }
      if state.listeners[index].acceptedCount != acceptedCount { state.listeners[index].failureCount = 0 }
      state.listeners[index].acceptedCount = acceptedCount
      state.listeners[index].failureCount += 1
      return state.listeners[index].failureCount
    }
    guard let failureCount else { return }
    service.registry.countAcceptFailure()
    Task {
      if failureCount <= Self.maximumFailureCount {
        service.throttle.log(logger, .error, "accepting connections failed; listening again", [:])
        try? await Task.sleep(for: .milliseconds(100 * failureCount))
        if await listenAgain(index) { return }
      }
      logger.critical("the listening socket failed")
      state.withLock { $0.hasFailed = true }
      await shutdown(within: .seconds(5))
    }
  }

  /// False when that is not to be had.
  private func listenAgain(_ index: Int) async -> Bool {
    let (descriptor, group) = state.withLock { state -> (Int32, MultiThreadedEventLoopGroup?) in
      // Spares are closed by a shutdown.
      guard state.phase == .serving else { return (-1, nil) }
      return (fcntl(state.listeners[index].spare, F_DUPFD_CLOEXEC, 0), state.group)
    }
    guard let group else { return true }
    if descriptor < 0 { return false }
    guard let channel = try? await accept(on: descriptor, group) else { return false }
    let isServing = state.withLock { state in
      if state.phase == .serving { state.listeners[index].channel = channel }
      return state.phase == .serving
    }
    if !isServing {
      try? await channel.close()
      return true
    }
    channel.closeFuture.whenComplete { [weak self] _ in self?.listenerClosed(index) }
    return true
  }
}

// MARK: End

extension Server {
  /// Accepts no more connections, lets running calls finish for that time, then cancels them, closes all connections,
  /// and removes the sockets that this server made. Returns when that is done, also for a second caller.
  public func shutdown(within grace: Duration) async {
    let (listeners, group) = state.withLock { state -> ([Listener]?, MultiThreadedEventLoopGroup?) in
      guard state.phase == .ready || state.phase == .serving else { return (nil, nil) }
      state.phase = .stopping
      return (state.listeners, state.group)
    }
    guard let listeners else {
      await waitUntilClosed()
      return
    }
    for listener in listeners {
      listener.socket?.remove()
      if listener.spare >= 0 { Glibc.close(listener.spare) }
      try? await listener.channel.close()
    }

    let registry = service.registry
    registry.stop()
    if await !registry.waitUntilEmpty(within: grace) {
      let count = statistics.runningCallCount
      if count > 0 { logger.warning("cancelling calls that did not finish in time", metadata: ["count": "\(count)"]) }
      registry.abort()
    }
    if await registry.waitUntilEmpty(within: .seconds(2)) {
      try? await group?.shutdownGracefully()
    } else {
      // Its threads are left: the calls that go on would fall on a loop that is no more.
      logger.error("calls go on that were cancelled")
    }

    let waiters = state.withLock { state in
      state.phase = .closed
      state.listeners = []
      defer { state.closeWaiters = [] }
      return state.closeWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the server was shut down and all connections are closed; at once after that.
  public func waitUntilClosed() async {
    await withCheckedContinuation { continuation in
      let isClosed = state.withLock { state in
        if state.phase != .closed { state.closeWaiters.append(continuation) }
        return state.phase == .closed
      }
      if isClosed { continuation.resume() }
    }
  }
}

/// How many connections there may be for the sake of descriptors: a quarter of them, and 64 where there are some more than
/// that, are for files, plugins and what libdispatch opens now and then, which traps without one.
private func connectionLimit(ofDescriptors limit: Int) -> Int {
  limit < 96 ? limit / 4 * 3 : min(limit / 4 * 3, limit - 64)
}

/// How many descriptors this process may have.
private func descriptorLimit() -> Int {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
  return Int(clamping: limit.rlim_cur)
}
