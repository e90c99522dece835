public import Model

/// What answers questions about the observations of one dataset, in one revision. Reports, exporters, `why` and
/// reconciliation see observations through this alone; a dataset in memory and one in a database stand behind it alike.
///
/// An engine owns its threads and connections: nothing here waits for a disk or a network on the caller's thread. All
/// of it may be asked from any task at any time, and ends early with `CancellationError` when that task is cancelled.
/// Two engines give the same answers to the same questions, in the same order.
public protocol QueryEngine: Sendable {
  var model: DatasetModel { get }

  /// How many observations there are, whatever their role.
  var observationCount: Int { get }

  /// What the selected observations come to, for every combination of codes of some dimensions.
  ///
  /// - Throws: `AggregationError`, `CancellationError`, or what keeps the engine from its data.
  func aggregate(_ query: AggregateQuery) async throws -> Aggregation

  /// The observations themselves, with their texts, in batches. Nothing is read before the first batch is asked for.
  func observations(_ query: ObservationQuery) -> any ObservationStream

  /// How the sources' own totals stand to the sums of their numbers, and where their statements contradict each other.
  ///
  /// - Throws: as `aggregate`.
  func reconcile(_ query: ReconciliationQuery) async throws -> Reconciliation
}

extension QueryEngine {
  /// As `aggregate(_:)` of one selection.
  public func aggregate(by dimensions: [Int], where selection: Selection = .all) async throws -> Aggregation {
    try await aggregate(AggregateQuery(by: dimensions, where: [selection]))
  }

  /// What all selected observations come to together.
  public func total(where selection: Selection = .all) async throws -> Aggregate {
    try await aggregate(by: [], where: selection)[cell: 0]
  }

  /// The stated totals that cover exactly the observations that are selected and added, each held against their sum,
  /// without candidates.
  public func reconciledTotals(covering selection: Selection) async throws -> [ReconciledTotal] {
    if model.statedTotals.isEmpty { return [] }
    let query = ReconciliationQuery(
      totals: .covering(selection), candidates: .none, findsContradictions: false)
    return try await reconcile(query).totals
  }

  /// All observations that the query asks for, for one that asks for few.
  public func list(_ query: ObservationQuery) async throws -> [Observation] {
    var stream = observations(query)
    var list: [Observation] = []
    while let batch = try await stream.next() { list += batch.indices.map { batch[$0] } }
    return list
  }

  /// The observations with these keys; one that there is not is left out.
  public func observations(keys: [ObservationKey]) async throws -> [ObservationKey: Observation] {
    if keys.isEmpty { return [:] }
    var query = ObservationQuery()
    query.keys = Set(keys)
    let found = try await list(query)
    return Dictionary(found.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
