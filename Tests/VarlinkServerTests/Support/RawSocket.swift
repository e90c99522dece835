import Glibc
import Varlink

/// A client that need not behave. Every wait ends after thirty seconds.
final class RawSocket {
  let descriptor: Int32
  private var received: [UInt8] = []
  private var isOpen = true

  init(path: String) throws {
    let client = try Client(connectingTo: .unix(path: path))
    descriptor = duplicate(client.descriptor)
    client.close()
    limitWaits()
  }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    limitWaits()
  }

  deinit { close() }

  private func limitWaits() {
    var time = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Whether all of it could be sent.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  func send(_ calls: Call...) throws {
    send(try calls.flatMap { try $0.encoded() })
  }

  func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  func close() {
    if isOpen { Glibc.close(descriptor) }
    isOpen = false
  }

  /// Some bytes; none at the end, after an error, or when nothing comes.
  func receive() -> [UInt8] {
    if !received.isEmpty {
      defer { received = [] }
      return received
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(0, count)))
  }

  func receiveToEnd() -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let bytes = receive()
      if bytes.isEmpty { return all }
      all += bytes
    }
  }

  /// The next reply; nil at the end.
  func receiveReply() throws -> Reply? {
    var message: [UInt8] = []
    while true {
      let bytes = receive()
      if bytes.isEmpty { return nil }
      if let end = bytes.firstIndex(of: 0) {
        message += bytes[..<end]
        received = Array(bytes[(end + 1)...])
        return try Reply(parsing: message)
      }
      message += bytes
    }
  }
}

/// Programs that other tests start must not keep connections open.
func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }
