public import Model

/// How the sources' own totals stand to the sums of their numbers, and where their statements contradict each other.
public struct Reconciliation: Sendable {
  /// In the order of the dataset.
  public let totals: [ReconciledTotal]
  /// Contradictions that no sum shows: first those of the ledger, in its order, then those that it does not know.
  public let contradictions: [ReconciledContradiction]
  /// Every observation that candidates and contradictions name.
  public let observations: [ObservationKey: Observation]

  package init(
    totals: [ReconciledTotal], contradictions: [ReconciledContradiction], observations: [ObservationKey: Observation]
  ) {
    self.totals = totals
    self.contradictions = contradictions
    self.observations = observations
  }

  /// How many of totals and contradictions together have that status.
  public func count(of status: ReconciliationStatus) -> Int {
    totals.count { $0.status == status } + contradictions.count { $0.status == status }
  }
}

/// How a statement stands to what is computed, and to the ledger of discrepancies.
public enum ReconciliationStatus: String, Sendable, CaseIterable {
  /// What is stated is what is computed.
  case agrees
  /// The ledger of discrepancies knows it.
  case acknowledged
  /// Nobody has explained it.
  case unacknowledged
}

/// Asks how stated totals stand to the sums of their numbers.
public struct ReconciliationQuery: Hashable, Sendable {
  /// Which stated totals are reconciled.
  public enum Totals: Hashable, Sendable {
    case all
    /// Those that cover exactly the counted observations that are selected, of which there must be any.
    case covering(Selection)
  }

  /// All of them, unless others are asked for.
  public var totals: Totals
  /// Whether single changes of one number are looked for that would settle a difference.
  public var findsCandidates: Bool
  /// Whether contradictions are looked for that no sum shows.
  public var findsContradictions: Bool

  /// Everything, unless less is asked for.
  public init(totals: Totals = .all, findsCandidates: Bool = true, findsContradictions: Bool = true) {
    self.totals = totals
    self.findsCandidates = findsCandidates
    self.findsContradictions = findsContradictions
  }
}

/// A stated total beside the sum of the observations that it claims to cover.
public struct ReconciledTotal: Sendable {
  /// The index in `DatasetModel.statedTotals`.
  public let index: Int
  /// What the source says.
  public let stated: ObservedValue
  /// What the counted observations of its scope come to.
  public let computed: Aggregate
  /// How far the stated total lies above the sum; nil when one of the two is not a number.
  public let difference: Int64?
  /// `acknowledged` only when the ledger knows just this difference, or names the total without one.
  public let status: ReconciliationStatus
  /// The indexes of the discrepancies in the ledger that explain the difference; empty when there is none.
  public let discrepancies: [Int]
  /// Single changes of one number each that would settle the difference; empty when there is none.
  public let candidates: [CorrectionCandidate]

  package init(
    index: Int, stated: ObservedValue, computed: Aggregate, difference: Int64?, status: ReconciliationStatus,
    discrepancies: [Int], candidates: [CorrectionCandidate]
  ) {
    self.index = index
    self.stated = stated
    self.computed = computed
    self.difference = difference
    self.status = status
    self.discrepancies = discrepancies
    self.candidates = candidates
  }
}

/// A contradiction between statements, whatever the sums.
public struct ReconciledContradiction: Sendable {
  /// What shows the contradiction.
  public enum Kind: Hashable, Sendable {
    /// The index of the discrepancy in the ledger.
    case ledger(Int)
    /// A contested observation that no discrepancy of the ledger names.
    case unexplainedContest
    /// An observation that is a part of another and larger than it.
    case partExceedsWhole
  }

  /// Where it was found: in the ledger, or among the observations.
  public let kind: Kind
  /// The statements that cannot all be right; one where the contradicting one is not in the dataset.
  public let statements: [Discrepancy.Statement]
  /// `acknowledged` for those of the ledger, `unacknowledged` for the others.
  public let status: ReconciliationStatus

  package init(kind: Kind, statements: [Discrepancy.Statement], status: ReconciliationStatus) {
    self.kind = kind
    self.statements = statements
    self.status = status
  }
}
