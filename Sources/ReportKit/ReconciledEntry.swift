internal import Base
public import Model
public import Query

/// A stated total held against its sum, or a contradiction that no sum shows, in words that a reader knows.
public struct ReconciledEntry: Sendable {
  /// Nil for a contradiction.
  public let total: ReconciledTotal?
  /// That of the stated total or of the entry in the ledger; of an observation where it has none.
  public let id: String?
  /// Whether it agrees, and if not whether the ledger knows it.
  public let status: ReconciliationStatus
  /// What the total claims to cover, or what the contradiction is about.
  public let subject: String
  /// The documents that print the statements.
  public let source: String?
  /// Where in the sources.
  public let locus: String?
  /// The numbers that the sources state, each with its place; empty where none is stated.
  public let statements: String
  /// What the ledger says about it, or how it agrees where it does not do so exactly.
  public let explanation: String?
  /// Single numbers that may be wrong, each of which would settle the difference.
  public let candidates: String?
  /// The words of the sources.
  public let quote: String?
  /// The observations that it is about.
  public let provenance: [Selection]
}

/// The stated totals and contradictions that are about what is selected.
public struct ReconciledEntries: Sendable {
  /// First the totals, then the contradictions.
  public let entries: [ReconciledEntry]
  /// How many were left out since they go beyond what is selected.
  public let leftOut: Int
  /// How many totals disagree that were not searched for a single wrong number, since they are many.
  public let unsearched: Int

  /// The order in which stated totals come.
  public enum Order: String, Hashable, Sendable, CaseIterable {
    /// That of the dataset, unless there are more than `Order.usualCount`.
    case auto
    /// First what nobody has explained, then what the ledger explains, both by the size of the difference, then what agrees.
    case difference
    case dataset

    /// As many stated totals can be read from the first to the last.
    public static let usualCount = 100
  }

  /// That candidates are lacking, and how to ask for them; nil where they are not.
  public var noteOnCandidates: String? {
    unsearched == 0
      ? nil
      : "Candidates for single wrong numbers are looked for where at most \(ReconciliationQuery.usualDisagreements) totals "
        + "disagree; here \(unsearched) do. The report \"reconciliation\" looks for all of them with candidates=all"
  }
}

extension QueryEngine {
  /// Every stated total and contradiction that is about what is selected.
  ///
  /// - Throws: as `reconcile`.
  public func reconciledEntries(
    where selection: Selection = .all, candidates: ReconciliationQuery.CandidateSearch = .auto,
    order: ReconciledEntries.Order = .auto
  ) async throws -> ReconciledEntries {
    let reconciliation = try await reconcile(
      ReconciliationQuery(totals: selection == .all ? .all : .within(selection), candidates: candidates))
    let writer = EntryWriter(model, selection, reconciliation)
    var leftOut = reconciliation.leftOut
    var entries: [ReconciledEntry] = []
    for (count, total) in reconciliation.totals(in: order, of: model).enumerated() {
      if count % 1024 == 0 { try Task.checkCancellation() }
      entries.append(writer.entry(total))
    }
    for contradiction in reconciliation.contradictions {
      if let entry = writer.entry(contradiction) { entries.append(entry) } else { leftOut += 1 }
    }
    return ReconciledEntries(entries: entries, leftOut: leftOut, unsearched: reconciliation.unsearched)
  }
}

extension Reconciliation {
  fileprivate func totals(in order: ReconciledEntries.Order, of model: DatasetModel) -> [ReconciledTotal] {
    if order == .dataset || order == .auto && totals.count <= ReconciledEntries.Order.usualCount { return totals }
    let most = model.measures.map(\.decimals).max() ?? 0
    // Measures of different decimals are compared by their numbers, not by their digits.
    let scales = model.measures.map { measure in
      (measure.decimals..<most).reduce(UInt128(1)) { scale, _ in scale.multipliedReportingOverflow(by: 10).partialValue
      }
    }
    func size(_ total: ReconciledTotal) -> UInt128 {
      guard let magnitude = total.difference?.magnitude else { return 0 }
      let (size, overflows) = magnitude.multipliedReportingOverflow(by: scales[model.statedTotals[total.index].measure])
      return overflows ? .max : size
    }
    let ranks: [ReconciliationStatus: Int] = [.unacknowledged: 0, .acknowledged: 1, .agrees: 2]
    let keyed = totals.map { total in
      (rank: ranks[total.status] ?? 0, size: total.status == .agrees ? 0 : size(total), total: total)
    }
    return keyed.sorted { a, b in
      if a.rank != b.rank { return a.rank < b.rank }
      return a.size != b.size ? a.size > b.size : a.total.index < b.total.index
    }.map(\.total)
  }
}

/// Puts what a reconciliation found into the words of the dataset.
private struct EntryWriter {
  private let model: DatasetModel
  private let selection: Selection
  /// Those that candidates and contradictions name.
  private let observations: [ObservationKey: Observation]
  /// The stated totals that are about what is selected, by their index.
  private let coveredTotals: Set<Int>

  init(_ model: DatasetModel, _ selection: Selection, _ reconciliation: Reconciliation) {
    self.model = model
    self.selection = selection
    observations = reconciliation.observations
    coveredTotals = reconciliation.contradictions.isEmpty ? [] : Set(reconciliation.totals.map(\.index))
  }

