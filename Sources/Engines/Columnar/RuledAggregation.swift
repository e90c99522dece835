internal import Model
internal import Posix
internal import Query
internal import TabularPackage

/// Follows the rules of a measure that are more than addition (MODEL, rules 1, 2, 4 and 8).
///
/// First one number of each series stands for the others where the rule is `last` or `first`, then series are added, then
/// sums by code become their mean, greatest or least.
struct RuledAggregation {
  private let engine: ColumnarEngine
  private let plan: AggregationPlan
  private let grid: Grid
  /// Everything that is selected, added up whatever the rules.
  private let plain: Aggregation
  private let interruption: Interruption

  init(
    _ engine: ColumnarEngine, _ plan: AggregationPlan, grid: Grid, plain: Aggregation, _ interruption: Interruption
  ) {
    self.engine = engine
    self.plan = plan
    self.grid = grid
    self.plain = plain
    self.interruption = interruption
  }

  private var store: ObservationStore { engine.store }

  func aggregation() throws -> Aggregation {
    var aggregates = (0..<plain.count).map { plain[cell: $0] }
    if let dimension = plan.notAdditive {
      for cell in aggregates.indices where aggregates[cell].observations > 0 {
        aggregates[cell].sum = nil
        aggregates[cell].notAdditive = dimension
      }
    } else if !plan.picks.isEmpty {
      try replaceSums(of: &aggregates, by: reduced(picked()))
    } else if !plan.reductions.isEmpty {
      try replaceSums(of: &aggregates, by: reduced(sums()))
    } else if store.hasEstimates {
      try addBounds(to: &aggregates)
    }
    if plan.notAdditive != nil || !plan.picks.isEmpty || !plan.reductions.isEmpty {
      // Parts of what does not add do not add either.
      for cell in aggregates.indices where aggregates[cell].parts.count > 0 {
        aggregates[cell].parts.sum = nil
        aggregates[cell].parts.overlap = true
      }
    }
    try markOverlappingParts(of: &aggregates)
    if !plan.panel.isEmpty {
      try PanelCount(engine, plan, grid: grid, interruption).addAbsent(to: &aggregates)
    }
    return Aggregation(dimensions: grid.dimensions, shape: grid.shape, aggregates: aggregates)
  }

  /// Sums, numbers and what lacks of each cell become those of the entry on it.
  private func replaceSums(of aggregates: inout [Aggregate], by entries: [Int: SeriesEntry]) {
    for cell in aggregates.indices {
      let entry = entries[cell] ?? SeriesEntry(key: 0)
      aggregates[cell].sum = entry.numbers > 0 ? entry.sum : nil
      aggregates[cell].numbers = entry.numbers
      aggregates[cell].nils = entry.nils
      aggregates[cell].missing = entry.missing
      aggregates[cell].periods = entry.periods
      aggregates[cell].estimates = entry.estimates
      aggregates[cell].lower = entry.estimates > 0 ? entry.lower : nil
      aggregates[cell].upper = entry.estimates > 0 ? entry.upper : nil
      if !plan.picks.isEmpty { aggregates[cell].caveats = entry.caveats }
    }
  }

  // MARK: - One number for others

  /// The entries of all series, each with the number that stands for it.
  private func picked() throws -> (entries: [SeriesEntry], on: SparseGrid) {
    guard let grid = SparseGrid(shape: store.columns.shape) else {
      throw AggregationError.tooManyGroups(limit: AggregateQuery.maximumCellCount)
    }
    var entries = merged(try entriesOfRows(on: grid), by: { $0 })
    for pick in plan.picks {
      try interruption.check()
      entries = self.picked(entries, pick, on: grid)
    }
    return (entries, grid)
  }

