public import Model

/// How the sources' own totals stand to the sums of their numbers, and where their statements contradict each other.
public struct Reconciliation: Sendable {
  /// In the order of the dataset.
  public let totals: [ReconciledTotal]
  /// How many stated totals were left out since they go beyond what was asked about.
  public let leftOut: Int
  /// How many of `totals` disagree and were not searched for a single wrong number, since they are many.
  public let unsearched: Int
  /// Contradictions that no sum shows: first those of the ledger, in its order, then those that it does not know.
  public let contradictions: [ReconciledContradiction]
  /// Every observation that candidates and contradictions name.
  public let observations: [ObservationKey: Observation]

  package init(
    totals: [ReconciledTotal], leftOut: Int = 0, unsearched: Int = 0, contradictions: [ReconciledContradiction],
    observations: [ObservationKey: Observation]
  ) {
    self.totals = totals
    self.leftOut = leftOut
    self.unsearched = unsearched
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
  /// What is stated is what is computed, as exactly as the dataset wants it.
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
    /// Those that cover nothing but what is selected.
    case within(Selection)
    /// Those that cover exactly the observations that are selected and added, of which there must be any.
    case covering(Selection)
  }

  /// Whether single changes of one number are looked for that would settle a difference.
  public enum CandidateSearch: String, Hashable, Sendable, CaseIterable {
    /// Where at most `usualDisagreements` totals disagree.
    case auto
    /// However many disagree.
    case all
    case none
  }

  /// Where more totals disagree, it is rarely a single number that is wrong, and nobody reads what might be.
  public static let usualDisagreements = 200

  /// All of them, unless others are asked for.
  public var totals: Totals
  /// For which differences single changes of one number are looked for that would settle them.
  public var candidates: CandidateSearch
  /// Whether contradictions are looked for that no sum shows.
  public var findsContradictions: Bool

  /// Everything, unless less is asked for.
  public init(
    totals: Totals = .all, candidates: CandidateSearch = .auto, findsContradictions: Bool = true
  ) {
    self.totals = totals
    self.candidates = candidates
    self.findsContradictions = findsContradictions
  }
}

/// A stated total beside the sum of the observations that it claims to cover.
public struct ReconciledTotal: Sendable {
  /// The index in `DatasetModel.statedTotals`.
  public let index: Int
  /// What the source says.
  public let stated: ObservedValue
  /// What the observations of its scope come to.
  public let computed: Aggregate
  /// Whether its scope has nothing but parts of other numbers, and it is held against their sum.
  public let isOfParts: Bool
  /// How it agrees; nil when it does not.
  public let agreement: Agreement?
  /// How far the stated total lies above the sum, in units of the measure's last digit; nil when one of the two is not a number.
  public let difference: Int128?
  /// `acknowledged` only when the ledger knows just this difference, or names the total without one.
  public let status: ReconciliationStatus
  /// The indexes of the discrepancies in the ledger that explain the difference; empty when there is none.
  public let discrepancies: [Int]
  /// Single changes of one number each that would settle the difference; empty when there is none.
  public let candidates: [CorrectionCandidate]

  package init(
    index: Int, stated: ObservedValue, computed: Aggregate, isOfParts: Bool = false, agreement: Agreement?,
    difference: Int128?, status: ReconciliationStatus, discrepancies: [Int], candidates: [CorrectionCandidate]
  ) {
    self.index = index
    self.stated = stated
    self.computed = computed
    self.isOfParts = isOfParts
    self.agreement = agreement
    self.difference = difference
    self.status = status
    self.discrepancies = discrepancies
    self.candidates = candidates
  }
}

extension ReconciledTotal {
  /// What the stated total is held against; nil when there is no such sum.
  public var sum: Int128? { isOfParts ? computed.parts.sum : computed.sum }
}

/// How a stated total agrees with its sum.
public enum Agreement: Hashable, Sendable {
  /// It is the sum, or there is neither.
  case exact
  /// It is the sum, rounded to that many units of the measure's last digit.
  case rounded(to: Int64)
  /// It lies no further from the sum than that, in units of the measure's last digit.
  case within(Int64)

  /// Nil where the two do not agree.
  ///
  /// - Parameter sum: what the observations come to; nil when there is no number.
  package init?(of total: StatedTotal, with sum: Int128?, in model: DatasetModel) {
    var stated = total.value.number.map { Int128($0) }
    // A mark that stands for nothing at all says that the sum is 0.
    if case .missing(let reason) = total.value, model.missingReasons[reason].isNil, sum != nil { stated = 0 }
    if stated == sum {
      self = .exact
      return
    }
    guard let stated, let sum else { return nil }
    if let unit = total.rounded, stated == sum.rounded(to: Int128(unit)) {
      self = .rounded(to: unit)
      return
    }
    let (difference, overflows) = stated.subtractingReportingOverflow(sum)
    if overflows || difference.magnitude > Int128(total.tolerance).magnitude { return nil }
    self = .within(total.tolerance)
  }
}

extension Int128 {
  /// The nearest multiple of a positive unit; of two that are as near the one further from zero.
  fileprivate func rounded(to unit: Int128) -> Int128? {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: unit)
    let isUp = remainder.magnitude >= unit.magnitude - remainder.magnitude
    let (multiple, overflows) = (quotient + (isUp ? signum() : 0)).multipliedReportingOverflow(by: unit)
    return overflows ? nil : multiple
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
