internal import Base
internal import Model
internal import Posix
public import Query

extension ColumnarEngine {
  /// Answered from the cube where there is one and one selection is asked for; else from the columns, on threads of the
  /// engine.
  public func aggregate(_ query: AggregateQuery) async throws -> Aggregation {
    try Task.checkCancellation()
    let grid = try grid(for: query)
    // From the cube an answer costs less than the way to another thread.
    if let cube, query.selections.count == 1 {
      return aggregation(cube.aggregate(by: grid, where: query.selections[0]), on: grid, query)
    }
    return try await blocking(isLeftWhenCancelled: true) { [self] in try scan(query, on: grid, $0) }
  }

  /// The answer on a thread of the engine.
  func aggregate(_ query: AggregateQuery, _ interruption: Interruption) throws -> Aggregation {
    let grid = try grid(for: query)
    if let cube, query.selections.count == 1 {
      return aggregation(cube.aggregate(by: grid, where: query.selections[0]), on: grid, query)
    }
    return try scan(query, on: grid, interruption)
  }

  /// What all selected observations come to, on a thread of the engine.
  func total(where selection: Selection, _ interruption: Interruption) throws -> Aggregate {
    try aggregate(AggregateQuery(by: [], where: [selection]), interruption)[cell: 0]
  }

  /// The answer from the columns alone, whether there is a cube or not; it is the same.
  package func scan(_ query: AggregateQuery) async throws -> Aggregation {
    let grid = try grid(for: query)
    return try await blocking { [self] in try scan(query, on: grid, $0) }
  }

  private func scan(_ query: AggregateQuery, on grid: Grid, _ interruption: Interruption) throws -> Aggregation {
    let scan = Scan(columns: store.columns, grid: grid, selections: query.selections, threads: threads, interruption)
    if store.columns.sumsFit { return aggregation(try scan.run(summing: Int64.self), on: grid, query) }
    return aggregation(try narrowed(scan.run(summing: Int128.self), on: grid), on: grid, query)
  }

  func grid(for query: AggregateQuery) throws(AggregationError) -> Grid {
    let dimensions = query.dimensions
    let named = dimensions + query.selections.flatMap { $0.restrictions.map(\.dimension) }
    if let unknown = named.first(where: { !model.dimensions.indices.contains($0) }) { throw .badDimension(unknown) }
    if let repeated = dimensions.first(where: { dimension in dimensions.count { $0 == dimension } > 1 }) {
      throw .badDimension(repeated)
    }
    let limit = AggregateQuery.maximumCellCount
    guard let grid = Grid(dimensions: dimensions, shape: store.columns.shape), grid.cellCount <= limit else {
      throw .tooManyGroups(limit: limit)
    }
    return grid
  }

  private func aggregation(_ totals: CellTotals<Int64>, on grid: Grid, _ query: AggregateQuery) -> Aggregation {
    Aggregation(
      dimensions: grid.dimensions, shape: grid.shape,
      cells: totals.cells.map { Aggregation.Cell(sum: $0.sum, numbers: $0.numbers) }, missing: totals.missing,
      ofWhich: totals.ofWhich, contested: totals.contested,
      caveats: store.caveatIndex.caveats(on: grid, where: query.selections))
  }

  private func narrowed(_ wide: CellTotals<Int128>, on grid: Grid) throws -> CellTotals<Int64> {
    var totals = CellTotals<Int64>(cellCount: grid.cellCount, reasonCount: wide.missing.count)
    totals.missing = wide.missing
    totals.ofWhich = wide.ofWhich
    totals.contested = wide.contested
    for (index, cell) in wide.cells.enumerated() {
      guard let sum = Int64(exactly: cell.sum) else {
        throw AggregationError.overflow(group: groupName(index, on: grid))
      }
      totals.cells[index] = CellTotals.Cell(sum: sum, numbers: cell.numbers)
    }
    return totals
  }

  private func groupName(_ cell: Int, on grid: Grid) -> [String] {
    zip(grid.dimensions, zip(grid.strides, grid.shape)).map { dimension, layout in
      model.dimensions[dimension].codes.ids[cell / layout.0 % layout.1]
    }
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
