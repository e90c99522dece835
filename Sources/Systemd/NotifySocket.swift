internal import Dispatch
package import Logging
package import Posix
internal import Synchronization

/// Tells the service manager that started this process how it fares, after sd_notify(3).
///
/// Messages leave in order and in the background, so that a manager that is busy holds up nothing.
package final class NotifySocket: Sendable {
  private let socket: DatagramSocket
  private let patience: Duration
  private let queue = DispatchQueue(label: "notify")
  /// Messages that have not left.
  private let pendingCount = Atomic(0)
  private let logger: Logger

  /// - Parameters:
  ///   - patience: How long a manager that does not read is waited for, with each message. What has not left by then is
  ///     dropped, and the log says so.
  package init(_ address: SocketAddress, patience: Duration = .seconds(5), logger: Logger) {
    socket = DatagramSocket(to: address)
    socket.setPatience(patience)
    self.patience = patience
    self.logger = logger
  }

  /// Sends assignments such as `READY=1`, all in one message. Line breaks in values become spaces.
  package func send(_ assignments: [(name: String, value: String)]) {
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
  package func flush() {
    let isDone = DispatchSemaphore(value: 0)
    queue.async { isDone.signal() }
    _ = isDone.wait(timeout: .now() + .microseconds(patience.microseconds))
  }

  private func transmit(_ message: [UInt8]) {
    do {
      try socket.send(message)
    } catch {
      logger.warning("cannot tell the service manager", metadata: ["reason": "\(error.reason)"])
    }
  }
}

extension NotifySocket {
  /// The service has started, or a reload has ended, whatever came of it. The status is one line for people.
  package func ready(_ status: String) {
    send([("READY", "1"), ("STATUS", status)])
  }

  /// What there is to say of a service that is not ready, in a line for people.
  package func status(_ status: String) {
    send([("STATUS", status)])
  }

  /// A reload begins, which `ready` ends.
  package func reloading(_ status: String) {
    send([("RELOADING", "1"), ("MONOTONIC_USEC", "\(monotonicMicroseconds())"), ("STATUS", status)])
  }

  /// The service has begun to end.
  package func stopping(_ status: String) {
    send([("STOPPING", "1"), ("STATUS", status)])
  }

  /// A sign of life, as the watchdog gives it.
  ///
  /// Left out while others wait, which say the same: a manager that falls behind is not to be flooded.
  package func isAlive() {
    if pendingCount.load(ordering: .relaxed) > 0 { return }
    send([("WATCHDOG", "1")])
  }
}

extension Duration {
  /// Without what is smaller.
  var microseconds: Int {
    Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
  }
}
