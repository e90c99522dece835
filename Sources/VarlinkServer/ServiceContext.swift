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
    var windowEnd = ContinuousClock.now
    var lineCount = 0
    var suppressedCount = 0
  }

  private let state = NIOLockedValueBox(State())

  public init() {}

  public func log(_ logger: Logger, _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
    let suppressedCount = state.withLockedValue { state -> Int? in
      let now = ContinuousClock.now
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
