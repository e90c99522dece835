import JSON
import NIOCore
import Varlink

/// Answers the first call of a connection over a limit with an error that says which, and closes the connection.
///
/// Whatever the call is, nothing else can be done about it, so it is not read.
final class RefusalHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How long a refused client may take to make its call.
  private static let patience = TimeAmount.seconds(2)

  private let answer: [UInt8]
  private let registry: ConnectionRegistry
  private var isAnswered = false
  private var timer: Scheduled<Void>?
  private var isCounted = true

  /// Its connection was counted by `ConnectionRegistry.admitRefused`.
  init(_ error: VarlinkError, registry: ConnectionRegistry) {
    answer = (try? Reply(error).encoded()) ?? []
    self.registry = registry
  }

  func channelActive(context: ChannelHandlerContext) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isAnswered { return }
    isAnswered = true
    let flushed = context.eventLoop.makePromise(of: Void.self)
    flushed.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: answer)), promise: flushed)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed, !isAnswered { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  /// Also for a channel that never became active.
  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    if isCounted { registry.releaseRefused() }
    isCounted = false
  }
}
