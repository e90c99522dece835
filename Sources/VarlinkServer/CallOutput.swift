import NIOCore
import Synchronization

/// What a running call hands to its connection's event loop, and the brake on it.
///
/// A call may be ahead of its client by the limit and one message. Beyond that its `send` waits, until the client reads.
final class CallOutput: ReplySink {
  enum Item: Sendable {
    case reply([UInt8], continues: Bool)
    case upgrade([UInt8], RawInput)
    case raw([UInt8])
    case ended(errorName: String?)
  }

  private enum Phase {
    case varlink
    case raw
    case ended
  }

  private struct State {
    var items: [Item] = []
    var byteCount = 0
    var isDrainScheduled = false
    /// The channel holds as much as it should.
    var isCongested = false
    /// Nobody is there any more.
    var isCut = false
    var phase = Phase.varlink
    var nextWaiterID = 0
    var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]

    func hasRoom(_ limit: Int) -> Bool { !isCongested && byteCount < limit }

    mutating func takeWaiters() -> [CheckedContinuation<Void, any Error>] {
      defer { waiters = [:] }
      return Array(waiters.values)
    }
  }

  private let eventLoop: any EventLoop
  private let handler: NIOLoopBound<ConnectionHandler>
  private let limit: Int
  private let state = Mutex(State())

  init(handler: ConnectionHandler, eventLoop: any EventLoop, limit: Int) {
    self.eventLoop = eventLoop
    self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    self.limit = limit
  }
}

// MARK: The call's side, on any thread

extension CallOutput {
  func send(_ message: [UInt8]) async throws {
    try await put(.reply(message, continues: true), byteCount: message.count, in: .varlink)
  }

  func upgrade(_ message: [UInt8]) async throws -> any RawConnection {
    let input = RawInput(limit: limit, handler: handler, eventLoop: eventLoop)
    try await put(.upgrade(message, input), byteCount: message.count, in: .varlink, then: .raw)
    return RawStream(output: self, input: input)
  }

  fileprivate func write(_ bytes: [UInt8]) async throws {
    if !bytes.isEmpty { try await put(.raw(bytes), byteCount: bytes.count, in: .raw) }
  }

  /// The call is done, with this final reply unless it upgraded the connection.
  func finish(_ message: [UInt8], errorName: String?) {
    let isFirst = state.withLock { state in
      if state.phase == .varlink { state.items.append(.reply(message, continues: false)) }
      state.phase = .ended
      state.items.append(.ended(errorName: errorName))
      defer { state.isDrainScheduled = true }
      return !state.isDrainScheduled
    }
    if isFirst { scheduleDrain() }
  }

  private func put(_ item: Item, byteCount: Int, in phase: Phase, then next: Phase? = nil) async throws {
    try Task.checkCancellation()
    let (isFirst, hasRoom) = try state.withLock { state in
      if state.phase != phase { throw ReplyStreamError.callEnded }
      if state.isCut { throw CancellationError() }
      state.phase = next ?? phase
      state.items.append(item)
      state.byteCount += byteCount
      defer { state.isDrainScheduled = true }
      return (!state.isDrainScheduled, state.hasRoom(limit))
    }
    if isFirst { scheduleDrain() }
    if hasRoom { return }
    let observer = OutputWait.observer
    observer?.willWait()
    try await waitForRoom()
    try await observer?.didWait()
  }

  private func scheduleDrain() {
    eventLoop.execute { self.handler.value.drain(self) }
  }

  private func waitForRoom() async throws {
    let id = state.withLock { state in
      state.nextWaiterID += 1
      return state.nextWaiterID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          // A cancellation before this point found no continuation to resume.
          if state.isCut || Task.isCancelled { return .failure(CancellationError()) }
          if state.hasRoom(limit) { return .success(()) }
          state.waiters[id] = continuation
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }
}

// MARK: The connection's side, on its event loop

extension CallOutput {
  /// What was handed over since the last time.
  func take() -> [Item] {
    state.withLock { state in
      defer {
        state.items = []
        state.byteCount = 0
        state.isDrainScheduled = false
      }
      return state.items
    }
  }

  /// Says whether the channel can take more, and lets the call go on if so.
  func setWritable(_ isWritable: Bool) {
    let waiters = state.withLock { state in
      state.isCongested = !isWritable
      return state.hasRoom(limit) ? state.takeWaiters() : []
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Nobody is there any more: what waits to send is told, and so is what tries later.
  func cut() {
    let waiters = state.withLock { state in
      state.isCut = true
      return state.takeWaiters()
    }
    for waiter in waiters { waiter.resume(throwing: CancellationError()) }
  }
}

/// An upgraded connection for the call that upgraded it.
private struct RawStream: RawConnection {
  let output: CallOutput
  let input: RawInput

  func read() async throws -> [UInt8]? { try await input.read() }
  func write(_ bytes: [UInt8]) async throws { try await output.write(bytes) }
}
