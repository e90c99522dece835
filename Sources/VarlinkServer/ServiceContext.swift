public import Logging
import Synchronization

/// What all connections of a server share.
final class ServiceContext: Sendable {
  let router: Router
  let registry: ConnectionRegistry
  let limitNames: ServerConfiguration.LimitNames
  let logger: Logger
  let throttle = LogThrottle()
  private let currentLimits: Mutex<ServerConfiguration.Limits>

  init(
    router: Router, registry: ConnectionRegistry, limits: ServerConfiguration.Limits,
    limitNames: ServerConfiguration.LimitNames, logger: Logger
  ) {
    (self.router, self.registry, self.limitNames, self.logger) = (router, registry, limitNames, logger)
    currentLimits = Mutex(limits)
  }

  /// They may change while the server runs.
  var limits: ServerConfiguration.Limits { currentLimits.withLock { $0 } }

  func apply(_ limits: ServerConfiguration.Limits) {
    currentLimits.withLock { $0 = limits }
    registry.set(limit: limits.connectionCount, limitPerUser: limits.connectionCountPerUser)
  }
}

/// Keeps what clients can provoke from filling the log: ten lines a second, the others are counted.
public final class LogThrottle: Sendable {
  private struct State {
    /// Since the throttle was made.
    var windowEnd = Duration.zero
    var lineCount = 0
    var suppressedCount = 0
  }

  private let age: @Sendable () -> Duration
  private let state = Mutex(State())

  /// No line yet.
  ///
  /// - Parameter clock: what seconds are measured by.
  public init(clock: some Clock<Duration> = ContinuousClock()) {
    let start = clock.now
    age = { start.duration(to: clock.now) }
  }

  /// Writes the line unless ten were written within the second; `suppressed` tells how many were not before it.
  public func log(_ logger: Logger, _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
    let suppressedCount = state.withLock { state -> Int? in
      let now = age()
      if now >= state.windowEnd {
        state.windowEnd = now + .seconds(1)
        state.lineCount = 0
      }
      state.lineCount += 1
      if state.lineCount > 10 {
        state.suppressedCount += 1
        return nil
      }
      defer { state.suppressedCount = 0 }
      return state.suppressedCount
    }
    guard let suppressedCount else { return }
    var metadata = metadata
    if suppressedCount > 0 { metadata["suppressed"] = "\(suppressedCount)" }
    logger.log(level: level, message, metadata: metadata)
  }
}
