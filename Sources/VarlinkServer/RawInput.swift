import NIOCore
import Synchronization

/// The raw bytes of an upgraded connection that its call has not read yet, and the brake on the client.
final class RawInput: Sendable {
  fileprivate struct State {
    var chunks: [[UInt8]] = []
    var byteCount = 0
    var isEnded = false
    var isFull = false
    var waiter: CheckedContinuation<[UInt8]?, any Error>?
  }

  private let limit: Int
  private let handler: NIOLoopBound<ConnectionHandler>
  private let eventLoop: any EventLoop
  private let state = Mutex(State())

  init(limit: Int, handler: NIOLoopBound<ConnectionHandler>, eventLoop: any EventLoop) {
    self.limit = limit
    self.handler = handler
    self.eventLoop = eventLoop
  }

  /// Takes bytes from the client. False when it should send no more for now.
  func deliver(_ bytes: [UInt8]) -> Bool {
    let (waiter, wantsMore) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, Bool) in
      if let waiter = state.waiter {
        state.waiter = nil
        return (waiter, true)
      }
      state.chunks.append(bytes)
      state.byteCount += bytes.count
      state.isFull = state.byteCount >= limit
      return (nil, !state.isFull)
    }
    waiter?.resume(returning: bytes)
    return wantsMore
  }

  /// No more bytes will come. Those that are here can still be read.
  func end() {
    let waiter = state.withLock { state in
      state.isEnded = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }

  func read() async throws -> [UInt8]? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (outcome, resumesReading) = state.withLock { state in state.read(continuation) }
        if resumesReading { eventLoop.execute { self.handler.value.wantsRawBytes() } }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume(throwing: CancellationError())
    }
  }
}

extension RawInput.State {
  /// What there is at once, or nil when the continuation has to wait; and whether the client may go on.
  fileprivate mutating func read(
    _ continuation: CheckedContinuation<[UInt8]?, any Error>
  ) -> (Result<[UInt8]?, any Error>?, resumesReading: Bool) {
    if !chunks.isEmpty {
      let bytes = chunks.count == 1 ? chunks[0] : Array(chunks.joined())
      chunks = []
      byteCount = 0
      defer { isFull = false }
      return (.success(bytes), isFull && !isEnded)
    }
    if isEnded { return (.success(nil), false) }
    if Task.isCancelled { return (.failure(CancellationError()), false) }
    if waiter != nil { return (.failure(ReplyStreamError.concurrentRead), false) }
    waiter = continuation
    return (nil, false)
  }
}
