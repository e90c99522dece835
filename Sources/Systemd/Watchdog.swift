internal import Dispatch
package import Logging

/// Tells the service manager at half of its period that this process lives, after having seen that it does.
///
/// It has a thread of its own: if what answers calls hangs, nobody is told, and the manager acts.
package final class Watchdog: Sendable {
  private let period: Duration
  private let notify: NotifySocket
  private let logger: Logger
  private let end = DispatchSemaphore(value: 0)

  /// - Parameter period: How long the manager waits for a sign of life.
  package init(period: Duration, notify: NotifySocket, logger: Logger) {
    self.period = period
    self.notify = notify
    self.logger = logger
  }

  /// Runs until `stop`. `probe` makes the process do its work, and throws if that takes longer than it is given.
  package func start(_ probe: @escaping @Sendable (Duration) throws -> Void) {
    // A serial queue of its own gets a thread however busy the others are.
    DispatchQueue(label: "watchdog").async {
      self.run(probe, by: ContinuousClock()) { pause in
        self.end.wait(timeout: .now() + .microseconds(pause.microseconds)) == .success
      }
    }
  }

  /// No sign of life follows, but for one that is just being given.
  package func stop() {
    end.signal()
  }

  /// `wait` waits for that long, and returns whether this is the end.
  func run<Time: Clock<Duration>>(
    _ probe: (Duration) throws -> Void, by clock: Time, wait: (Duration) -> Bool
  ) {
    let interval = period / 2
    var next = clock.now
    repeat {
      do {
        // What answers at the last moment still leaves time to say so.
        try probe(interval * 3 / 4)
        notify.isAlive()
      } catch {
        logger.error(
          "the daemon does not answer itself; the service manager is told nothing", metadata: ["error": "\(error)"])
      }
      next = max(next.advanced(by: interval), clock.now)
    } while !wait(max(.zero, clock.now.duration(to: next)))
  }
}
