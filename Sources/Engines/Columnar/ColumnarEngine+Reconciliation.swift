internal import Base
internal import Model
internal import Posix
public import Query

extension ColumnarEngine {
  /// Answered on a thread of the engine.
  public func reconcile(_ query: ReconciliationQuery) async throws -> Reconciliation {
    if !store.isSmall { RequestBeginning.end() }
    return try await blocking(isLeftWhenCancelled: true) { [self] in try reconcile(query, $0) }
  }

  /// Nothing is corrected.
  private func reconcile(_ query: ReconciliationQuery, _ interruption: Interruption) throws -> Reconciliation {
    let sums = StatedSums(self, interruption)
    let ledger = LedgerIndex(model)
    let indexes =
      switch query.totals {
      case .all, .within: Array(model.statedTotals.indices)
      case .covering(let selection): try sums.totals(covering: selection)
      }
    // Those that are not asked about matter too: what they agree with, and what they show.
    let all = try indexes.map { try sums.reconciled($0, ledger) }
    var totals = all
    if case .within(let selection) = query.totals {
      totals = try all.filter { try sums.isCovered(model.statedTotals[$0.index], by: selection) }
    }
    var named: Set<Int> = []
    let differing = totals.indices.filter { totals[$0].status != .agrees }
    let isSearched =
      switch query.candidates {
      case .auto: differing.count <= ReconciliationQuery.usualDisagreements
      case .all: true
      case .none: false
      }
    if isSearched, !differing.isEmpty {
      let search = CorrectionSearch(engine: self, totals: all, sums: sums, interruption: interruption)
      for index in differing {
        let candidates = try search.candidates(for: totals[index])
        named.formUnion(candidates.compactMap { if case .row(let row) = $0.subject { row } else { nil } })
        totals[index] = totals[index].with(candidates: try candidates.map(candidate))
      }
    }
    var contradictions: [ReconciledContradiction] = []
    if query.findsContradictions {
      contradictions = try self.contradictions(beside: all, ledger, naming: &named, interruption)
    }
    let observations = try store.observations(named.sorted()).values.map { ($0.key, $0) }
    return Reconciliation(
      totals: totals, leftOut: all.count - totals.count,
      unsearched: query.candidates == .auto && !isSearched ? differing.count : 0,
      contradictions: contradictions,
      observations: Dictionary(observations, uniquingKeysWith: { first, _ in first }))
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
    beside totals: [ReconciledTotal], _ ledger: LedgerIndex, naming named: inout Set<Int>, _ interruption: Interruption
  ) throws -> [ReconciledContradiction] {
    let shownBySums = Set(totals.flatMap(\.discrepancies))
    var found = model.discrepancies.indices.filter { !shownBySums.contains($0) }.map { index in
      ReconciledContradiction(
        kind: .ledger(index), statements: model.discrepancies[index].statements, status: .acknowledged)
    }
    named.formUnion(store.rowsInLedger)
    if store.columns.roles == nil { return found }
    let contested = try store.rows(roles: [.contested], interruption)
    for (row, key) in zip(contested, try store.texts.keys(ofRows: contested)) {
      let statement = Discrepancy.Statement.observation(key)
      if ledger.knows([statement]) { continue }
      named.insert(row)
      found.append(
        ReconciledContradiction(kind: .unexplainedContest, statements: [statement], status: .unacknowledged))
    }
    for (part, whole) in store.wholes.sorted(by: { $0.key < $1.key }) {
      guard let partNumber = store.columns.value(part).number, let wholeNumber = store.columns.value(whole).number,
        partNumber > wholeNumber
      else { continue }
      let statements: [Discrepancy.Statement] = try [part, whole].map { .observation(try key(ofRow: $0)) }
      if ledger.knows(statements) { continue }
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
      index: index, stated: stated, computed: computed, isOfParts: isOfParts, agreement: agreement,
      difference: difference, status: status, discrepancies: discrepancies,
      candidates: candidates)
  }
}
