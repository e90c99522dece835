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
  /// What the ledger says about it.
  public let explanation: String?
  /// Single numbers that may be wrong, each of which would settle the difference.
  public let candidates: String?
  /// The words of the sources.
  public let quote: String?
  /// The observations that it is about.
  public let provenance: [Selection]
}

extension QueryEngine {
  /// Every stated total and contradiction that is about what is selected, first the totals in the order of the dataset.
  ///
  /// - Returns: the entries, and how many were left out since they go beyond what is selected.
  /// - Throws: as `reconcile`.
  public func reconciledEntries(
    where selection: Selection = .all
  ) async throws -> (entries: [ReconciledEntry], leftOut: Int) {
    let reconciliation = try await reconcile(ReconciliationQuery())
    let writer = EntryWriter(self, selection, reconciliation.observations)
    var entries: [ReconciledEntry] = []
    var leftOut = 0
    for total in reconciliation.totals {
      if let entry = try await writer.entry(total) { entries.append(entry) } else { leftOut += 1 }
    }
    for contradiction in reconciliation.contradictions {
      if let entry = try await writer.entry(contradiction) { entries.append(entry) } else { leftOut += 1 }
    }
    return (entries, leftOut)
  }
}

/// Puts what a reconciliation found into the words of the dataset.
private struct EntryWriter {
  private let engine: any QueryEngine
  private let model: DatasetModel
  private let selection: Selection
  /// Those that candidates and contradictions name.
  private let observations: [ObservationKey: Observation]

  init(_ engine: any QueryEngine, _ selection: Selection, _ observations: [ObservationKey: Observation]) {
    self.engine = engine
    model = engine.model
    self.selection = selection
    self.observations = observations
  }

  /// Nil when the scope goes beyond the selection: a part of it cannot be held against the whole.
  func entry(_ reconciled: ReconciledTotal) async throws -> ReconciledEntry? {
    let total = model.statedTotals[reconciled.index]
    guard try await isCovered(total.scope, observations: reconciled.computed.observations) else { return nil }
    return ReconciledEntry(
      total: reconciled, id: total.id, status: reconciled.status, subject: model.words(for: total.scope),
      source: total.source.map { model.name(ofSource: $0) }, locus: total.locus,
      statements: words(forStatedTotal: reconciled.index), explanation: reconciled.explanation(in: model),
      candidates: words(for: reconciled.candidates), quote: total.quote, provenance: [total.scope])
  }

  /// Nil when no statement of it is about what is selected.
  func entry(_ contradiction: ReconciledContradiction) async throws -> ReconciledEntry? {
    var statements: [String] = []
    var sources: [String] = []
    var loci: [String] = []
    var quotes: [String] = []
    var provenance: [Selection] = []
    var isSelected = contradiction.statements.isEmpty
    func add(_ text: String?, to list: inout [String]) {
      if let text, !list.contains(text) { list.append(text) }
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
        if !isSelected { isSelected = try await isCovered(total.scope) }
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

  private func isCovered(_ scope: Selection, observations: Int? = nil) async throws -> Bool {
    if selection == .all { return true }
    let inside = try await engine.total(where: scope.intersection(selection)).observations
    if let observations { return inside == observations }
    return try await inside == engine.total(where: scope).observations
  }

  /// Such as `189 in total (Memorandum, item 4)`.
  private func words(forStatedTotal index: Int) -> String {
    let total = model.statedTotals[index]
    let place = total.locus ?? total.source.map { model.name(ofSource: $0) } ?? total.id
    return "\(Cell.Value(total.value, in: model)) in total (\(place))"
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
