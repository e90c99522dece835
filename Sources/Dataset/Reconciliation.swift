/// How the sources' own totals stand to the sums of their numbers, and where their statements contradict each other.
public struct Reconciliation: Sendable {
  /// In the order of the dataset.
  public let totals: [ReconciledTotal]
  /// Contradictions that no sum shows: first those of the ledger, in its order, then those that it does not know.
  public let contradictions: [ReconciledContradiction]

  /// How many of totals and contradictions together have that status.
  public func count(of status: ReconciliationStatus) -> Int {
    totals.count { $0.status == status } + contradictions.count { $0.status == status }
  }
}

public enum ReconciliationStatus: String, Sendable, CaseIterable {
  /// What is stated is what is computed.
  case agrees
  /// The ledger of discrepancies knows it.
  case acknowledged
  /// Nobody has explained it.
  case unacknowledged
}

/// A stated total beside the sum of the observations that it claims to cover.
public struct ReconciledTotal: Sendable {
  /// The index in `Snapshot.statedTotals`.
  public let index: Int
  public let stated: ObservedValue
  /// What the counted observations of its scope come to.
  public let computed: Aggregate
  /// How far the stated total lies above the sum; nil when one of the two is not a number.
  public let difference: Int64?
  public let status: ReconciliationStatus
  /// The indexes of the discrepancies in the ledger that explain the difference; empty when there is none.
  public let discrepancies: [Int]
  /// Single changes of one number each that would settle the difference; empty when there is none.
  public let candidates: [CorrectionCandidate]
}

/// A contradiction between statements, whatever the sums.
public struct ReconciledContradiction: Sendable {
  public enum Kind: Hashable, Sendable {
    /// The index of the discrepancy in the ledger.
    case ledger(Int)
    /// A contested observation that no discrepancy of the ledger names.
    case unexplainedContest
    /// An observation that is a part of another and larger than it.
    case partExceedsWhole
  }

  public let kind: Kind
  public let statements: [Discrepancy.Statement]
  public let status: ReconciliationStatus
}

extension Snapshot {
  /// Holds every stated total against the sum of its scope, and looks for contradictions that no sum shows. Nothing is
  /// corrected.
  ///
  /// - Throws: `AggregationError`, or `CancellationError` when the task was cancelled.
  public func reconciliation() throws -> Reconciliation {
    var totals = try statedTotals.indices.map(reconciledTotal)
    let search = CorrectionSearch(dataset: self, totals: totals)
    for index in totals.indices where totals[index].status != .agrees {
      totals[index] = totals[index].with(candidates: try search.candidates(for: totals[index]))
    }
    return Reconciliation(totals: totals, contradictions: try contradictions(beside: totals))
  }

  /// Holds one stated total, given by its index, against the sum of its scope, and looks for no candidates.
  ///
  /// - Throws: as `reconciliation()`.
  public func reconciledTotal(_ index: Int) throws -> ReconciledTotal {
    let total = statedTotals[index]
    let computed = try aggregate(by: [], where: total.scope)[cell: 0]
    var difference: Int64?
    if let stated = total.value.number, let sum = computed.sum {
      let (result, overflows) = stated.subtractingReportingOverflow(sum)
      if !overflows { difference = result }
    }
    // Where the source states no number and there is none to add up, nothing disagrees.
    let agrees = total.value.number == computed.sum
    let explained =
      agrees
      ? []
      : discrepancies.indices.filter {
        discrepancies[$0].acknowledges(difference: difference, ofStatedTotal: index)
      }
    return ReconciledTotal(
      index: index, stated: total.value, computed: computed, difference: difference,
      status: agrees ? .agrees : explained.isEmpty ? .unacknowledged : .acknowledged, discrepancies: explained,
      candidates: [])
  }

  private func contradictions(beside totals: [ReconciledTotal]) throws -> [ReconciledContradiction] {
    let shownBySums = Set(totals.flatMap(\.discrepancies))
    var found = discrepancies.indices.filter { !shownBySums.contains($0) }.map { index in
      ReconciledContradiction(
        kind: .ledger(index), statements: discrepancies[index].statements, status: .acknowledged)
    }
    let known = discrepancies.map { Set($0.statements) }
    func isKnown(_ statements: [Discrepancy.Statement]) -> Bool { known.contains { $0.isSuperset(of: statements) } }

    let everything = try aggregate(by: [])[cell: 0]
    if everything.contested > 0 {
      for row in try observations.rows(roles: [.contested]) where !isKnown([.observation(row)]) {
        found.append(
          ReconciledContradiction(
            kind: .unexplainedContest, statements: [.observation(row)], status: .unacknowledged))
      }
    }
    for (part, whole) in observations.partsAndWholes {
      guard let partNumber = observations.value(ofRow: part).number,
        let wholeNumber = observations.value(ofRow: whole).number, partNumber > wholeNumber
      else { continue }
      let statements: [Discrepancy.Statement] = [.observation(part), .observation(whole)]
      if isKnown(statements) { continue }
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
