internal import Base
internal import Model
internal import Posix
public import Query

extension ColumnarEngine {
  /// Answered from the cube where there is one and one selection is asked for; else from the columns, on threads of the
  /// engine.
  public func aggregate(_ query: AggregateQuery) async throws -> Aggregation {
    try Task.checkCancellation()
    _ = try grid(for: query)
    // From the cube an answer costs less than the way to another thread.
    if cube != nil, query.selections.count == 1, store.count <= Self.countAnsweredAtOnce {
      return try aggregate(query, Interruption())
    }
    return try await blocking(isLeftWhenCancelled: true) { [self] in try aggregate(query, $0) }
  }

  /// With more observations than this, rules that look at each of them are followed on another thread.
  private static let countAnsweredAtOnce = 1 << 15

  /// The answer on a thread of the engine.
  func aggregate(_ query: AggregateQuery, _ interruption: Interruption) throws -> Aggregation {
    let grid = try grid(for: query)
    if let measure = query.measure, let ratio = model.measures[measure].ratio {
      return try self.ratio(ratio, of: query, model.measures[measure], on: grid, interruption)
    }
    let plan = AggregationPlan(query, model)
    let plain = try plainTotals(plan.selections, on: grid, interruption)
    if plan.isPlain, !store.hasEstimates, store.partsOfOneWhole.isEmpty { return plain }
    return try RuledAggregation(self, plan, grid: grid, plain: plain, interruption).aggregation()
  }

  /// What all selected observations come to, on a thread of the engine.
  func total(where selection: Selection, _ interruption: Interruption) throws -> Aggregate {
    try aggregate(AggregateQuery(by: [], where: [selection]), interruption)[cell: 0]
  }

  /// The sums of the columns alone, whether there is a cube or not; they are the same.
  package func scan(_ query: AggregateQuery) async throws -> Aggregation {
    let grid = try grid(for: query)
    return try await blocking { [self] in try scan(query.selections, on: grid, $0) }
  }

  /// Everything that is selected added up, whatever the rules.
  func plainTotals(_ selections: [Selection], on grid: Grid, _ interruption: Interruption) throws -> Aggregation {
    if let cube, selections.count == 1 {
      return aggregation(cube.aggregate(by: grid, where: selections[0]), on: grid, selections)
    }
    return try scan(selections, on: grid, interruption)
  }

  private func scan(_ selections: [Selection], on grid: Grid, _ interruption: Interruption) throws -> Aggregation {
    let scan = Scan(columns: store.columns, grid: grid, selections: selections, threads: threads, interruption)
    if store.columns.sumsFit { return aggregation(try scan.run(summing: Int64.self), on: grid, selections) }
    return aggregation(try scan.run(summing: Int128.self), on: grid, selections)
  }

  func grid(for query: AggregateQuery) throws(AggregationError) -> Grid {
    let dimensions = query.dimensions
    let named = dimensions + query.selections.flatMap { $0.restrictions.map(\.dimension) }
    if let unknown = named.first(where: { !model.dimensions.indices.contains($0) }) { throw .badDimension(unknown) }
    if let repeated = dimensions.first(where: { dimension in dimensions.count { $0 == dimension } > 1 }) {
      throw .badDimension(repeated)
    }
    return try grid(by: dimensions)
  }

  func grid(by dimensions: [Int]) throws(AggregationError) -> Grid {
    let limit = AggregateQuery.maximumCellCount
    guard let grid = Grid(dimensions: dimensions, shape: store.columns.shape), grid.cellCount <= limit else {
      throw .tooManyGroups(limit: limit)
    }
    return grid
  }

  private func aggregation<Sum>(_ totals: CellTotals<Sum>, on grid: Grid, _ selections: [Selection]) -> Aggregation {
    Aggregation(
      dimensions: grid.dimensions, shape: grid.shape, cells: totals.cells,
      counts: Aggregation.Counts(
        missing: totals.missing, ofWhich: totals.ofWhich, contested: totals.contested, parts: totals.parts,
        caveats: store.caveatIndex.caveats(on: grid, where: selections), nilReasons: nilReasons))
  }

  private var nilReasons: [Int] {
    model.missingReasons.indices.filter { model.missingReasons[$0].isNil && $0 < store.columns.reasonCount }
  }

  /// A measure that is computed from two others, after these were aggregated.
  private func ratio(
    _ ratio: Measure.Ratio, of query: AggregateQuery, _ measure: Measure, on grid: Grid, _ interruption: Interruption
  ) throws -> Aggregation {
    func part(_ index: Int) throws -> Aggregation {
      var part = query
      part.measure = index
      return try aggregate(part, interruption)
    }
    let (of, per) = (try part(ratio.of), try part(ratio.per))
    // Deaths of all years by the inhabitants of the last one are no rate.
    let uneven = AggregationPlan.unevenDimension(of: ratio, query, model)
    return Aggregation(
      dimensions: grid.dimensions, shape: grid.shape,
      aggregates: try (0..<of.count).map { cell in
        var quotient = try of[cell: cell].divided(by: per[cell: cell], ratio, measure, in: model)
        if let uneven, quotient.observations > 0 {
          (quotient.sum, quotient.lower, quotient.upper, quotient.estimates) = (nil, nil, nil, 0)
          quotient.notAdditive = quotient.notAdditive ?? uneven
        }
        return quotient
      })
  }
}

extension Cube {
  /// Nil where a cube is not worth its room, or a sum in it may leave 64 bits.
  init?(of columns: ObservationColumns, threads: Int) {
    guard columns.sumsFit, let grid = Grid(dimensions: Array(columns.shape.indices), shape: columns.shape),
      Cube.isWorthwhile(cells: grid.cellCount, observations: columns.count)
    else { return nil }
    let scan = Scan(columns: columns, grid: grid, selections: [.all], threads: threads, Interruption())
    guard let totals = try? scan.run(summing: Int64.self) else { return nil }
    self.init(grid: grid, totals: totals)
  }
}
