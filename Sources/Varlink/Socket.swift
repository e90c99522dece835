internal import Glibc
package import Posix

/// Connects a new Unix stream socket, which programs that this process starts do not inherit.
func connectSocket(to address: Address, timeout: Duration?) throws(ClientError) -> Int32 {
  guard let place = address.socketAddress else { throw .cannotConnect(address, errno: EINVAL) }
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  if descriptor < 0 { throw .cannotConnect(address, errno: errno) }
  // Without a bound, a service that does not accept would hold us here once its backlog is full.
  if let timeout { setSendTimeout(timeout, of: descriptor) }
  while true {
    let result = place.withPointer { connect(descriptor, $0, $1) }
    if result == 0 { break }
    if errno == EINTR { continue }
    let code = errno
    close(descriptor)
    throw .cannotConnect(address, errno: code)
  }
  if timeout != nil { setSendTimeout(.zero, of: descriptor) }
  return descriptor
}

/// A timeout of zero means none.
private func setSendTimeout(_ timeout: Duration, of descriptor: Int32) {
  let (seconds, attoseconds) = timeout.components
  var value = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &value, socklen_t(MemoryLayout<timeval>.size))
}

extension Address {
  /// What `connect` and `bind` want; nil for a program, which has none.
  package var socketAddress: SocketAddress? {
    switch self {
    case .unix(let path): .path(path)
    case .abstract(let name): .abstract(name)
    case .exec: nil
    }
  }
}

/// Sends all bytes. Throws EAGAIN when the deadline passes.
func sendAll(_ bytes: [UInt8], to descriptor: Int32, deadline: ContinuousClock.Instant?) throws(SystemError) {
  var sent = 0
  while sent < bytes.count {
    if let deadline { try wait(for: Int16(POLLOUT), on: descriptor, until: deadline) }
    let flags = Int32(MSG_NOSIGNAL) | (deadline == nil ? 0 : Int32(MSG_DONTWAIT))
    let count = bytes[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
    if count >= 0 {
      sent += count
    } else if errno != EINTR, deadline == nil || errno != EAGAIN {
      throw SystemError(code: errno)
    }
  }
}

/// Receives some bytes, none at the end of the stream. Throws EAGAIN when the deadline passes.
func receive(
  into buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, deadline: ContinuousClock.Instant?
) throws(SystemError) -> Int {
  while true {
    if let deadline { try wait(for: Int16(POLLIN), on: descriptor, until: deadline) }
    let count = recv(descriptor, buffer.baseAddress, buffer.count, deadline == nil ? 0 : Int32(MSG_DONTWAIT))
    if count >= 0 { return count }
    if errno != EINTR, deadline == nil || errno != EAGAIN { throw SystemError(code: errno) }
  }
}

private func wait(
  for events: Int16, on descriptor: Int32, until deadline: ContinuousClock.Instant
) throws(SystemError) {
  while true {
    let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: deadline)).components
    // Rounded up, or the last fraction of a millisecond would be spent spinning.
    let milliseconds = min(seconds, 1_000_000) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    var request = pollfd(fd: descriptor, events: events, revents: 0)
    let count = poll(&request, 1, Int32(milliseconds))
    if count > 0 { return }
    if count == 0, ContinuousClock.now >= deadline { throw SystemError(code: EAGAIN) }
    if count < 0, errno != EINTR { throw SystemError(code: errno) }
  }
}
