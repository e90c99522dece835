internal import Dispatch
internal import Glibc
internal import Logging
internal import Posix
internal import Synchronization
internal import Varlink

/// Tells the service manager that started the daemon how it fares, after sd_notify(3).
///
/// Messages leave in order and in the background, so that a manager that is busy holds up nothing.
final class NotifySocket: Sendable {
  private let descriptor: Int32
  private let address: SocketAddress
  private let queue = DispatchQueue(label: "notify")
  /// Messages that have not left.
  private let pendingCount = Atomic(0)
  private let logger: Logger

  /// Nil when nobody wants to be told. Throws for a `NOTIFY_SOCKET` that is neither a path nor an abstract name.
  init?(environment: [String: String], logger: Logger) throws(ActivationError) {
    guard let name = environment["NOTIFY_SOCKET"] else { return nil }
    guard let parsed = SocketAddress(name) else { throw ActivationError(variable: "NOTIFY_SOCKET", value: name) }
    address = parsed
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    // A manager that does not read is not waited for longer.
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    self.logger = logger
  }

  deinit {
    close(descriptor)
  }

  /// Sends assignments such as `READY=1`, all in one message. Line breaks in values become spaces.
  func send(_ assignments: [(name: String, value: String)]) {
    let lines = assignments.map { name, value in
      "\(name)=" + String(value.map { $0.isNewline ? " " : $0 })
    }
    let message = Array(lines.joined(separator: "\n").utf8)
    pendingCount.add(1, ordering: .relaxed)
    queue.async {
      self.transmit(message)
      self.pendingCount.subtract(1, ordering: .relaxed)
    }
  }

  /// Returns when all has left, or a manager that does not read has been waited for long enough.
  func flush() {
    let isDone = DispatchSemaphore(value: 0)
    queue.async { isDone.signal() }
    _ = isDone.wait(timeout: .now() + 5)
  }

  private func transmit(_ message: [UInt8]) {
    while true {
      let count = address.withPointer { address, size in
        sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), address, size)
      }
      if count >= 0 { return }
      if errno == EINTR { continue }
      logger.warning("cannot tell the service manager", metadata: ["reason": "\(errorText(errno))"])
      return
    }
  }
}

extension NotifySocket {
  func ready(_ status: String) {
    send([("READY", "1"), ("STATUS", status)])
  }

  func reloading() {
    send([
      ("RELOADING", "1"), ("MONOTONIC_USEC", "\(monotonicMicroseconds())"),
      ("STATUS", "loading configuration and dataset"),
    ])
  }

  func stopping(_ status: String) {
    send([("STOPPING", "1"), ("STATUS", status)])
  }

  /// Left out while others wait, which say the same: a manager that falls behind is not to be flooded.
  func isAlive() {
    if pendingCount.load(ordering: .relaxed) > 0 { return }
    send([("WATCHDOG", "1")])
  }
}
