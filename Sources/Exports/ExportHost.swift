public import Pipeline

/// What exports need of the program that they run in.
public protocol ExportHost: Sendable {
  /// Whether the program is about to end.
  var isEnding: Bool { get }

  /// Returns when the program is about to end, or when the task is cancelled.
  func waitUntilEnding() async

  /// Does the work when it has its turn among all that computes reports.
  ///
  /// - Throws: `LimitReached` when it gets no turn or takes longer than it may, and what `work` throws.
  func inTurn<Result: Sendable>(
    within limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result
}
