/// What a server has done since it started.
public struct ServerStatistics: Hashable, Sendable {
  /// Connections that are open, or whose last calls still run.
  public var openConnectionCount = 0
  /// Connections that were taken, those closed since included; refused ones are not.
  public var acceptedConnectionCount = 0
  /// Connections closed at once, by the limit that was reached: `connections`, `connections-of-user`.
  public var refusedConnectionCounts: [String: Int] = [:]
  /// How often accepting failed, for lack of descriptors mostly.
  public var acceptFailureCount = 0
  /// Calls that were started.
  public var callCount = 0
  /// Calls that have not ended, those of clients that are gone included.
  public var runningCallCount = 0
  /// Error replies by the name of the error. Those to oneway calls, which were not sent, are included, those to calls
  /// that were cancelled are not.
  public var errorReplyCounts: [String: Int] = [:]
  /// Connections closed for what the client did, by `MessageError.reason`, `input-timed-out` or `output-timed-out`.
  public var violationCounts: [String: Int] = [:]

  /// Nothing has happened yet.
  public init() {}
}