  private func entriesOfRows(on grid: SparseGrid) throws -> [SeriesEntry] {
    let columns = store.columns
    let nilReasons = engine.model.missingReasons.map(\.isNil)
    return try store.rows(where: plan.selections, roles: [.counted], interruption).map { row in
      var entry = SeriesEntry(key: 0)
      for (column, stride) in zip(columns.dimensions, grid.strides) { entry.key += Int128(column[row]) * stride }
      switch columns.value(row) {
      case .number(let number):
        entry.sum = Int128(number)
        entry.numbers = 1
      case .missing(let reason) where nilReasons[reason]: (entry.numbers, entry.nils) = (1, 1)
      case .missing(let reason):
        entry.missing = [Int](repeating: 0, count: columns.reasonCount)
        entry.missing[reason] = 1
      }
      (entry.lower, entry.upper) = (entry.sum, entry.sum)
      if let bounds = store.estimates[row] {
        entry.estimates = 1
        (entry.lower, entry.upper) = (bounds.lower.map { Int128($0) }, bounds.upper.map { Int128($0) })
      }
      if !store.caveatIndex.isEmpty { entry.caveats = store.caveatIndex.caveats(ofRow: row) }
      return entry
    }
  }

  /// Entries with the same key become one.
  private func merged(_ entries: [SeriesEntry], by key: (Int128) -> Int128) -> [SeriesEntry] {
    let order = entries.indices.map { (key: key(entries[$0].key), index: $0) }
      .sorted { ($0.key, $0.index) < ($1.key, $1.index) }
    var result: [SeriesEntry] = []
    for (key, index) in order {
      if let last = result.indices.last, result[last].key == key {
        result[last].add(entries[index])
      } else {
        result.append(entries[index])
        result[result.count - 1].key = key
      }
    }
    return result
  }

  private func picked(
    _ entries: [SeriesEntry], _ pick: AggregationPlan.Pick, on grid: SparseGrid
  ) -> [SeriesEntry] {
    let order = entries.indices.map { index in
      let key = entries[index].key
      return (
        key: grid.lifting(pick.dimension, of: key), rank: pick.ranks[grid.code(pick.dimension, of: key)], index: index
      )
    }.sorted { ($0.key, $0.rank) < ($1.key, $1.rank) }
    var result: [SeriesEntry] = []
    for (key, _, index) in order {
      let last = result.indices.last.flatMap { result[$0].key == key ? $0 : nil }
      if let last, result[last].numbers > 0 || entries[index].numbers == 0 { continue }
      var entry = entries[index]
      if pick.isTime, entry.numbers > 0 {
        let period = grid.code(pick.dimension, of: entry.key)
        entry.periods = period...period
      }
      entry.key = key
      if entry.numbers == 0 { entry.lackOne() }
      if let last { result[last] = entry } else { result.append(entry) }
    }
    return result
  }

  // MARK: - One number for sums

  /// The sums for each cell and each code of the dimensions whose sums become one.
  private func sums() throws -> (entries: [SeriesEntry], on: SparseGrid) {
    let dimensions = plan.dimensions + plan.reductions.map(\.dimension)
    let fine = try engine.grid(by: dimensions)
    guard let grid = SparseGrid(shape: store.columns.shape) else {
      throw AggregationError.tooManyGroups(limit: AggregateQuery.maximumCellCount)
    }
    var aggregates = try engine.plainTotals(plan.selections, on: fine, interruption)
    if store.hasEstimates {
      var bounded = (0..<aggregates.count).map { aggregates[cell: $0] }
      try addBounds(to: &bounded, on: fine)
      aggregates = Aggregation(dimensions: fine.dimensions, shape: fine.shape, aggregates: bounded)
    }
    let entries = (0..<aggregates.count).compactMap { cell -> SeriesEntry? in
      let aggregate = aggregates[cell: cell]
      if aggregate.observations == 0 { return nil }
      let codes = aggregates.codes(ofCell: cell)
      var entry = SeriesEntry(key: zip(dimensions, codes).reduce(0) { $0 + Int128($1.1) * grid.strides[$1.0] })
      entry.sum = aggregate.sum ?? 0
      (entry.numbers, entry.nils, entry.missing) = (aggregate.numbers, aggregate.nils, aggregate.missing)
      entry.estimates = aggregate.estimates
      entry.lower = aggregate.estimates > 0 ? aggregate.lower : entry.sum
      entry.upper = aggregate.estimates > 0 ? aggregate.upper : entry.sum
      return entry
    }
    return (entries, grid)
  }

