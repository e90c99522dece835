internal import Model

/// Which observations have which caveats. Few have any, so only those are kept.
struct CaveatIndex: Sendable {
  /// By row, ascending indexes of caveats.
  private let byRow: [Int: [Int]]
  /// One counted observation for every combination of codes that has a caveat, and the caveats of all of its kind.
  private let kinds: [(codes: [Int], caveats: [Int])]

  init(_ pairs: [(row: Int, caveat: Int)], columns: ObservationColumns) {
    byRow = Dictionary(grouping: pairs, by: \.row).mapValues { Set($0.map(\.caveat)).sorted() }
    var caveatsOfCodes: [[Int]: Set<Int>] = [:]
    for (row, caveats) in byRow where columns.role(row) == .counted {
      caveatsOfCodes[columns.codes(row), default: []].formUnion(caveats)
    }
    kinds = caveatsOfCodes.map { ($0.key, $0.value.sorted()) }
  }

  var isEmpty: Bool { byRow.isEmpty }

  func caveats(ofRow row: Int) -> [Int] { byRow[row] ?? [] }

  /// The caveats of every cell that has any: those of each counted observation in it.
  func caveats(on grid: Grid, where selections: [Selection]) -> [Int: [Int]] {
    var found: [Int: Set<Int>] = [:]
    for kind in kinds where selections.contains(where: { $0.contains(kind.codes) }) {
      let cell = zip(grid.dimensions, grid.strides).reduce(0) { $0 + kind.codes[$1.0] * $1.1 }
      found[cell, default: []].formUnion(kind.caveats)
    }
    return found.mapValues { $0.sorted() }
  }
}
