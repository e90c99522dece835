internal import Model
internal import Query

/// The totals of all observations for every combination of codes of all dimensions, from which every coarser
/// aggregation follows.
struct Cube: Sendable {
  let grid: Grid
  let totals: CellTotals<Int64>

  static let maximumCellCount = 4_000_000
  /// Below this a cube is worth its room however few observations there are.
  private static let alwaysWorthwhile = 1 << 16

  /// Whether a cube of that many cells is built. One with more cells than there are observations would be slower
  /// than the observations.
  static func isWorthwhile(cells: Int, observations: Int) -> Bool {
    cells <= maximumCellCount && cells <= max(alwaysWorthwhile, observations)
  }

  init(grid: Grid, totals: CellTotals<Int64>) {
    self.grid = grid
    self.totals = totals
  }

  /// Adds up the selected cells on a coarser grid.
  func aggregate(by target: Grid, where selection: Selection) -> CellTotals<Int64> {
    var result = CellTotals<Int64>(cellCount: target.cellCount, reasonCount: totals.missing.count)
    let runs = CubeRuns(of: grid, onto: target, where: selection)
    if runs.isEmpty { return result }
    result.cells.withUnsafeMutableBufferPointer { targets in
      totals.cells.withUnsafeBufferPointer { sources in
        runs.forEachRun { from, to, steps in
          if runs.endInOneCell {
            var sum: Int64 = 0
            var numbers = 0
            for step in steps {
              sum &+= sources[from + step.from].sum
              numbers &+= sources[from + step.from].numbers
            }
            targets[to].sum &+= sum
            targets[to].numbers &+= numbers
          } else {
            for step in steps {
              targets[to + step.to].sum &+= sources[from + step.from].sum
              targets[to + step.to].numbers &+= sources[from + step.from].numbers
            }
          }
        }
      }
    }
    for reason in totals.missing.indices {
      add(totals.missing[reason], to: &result.missing[reason], along: runs, target)
    }
    add(totals.ofWhich, to: &result.ofWhich, along: runs, target)
    add(totals.contested, to: &result.contested, along: runs, target)
    addParts(to: &result.parts, along: runs, target)
    return result
  }

  private func add(_ counts: [UInt32], to result: inout [UInt32], along runs: CubeRuns, _ target: Grid) {
    if counts.isEmpty { return }
    result = [UInt32](repeating: 0, count: target.cellCount)
    result.withUnsafeMutableBufferPointer { targets in
      counts.withUnsafeBufferPointer { sources in
        runs.forEachRun { from, to, steps in
          if runs.endInOneCell {
            targets[to] &+= steps.reduce(0) { $0 &+ sources[from + $1.from] }
          } else {
            for step in steps { targets[to + step.to] &+= sources[from + step.from] }
          }
        }
      }
    }
  }
}

extension Cube {
  private func addParts(
    to result: inout [Aggregation.Cell<Int128>], along runs: CubeRuns, _ target: Grid
  ) {
    if totals.parts.isEmpty { return }
    result = Array(repeating: Aggregation.Cell(), count: target.cellCount)
    runs.forEachRun { from, to, steps in
      for step in steps { result[to + step.to].add(totals.parts[from + step.from]) }
    }
  }
}

/// The way through the selected cells of a grid, and where each of them goes on a coarser one.
private struct CubeRuns {
  /// For every dimension but one: the steps to the selected codes, on both grids.
  private let outer: [[(from: Int, to: Int)]]
  /// The same for the dimension with the most of them, which is gone through fastest.
  private let inner: [(from: Int, to: Int)]

  init(of grid: Grid, onto target: Grid, where selection: Selection) {
    let targetStrides = target.strides(dimensionCount: grid.dimensions.count)
    var steps = grid.dimensions.map { dimension in
      (0..<grid.shape[dimension])
        .filter { selection[dimension]?.contains($0) ?? true }
        .map { (from: $0 * grid.strides[dimension], to: $0 * targetStrides[dimension]) }
    }
    let longest = steps.indices.max { steps[$0].count < steps[$1].count }
    inner = longest.map { steps.remove(at: $0) } ?? [(0, 0)]
    outer = steps
    endInOneCell = inner.allSatisfy { $0.to == 0 }
  }

  /// Whether all cells of a run go to the same cell. Their sum is then kept at hand instead of being fetched and
  /// stored for each.
  let endInOneCell: Bool

  var isEmpty: Bool { inner.isEmpty || outer.contains { $0.isEmpty } }

  @inline(__always)
  func forEachRun(_ body: (_ from: Int, _ to: Int, _ steps: UnsafeBufferPointer<(from: Int, to: Int)>) -> Void) {
    var position = [Int](repeating: 0, count: outer.count)
    inner.withUnsafeBufferPointer { inner in
      while true {
        var from = 0
        var to = 0
        for (dimension, index) in position.enumerated() {
          from += outer[dimension][index].from
          to += outer[dimension][index].to
        }
        body(from, to, inner)
        var dimension = outer.count - 1
        while dimension >= 0 {
          position[dimension] += 1
          if position[dimension] < outer[dimension].count { break }
          position[dimension] = 0
          dimension -= 1
        }
        if dimension < 0 { return }
      }
    }
  }
}
