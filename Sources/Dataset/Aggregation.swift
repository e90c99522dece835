/// Aggregates on a dense grid: one for each combination of codes of the grouping dimensions.
public struct Aggregation: Sendable {
  /// The indexes of the grouping dimensions.
  public let dimensions: [Int]
  /// How many codes each of them has.
  public let shape: [Int]

  private let totals: CellTotals<Int64>
  /// Ascending indexes; only cells that have caveats.
  private let caveats: [Int: [Int]]

  init(dimensions: [Int], shape: [Int], totals: CellTotals<Int64>, caveats: [Int: [Int]]) {
    self.dimensions = dimensions
    self.shape = shape
    self.totals = totals
    self.caveats = caveats
  }

  /// How many cells there are, in row-major order: the last dimension varies fastest. One when nothing is grouped.
  public var count: Int { totals.cells.count }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: Int...) -> Aggregate { self[codes] }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: [Int]) -> Aggregate { self[cell: cell(of: codes)] }

  public subscript(cell cell: Int) -> Aggregate {
    var aggregate = totals.aggregate(cell)
    if let found = caveats[cell] { aggregate.caveats = found }
    return aggregate
  }

  /// The index of the cell of that combination of codes.
  public func cell(of codes: [Int]) -> Int {
    zip(codes, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  /// The codes that lead to a cell.
  public func codes(ofCell cell: Int) -> [Int] {
    var rest = cell
    var codes = [Int](repeating: 0, count: shape.count)
    for index in shape.indices.reversed() {
      codes[index] = rest % shape[index]
      rest /= shape[index]
    }
    return codes
  }
}