  func entry(_ reconciled: ReconciledTotal) -> ReconciledEntry {
    let total = model.statedTotals[reconciled.index]
    return ReconciledEntry(
      total: reconciled, id: total.id, status: reconciled.status, subject: model.words(for: total.scope),
      source: total.source.map { model.name(ofSource: $0) }, locus: total.locus,
      statements: words(forStatedTotal: reconciled.index),
      explanation: reconciled.agreementWords(in: model) ?? reconciled.explanation(in: model)
        ?? reconciled.lackWords(in: model),
      candidates: words(for: reconciled.candidates), quote: total.quote, provenance: [total.scope])
  }

  /// Nil when no statement of it is about what is selected.
  func entry(_ contradiction: ReconciledContradiction) -> ReconciledEntry? {
    var statements: [String] = []
    var sources: [String] = []
    var loci: [String] = []
    var quotes: [String] = []
    var provenance: [Selection] = []
    var isSelected = contradiction.statements.isEmpty
    func add(_ text: String?, to list: inout [String]) {
      if let text, !list.contains(where: { hasSameBytes($0, text) }) { list.append(text) }
    }
    for statement in contradiction.statements {
      switch statement {
      case .observation(let key):
        guard let observation = observations[key] else { continue }
        isSelected = isSelected || selection.contains(observation.codes)
        statements.append(model.words(for: observation))
        add(model.sourceIndex.flatMap { model.source?.codes.names[observation.codes[$0]] }, to: &sources)
        add(observation.locus, to: &loci)
        add(observation.quote, to: &quotes)
        provenance.append(Selection(codes: observation.codes))
      case .statedTotal(let index):
        let total = model.statedTotals[index]
        isSelected = isSelected || coveredTotals.contains(index)
        statements.append(words(forStatedTotal: index))
        add(total.source.map { model.name(ofSource: $0) }, to: &sources)
        add(total.locus, to: &loci)
        add(total.quote, to: &quotes)
        provenance.append(total.scope)
      }
    }
    if !isSelected { return nil }
    let (id, subject, explanation) = heading(contradiction)
    func joined(_ texts: [String], by separator: String = "; ") -> String? {
      texts.isEmpty ? nil : texts.joined(separator: separator)
    }
    return ReconciledEntry(
      total: nil, id: id, status: contradiction.status, subject: subject, source: joined(sources),
      locus: joined(loci), statements: joined(statements) ?? "", explanation: explanation, candidates: nil,
      quote: joined(quotes, by: " … "), provenance: provenance)
  }

  private func heading(
    _ contradiction: ReconciledContradiction
  ) -> (id: String?, subject: String, explanation: String?) {
    var id: String?
    if model.observationFields.hasIDs, case .observation(let key)? = contradiction.statements.first { id = key.text }
    switch contradiction.kind {
    case .ledger(let index):
      let discrepancy = model.discrepancies[index]
      return (discrepancy.id, discrepancy.title, discrepancy.explanation)
    case .unexplainedContest: return (id, "Contested, and the ledger does not say by what", nil)
    case .partExceedsWhole: return (id, "A part larger than its whole", nil)
    }
  }

  /// Such as `189 in total (Memorandum, item 4)`.
  private func words(forStatedTotal index: Int) -> String {
    let total = model.statedTotals[index]
    let place = total.locus ?? total.source.map { model.name(ofSource: $0) } ?? total.id
    return "\(Cell.Value(total.value, of: model.measures[total.measure], in: model)) in total (\(place))"
  }

  /// Such as `189 in total (Memorandum, item 4), if 180 was meant (one digit wrong).`; nil when there are none.
  private func words(for candidates: [CorrectionCandidate]) -> String? {
    let texts = candidates.map { candidate in
      let subject =
        switch candidate.statement {
        // Whatever a candidate names is among the observations; the key says it as well.
        case .observation(let key): observations[key].map { model.words(for: $0) } ?? key.text
        case .statedTotal(let index): words(forStatedTotal: index)
        }
      let unsettled = candidate.unsettles.map { words(forStatedTotal: $0) }.joined(separator: ", ")
      return subject + ", " + candidate.slip.words(candidate.number)
        + (unsettled.isEmpty ? "" : "; but then \(unsettled) would no longer agree")
    }
    return texts.isEmpty ? nil : texts.joined(separator: ". ") + "."
  }
}

extension Slip {
  /// How the number would settle the difference.
  fileprivate func words(_ number: Int64) -> String {
    switch self {
    case .addedPart: "if the sum took it in, though it is no part of it"
    case .countedTwice: "if the sum counted it twice"
    case .leftOut: "if the sum left it out"
    case .transposedDigits: "if \(number) was meant (two digits transposed)"
    case .droppedDigit: "if \(number) was meant (a digit dropped)"
    case .addedDigit: "if \(number) was meant (a digit too many)"
    case .takenFromNeighbour: "if \(number) was meant (the number of its neighbour repeated)"
    case .wrongDigit: "if \(number) was meant (one digit wrong)"
    case .missingNumber: "if \(number) was meant (no number given)"
    }
  }
}
