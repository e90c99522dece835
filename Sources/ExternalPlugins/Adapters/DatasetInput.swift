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

/// One row for each combination of codes that has counted observations: codes, and the sum.
struct AggregateInput: BatchStream {
  private let request: ReportRequest
  private let dimensions: [Int]
  private let columns: [Column]
  private var aggregation: Aggregation?
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
    let aggregation: Aggregation
    if let known = self.aggregation {
      aggregation = known
    } else {
      aggregation = try await request.engine.aggregate(by: dimensions, where: request.selection)
      self.aggregation = aggregation
    }
    let model = request.model
    var groups = [[UInt32]](repeating: [], count: dimensions.count)
    var rows = BatchBuilder(columns: columns)
    while position < aggregation.count, rows.count < Self.batchSize {
      let aggregate = aggregation[cell: position]
      if aggregate.observations > 0 {
        let codes = aggregation.codes(ofCell: position)
        for (index, code) in codes.enumerated() { groups[index].append(UInt32(code)) }
        let ids = zip(dimensions, codes).map { Cell.text(model.dimensions[$0].codes.ids[$1]) }
        rows.append(ids + [Cell(aggregate, in: model)])
      }
      position += 1
    }
    if rows.count == 0 { return nil }
    var batch = rows.batch
    batch.provenance = .groups(groups, by: dimensions, in: request.selection)
    return batch
  }
}
