import JSON
import Logging
import NIOCore
import Varlink

/// Does the I/O of one connection for its state machine, on the connection's event loop.
///
/// It outlives its channel while the calls of a client that is gone still run.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How long a shutdown waits for the first call of a client that has just connected.
  private static let firstCallTime = TimeAmount.seconds(1)
  /// How long a client may take to end a call that was refused before it came whole.
  private static let refusalTime = TimeAmount.seconds(5)

  private let id: Int
  private let peer: Peer?
  let isInternal: Bool
  let service: ServiceContext
  private let eventLoop: any EventLoop
  private let logger: Logger

  var stateMachine: ServerStateMachine
  /// Nil before the channel is there, and when it is gone.
  var context: ChannelHandlerContext?
  private var running: (output: CallOutput, task: Task<Void, Never>)?
  private var rawInput: RawInput?

  private var isReadingPaused = false
  private var isReadPending = false
  private var needsFlush = false

  private var inputTimer: Scheduled<Void>?
  private var idleTimer: Scheduled<Void>?
  private var firstCallTimer: Scheduled<Void>?
  private var idleSince = NIODeadline.now()
  private var refusalTimer: Scheduled<Void>?
  /// What the registry has counted of this connection.
  var unfinishedByteCount = 0
  /// What the call takes that is being answered.
  var runningByteCount = 0
  private let unreadOutput: UnreadOutput

  init(id: Int, peer: Peer?, isInternal: Bool, service: ServiceContext, eventLoop: any EventLoop) {
    self.id = id
    self.peer = peer
    self.isInternal = isInternal
    self.service = service
    self.eventLoop = eventLoop
    unreadOutput = UnreadOutput(of: isInternal ? nil : id, service: service, eventLoop: eventLoop)
    var logger = service.logger
    logger[metadataKey: "connection"] = "\(id)"
    if let peer {
      logger[metadataKey: "peer-uid"] = "\(peer.uid)"
      logger[metadataKey: "peer-pid"] = "\(peer.pid)"
    }
    self.logger = logger
    let limits = service.limits
    stateMachine = ServerStateMachine(
      limits: .init(messageByteCount: limits.messageByteCount, readAheadByteCount: limits.readAheadByteCount))
  }
}

// MARK: What the channel tells

extension ConnectionHandler {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func channelActive(context: ChannelHandlerContext) {
    service.registry.attach(LoopBoundConnection(self, eventLoop: eventLoop), to: id)
    startIdleTimer()
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    obey(unwrapInboundIn(data).withUnsafeReadableBytes { stateMachine.received($0) })
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    updateInputTimer()
    countUnfinished()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      obey(stateMachine.inputEnded())
      updateInputTimer()
      if refusalTimer != nil { context.close(promise: nil) }
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let isWritable = context.channel.isWritable
    obey(stateMachine.writabilityChanged(isWritable))
    countUnread()
    running?.output.setWritable(isWritable)
  }

  func channelInactive(context: ChannelHandlerContext) {
    channelEnded()
    context.fireChannelInactive()
  }

  /// Also for a channel that never became active.
  func handlerRemoved(context: ChannelHandlerContext) {
    channelEnded()
  }

  /// A broken connection is its client's matter: the channel closes, the server goes on.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    logger.debug("connection failed", metadata: ["error": "\(error)"])
    context.close(promise: nil)
  }

  func read(context: ChannelHandlerContext) {
    if isReadingPaused { isReadPending = true } else { context.read() }
  }

  private func channelEnded() {
    if context == nil { return }
    context = nil
    inputTimer?.cancel()
    unreadOutput.end()
    idleTimer?.cancel()
    firstCallTimer?.cancel()
    refusalTimer?.cancel()
    obey(stateMachine.hungUp())
    countUnfinished()
  }
}

// MARK: What the running call tells

