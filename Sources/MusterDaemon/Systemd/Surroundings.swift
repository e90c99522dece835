internal import Glibc
internal import Logging
internal import Varlink

/// What the service manager that started the daemon says in environment variables.
struct Surroundings: Sendable {
  var activation: Activation?
  var notify: NotifySocket?
  /// How long the manager waits for a sign of life.
  var watchdogPeriod: Duration?

  private static let names = [
    "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "SYSTEMD_VARLINK_LISTEN", "NOTIFY_SOCKET", "WATCHDOG_USEC",
    "WATCHDOG_PID",
  ]

  /// Reads the variables and removes them, so that no child process takes them for its own.
  ///
  /// To be called before anything else reads the environment, which has no lock.
  static func take(logger: Logger) throws(ActivationError) -> Surroundings {
    var environment: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { environment[name] = String(cString: value) }
      unsetenv(name)
    }
    return Surroundings(
      activation: try Activation(environment: environment, pid: getpid()),
      notify: try NotifySocket(environment: environment, logger: logger),
      watchdogPeriod: try Watchdog.period(environment: environment, pid: getpid()))
  }
}
