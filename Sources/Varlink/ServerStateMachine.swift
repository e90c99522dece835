/// One connection as the server sees it, without I/O: inputs are methods, what to do about them are actions.
///
/// It keeps Varlink's strict order. One call runs at a time, and the next one starts when the final reply to it has been
/// written and the output is not congested. What the client sends meanwhile is buffered up to a bound.
public struct ServerStateMachine: Sendable {
  /// How much of what a client sends is buffered.
  public struct Limits: Hashable, Sendable {
    /// The greatest length of a message in bytes.
    public var messageByteCount: Int
    /// While a call runs, reading stops when this many bytes of later calls wait.
    public var readAheadByteCount: Int

    /// - Parameter readAheadByteCount: a bound for later calls while one runs.
    public init(messageByteCount: Int = MessageDecoder.defaultLimit, readAheadByteCount: Int = 64 << 10) {
      self.messageByteCount = messageByteCount
      self.readAheadByteCount = readAheadByteCount
    }
  }

  /// What is to be done, in the order of the array that it comes in.
  public enum Action: Hashable, Sendable {
    /// Begin this call. `callEnded` is due once for each.
    case start(Call)
    /// Tell the running call to give up; nobody waits for its outcome. `callEnded` is still due.
    case cancel
    case write([UInt8])
    case stopReading
    case resumeReading
    /// Raw bytes for the call that upgraded the connection.
    case deliver([UInt8])
    /// The last of the raw bytes was delivered.
    case deliverEnd
    /// Close the connection, first writing what is pending if `flushing`.
    case close(CloseReason, flushing: Bool)
    /// The connection is closed and no call runs any more: nothing is left to do.
    case finish
  }

  /// Why a connection is closed.
  public enum CloseReason: Hashable, Sendable {
    /// The client ended its side and got all its answers, or the call that upgraded the connection is done.
    case completed
    case violation(MessageError)
    /// A message was begun and not completed in time.
    case inputTimedOut
    /// The client did not take what was written in time.
    case outputTimedOut
    /// What waits for clients takes more than it may, and this client's has waited longest.
    case outputOutOfRoom
    /// The client made no call for too long.
    case idleTimedOut
    /// There is no room for the rest of the call that it began.
    case outOfRoom
    case shutdown
  }

  private enum State: Hashable {
    case idle
    case running(Call.Mode)
    case upgraded
  }

  private var decoder: MessageDecoder
  private let readAheadByteCount: Int

  private var state = State.idle
  private var isReading = true
  private var isInputEnded = false
  private var isWritable = true
  private var wantsRawBytes = true
  private var isShuttingDown = false
  private var hasCalled = false
  /// A close was asked for: no new call starts, nothing more is written.
  private var isClosing = false
  /// The client is gone entirely. Calls that want no answer still run.
  private var isHungUp = false
  private var isFinished = false

  /// A connection on which nothing was received.
  public init(limits: Limits = Limits()) {
    decoder = MessageDecoder(limit: limits.messageByteCount)
    readAheadByteCount = limits.readAheadByteCount
  }
}

// MARK: What happens to the connection

extension ServerStateMachine {
  /// The client sent bytes, in pieces of any size.
  public mutating func received(_ bytes: UnsafeRawBufferPointer) -> [Action] {
    if isClosing || isHungUp || bytes.isEmpty { return [] }
    if state == .upgraded { return [.deliver(Array(bytes))] }
    decoder.append(bytes)
    return advance()
  }

  /// As above, of an array.
  public mutating func received(_ bytes: [UInt8]) -> [Action] {
    bytes.withUnsafeBytes { received($0) }
  }

  /// The client will send nothing more; it may still be reading.
  public mutating func inputEnded() -> [Action] {
    if isInputEnded || isHungUp { return [] }
    isInputEnded = true
    if isClosing { return [] }
    return state == .upgraded ? [.deliverEnd] : advance()
  }

  /// The connection is closed in both directions.
  public mutating func hungUp() -> [Action] {
    if isHungUp { return [] }
    isHungUp = true
    switch state {
    case .idle, .running(.oneway): return advance()
    case .running:
      decoder.removeAll()
      return isClosing ? [] : [.cancel]
    case .upgraded:
      let isDelivered = isInputEnded || isClosing
      isInputEnded = true
      return (isDelivered ? [] : [.deliverEnd]) + (isClosing ? [] : [.cancel])
    }
  }

  /// Whether written bytes leave, or pile up beyond the bound of the output buffer.
  public mutating func writabilityChanged(_ isWritable: Bool) -> [Action] {
    self.isWritable = isWritable
    return isWritable ? advance() : []
  }

  /// Whether the call that upgraded the connection can take more raw bytes.
  public mutating func rawBytesWanted(_ wanted: Bool) -> [Action] {
    wantsRawBytes = wanted
    return updateReading()
  }

  /// A message was begun, its end is missing, and only the client keeps it from going on.
  public var isAwaitingRestOfMessage: Bool {
    state == .idle && isWritable && !isClosing && !isInputEnded && decoder.bufferedByteCount > 0
  }

