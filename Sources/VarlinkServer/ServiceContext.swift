public import Logging
import NIOConcurrencyHelpers

/// What all connections of a server share.
struct ServiceContext: Sendable {
  let router: Router
  let registry: ConnectionRegistry
  /// They may change while the server runs.
  let currentLimits: NIOLockedValueBox<ServerConfiguration.Limits>
  let limitNames: ServerConfiguration.LimitNames
  let logger: Logger
  let throttle = LogThrottle()

  var limits: ServerConfiguration.Limits { currentLimits.withLockedValue { $0 } }
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
  private let state = NIOLockedValueBox(State())

  public init(clock: some Clock<Duration> = ContinuousClock()) {
    let start = clock.now
    age = { start.duration(to: clock.now) }
  }

  public func log(_ logger: Logger, _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
    let suppressedCount = state.withLockedValue { state -> Int? in
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
