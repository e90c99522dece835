import Glibc
import JSON
import MusterAPI
import Posix
import Synchronization
import TestSupport
import Varlink

/// A musterd of which the test says what it answers. It lives in a folder of its own.
final class FakeService: Sendable {
  let folder: TemporaryFolder
  let address: String
  private let listener: Int32
  private let received = Mutex<[Call]>([])
  private let hangUpCount = Mutex(0)
  private let answer: @Sendable (Call, Peer) throws -> Void

  /// `answer` gets each call of each connection. What it throws ends the connection.
  init(_ answer: @escaping @Sendable (Call, Peer) throws -> Void) throws {
    self.answer = answer
    folder = try TemporaryFolder()
    let path = "\(folder.path)/socket"
    address = "unix:\(path)"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    let code = SocketAddress.path(path).withPointer { bind(listener, $0, $1) }
    guard listener >= 0, code == 0, listen(listener, 16) == 0 else { throw TestFailure("cannot listen on \(path)") }
    startThread { [listener, weak self] in
      while true {
        var request = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, -1)
        let descriptor = withoutSpawning { closingOnExec(accept(listener, nil, nil)) }
        if descriptor < 0, errno == EAGAIN || errno == EINTR { continue }
        guard descriptor >= 0, let self else { break }
        startThread { self.serve(Peer(descriptor)) }
      }
      close(listener)
    }
  }

  /// Answers every call with these replies.
  convenience init(replies: [Reply]) throws {
    try self.init { _, peer in for reply in replies { try peer.send(reply) } }
  }

  convenience init(error name: String, _ parameters: JSONObject = [:]) throws {
    try self.init(replies: [Reply(VarlinkError(name, parameters))])
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  var calls: [Call] { received.withLock { $0 } }

  /// How many clients ended their connection.
  var hangUps: Int { hangUpCount.withLock { $0 } }

  private func serve(_ peer: Peer) {
    defer { if peer.isHungUp { hangUpCount.withLock { $0 += 1 } } }
    while let call = peer.receive() {
      received.withLock { $0.append(call) }
      do { try answer(call, peer) } catch { return }
    }
  }
}

/// The service's end of a connection. Every wait ends after twenty seconds.
final class Peer {
  private let descriptor: Int32
  private var decoder = MessageDecoder()
  private(set) var isHungUp = false

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var time = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func receive() -> Call? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let message = try? decoder.next() { return try? Call(parsing: message) }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      isHungUp = count == 0
      if count <= 0 { return nil }
      decoder.append(buffer[..<count])
    }
  }

  func send(_ reply: Reply) throws { try send(reply.encoded()) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { throw TestFailure("cannot send") }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether the client ended the connection, which is waited for.
  func waitForHangUp() -> Bool {
    var byte: UInt8 = 0
    isHungUp = recv(descriptor, &byte, 1, 0) == 0
    return isHungUp
  }
}

/// Holds up a service until the test opens it.
final class Gate: Sendable {
  private let ends: (read: Int32, write: Int32)

  init() throws {
    ends = try makePipe()
  }

  deinit {
    close(ends.read)
    close(ends.write)
  }

  func wait() {
    var byte: UInt8 = 0
    _ = read(ends.read, &byte, 1)
  }

  func open() { _ = write(ends.write, "x", 1) }
}
