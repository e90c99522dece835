public import Varlink

/// Where a running call sends what comes before its final reply.
public struct ReplyStream: Sendable {
  /// How the call was made.
  public let mode: Call.Mode
  private let sink: any ReplySink

  /// - Parameter mode: how the call was made, which decides what may be sent.
  public init(mode: Call.Mode, sink: any ReplySink) {
    self.mode = mode
    self.sink = sink
  }

  /// Whether the client takes more than one reply.
  public var isMore: Bool { mode == .more }

  /// Sends one reply that announces another one, and returns when the client keeps up with reading.
  ///
  /// Throws `CancellationError` when the client has hung up or the task is cancelled, `ReplyStreamError` when the call
  /// takes no such reply, and `UnsendableValue`.
  public func send(_ parameters: ReplyParameters) async throws {
    guard isMore else { throw ReplyStreamError.callWithoutMore }
    try await sink.send(try parameters.encodedReply(continues: true))
  }

  /// Sends the reply that confirms an upgrade. The connection is closed when the call's handler returns, whose result
  /// is then of no account.
  public func upgrade(_ parameters: ReplyParameters = [:]) async throws -> any RawConnection {
    guard mode == .upgrade else { throw ReplyStreamError.callWithoutUpgrade }
    return try await sink.upgrade(try parameters.encodedReply(continues: false))
  }
}

/// What carries the replies of one call. Tests of a service may bring their own.
public protocol ReplySink: Sendable {
  /// Takes a whole message with its NUL, and returns when there is room for another one.
  func send(_ message: [UInt8]) async throws
  /// Sends the whole message and stops speaking Varlink.
  func upgrade(_ message: [UInt8]) async throws -> any RawConnection
}

/// An upgraded connection: a stream of bytes in both directions, each with back-pressure.
public protocol RawConnection: Sendable {
  /// Some bytes, at least one; nil when the client has ended its side.
  func read() async throws -> [UInt8]?
  /// Returns when the client keeps up with reading. Throws `CancellationError` when it has hung up.
  func write(_ bytes: [UInt8]) async throws
}

/// A mistake of the method that uses a `ReplyStream`.
public enum ReplyStreamError: Error, Hashable, Sendable {
  case callWithoutMore
  case callWithoutUpgrade
  /// The call's final reply was sent, or the connection was upgraded, before.
  case callEnded
  /// Two tasks read from an upgraded connection at a time.
  case concurrentRead
}
