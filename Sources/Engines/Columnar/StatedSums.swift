internal import Model
internal import Posix
internal import Query

/// What the scopes of stated totals come to: through the index of rows, or where there is none as any question is answered.
struct StatedSums {
  let engine: ColumnarEngine
  private let reader: ScopeReader?
  private let interruption: Interruption

  init(_ engine: ColumnarEngine, _ interruption: Interruption) {
    self.engine = engine
    self.interruption = interruption
    reader = engine.model.statedTotals.isEmpty ? nil : engine.scopeReader()
  }

  private var model: DatasetModel { engine.model }

  /// The stated total held against its sum, without candidates.
  func reconciled(_ index: Int, _ ledger: LedgerIndex) throws -> ReconciledTotal {
    try interruption.check()
    let total = model.statedTotals[index]
    let computed = try sum(of: total)
    // Where a scope has nothing but parts, it is their sum that the source states.
    let isOfParts = computed.observations == 0 && computed.parts.count > 0
    let sum = isOfParts ? computed.parts.sum : computed.sum
    var difference: Int128?
    if let number = total.value.number, let sum {
      let (result, overflows) = Int128(number).subtractingReportingOverflow(sum)
      if !overflows { difference = result }
    }
    let agreement = Agreement(of: total, with: sum, in: model)
    let explained = agreement == nil ? ledger.explanations(ofStatedTotal: index, difference: difference) : []
    return ReconciledTotal(
      index: index, stated: total.value, computed: computed, isOfParts: isOfParts, agreement: agreement,
      difference: difference,
      status: agreement != nil ? .agrees : explained.isEmpty ? .unacknowledged : .acknowledged,
      discrepancies: explained, candidates: [])
  }

  /// The stated totals that add up exactly what is added of the selection, by their index, ascending.
  func totals(covering selection: Selection) throws -> [Int] {
    if model.statedTotals.isEmpty { return [] }
    if let reader { return engine.coverage(reader).totals(covering: selection, reader) }
    let selected = try engine.total(where: selection, interruption)
    if selected.observations == 0 { return [] }
    return try model.statedTotals.indices.filter { index in
      try interruption.check()
      let scope = measured(model.statedTotals[index])
      let common = try engine.total(where: scope.intersection(selection), interruption)
      guard common.observations == selected.observations else { return false }
      return try engine.total(where: scope, interruption).observations == common.observations
    }
  }

  /// Whether a stated total covers nothing but what is selected.
  func isCovered(_ total: StatedTotal, by selection: Selection) throws -> Bool {
    if selection == .all { return true }
    try interruption.check()
    if let reader {
      let rows = reader.addends(of: reader.rows(of: total.scope, measure: total.measure))
      return rows.allSatisfy { selection.contains(engine.store.columns.codes(Int($0))) }
    }
    let scope = measured(total)
    let inside = try engine.total(where: scope.intersection(selection), interruption).observations
    return try inside == engine.total(where: scope, interruption).observations
  }

  /// The rows of a selection, ascending, whatever their role and whatever the rules, at most `limit` of them.
  func rows(where selection: Selection, roles: Set<Role>? = nil, limit: Int) throws -> [Int] {
    let columns = engine.store.columns
    if let rows = reader?.allRows(where: selection) {
      guard let roles, columns.roles != nil else { return rows.prefix(limit).map { Int($0) } }
      return rows.lazy.filter { roles.contains(columns.role(Int($0))) }.prefix(limit).map { Int($0) }
    }
    return try engine.store.rows(
      where: [selection], roles: roles ?? Set(Role.allCases), limit: limit, interruption)
  }

  /// Which of the rows of a scope are added, of which those come first that have codes that add up; nil where there is no
  /// index.
  func addends(of total: StatedTotal) -> Set<Int>? {
    reader.map { Set($0.addends(of: $0.rows(of: total.scope, measure: total.measure)).lazy.map { Int($0) }) }
  }

  /// The scope, in which only the total's own measure is.
  func measured(_ total: StatedTotal) -> Selection {
    guard let index = model.measureIndex, let code = model.measures[total.measure].code else { return total.scope }
    return total.scope.restricting(index, to: [code])
  }

  /// What is added of the scope, by codes: without those that contain others that are in it.
  func added(of total: StatedTotal) -> Selection {
    reader?.plan(for: total.scope, measure: total.measure).selection ?? measured(total)
  }

  private func sum(of total: StatedTotal) throws -> Aggregate {
    if let reader {
      let plan = reader.plan(for: total.scope, measure: total.measure)
      if plan.isSum || plan.notAdditive != nil {
        let rows = ScopeRows(rows: reader.allRows(where: plan.selection), notAdditive: plan.notAdditive)
        return reader.aggregate(ofRows: rows)
      }
    }
    let query = AggregateQuery(by: [], where: [total.scope], measure: total.measure)
    return try engine.aggregate(query, interruption)[cell: 0]
  }
}
