/// Aggregates on a dense grid: one for each combination of codes of the grouping dimensions.
public struct Aggregation: Sendable {
  /// The indexes of the grouping dimensions.
  public let dimensions: [Int]
  /// How many codes each of them has.
  public let shape: [Int]

  private let cells: [Cell]
  /// By the index of the reason; empty where nothing is missing for that reason.
  private let missing: [[UInt32]]
  private let ofWhich: [UInt32]
  private let contested: [UInt32]
  /// Ascending indexes; only cells that have caveats.
  private let caveats: [Int: [Int]]

  /// What the counted observations of a cell come to.
  package struct Cell: BitwiseCopyable, Sendable {
    package var sum: Int64
    /// The counted observations that give a number.
    package var numbers: Int

    package init(sum: Int64, numbers: Int) {
      self.sum = sum
      self.numbers = numbers
    }
  }

  /// - Parameters:
  ///   - missing: by the index of the reason, a count for each cell; empty where all are zero, as the others are.
  ///   - caveats: ascending indexes, by cell.
  package init(
    dimensions: [Int], shape: [Int], cells: [Cell], missing: [[UInt32]], ofWhich: [UInt32], contested: [UInt32],
    caveats: [Int: [Int]]
  ) {
    self.dimensions = dimensions
    self.shape = shape
    self.cells = cells
    self.missing = missing
    self.ofWhich = ofWhich
    self.contested = contested
    self.caveats = caveats
  }

  /// How many cells there are, in row-major order: the last dimension varies fastest. One when nothing is grouped.
  public var count: Int { cells.count }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: Int...) -> Aggregate { self[codes] }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: [Int]) -> Aggregate { self[cell: cell(of: codes)] }

  /// The aggregate of a cell, by its index in row-major order.
  public subscript(cell cell: Int) -> Aggregate {
    var aggregate = Aggregate()
    aggregate.numbers = cells[cell].numbers
    aggregate.sum = aggregate.numbers > 0 ? cells[cell].sum : nil
    var missingCount = 0
    for counts in missing where !counts.isEmpty { missingCount += Int(counts[cell]) }
    if missingCount > 0 { aggregate.missing = missing.map { $0.isEmpty ? 0 : Int($0[cell]) } }
    aggregate.observations = aggregate.numbers + missingCount
    aggregate.ofWhich = ofWhich.isEmpty ? 0 : Int(ofWhich[cell])
    aggregate.contested = contested.isEmpty ? 0 : Int(contested[cell])
    if !caveats.isEmpty, let found = caveats[cell] { aggregate.caveats = found }
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