extension ConnectionHandler {
  func drain(_ output: CallOutput) {
    for item in output.take() {
      do {
        switch item {
        case .reply(let message, let continues): obey(try stateMachine.replied(message, continues: continues))
        case .upgrade(let message, let input):
          rawInput = input
          obey(try stateMachine.upgraded(message))
        case .raw(let bytes): obey(stateMachine.sentRawBytes(bytes))
        case .ended(let errorName):
          running = nil
          rawInput = nil
          giveRoomBack()
          if !isInternal { service.registry.countCallEnd(errorName: errorName) }
          obey(stateMachine.callEnded())
        }
      } catch {
        logger.critical("a call broke the order of replies", metadata: ["error": "\(error)"])
        obey(stateMachine.abort(.violation(error)))
      }
    }
    flush()
    updateInputTimer()
    countUnfinished()
    startIdleTimer()
    output.setWritable(context?.channel.isWritable ?? true)
  }

  func wantsRawBytes() {
    obey(stateMachine.rawBytesWanted(true))
  }
}

// MARK: What the server tells

extension ConnectionHandler {
  func shutdown() {
    obey(stateMachine.shutdown())
    guard context != nil else { return }
    firstCallTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.firstCallTime) {
      self.obey(self.stateMachine.firstCallIsOverdue())
    }
  }

  func abort(_ reason: ServerStateMachine.CloseReason) {
    obey(stateMachine.abort(reason))
  }

  /// The output of all clients takes more than it may, and that of this one had waited longest when it was last counted.
  func giveUpOutput() {
    if let context, unreadOutput.isTooMuch(in: context.channel) { abort(.outputOutOfRoom) }
  }
}

// MARK: What the state machine wants

extension ConnectionHandler {
  func obey(_ actions: [ServerStateMachine.Action]) {
    for action in actions {
      switch action {
      case .start(let call): start(call)
      case .cancel:
        running?.output.cut()
        running?.task.cancel()
      case .write(let bytes): write(bytes)
      case .stopReading: isReadingPaused = true
      case .resumeReading: resumeReading()
      case .deliver(let bytes):
        if rawInput?.deliver(bytes) == false { obey(stateMachine.rawBytesWanted(false)) }
      case .deliverEnd: rawInput?.end()
      case .close(let reason, let flushing): close(reason, flushing: flushing)
      case .finish: service.registry.release(id)
      }
    }
  }

  private func start(_ call: Call) {
    if !isInternal { service.registry.countCallStart() }
    let output = CallOutput(handler: self, eventLoop: eventLoop, limit: service.limits.outputByteCount)
    if let context, !context.channel.isWritable { output.setWritable(false) }
    let refusal = refusalForRoom(call)
    let task = Task { [service, peer, logger] in
      let replies = ReplyStream(mode: call.mode, sink: output)
      let answer =
        if let refusal { Router.answer(refusal) } else {
          await service.router.answer(call, from: peer, replies: replies, logger: logger)
        }
      output.finish(answer.message, errorName: answer.errorName)
    }
    running = (output, task)
  }

  private func write(_ bytes: [UInt8]) {
    guard let context else { return }
    unreadOutput.wrote(bytes.count)
    needsFlush = true
    context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
  }

  private func flush() {
    guard needsFlush, let context else { return }
    needsFlush = false
    context.flush()
    countUnread()
    awaitReader()
  }

  private func countUnread() {
    if let context { unreadOutput.count(in: context.channel) }
  }

  private func awaitReader() {
    if let context { unreadOutput.awaitReader(of: context.channel) { self.abort(.outputTimedOut) } }
  }

  private func resumeReading() {
    isReadingPaused = false
    if isReadPending {
      isReadPending = false
      context?.read()
    }
  }

