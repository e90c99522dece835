import Glibc
public import JSON
internal import Posix

/// A blocking client of one service, for programs that do one thing at a time.
///
/// After any error but an error reply and `unsendable` the connection is closed and of no more use.
public final class Client {
  /// The socket. `shutdown(descriptor, SHUT_RDWR)`, which a signal handler may call, makes a waiting call fail with
  /// `connectionLost` and cancels it in the service.
  public let descriptor: Int32

  private var stateMachine: ClientStateMachine
  private var service: SpawnedService?
  /// How the service ended that was started for this client; nil before `close`, and when none was.
  public private(set) var serviceEnd: ServiceEnd?
  /// Whether further calls can be made.
  public private(set) var isOpen = true
  /// Whether the service had not read what was sent to it when a call timed out: it has not come to the call, as while
  /// it starts or when it hangs. False for what is still being waited for.
  public private(set) var timedOutUnread = false
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  /// Connects to the service, or starts it if the address is an `exec:`, in which case `arguments` are its arguments and
  /// `standardError` is the open file that takes what it prints.
  ///
  /// `timeout` bounds the wait for a service that does not accept; it is no bound for the calls.
  public init(
    connectingTo address: Address, arguments: [String] = [], standardError: Int32 = 2,
    timeout: Duration? = nil, limit: Int = MessageDecoder.defaultLimit
  ) throws(ClientError) {
    if case .exec(let path) = address {
      do {
        (service, descriptor) = try SpawnedService.start(path, arguments: arguments, standardError: standardError)
      } catch {
        throw .cannotConnect(address, errno: error.code)
      }
    } else {
      descriptor = try connectSocket(to: address, timeout: timeout)
    }
    stateMachine = ClientStateMachine(limit: limit)
  }

  /// Takes over a connected stream socket.
  public init(adopting descriptor: Int32, limit: Int = MessageDecoder.defaultLimit) {
    self.descriptor = descriptor
    stateMachine = ClientStateMachine(limit: limit)
  }

  deinit {
    close()
    buffer.deallocate()
  }

  /// Closes the connection. A service that was started for it is waited for, and killed if it does not end.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    disconnect(descriptor)
    serviceEnd = service?.reap()
  }
}

extension Client {
  /// Makes a call and waits for its only reply, at most for `timeout`.
  @discardableResult
  public func call(
    _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = nil
  ) throws(ClientError) -> JSONObject {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    try send(Call(method, parameters), deadline, timeout)
    return try receive(deadline, timeout).parameters
  }

  /// Makes a call that nobody answers.
  public func callOneway(_ method: String, _ parameters: JSONObject = [:]) throws(ClientError) {
    try send(Call(method, parameters, mode: .oneway), nil, nil)
  }

  /// Makes a call that is answered by any number of replies. Each may take `timeout`, so that a long stream lives.
  public func callMore(
    _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = nil
  ) throws(ClientError) -> Replies {
    try send(Call(method, parameters, mode: .more), timeout.map { ContinuousClock.now + $0 }, timeout)
    return Replies(client: self, timeout: timeout)
  }

  /// Makes such a call and hands over each reply. When `body` throws, the connection is closed, which cancels the call.
  public func callMore(
    _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = nil,
    forEach body: (JSONObject) throws -> Void
  ) throws {
    var replies = try callMore(method, parameters, timeout: timeout)
    while let reply = try replies.next() {
      do {
        try body(reply)
      } catch {
        close()
        throw error
      }
    }
  }

  /// The replies to one call.
  public struct Replies {
    fileprivate let client: Client
    fileprivate let timeout: Duration?
    private var isComplete = false

    fileprivate init(client: Client, timeout: Duration?) {
      self.client = client
      self.timeout = timeout
    }

    /// Waits for the next reply; nil after the last one. To stop before that, close the client.
    public mutating func next() throws(ClientError) -> JSONObject? {
      if isComplete { return nil }
      isComplete = true
      let reply = try client.receive(timeout.map { ContinuousClock.now + $0 }, timeout)
      isComplete = !reply.continues
      return reply.parameters
    }
  }

  /// A connection that carries raw bytes from now on. The descriptor stays the client's.
  public struct Upgraded: Sendable {
    /// What the reply said that confirmed the upgrade.
    public var parameters: JSONObject
    /// The connected socket, which `Client.close` closes.
    public var descriptor: Int32
    /// Raw bytes that were received already.
    public var leftover: [UInt8]
  }

  /// Makes a call after which the connection is no longer Varlink; it can only be closed then.
  public func callUpgrade(
    _ method: String, _ parameters: JSONObject = [:], timeout: Duration? = nil
  ) throws(ClientError) -> Upgraded {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    try send(Call(method, parameters, mode: .upgrade), deadline, timeout)
    let reply = try receive(deadline, timeout)
    return Upgraded(parameters: reply.parameters, descriptor: descriptor, leftover: stateMachine.takeRemaining())
  }
}

extension Client {
  private func send(
    _ call: Call, _ deadline: ContinuousClock.Instant?, _ timeout: Duration?
  ) throws(ClientError) {
    guard isOpen, !stateMachine.isUpgraded else { throw .connectionLost(errno: EBADF) }
    let bytes: [UInt8]
    do { bytes = try call.encoded() } catch { throw .unsendable(error) }
    do { try stateMachine.send(call.mode) } catch { throw fail(.violation(error)) }
    do { try sendAll(bytes, to: descriptor, deadline: deadline) } catch { throw fail(error, timeout) }
  }

  private func receive(_ deadline: ContinuousClock.Instant?, _ timeout: Duration?) throws(ClientError) -> Reply {
    guard isOpen else { throw .connectionLost(errno: EBADF) }
    while true {
      let next: Reply?
      do { next = try stateMachine.nextReply() } catch { throw fail(.violation(error)) }
      if let reply = next {
        if let name = reply.error { throw .errorReply(VarlinkError(name, reply.parameters)) }
        return reply
      }
      let count: Int
      do {
        count = try Varlink.receive(into: buffer, from: descriptor, deadline: deadline)
      } catch {
        throw fail(error, timeout)
      }
      if count == 0 {
        do { try stateMachine.inputEnded() } catch { throw fail(.violation(error)) }
        throw fail(.connectionLost(errno: nil))
      }
      stateMachine.received(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private func fail(_ error: SystemError, _ timeout: Duration?) -> ClientError {
    if error.code == EAGAIN, let timeout {
      timedOutUnread = hasUnreadOutput(descriptor)
      return fail(.timedOut(timeout))
    }
    return fail(.connectionLost(errno: error.code))
  }

  private func fail(_ error: ClientError) -> ClientError {
    close()
    return error
  }
}

/// Whether the other end of a Unix socket has not read all that was sent to it, accepted or not; false where that cannot
/// be told. Threads beside the one that uses the socket may ask.
public func hasUnreadOutput(_ descriptor: Int32) -> Bool {
  var count: Int32 = 0
  return ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 && count > 0
}

/// Its own function, since `close` inside `Client` is the method.
private func disconnect(_ descriptor: Int32) {
  close(descriptor)
}