  /// No call runs, and nothing was received of another one.
  public var isIdle: Bool {
    state == .idle && !isClosing && !isInputEnded && !isHungUp && decoder.bufferedByteCount == 0
  }

  /// How many bytes wait that were received and not yet used.
  public var bufferedByteCount: Int { decoder.bufferedByteCount }
}

// MARK: What the running call does

extension ServerStateMachine {
  /// The running call has this encoded reply. An error and a reply without `continues` are final.
  ///
  /// Nothing is sent to a oneway call, or when nobody is there any more.
  public mutating func replied(_ message: [UInt8], continues: Bool) throws(MessageError) -> [Action] {
    guard case .running(let mode) = state else { throw .unexpectedReply }
    if continues, mode != .more { throw .continuesWithoutMore }
    return mode == .oneway || isClosing || isHungUp ? [] : [.write(message)]
  }

  /// The running call confirms the upgrade with this encoded reply. From here on the connection carries raw bytes, the
  /// first of which may be here already.
  public mutating func upgraded(_ message: [UInt8]) throws(MessageError) -> [Action] {
    guard state == .running(.upgrade) else { throw .unexpectedReply }
    if isClosing || isHungUp { return [] }
    state = .upgraded
    var actions: [Action] = [.write(message)]
    let rest = decoder.takeRemaining()
    if !rest.isEmpty { actions.append(.deliver(rest)) }
    if isInputEnded { actions.append(.deliverEnd) }
    return actions + updateReading()
  }

  /// The call that upgraded the connection sends raw bytes.
  public mutating func sentRawBytes(_ bytes: [UInt8]) -> [Action] {
    state != .upgraded || isClosing || isHungUp ? [] : [.write(bytes)]
  }

  /// The running call is done: its final reply, if it has one, was given before.
  public mutating func callEnded() -> [Action] {
    switch state {
    case .idle: return []
    case .running:
      state = .idle
      return advance()
    case .upgraded:
      state = .idle
      decoder.removeAll()
      if isClosing || isHungUp { return finishIfDone() }
      isClosing = true
      return [.close(.completed, flushing: true)]
    }
  }
}

// MARK: What the server decides

extension ServerStateMachine {
  /// Let the running call finish, then close. Calls that wait are not started, but for the first one of a client that
  /// found an open door: it is waited for until `firstCallIsOverdue`.
  public mutating func shutdown() -> [Action] {
    isShuttingDown = true
    return advance()
  }

  /// In a shutdown, stop waiting for the first call of a client that made none.
  public mutating func firstCallIsOverdue() -> [Action] {
    hasCalled = true
    return advance()
  }

  /// There is no room for the rest of a message that was begun. A call that runs meanwhile is not its fault.
  public mutating func refuseRestOfMessage() -> [Action] {
    state == .idle && !isClosing ? close(.outOfRoom) : []
  }

  /// Close at once and cancel the running call.
  public mutating func abort(_ reason: CloseReason) -> [Action] {
    if isHungUp {
      decoder.removeAll()
      return state == .idle ? [] : [.cancel]
    }
    isClosing = true
    decoder.removeAll()
    return (state == .idle ? [] : [.cancel]) + [.close(reason, flushing: false)]
  }
}

extension ServerStateMachine {
  /// Starts the next call if it may start, or ends the connection if it has to end.
  private mutating func advance() -> [Action] {
    guard state == .idle, !isClosing else { return updateReading() + finishIfDone() }
    if isShuttingDown, hasCalled { return isHungUp ? finishIfDone() : close(.shutdown) }
    // Without this, a client that pipelines calls and reads no reply would fill the memory.
    if !isWritable, !isHungUp { return updateReading() }
    do {
      let call = try decoder.withNextMessage { message throws(MessageError) in try Call(parsing: message) }
      if let call, !isHungUp || call.mode == .oneway {
        state = .running(call.mode)
        hasCalled = true
        return [.start(call)] + updateReading()
      }
      if isHungUp { return finishIfDone() }
      if !isInputEnded { return updateReading() }
      let rest = decoder.bufferedByteCount
      return close(rest == 0 ? .completed : .violation(.truncated(byteCount: rest)))
    } catch {
      return close(.violation(error))
    }
  }

  private mutating func close(_ reason: CloseReason) -> [Action] {
    decoder.removeAll()
    if isHungUp {
      // Nobody is there to be closed, but what was wrong is still worth telling.
      guard case .violation = reason else { return finishIfDone() }
      return [.close(reason, flushing: false)] + finishIfDone()
    }
    isClosing = true
    return [.close(reason, flushing: true)]
  }

  private mutating func finishIfDone() -> [Action] {
    guard isHungUp, state == .idle, !isFinished else { return [] }
    isFinished = true
    decoder.removeAll()
    return [.finish]
  }

  private mutating func updateReading() -> [Action] {
    if isInputEnded || isClosing || isHungUp { return [] }
    let shouldRead =
      switch state {
      case .idle where isWritable: true
      case .idle, .running: decoder.bufferedByteCount < readAheadByteCount
      case .upgraded: wantsRawBytes
      }
    if shouldRead == isReading { return [] }
    isReading = shouldRead
    return [shouldRead ? .resumeReading : .stopReading]
  }
}