  /// The entries by cell, after series were added and sums became one.
  private func reduced(_ series: (entries: [SeriesEntry], on: SparseGrid)) throws -> [Int: SeriesEntry] {
    let (entries, grid) = series
    func key(_ key: Int128, keeping dimensions: [Int]) -> Int128 {
      dimensions.reduce(0) { $0 + Int128(grid.code($1, of: key)) * grid.strides[$1] }
    }
    var rest = plan.reductions
    var sums = merged(entries) { key($0, keeping: plan.dimensions + rest.map(\.dimension)) }
    while let rule = rest.first?.rule {
      // Dimensions of the same rule go together, so that a mean is rounded once.
      rest = rest.filter { $0.rule != rule }
      sums = Self.reduced(sums, rule) { key($0, keeping: plan.dimensions + rest.map(\.dimension)) }
    }
    var cells: [Int: SeriesEntry] = [:]
    for sum in sums {
      let cell = zip(plan.dimensions, self.grid.strides).reduce(0) { $0 + grid.code($1.0, of: sum.key) * $1.1 }
      cells[cell] = sum
    }
    return cells
  }

  private static func reduced(
    _ entries: [SeriesEntry], _ rule: AggregationRule, by key: (Int128) -> Int128
  ) -> [SeriesEntry] {
    let groups = Dictionary(grouping: entries) { key($0.key) }
    return groups.sorted { $0.key < $1.key }.map { key, members in
      var all = SeriesEntry(key: key)
      for member in members { all.add(member) }
      let present = members.filter { $0.numbers > 0 }
      if present.isEmpty { return all }
      switch rule {
      case .mean:
        let count = Int128(present.count)
        all.sum = all.sum.dividedHalfAwayFromZero(by: count)
        all.lower = all.lower?.dividedHalfAwayFromZero(by: count)
        all.upper = all.upper?.dividedHalfAwayFromZero(by: count)
      case .max, .min:
        func extreme(_ values: [Int128]) -> Int128? { rule == .max ? values.max() : values.min() }
        all.sum = extreme(present.map(\.sum)) ?? 0
        // The greatest of several is at least what any of them is at least, though others are open below; and the least
        // likewise.
        let (lowers, uppers) = (present.compactMap(\.lower), present.compactMap(\.upper))
        all.lower = rule == .min && lowers.count < present.count ? nil : extreme(lowers)
        all.upper = rule == .max && uppers.count < present.count ? nil : extreme(uppers)
      case .sum, .last, .first, .none: break
      }
      return all
    }
  }

  // MARK: - Estimates and parts

  private func addBounds(to aggregates: inout [Aggregate], on grid: Grid? = nil) throws {
    let grid = grid ?? self.grid
    for (row, bounds) in store.estimates where store.columns.role(row) == .counted {
      let codes = store.columns.codes(row)
      guard plan.selections.contains(where: { $0.contains(codes) }) else { continue }
      let cell = zip(grid.dimensions, grid.strides).reduce(0) { $0 + codes[$1.0] * $1.1 }
      let value = store.columns.value(row).number ?? 0
      if aggregates[cell].estimates == 0 {
        (aggregates[cell].lower, aggregates[cell].upper) = (aggregates[cell].sum, aggregates[cell].sum)
      }
      aggregates[cell].estimates += 1
      aggregates[cell].lower = aggregates[cell].lower.flatMap { sum in
        bounds.lower.map { sum + Int128($0) - Int128(value) }
      }
      aggregates[cell].upper = aggregates[cell].upper.flatMap { sum in
        bounds.upper.map { sum + Int128($0) - Int128(value) }
      }
    }
  }

  /// Two parts of one whole may overlap: nobody knows, so they have no sum together.
  private func markOverlappingParts(of aggregates: inout [Aggregate]) throws {
    if store.partsOfOneWhole.isEmpty { return }
    var seen: Set<[Int]> = []
    for (row, whole) in store.partsOfOneWhole {
      let codes = store.columns.codes(row)
      guard plan.selections.contains(where: { $0.contains(codes) }) else { continue }
      let cell = zip(grid.dimensions, grid.strides).reduce(0) { $0 + codes[$1.0] * $1.1 }
      if !seen.insert([cell, whole]).inserted {
        aggregates[cell].parts.overlap = true
        aggregates[cell].parts.sum = nil
      }
    }
  }
}
