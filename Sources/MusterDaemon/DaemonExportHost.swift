internal import Exports
internal import Pipeline

/// Exports take their turns among the runs of reports, and end when the daemon does.
struct DaemonExportHost: ExportHost {
  let store: GenerationStore
  let gate: RunGate

  var isEnding: Bool { store.isEnded }

  func waitUntilEnding() async {
    for await _ in store.generations() {}
  }

  func inTurn<Result: Sendable>(
    within limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await gate.run(within: limits, work)
  }
}
