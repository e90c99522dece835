import NIOCore

/// The output of one connection that its client has not read: how much the registry counts of it, and whether the client
/// takes some of it in each period. For the connection's event loop.
final class UnreadOutput {
  /// Nil for a connection of ours, which counts for nobody.
  private let id: Int?
  private let service: ServiceContext
  private let eventLoop: any EventLoop
  /// What the registry has counted of it.
  private var countedByteCount = 0
  private var writtenByteCount = 0
  private var timer: Scheduled<Void>?

  /// - Parameter id: the number of the connection; nil for one of ours, which is not counted.
  init(of id: Int?, service: ServiceContext, eventLoop: any EventLoop) {
    self.id = id
    self.service = service
    self.eventLoop = eventLoop
  }

  /// So many bytes more were given to the channel.
  func wrote(_ byteCount: Int) { writtenByteCount += byteCount }

  /// Counts what waits in the channel. Where all clients leave more than they may, whoever has not read for longest gives up.
  ///
  /// The channel tells when much of its output has been taken, not when all of it has: what is counted may be too much, and is
  /// counted anew before anything is done about it.
  func count(in channel: any Channel) { setCount(Self.waitingByteCount(in: channel) ?? 0) }

  /// Whether something waits there while that of all clients is too much; it is counted anew.
  func isTooMuch(in channel: any Channel) -> Bool {
    guard let id else { return false }
    count(in: channel)
    return service.registry.staysGivenUp(id, limit: service.limits.unreadByteCount)
  }

  /// While output waits, the client must take some of it in each period; else `overdue` is called.
  func awaitReader(of channel: any Channel, _ overdue: @escaping () -> Void) {
    if timer == nil { beginPeriod(of: channel, takenByteCount: nil, overdue) }
  }

  /// The channel is gone, and nothing waits in it.
  func end() {
    timer?.cancel()
    setCount(0)
  }

  private func beginPeriod(of channel: any Channel, takenByteCount last: Int?, _ overdue: @escaping () -> Void) {
    timer = nil
    guard let timeout = service.limits.outputTimeout, let waiting = Self.waitingByteCount(in: channel), waiting > 0
    else {
      return
    }
    let taken = writtenByteCount - waiting
    if let last, taken <= last { return overdue() }
    timer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
      self.beginPeriod(of: channel, takenByteCount: taken, overdue)
    }
  }

  private func setCount(_ byteCount: Int) {
    guard let id, byteCount != countedByteCount else { return }
    countedByteCount = byteCount
    service.registry.setUnread(byteCount, of: id, limit: service.limits.unreadByteCount)?.giveUpOutput()
  }

  private static func waitingByteCount(in channel: any Channel) -> Int? {
    try? channel.syncOptions?.getOption(.bufferedWritableBytes)
  }
}
