import Glibc
import Posix
import TestSupport

/// A socket that connections wait in, since nobody accepts them.
final class SilentSocket {
  let path: String
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let isBound = SocketAddress.path(path).withPointer { bind(descriptor, $0, $1) } == 0
    if !isBound || listen(descriptor, 8) != 0 { throw TestFailure("no socket at \(path): \(errno)") }
  }

  deinit { close(descriptor) }
}
