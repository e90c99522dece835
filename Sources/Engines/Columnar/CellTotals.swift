internal import Model

/// What the cells of a grid add up to. Counts that are zero everywhere are left out.
struct CellTotals<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  struct Cell: BitwiseCopyable, Sendable {
    var sum: Sum = 0
    /// The counted observations that give a number.
    var numbers = 0
  }

  var cells: [Cell]
  /// By the index of the reason.
  var missing: [[UInt32]]
  var ofWhich: [UInt32] = []
  var contested: [UInt32] = []

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
  mutating func addRare(cell: Int, role: UInt8, reason: UInt8) {
    switch role {
    case Role.ofWhich.rawValue: Self.increment(&ofWhich, cell, of: cells.count)
    case Role.contested.rawValue: Self.increment(&contested, cell, of: cells.count)
    default: Self.increment(&missing[Int(reason) - 1], cell, of: cells.count)
    }
  }

  private static func increment(_ counts: inout [UInt32], _ cell: Int, of cellCount: Int) {
    if counts.isEmpty { counts = [UInt32](repeating: 0, count: cellCount) }
    counts[cell] += 1
  }
}
