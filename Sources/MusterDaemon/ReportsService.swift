internal import Pipeline
internal import Query
internal import ReportKit

/// Decides what `org.muster.Reports` answers, from one generation that the caller took once. It knows no wire.
struct ReportsService: Sendable {
  let gate: RunGate

  /// How many observations are listed when nobody says so.
  static let usualEvidenceLimit = 1000
  static let evidenceLimits = 1...100_000

  /// Answers the request in its turn.
  ///
  /// - Parameter outcome: what the sink made of the table.
  /// - Throws: `LimitReached`, or as `Delivery.run`.
  func run<Sink: TableSink & SendableMetatype, Outcome: Sendable>(
    _ request: ResultRequest, in generation: Generation,
    to makeSink: @escaping @Sendable (Answer) async throws -> Sink,
    outcome: @escaping @Sendable (Sink) async throws -> Outcome
  ) async throws -> Outcome {
    let givesWay = generation.runsExternalPlugins(for: request)
    return try await gate.run(within: generation.configuration.limits, givesWay: givesWay) {
      try await outcome(Delivery(of: generation).run(request, to: makeSink))
    }
  }

  /// How a cell of the result came about, and the first observations behind it, in its turn.
  func explain(
    row: String, column: String, of request: ResultRequest, limit: Int, in generation: Generation
  ) async throws -> (explanation: CellExplanation, observations: [Observation]) {
    let givesWay = generation.runsExternalPlugins(for: request)
    return try await gate.run(within: generation.configuration.limits, givesWay: givesWay) {
      let explanation = try await generation.explanation(ofRow: row, column: column, of: request, limit: limit)
      guard let query = explanation.observations else { return (explanation, []) }
      return try await (explanation, generation.engine.list(query))
    }
  }

  /// Every total that the sources state against the sum of its numbers, in its turn.
  func reconcile(_ generation: Generation) async throws -> ReconciledEntries {
    try await gate.run(within: generation.configuration.limits) {
      try await generation.engine.reconciledEntries()
    }
  }
}
