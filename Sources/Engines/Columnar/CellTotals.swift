internal import Model
internal import Query

/// What the cells of a grid add up to. Counts that are zero everywhere are left out.
struct CellTotals<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  typealias Cell = Aggregation.Cell<Sum>

  var cells: [Cell]
  /// By the index of the reason.
  var missing: [[UInt32]]
  var ofWhich: [UInt32] = []
  var contested: [UInt32] = []
  /// The numbers of those that are parts of others.
  var parts: [Aggregation.Cell<Int128>] = []

  init(cellCount: Int, reasonCount: Int) {
    cells = [Cell](repeating: Cell(), count: cellCount)
    missing = [[UInt32]](repeating: [], count: reasonCount)
  }

  /// Adds the totals of other observations on the same grid.
  mutating func add(_ other: CellTotals) {
    for index in cells.indices {
      cells[index].sum &+= other.cells[index].sum
      cells[index].numbers &+= other.cells[index].numbers
    }
    for reason in missing.indices { Self.add(other.missing[reason], to: &missing[reason]) }
    Self.add(other.ofWhich, to: &ofWhich)
    Self.add(other.contested, to: &contested)
    if other.parts.isEmpty { return }
    if parts.isEmpty {
      parts = other.parts
    } else {
      for index in parts.indices { parts[index].add(other.parts[index]) }
    }
  }

  private static func add(_ addends: [UInt32], to counts: inout [UInt32]) {
    if addends.isEmpty { return }
    if counts.isEmpty {
      counts = addends
    } else {
      for index in counts.indices { counts[index] &+= addends[index] }
    }
  }

  /// Counts an observation that gives no number or is not counted.
  ///
  /// - Parameter isNumber: whether it has a number or a mark that counts as 0.
  mutating func addRare(cell: Int, role: UInt8, reason: UInt8, isNumber: Bool, value: Int64) {
    switch role {
    case Role.ofWhich.rawValue:
      Self.increment(&ofWhich, cell, of: cells.count)
      if isNumber {
        if parts.isEmpty { parts = Array(repeating: Aggregation.Cell(), count: cells.count) }
        parts[cell].add(Aggregation.Cell(sum: Int128(value), numbers: 1))
      }
    case Role.contested.rawValue: Self.increment(&contested, cell, of: cells.count)
    default: Self.increment(&missing[Int(reason) - 1], cell, of: cells.count)
    }
  }

  private static func increment(_ counts: inout [UInt32], _ cell: Int, of cellCount: Int) {
    if counts.isEmpty { counts = [UInt32](repeating: 0, count: cellCount) }
    counts[cell] += 1
  }
}

extension Aggregation.Cell {
  /// No more than 2^63 numbers of 64 bits are ever added, which 128 bits hold.
  mutating func add(_ other: Self) {
    sum &+= other.sum
    numbers &+= other.numbers
  }
}
