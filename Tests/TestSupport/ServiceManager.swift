internal import Glibc
package import Posix
internal import Synchronization

/// Stands in for the service manager: a datagram socket that keeps what a service says, in its order.
public final class ServiceManager: Sendable {
  private let descriptor: Int32
  private let received = Mutex<[String]>([])

  /// A manager that listens there.
  package init(_ address: SocketAddress) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let status = address.withPointer { bind(descriptor, $0, $1) }
    if status != 0 { throw TestFailure("no socket at \(address): \(errno)") }
  }

  deinit { close(descriptor) }

  /// What was said so far. Nothing is read from the socket but here.
  public var messages: [String] {
    var buffer = [UInt8](repeating: 0, count: 65536)
    return received.withLock { messages in
      while true {
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0 { return messages }
        messages.append(String(decoding: buffer[..<count], as: UTF8.self))
      }
    }
  }

  /// The messages but the signs of life.
  public var events: [String] { messages.filter { $0 != "WATCHDOG=1" } }

  /// How many signs of life there were.
  public var signsOfLife: Int { messages.count { $0 == "WATCHDOG=1" } }
}