  private func close(_ reason: ServerStateMachine.CloseReason, flushing: Bool) {
    switch reason {
    case .completed, .shutdown: break
    case .violation(.tooLong(let length)):
      let (limit, error) = (service.limitNames.messageByteCount, MessageError.tooLong(limit: length))
      report(error.reason, "closing a connection that does not speak Varlink", "\(error)", limit: limit)
      return refuse(limit, length, "a call is longer than that")
    case .outOfRoom: return refuseForRoom()
    case .violation(let error):
      report(error.reason, "closing a connection that does not speak Varlink", "\(error)", limit: nil)
    case .inputTimedOut:
      report(
        "input-timed-out", "closing a connection that did not complete a call in time", nil,
        limit: service.limitNames.inputTimeout)
    case .outputTimedOut:
      report(
        "output-timed-out", "closing a connection that did not read in time", nil,
        limit: service.limitNames.outputTimeout)
    case .outputOutOfRoom:
      report(
        "output-out-of-room", "closing a connection, since what clients do not read takes all the room", nil,
        limit: service.limitNames.unreadByteCount)
    case .idleTimedOut:
      report(
        "idle-timed-out", "closing a connection that made no call for long", nil,
        limit: service.limitNames.idleTimeout, level: .info)
    }
    guard let context else { return }
    // Nothing that comes now is of use, and a client that goes on sending is not to be read for ever.
    isReadingPaused = true
    inputTimer?.cancel()
    if !flushing {
      context.close(promise: nil)
      return
    }
    // A channel whose input is closed drops what waits when it is told to close, so the output has to be awaited.
    let flushed = eventLoop.makePromise(of: Void.self)
    flushed.futureResult.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: flushed)
    needsFlush = false
    awaitReader()
  }

  /// Answers a call that has not come whole. What the client still sends of it is read and dropped for a while: closed
  /// at once, the connection would be reset, and the answer lost.
  func refuse(_ limit: String, _ value: Int, _ reason: String) {
    guard let context else { return }
    inputTimer?.cancel()
    guard !isInternal, let answer = try? service.limitNames.error(limit, value, reason).map({ try Reply($0).encoded() })
    else { return context.close(promise: nil) }
    let flushed = eventLoop.makePromise(of: Void.self)
    flushed.futureResult.assumeIsolated().whenComplete { _ in self.context?.close(mode: .output, promise: nil) }
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: answer)), promise: flushed)
    needsFlush = false
    resumeReading()
    refusalTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.refusalTime) { self.context?.close(promise: nil) }
  }

  func report(
    _ reason: String, _ message: Logger.Message, _ detail: String?, limit: String?, level: Logger.Level = .warning
  ) {
    service.registry.countViolation(reason)
    var metadata: Logger.Metadata = ["reason": .string(reason)]
    if let detail { metadata["detail"] = .string(detail) }
    if let limit { metadata["limit"] = .string(limit) }
    service.throttle.log(logger, level, message, metadata)
  }
}

// MARK: Clients that do not go on

extension ConnectionHandler {
  /// The time counts from when the rest of a message is all that is awaited, and is not prolonged by single bytes.
  private func updateInputTimer() {
    guard context != nil, stateMachine.isAwaitingRestOfMessage else {
      inputTimer?.cancel()
      inputTimer = nil
      return
    }
    if inputTimer != nil { return }
    guard let timeout = service.limits.inputTimeout else { return }
    inputTimer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
      self.inputTimer = nil
      self.abort(.inputTimedOut)
    }
  }

  /// One timer serves many calls: it looks back at how long the connection has been idle, and waits for the rest.
  private func startIdleTimer() {
    guard !isInternal, stateMachine.isIdle else { return }
    idleSince = .now()
    if idleTimer == nil { waitForIdleness() }
  }

  private func waitForIdleness() {
    idleTimer = nil
    guard context != nil, stateMachine.isIdle, let timeout = service.limits.idleTimeout else { return }
    let deadline = idleSince + TimeAmount(timeout)
    if deadline <= .now() {
      abort(.idleTimedOut)
      return
    }
    idleTimer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.waitForIdleness() }
  }
}

/// A connection as the registry knows it.
private struct LoopBoundConnection: OpenConnection {
  private let handler: NIOLoopBound<ConnectionHandler>
  private let eventLoop: any EventLoop

  init(_ handler: ConnectionHandler, eventLoop: any EventLoop) {
    self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    self.eventLoop = eventLoop
  }

  func shutdown() { eventLoop.execute { handler.value.shutdown() } }
  func abort() { eventLoop.execute { handler.value.abort(.shutdown) } }
  func giveUpOutput() { eventLoop.execute { handler.value.giveUpOutput() } }
}
