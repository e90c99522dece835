internal import Base
internal import Model
internal import Posix
internal import Query
internal import TabularPackage

/// Counts what is expected and has no row (MODEL, rule 2): combinations of codes of the panel of which the whole dataset
/// has no counted observation of the measure.
struct PanelCount {
  private let engine: ColumnarEngine
  private let plan: AggregationPlan
  private let grid: Grid
  private let interruption: Interruption

  init(_ engine: ColumnarEngine, _ plan: AggregationPlan, grid: Grid, _ interruption: Interruption) {
    self.engine = engine
    self.plan = plan
    self.grid = grid
    self.interruption = interruption
  }

  func addAbsent(to aggregates: inout [Aggregate]) throws {
    let presence = try engine.presence(of: plan.measure, interruption)
    if presence.absent.isEmpty { return }
    // Of what is picked, one code with a number is enough.
    let picked = presence.dimensions.indices.filter { index in
      plan.picks.contains { $0.dimension == presence.dimensions[index] }
        && !grid.dimensions.contains(presence.dimensions[index])
    }
    var known: Set<[Int]> = []
    var lacking: [[Int]] = []
    for codes in presence.absent where isAllowed(codes, in: presence) {
      var group = codes
      for index in picked { group[index] = -1 }
      if known.insert(group).inserted, !hasPresent(group, picked[...], presence) { lacking.append(group) }
    }
    // The cells that a combination belongs to: all those with its codes.
    var counts: [[Int]: Int] = [:]
    let shared = presence.dimensions.indices.filter { grid.dimensions.contains(presence.dimensions[$0]) }
    for group in lacking { counts[shared.map { group[$0] }, default: 0] += 1 }
    let places = shared.map { index in grid.dimensions.firstIndex(of: presence.dimensions[index]) ?? 0 }
    let isInPanel = grid.dimensions.allSatisfy(presence.dimensions.contains)
    for cell in aggregates.indices where aggregates[cell].observations > 0 || isInPanel {
      let key = places.map { cell / grid.strides[$0] % grid.shape[$0] }
      if let count = counts[key] { aggregates[cell].absent = count }
    }
  }

  /// Whether any of the selections allows a combination.
  private func isAllowed(_ codes: [Int], in presence: PanelPresence) -> Bool {
    plan.selections.contains { selection in
      zip(presence.dimensions, codes).allSatisfy { selection[$0]?.contains($1) ?? true }
    }
  }

  /// Whether there is an observation of any of the combinations that differ in the picked dimensions alone.
  private func hasPresent(_ group: [Int], _ picked: ArraySlice<Int>, _ presence: PanelPresence) -> Bool {
    guard let index = picked.first else { return presence.isPresent(group) && isAllowed(group, in: presence) }
    var codes = group
    return (0..<presence.shape[index]).contains { code in
      codes[index] = code
      return hasPresent(codes, picked.dropFirst(), presence)
    }
  }
}

/// Of which combinations of the panel there is a counted observation.
final class PanelPresence: Sendable {
  let dimensions: [Int]
  private let grid: Grid
  private let presence: [Bool]
  /// The combinations without any, by the codes of the dimensions.
  let absent: [[Int]]

  init(_ grid: Grid, _ totals: Aggregation) {
    dimensions = grid.dimensions
    self.grid = grid
    presence = (0..<totals.count).map { totals[cell: $0].observations > 0 }
    absent = presence.indices.filter { [presence] in !presence[$0] }.map { totals.codes(ofCell: $0) }
  }

  /// How many codes each dimension has.
  var shape: [Int] { grid.shape }

  func isPresent(_ codes: [Int]) -> Bool { presence[zip(codes, grid.strides).reduce(0) { $0 + $1.0 * $1.1 }] }
}

extension ColumnarEngine {
  /// Counted once for each measure.
  func presence(of measure: Measure?, _ interruption: Interruption) throws -> PanelPresence {
    let key = measure?.code ?? -1
    if let known = panels.withLock({ $0[key] }) { return known }
    let grid = try grid(by: model.panel)
    var selection = Selection.all
    if let index = model.measureIndex, let code = measure?.code { selection.restrict(index, to: [code]) }
    let presence = PanelPresence(grid, try plainTotals([selection], on: grid, interruption))
    panels.withLock { $0[key] = presence }
    return presence
  }
}
