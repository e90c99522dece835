internal import ReportKit

/// One row for each observation: codes, the number, and the role.
struct ObservationInput: BatchStream {
  private let model: DatasetModel
  private let dimensions: [Int]
  /// By dimension of the rows, the ids of its codes.
  private let ids: [TextList]
  private var observations: any ObservationStream

  init(_ request: ReportRequest, dimensions: [Int], roles: Set<Role>) {
    model = request.model
    self.dimensions = dimensions
    ids = dimensions.map { TextList(request.model.dimensions[$0].codes.ids) }
    observations = request.engine.observations(
      ObservationQuery(where: [request.selection], roles: roles, texts: []))
  }

  mutating func next() async throws -> Batch? {
    guard let batch = try await observations.next() else { return nil }
    let codes = zip(dimensions, ids).map { ColumnVector.codes(batch.codes[$0], of: $1, .none) }
    let roles = ColumnVector.codes(batch.roles.map { UInt32($0.rawValue) }, of: Self.roleNames, .none)
    return Batch(
      codes + [ColumnVector(batch, in: model), roles], count: batch.count,
      annotations: SparseAnnotations(batch, column: dimensions.count, in: model), provenance: .codes(batch.codes))
  }

  /// By raw value.
  private static let roleNames = TextList(Role.allCases.sorted { $0.rawValue < $1.rawValue }.map(\.name))
}

/// One row for each combination of codes that has counted observations: codes, and what they come to by the rules of the
/// measure; of several measures each by its own, where the rows tell which it is.
struct AggregateInput: BatchStream {
  private let request: ReportRequest
  private let dimensions: [Int]
  private let columns: [Column]
  /// By the code of the measure; one where rows do not tell it.
  private var aggregations: [Aggregation] = []
  /// The next cell of the aggregation.
  private var position = 0

  /// How many rows are written at once.
  private static let batchSize = 512

  init(_ request: ReportRequest, dimensions: [Int], columns: [Column]) {
    self.request = request
    self.dimensions = dimensions
    self.columns = columns
  }

  mutating func next() async throws -> Batch? {
    if aggregations.isEmpty { aggregations = try await aggregate() }
    let model = request.model
    let place = model.measureIndex.flatMap { index in dimensions.firstIndex(of: index) }
    var groups = [[UInt32]](repeating: [], count: dimensions.count)
    var rows = BatchBuilder(columns: columns)
    while position < aggregations[0].count, rows.count < Self.batchSize {
      let codes = aggregations[0].codes(ofCell: position)
      let measure = place.map { codes[$0] } ?? 0
      let aggregate = aggregations[place == nil ? 0 : measure][cell: position]
      if aggregate.observations > 0 {
        for (index, code) in codes.enumerated() { groups[index].append(UInt32(code)) }
        let ids = zip(dimensions, codes).map { Cell.text(model.dimensions[$0].codes.ids[$1]) }
        rows.append(
          ids + [Cell(aggregate, of: place.map { _ in model.measure(ofCode: measure) } ?? model.measure, in: model)])
      }
      position += 1
    }
    if rows.count == 0 { return nil }
    var batch = rows.batch
    batch.provenance = .groups(groups, by: dimensions, in: request.selection)
    return batch
  }

  private func aggregate() async throws -> [Aggregation] {
    let model = request.model
    var measures: [Int?] = [model.measures.count == 1 ? 0 : nil]
    if let index = model.measureIndex, dimensions.contains(index) {
      measures = model.dimensions[index].codes.ids.indices.map { code in
        model.measures.firstIndex { $0.code == code }
      }
    }
    var aggregations: [Aggregation] = []
    for measure in measures {
      aggregations.append(
        try await request.engine.aggregate(
          AggregateQuery(
            by: dimensions, where: [request.selection], measure: measure, preferring: model.preferredSources)))
    }
    return aggregations
  }
}
