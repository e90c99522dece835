package import Logging
internal import Posix

/// What the service manager that started this process says in environment variables.
///
/// Those of the notification and of the watchdog are read here. Those of what was handed over to be served,
/// sd_listen_fds(3) and `SYSTEMD_VARLINK_LISTEN`, are for whoever serves it.
package struct ServiceEnvironment: Sendable {
  /// The variables that are set, by name.
  package let variables: [String: String]

  private static let names = [
    "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "SYSTEMD_VARLINK_LISTEN", "NOTIFY_SOCKET", "WATCHDOG_USEC",
    "WATCHDOG_PID",
  ]

  /// An environment with these variables.
  package init(_ variables: [String: String]) { self.variables = variables }

  /// Takes the variables out of the environment of this process, so that no child process takes them for its own.
  ///
  /// To be called before anything else reads the environment, which has no lock.
  package static func take() -> ServiceEnvironment {
    ServiceEnvironment(
      Dictionary(uniqueKeysWithValues: names.compactMap { name in takeEnvironmentValue(name).map { (name, $0) } }))
  }

  /// Where the manager is told how this process fares, after sd_notify(3); nil when it does not want to be told.
  ///
  /// Throws for a `NOTIFY_SOCKET` that is neither a path nor an abstract name.
  package func notifySocket(logger: Logger) throws(ServiceEnvironmentError) -> NotifySocket? {
    guard let name = variables["NOTIFY_SOCKET"] else { return nil }
    guard let address = SocketAddress(name) else {
      throw ServiceEnvironmentError(variable: "NOTIFY_SOCKET", value: name)
    }
    return NotifySocket(address, logger: logger)
  }

  /// How long the manager waits for a sign of life, after sd_watchdog_enabled(3); nil if it does not, or waits for that
  /// of another process than the one of that number.
  package func watchdogPeriod(pid: Int32) throws(ServiceEnvironmentError) -> Duration? {
    guard let text = variables["WATCHDOG_USEC"] else { return nil }
    if let owner = variables["WATCHDOG_PID"] {
      guard let owner = Int32(owner) else { throw ServiceEnvironmentError(variable: "WATCHDOG_PID", value: owner) }
      if owner != pid { return nil }
    }
    guard let microseconds = Int64(text), microseconds > 0 else {
      throw ServiceEnvironmentError(variable: "WATCHDOG_USEC", value: text)
    }
    return .microseconds(microseconds)
  }
}

/// A variable that the service manager set to something without meaning.
package struct ServiceEnvironmentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the variable.
  package var variable: String
  /// What it is set to.
  package var value: String

  /// An error for a variable that is set to that value.
  package init(variable: String, value: String) { (self.variable, self.value) = (variable, value) }

  /// The message.
  package var description: String { meaningless(variable, value) }
}
