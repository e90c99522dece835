internal import Base
internal import Model
internal import Posix
public import Query

extension ColumnarEngine {
  /// Answered on a thread of the engine.
  public func reconcile(_ query: ReconciliationQuery) async throws -> Reconciliation {
    try await blocking(isLeftWhenCancelled: true) { [self] in try reconcile(query, $0) }
  }

  /// Nothing is corrected.
  private func reconcile(_ query: ReconciliationQuery, _ interruption: Interruption) throws -> Reconciliation {
    let indexes =
      switch query.totals {
      case .all: Array(model.statedTotals.indices)
      case .covering(let selection): try statedTotals(covering: selection, interruption)
      }
    var totals = try indexes.map { try reconciledTotal($0, interruption) }
    var named: Set<Int> = []
    if query.findsCandidates {
      let search = CorrectionSearch(engine: self, totals: totals, interruption: interruption)
      for index in totals.indices where totals[index].status != .agrees {
        let candidates = try search.candidates(for: totals[index])
        named.formUnion(candidates.compactMap { if case .row(let row) = $0.subject { row } else { nil } })
        totals[index] = totals[index].with(candidates: try candidates.map(candidate))
      }
    }
    var contradictions: [ReconciledContradiction] = []
    if query.findsContradictions {
      contradictions = try self.contradictions(beside: totals, naming: &named, interruption)
    }
    let observations = try store.observations(named.sorted()).values.map { ($0.key, $0) }
    return Reconciliation(
      totals: totals, contradictions: contradictions,
      observations: Dictionary(observations, uniquingKeysWith: { first, _ in first }))
  }

  /// The stated totals that cover exactly the counted observations that are selected, by their index.
  func statedTotals(covering selection: Selection, _ interruption: Interruption) throws -> [Int] {
    if model.statedTotals.isEmpty { return [] }
    let selected = try total(where: selection, interruption)
    if selected.observations == 0 { return [] }
    return try model.statedTotals.indices.filter { index in
      try interruption.check()
      let scope = model.statedTotals[index].scope
      let common = try total(where: scope.intersection(selection), interruption)
      guard common.observations == selected.observations else { return false }
      return try total(where: scope, interruption).observations == common.observations
    }
  }

  private func reconciledTotal(_ index: Int, _ interruption: Interruption) throws -> ReconciledTotal {
    try interruption.check()
    let stated = model.statedTotals[index].value
    let computed = try total(where: model.statedTotals[index].scope, interruption)
    var difference: Int64?
    if let number = stated.number, let sum = computed.sum {
      let (result, overflows) = number.subtractingReportingOverflow(sum)
      if !overflows { difference = result }
    }
    // Where the source states no number and there is none to add up, nothing disagrees.
    let agrees = stated.number == computed.sum
    let explained =
      agrees
      ? []
      : model.discrepancies.indices.filter {
        model.discrepancies[$0].acknowledges(difference: difference, ofStatedTotal: index)
      }
    return ReconciledTotal(
      index: index, stated: stated, computed: computed, difference: difference,
      status: agrees ? .agrees : explained.isEmpty ? .unacknowledged : .acknowledged, discrepancies: explained,
      candidates: [])
  }

  private func candidate(_ found: CorrectionSearch.Candidate) throws -> CorrectionCandidate {
    let statement: Discrepancy.Statement =
      switch found.subject {
      case .row(let row): .observation(try key(ofRow: row))
      case .statedTotal(let index): .statedTotal(index)
      }
    return CorrectionCandidate(
      statement: statement, number: found.number, slip: found.slip, unsettles: found.unsettles)
  }

  private func key(ofRow row: Int) throws -> ObservationKey { try store.texts.keys(ofRows: [row])[0] }

  /// - Parameter named: gets the rows of all observations that the contradictions name.
  private func contradictions(
    beside totals: [ReconciledTotal], naming named: inout Set<Int>, _ interruption: Interruption
  ) throws -> [ReconciledContradiction] {
    let shownBySums = Set(totals.flatMap(\.discrepancies))
    var found = model.discrepancies.indices.filter { !shownBySums.contains($0) }.map { index in
      ReconciledContradiction(
        kind: .ledger(index), statements: model.discrepancies[index].statements, status: .acknowledged)
    }
    named.formUnion(store.rowsInLedger)
    let known = model.discrepancies.map { Set($0.statements) }
    func isKnown(_ statements: [Discrepancy.Statement]) -> Bool { known.contains { $0.isSuperset(of: statements) } }

    if try total(where: .all, interruption).contested > 0 {
      for row in try store.rows(roles: [.contested], interruption) {
        let statement = Discrepancy.Statement.observation(try key(ofRow: row))
        if isKnown([statement]) { continue }
        named.insert(row)
        found.append(
          ReconciledContradiction(kind: .unexplainedContest, statements: [statement], status: .unacknowledged))
      }
    }
    for (part, whole) in store.wholes.sorted(by: { $0.key < $1.key }) {
      guard let partNumber = store.columns.value(part).number, let wholeNumber = store.columns.value(whole).number,
        partNumber > wholeNumber
      else { continue }
      let statements: [Discrepancy.Statement] = try [part, whole].map { .observation(try key(ofRow: $0)) }
      if isKnown(statements) { continue }
      named.formUnion([part, whole])
      found.append(
        ReconciledContradiction(kind: .partExceedsWhole, statements: statements, status: .unacknowledged))
    }
    return found
  }
}

extension ReconciledTotal {
  fileprivate func with(candidates: [CorrectionCandidate]) -> ReconciledTotal {
    ReconciledTotal(
      index: index, stated: stated, computed: computed, difference: difference, status: status,
      discrepancies: discrepancies, candidates: candidates)
  }
}
