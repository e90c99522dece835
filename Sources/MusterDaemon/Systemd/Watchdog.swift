internal import Dispatch
internal import Logging
internal import Varlink

/// Tells the service manager at half of its period that the daemon lives, after having seen that it does.
///
/// It has a thread of its own: if what answers calls hangs, nobody is told, and the manager acts.
final class Watchdog: Sendable {
  private let period: Duration
  private let notify: NotifySocket
  private let logger: Logger
  private let end = DispatchSemaphore(value: 0)

  init(period: Duration, notify: NotifySocket, logger: Logger) {
    self.period = period
    self.notify = notify
    self.logger = logger
  }

  /// How long the service manager waits for a sign of life; nil if it does not, or waits for another process.
  static func period(environment: [String: String], pid: Int32) throws(ActivationError) -> Duration? {
    guard let text = environment["WATCHDOG_USEC"] else { return nil }
    if let owner = environment["WATCHDOG_PID"] {
      guard let owner = Int32(owner) else { throw ActivationError(variable: "WATCHDOG_PID", value: owner) }
      if owner != pid { return nil }
    }
    guard let microseconds = Int64(text), microseconds > 0 else {
      throw ActivationError(variable: "WATCHDOG_USEC", value: text)
    }
    return .microseconds(microseconds)
  }

  /// Runs until `stop`. `probe` makes the daemon do its work, and throws if that takes longer than it is given.
  func start(_ probe: @escaping @Sendable (Duration) throws -> Void) {
    // A serial queue of its own gets a thread however busy the others are.
    DispatchQueue(label: "watchdog").async { self.run(probe) }
  }

  func stop() {
    end.signal()
  }

  private func run(_ probe: (Duration) throws -> Void) {
    let interval = period / 2
    var next = ContinuousClock.now
    repeat {
      do {
        // What answers at the last moment still leaves time to say so.
        try probe(interval * 3 / 4)
        notify.isAlive()
      } catch {
        logger.error(
          "the daemon does not answer itself; the service manager is told nothing", metadata: ["error": "\(error)"])
      }
      next = max(next + interval, .now)
    } while end.wait(timeout: .now() + .microseconds(next.microsecondsFromNow)) == .timedOut
  }
}

extension ContinuousClock.Instant {
  fileprivate var microsecondsFromNow: Int {
    let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: self)).components
    return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
  }
}
