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
    if presence.isComplete { return }
    // Of what is picked, one code with a number is enough.
    let picked = Set(plan.picks.map(\.dimension))
    var lacking: [[Int]: Bool] = [:]
    presence.forEach { codes, isPresent in
      guard plan.selections.contains(where: { allows($0, codes, of: presence.dimensions) }) else { return }
      let group = zip(presence.dimensions, codes).map { picked.contains($0) && !grid.dimensions.contains($0) ? -1 : $1 }
      lacking[group] = (lacking[group] ?? true) && !isPresent
    }
    // The cells that a combination belongs to: all those with its codes.
    var counts: [[Int]: Int] = [:]
    let shared = presence.dimensions.indices.filter { grid.dimensions.contains(presence.dimensions[$0]) }
    for (group, lacks) in lacking where lacks { counts[shared.map { group[$0] }, default: 0] += 1 }
    let places = shared.map { index in grid.dimensions.firstIndex(of: presence.dimensions[index]) ?? 0 }
    let isInPanel = grid.dimensions.allSatisfy(presence.dimensions.contains)
    for cell in aggregates.indices where aggregates[cell].observations > 0 || isInPanel {
      let key = places.map { cell / grid.strides[$0] % grid.shape[$0] }
      if let count = counts[key] { aggregates[cell].absent = count }
    }
  }

  private func allows(_ selection: Selection, _ codes: [Int], of dimensions: [Int]) -> Bool {
    zip(dimensions, codes).allSatisfy { selection[$0]?.contains($1) ?? true }
  }
}

/// Of which combinations of the panel there is a counted observation.
final class PanelPresence: Sendable {
  let dimensions: [Int]
  private let grid: Grid
  private let isPresent: [Bool]
  let isComplete: Bool

  init(_ grid: Grid, _ totals: Aggregation) {
    dimensions = grid.dimensions
    self.grid = grid
    isPresent = (0..<totals.count).map { totals[cell: $0].observations > 0 }
    isComplete = !isPresent.contains(false)
  }

  func forEach(_ body: (_ codes: [Int], _ isPresent: Bool) -> Void) {
    var codes = [Int](repeating: 0, count: dimensions.count)
    for cell in isPresent.indices {
      body(codes, isPresent[cell])
      var index = codes.count - 1
      while index >= 0 {
        codes[index] += 1
        if codes[index] < grid.shape[index] { break }
        codes[index] = 0
        index -= 1
      }
    }
  }
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
