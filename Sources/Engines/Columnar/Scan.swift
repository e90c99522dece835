internal import Base
internal import Model
internal import Posix
internal import Query
internal import Synchronization
internal import TabularPackage

/// Adds up observations row by row, on several threads.
struct Scan {
  let columns: ObservationColumns
  let grid: Grid
  /// An observation is added when any of these selects it.
  let selections: [Selection]
  let threads: Int
  let interruption: Interruption

  init(
    columns: ObservationColumns, grid: Grid, selections: [Selection], threads: Int, _ interruption: Interruption
  ) {
    self.columns = columns
    self.grid = grid
    self.selections = selections
    self.threads = threads
    self.interruption = interruption
  }

  /// How many rows are taken at a time, between two looks at whether anybody still waits.
  private static let portion = 1 << 16
  private static let blockSize = 1 << 11
  /// Above this many cells a grid for every thread costs more than the threads gain.
  private static let maximumSharedCells = 1 << 20

  func run<Sum: FixedWidthInteger & BitwiseCopyable & Sendable>(
    summing: Sum.Type
  ) throws(CancellationError) -> CellTotals<Sum> {
    let next = Atomic(0)
    let total = Locked(CellTotals<Sum>(cellCount: grid.cellCount, reasonCount: columns.reasonCount))
    let isSmall = columns.count <= Self.portion || grid.cellCount > Self.maximumSharedCells
    runOnThreads(isSmall ? 1 : threads) { _ in
      var own = CellTotals<Sum>(cellCount: grid.cellCount, reasonCount: columns.reasonCount)
      let block = ScanBlock(self, blockSize: Self.blockSize)
      while !interruption.isRequested {
        let start = next.add(Self.portion, ordering: .relaxed).oldValue
        if start >= columns.count { break }
        let end = min(columns.count, start + Self.portion)
        for first in stride(from: start, to: end, by: Self.blockSize) {
          block.add(rows: first..<min(end, first + Self.blockSize), to: &own)
        }
      }
      total.withLock { $0.add(own) }
    }
    try interruption.check()
    return total.withLock { $0 }
  }
}

/// What one thread needs to add up a few thousand rows at a time: first the cells of all of them, then their numbers.
private final class ScanBlock {
  private let columns: ObservationColumns
  private let grouped: [(column: CodeColumn, stride: UInt32)]
  private let restricted: [(column: CodeColumn, refused: [UInt16])]
  /// Where several selections are alternatives; what one selects is refused column by column.
  private let filter: RowFilter?
  private let cells: UnsafeMutablePointer<UInt32>
  /// The reason and, eight bits up, the role: 0 for a row that is counted and gives a number.
  private let states: UnsafeMutablePointer<UInt16>
  /// The rows of a block that are selected but have another state than 0.
  private let rare: UnsafeMutablePointer<UInt32>
  private static let isRefused: UInt16 = 0x8000

  init(_ scan: Scan, blockSize: Int) {
    columns = scan.columns
    grouped = zip(scan.grid.dimensions, scan.grid.strides).map { dimension, stride in
      (scan.columns.dimensions[dimension], UInt32(truncatingIfNeeded: stride))
    }
    let only = scan.selections.count == 1 ? scan.selections[0] : .all
    filter = scan.selections.count == 1 ? nil : RowFilter(anyOf: scan.selections, in: scan.columns)
    restricted = only.restrictions.map { restriction in
      let codes = 0..<scan.columns.shape[restriction.dimension]
      return (
        scan.columns.dimensions[restriction.dimension],
        codes.map { restriction.codes.contains($0) ? 0 : Self.isRefused }
      )
    }
    cells = .allocate(capacity: blockSize)
    states = .allocate(capacity: blockSize)
    rare = .allocate(capacity: blockSize)
  }

  deinit {
    cells.deallocate()
    states.deallocate()
    rare.deallocate()
  }

  func add<Sum>(rows: Range<Int>, to totals: inout CellTotals<Sum>) {
    findCells(rows)
    findStates(rows)
    let values = columns.values.base + rows.lowerBound
    let cells = cells
    let states = states
    let rare = rare
    let rareCount = totals.cells.withUnsafeMutableBufferPointer { buffer in
      var rareCount = 0
      guard let sums = buffer.baseAddress else { return rareCount }
      for index in 0..<rows.count {
        let state = states[index]
        if state == 0 {
          let cell = sums + Int(cells[index])
          cell.pointee.sum &+= Sum(truncatingIfNeeded: values[index])
          cell.pointee.numbers &+= 1
        } else if state < Self.isRefused {
          rare[rareCount] = UInt32(truncatingIfNeeded: index)
          rareCount &+= 1
        }
      }
      return rareCount
    }
    for position in 0..<rareCount {
      let index = Int(rare[position])
      let reason = UInt8(truncatingIfNeeded: states[index])
      totals.addRare(
        cell: Int(cells[index]), role: UInt8(truncatingIfNeeded: states[index] >> 8), reason: reason,
        isNumber: reason == 0 || columns.nilReasons.contains(reason), value: values[index])
    }
  }

  private func findCells(_ rows: Range<Int>) {
    cells.update(repeating: 0, count: rows.count)
    for (column, stride) in grouped {
      switch column.width {
      case 1: addCodes(column.base.assumingMemoryBound(to: UInt8.self) + rows.lowerBound, stride, rows.count)
      case 2: addCodes(column.base.assumingMemoryBound(to: UInt16.self) + rows.lowerBound, stride, rows.count)
      default: addCodes(column.base.assumingMemoryBound(to: UInt32.self) + rows.lowerBound, stride, rows.count)
      }
    }
  }

  @inline(__always)
  private func addCodes<Code: FixedWidthInteger>(_ codes: UnsafePointer<Code>, _ stride: UInt32, _ count: Int) {
    let cells = cells
    for index in 0..<count { cells[index] &+= UInt32(truncatingIfNeeded: codes[index]) &* stride }
  }

  private func findStates(_ rows: Range<Int>) {
    let states = states
    let reasons = columns.reasons.base + rows.lowerBound
    if let roles = columns.roles {
      let roles = roles.base.assumingMemoryBound(to: UInt8.self) + rows.lowerBound
      for index in 0..<rows.count { states[index] = UInt16(reasons[index]) | UInt16(roles[index]) << 8 }
    } else {
      for index in 0..<rows.count { states[index] = UInt16(reasons[index]) }
    }
    if let filter {
      for index in 0..<rows.count where !filter.selects(rows.lowerBound + index) { states[index] |= Self.isRefused }
    }
    for (column, refused) in restricted {
      refused.withUnsafeBufferPointer { refused in
        switch column.width {
        case 1: refuse(column.base.assumingMemoryBound(to: UInt8.self) + rows.lowerBound, refused, rows.count)
        case 2: refuse(column.base.assumingMemoryBound(to: UInt16.self) + rows.lowerBound, refused, rows.count)
        default: refuse(column.base.assumingMemoryBound(to: UInt32.self) + rows.lowerBound, refused, rows.count)
        }
      }
    }
  }

  @inline(__always)
  private func refuse<Code: FixedWidthInteger>(
    _ codes: UnsafePointer<Code>, _ refused: UnsafeBufferPointer<UInt16>, _ count: Int
  ) {
    let states = states
    guard let refused = refused.baseAddress else { return }
    for index in 0..<count { states[index] |= refused[Int(truncatingIfNeeded: codes[index])] }
  }
}
