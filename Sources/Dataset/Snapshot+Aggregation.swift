extension Snapshot {
  /// More cells than this are refused: nobody reads them, and they would fill the memory.
  public static let maximumCellCount = 1 << 24

  /// Computes what the selected observations come to, for every combination of codes of some dimensions.
  ///
  /// - Parameter dimensions: indexes of dimensions; none for one aggregate of everything selected.
  /// - Throws: `AggregationError`, or `CancellationError` when the task was cancelled.
  public func aggregate(
    by dimensions: [Int], where selection: Selection = .all, method: AggregationMethod = .automatic
  ) throws -> Aggregation {
    let named = dimensions + selection.restrictions.map(\.dimension)
    if let unknown = named.first(where: { !self.dimensions.indices.contains($0) }) {
      throw AggregationError.badDimension(unknown)
    }
    if let repeated = dimensions.first(where: { dimension in dimensions.count { $0 == dimension } > 1 }) {
      throw AggregationError.badDimension(repeated)
    }
    let columns = observations.columns
    guard let grid = Grid(dimensions: dimensions, shape: columns.shape), grid.cellCount <= Self.maximumCellCount else {
      throw AggregationError.tooManyGroups(limit: Self.maximumCellCount)
    }
    return Aggregation(
      dimensions: dimensions, shape: grid.shape, totals: try totals(on: grid, where: selection, method: method),
      caveats: observations.caveatIndex.caveats(on: grid, where: selection))
  }

  private func totals(
    on grid: Grid, where selection: Selection, method: AggregationMethod
  ) throws -> CellTotals<Int64> {
    if method != .scan {
      if let cube { return cube.aggregate(by: grid, where: selection) }
      if method == .cube { throw AggregationError.noCube }
    }
    let scan = Scan(columns: observations.columns, grid: grid, selection: selection, threads: threads)
    if observations.columns.sumsFit { return try scan.run(summing: Int64.self) }
    return try narrowed(scan.run(summing: Int128.self), on: grid)
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
      dimensions[dimension].codes.ids[cell / layout.0 % layout.1]
    }
  }

  static func makeCube(_ columns: ObservationColumns, threads: Int) -> Cube? {
    guard columns.sumsFit, let grid = Grid(dimensions: Array(columns.shape.indices), shape: columns.shape),
      Cube.isWorthwhile(cells: grid.cellCount, observations: columns.count)
    else { return nil }
    let scan = Scan(columns: columns, grid: grid, selection: .all, threads: threads)
    // A cancelled load has no cube; its snapshot is thrown away, and would scan if it were not.
    return (try? scan.run(summing: Int64.self)).map { Cube(grid: grid, totals: $0) }
  }
}
