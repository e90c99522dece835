/// Aggregates on a dense grid: one for each combination of codes of the grouping dimensions.
public struct Aggregation: Sendable {
  /// The indexes of the grouping dimensions.
  public let dimensions: [Int]
  /// How many codes each of them has.
  public let shape: [Int]

  var sums: [Int64]
  var numbers: [Int]
  var observations: [Int]
  /// For each reason the counts of all cells; empty for a reason that does not occur.
  var missing: [[Int]]
  var ofWhich: [Int]
  var contested: [Int]
  /// Ascending indexes; only cells that have caveats.
  var caveats: [Int: [Int]]

  /// How many cells there are, in row-major order: the last dimension varies fastest. One when nothing is grouped.
  public var count: Int { sums.count }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: Int...) -> Aggregate { self[codes] }

  public subscript(_ codes: [Int]) -> Aggregate { self[cell: cell(of: codes)] }

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

  public subscript(cell cell: Int) -> Aggregate {
    var aggregate = Aggregate()
    aggregate.sum = numbers[cell] > 0 ? sums[cell] : nil
    aggregate.observations = observations[cell]
    aggregate.numbers = numbers[cell]
    if numbers[cell] < observations[cell] { aggregate.missing = missing.map { $0.isEmpty ? 0 : $0[cell] } }
    aggregate.ofWhich = ofWhich[cell]
    aggregate.contested = contested[cell]
    aggregate.caveats = caveats[cell] ?? []
    return aggregate
  }
}
