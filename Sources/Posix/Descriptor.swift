internal import Glibc

/// A descriptor that is closed when nobody needs it any more.
package final class OwnedDescriptor: Sendable {
  package let number: Int32
  /// For messages.
  package let path: String

  /// Takes over an open descriptor.
  package init(_ number: Int32, _ path: String) { (self.number, self.path) = (number, path) }

  deinit { close(number) }

  /// Reads from where it stands until the end, or until `body` returns false. `body` gets at most 256 KiB at a time.
  package func read(_ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws(SystemError) {
    let size = 256 << 10
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(number, buffer.baseAddress, size)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw SystemError("read \(path)") }
      if count == 0 || !body(UnsafeBufferPointer(rebasing: buffer[..<count])) { return }
    }
  }

  /// Writes all bytes where it stands.
  package func write(_ bytes: [UInt8]) throws(SystemError) {
    do { try writeAll(bytes, to: number) } catch { throw SystemError("write \(path)", code: error.code) }
  }
}

/// Writes all bytes, also where a pipe takes it in pieces or was made non-blocking by somebody who shares it.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
  let code: Int32 = bytes.withUnsafeBytes { bytes in
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if count == 0 {
        // No file system does that; to go on would never end.
        return EIO
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
  if code != 0 { throw SystemError(code: code) }
}
