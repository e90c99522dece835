/// Aggregates on a dense grid: one for each combination of codes of the grouping dimensions.
public struct Aggregation: Sendable {
  /// The indexes of the grouping dimensions.
  public let dimensions: [Int]
  /// How many codes each of them has.
  public let shape: [Int]

  private let contents: Contents

  /// What the counted observations of a cell come to.
  package struct Cell<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
    package var sum: Sum
    /// The observations that give a number.
    package var numbers: Int

    package init(sum: Sum = 0, numbers: Int = 0) {
      self.sum = sum
      self.numbers = numbers
    }
  }

  /// What is counted beside the sums, for each cell; empty where all are zero.
  package struct Counts: Sendable {
    /// By the index of the reason.
    package var missing: [[UInt32]]
    package var ofWhich: [UInt32]
    package var contested: [UInt32]
    /// What the parts come to that are left out.
    package var parts: [Cell<Int128>]
    /// Ascending indexes; only cells that have caveats.
    package var caveats: [Int: [Int]]
    /// The reasons that count as 0, by their index.
    package var nilReasons: [Int]

    package init(
      missing: [[UInt32]], ofWhich: [UInt32] = [], contested: [UInt32] = [], parts: [Cell<Int128>] = [],
      caveats: [Int: [Int]] = [:], nilReasons: [Int] = []
    ) {
      self.missing = missing
      self.ofWhich = ofWhich
      self.contested = contested
      self.parts = parts
      self.caveats = caveats
      self.nilReasons = nilReasons
    }
  }

  private enum Contents: Sendable {
    /// Sums that fit 64 bits, which most do.
    case narrow([Cell<Int64>], Counts)
    case wide([Cell<Int128>], Counts)
    /// By rules that are more than addition.
    case ruled([Aggregate])
  }

  /// Sums alone, each cell with what is counted beside it.
  package init<Sum>(dimensions: [Int], shape: [Int], cells: [Cell<Sum>], counts: Counts) {
    self.dimensions = dimensions
    self.shape = shape
    if let narrow = cells as? [Cell<Int64>] {
      contents = .narrow(narrow, counts)
    } else {
      contents = .wide(cells.map { Cell(sum: Int128($0.sum), numbers: $0.numbers) }, counts)
    }
  }

  /// - Parameter aggregates: one for each cell.
  package init(dimensions: [Int], shape: [Int], aggregates: [Aggregate]) {
    self.dimensions = dimensions
    self.shape = shape
    contents = .ruled(aggregates)
  }

  /// How many cells there are, in row-major order: the last dimension varies fastest. One when nothing is grouped.
  public var count: Int {
    switch contents {
    case .narrow(let cells, _): cells.count
    case .wide(let cells, _): cells.count
    case .ruled(let aggregates): aggregates.count
    }
  }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: Int...) -> Aggregate { self[codes] }

  /// The aggregate of that combination of codes, one for each grouping dimension.
  public subscript(_ codes: [Int]) -> Aggregate { self[cell: cell(of: codes)] }

  /// The aggregate of a cell, by its index in row-major order.
  public subscript(cell cell: Int) -> Aggregate {
    switch contents {
    case .narrow(let cells, let counts):
      counts.aggregate(of: cell, sum: Int128(cells[cell].sum), numbers: cells[cell].numbers)
    case .wide(let cells, let counts): counts.aggregate(of: cell, sum: cells[cell].sum, numbers: cells[cell].numbers)
    case .ruled(let aggregates): aggregates[cell]
    }
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

extension Aggregation.Counts {
  fileprivate func aggregate(of cell: Int, sum: Int128, numbers: Int) -> Aggregate {
    var aggregate = Aggregate()
    var missingCount = 0
    for counts in missing where !counts.isEmpty { missingCount += Int(counts[cell]) }
    if missingCount > 0 { aggregate.missing = missing.map { $0.isEmpty ? 0 : Int($0[cell]) } }
    aggregate.observations = numbers + missingCount
    if missingCount > 0 {
      for reason in nilReasons {
        aggregate.nils += aggregate.missing[reason]
        missingCount -= aggregate.missing[reason]
        aggregate.missing[reason] = 0
      }
      if missingCount == 0 { aggregate.missing = [] }
    }
    aggregate.numbers = numbers + aggregate.nils
    aggregate.sum = aggregate.numbers > 0 ? sum : nil
    aggregate.ofWhich = ofWhich.isEmpty ? 0 : Int(ofWhich[cell])
    aggregate.contested = contested.isEmpty ? 0 : Int(contested[cell])
    if aggregate.ofWhich > 0 {
      let part = parts.isEmpty ? Aggregation.Cell() : parts[cell]
      aggregate.parts.numbers = part.numbers
      aggregate.parts.missing = aggregate.ofWhich - part.numbers
      aggregate.parts.sum = part.numbers > 0 ? part.sum : nil
    }
    if !caveats.isEmpty, let found = caveats[cell] { aggregate.caveats = found }
    return aggregate
  }
}
