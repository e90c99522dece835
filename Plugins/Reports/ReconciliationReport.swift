public import ReportKit

/// Every stated total beside the sum of what it claims to cover, then the contradictions that no sum shows.
public struct ReconciliationReport: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "reconciliation",
    summary: "Every stated total against its computed sum, then the contradictions that no sum shows")

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let dataset = request.dataset
    let unit = dataset.measure.unit ?? dataset.measure.name
    func text(_ name: String, _ title: String, _ summary: String) -> Column {
      Column(name: name, title: title, kind: .text, summary: summary)
    }
    func number(_ name: String, _ title: String, _ summary: String, selection: Selection? = nil) -> Column {
      Column(name: name, title: title, kind: .integer, unit: unit, summary: summary, selection: selection)
    }
    let columns = [
      text("kind", "Kind", "total: a stated total; contradiction: statements that disagree, whatever the sums"),
      text("id", "Id", "The id of the stated total or of the entry in the ledger; of an observation where it has none"),
      text("status", "Status", "agrees; acknowledged: the ledger explains it; unacknowledged: nobody has explained it"),
      text("subject", "Subject", "What the total claims to cover, or what the contradiction is about"),
      number("stated", "Stated", "What the source states"),
      number("computed", "Computed", "The sum of the counted observations that the total covers", selection: .all),
      number("difference", "Difference", "How far the stated total lies above the computed one"),
      text("source", "Source", "The documents that print the statements"),
      text("locus", "Locus", "Where in the sources"),
      text("statements", "Statements", "The numbers that the sources state, each with its place"),
      text("explanation", "Explanation", "What the ledger says about it"),
      text("candidates", "Candidates", "Single numbers that may be wrong: each would settle the difference"),
      text("quote", "Quote", "The words of the source"),
    ]
    return Table(columns: columns) {
      let reconciliation = try dataset.reconciliation()
      let writer = ReconciliationRows(request)
      var rows: [Row] = []
      var leftOut = 0
      for total in reconciliation.totals {
        if let row = try writer.row(total) { rows.append(row) } else { leftOut += 1 }
      }
      for contradiction in reconciliation.contradictions {
        if let row = try writer.row(contradiction) { rows.append(row) } else { leftOut += 1 }
      }
      let notes =
        leftOut == 0
        ? []
        : [Note(.scope, "Left out, since they go beyond what is selected: \(leftOut) totals and contradictions")]
      return (rows, notes)
    }
  }
}

private struct ReconciliationRows {
  private let dataset: Snapshot
  private let selection: Selection

  init(_ request: ReportRequest) {
    dataset = request.dataset
    selection = request.selection
  }

  /// Nil when the scope goes beyond the selection: a part of it cannot be held against the whole.
  func row(_ reconciled: ReconciledTotal) throws -> Row? {
    let total = dataset.statedTotals[reconciled.index]
    guard try isCovered(total.scope, observations: reconciled.computed.observations) else { return nil }
    let computed = Cell(reconciled.computed, in: dataset)
    let omissions = notesOnOmissions([reconciled.computed])
    let explanation = reconciled.discrepancies.map { dataset.discrepancies[$0].text }.joined(separator: " ")
    let place = words(forStatedTotal: reconciled.index)
    var stated = Cell(Cell.Value(total.value, in: dataset))
    if reconciled.status != .agrees {
      let reason = explanation.isEmpty ? "Nobody has acknowledged this." : explanation
      stated.notes = [
        Note(.discrepancy, "\(place); the observations come to \(computed.value.description). \(reason)")
      ]
    }
    return Row(
      [
        .text("total"), .text(total.id), .text(reconciled.status.rawValue), .text(dataset.words(for: total.scope)),
        stated, Cell(computed.value, notes: computed.notes + omissions),
        reconciled.difference.map { Cell(.integer($0)) } ?? .empty,
        .text(or: total.source.map { dataset.name(ofSource: $0) }), .text(or: total.locus), .text(place),
        .text(or: explanation.isEmpty ? nil : explanation), .text(or: try words(for: reconciled.candidates)),
        .text(or: total.quote),
      ], origins: [total.scope])
  }

  /// Nil when no statement of it is about what is selected.
  func row(_ contradiction: ReconciledContradiction) throws -> Row? {
    var statements: [String] = []
    var sources: [String] = []
    var loci: [String] = []
    var quotes: [String] = []
    var origins: [Selection] = []
    var isSelected = contradiction.statements.isEmpty
    func add(_ text: String?, to list: inout [String]) {
      if let text, !list.contains(text) { list.append(text) }
    }
    for statement in contradiction.statements {
      switch statement {
      case .observation(let row):
        let observation = try dataset.observations.observation(atRow: row)
        isSelected = isSelected || selection.contains(observation.codes)
        statements.append(dataset.words(for: observation))
        add(dataset.sourceIndex.flatMap { dataset.source?.codes.names[observation.codes[$0]] }, to: &sources)
        add(observation.locus, to: &loci)
        add(observation.quote, to: &quotes)
        origins.append(Selection(codes: observation.codes))
      case .statedTotal(let index):
        let total = dataset.statedTotals[index]
        isSelected = try isSelected || isCovered(total.scope)
        statements.append(words(forStatedTotal: index))
        add(total.source.map { dataset.name(ofSource: $0) }, to: &sources)
        add(total.locus, to: &loci)
        add(total.quote, to: &quotes)
        origins.append(total.scope)
      }
    }
    if !isSelected { return nil }
    let (id, subject, explanation) = try heading(contradiction)
    func joined(_ texts: [String]) -> Cell { .text(or: texts.isEmpty ? nil : texts.joined(separator: "; ")) }
    var listed = joined(statements)
    listed.origins = origins
    return Row(
      [
        .text("contradiction"), .text(or: id), .text(contradiction.status.rawValue), .text(subject), .empty, .empty,
        .empty, joined(sources), joined(loci), listed, .text(or: explanation), .empty,
        .text(or: quotes.isEmpty ? nil : quotes.joined(separator: " … ")),
      ], origins: origins)
  }

  private func heading(
    _ contradiction: ReconciledContradiction
  ) throws -> (id: String?, subject: String, explanation: String?) {
    func id() throws -> String? {
      guard case .observation(let row)? = contradiction.statements.first else { return nil }
      return try dataset.observations.observation(atRow: row).id
    }
    switch contradiction.kind {
    case .ledger(let index):
      let discrepancy = dataset.discrepancies[index]
      return (discrepancy.id, discrepancy.title, discrepancy.explanation)
    case .unexplainedContest: return (try id(), "Contested, and the ledger does not say by what", nil)
    case .partExceedsWhole: return (try id(), "A part larger than its whole", nil)
    }
  }

  private func isCovered(_ scope: Selection, observations: Int? = nil) throws -> Bool {
    if selection == .all { return true }
    let inside = try dataset.aggregate(by: [], where: scope.intersection(selection))[cell: 0].observations
    return try inside == observations ?? dataset.aggregate(by: [], where: scope)[cell: 0].observations
  }

  /// Such as `189 in total (Memorandum, item 4)`.
  private func words(forStatedTotal index: Int) -> String {
    let total = dataset.statedTotals[index]
    let place = total.locus ?? total.source.map { dataset.name(ofSource: $0) } ?? total.id
    return "\(Cell.Value(total.value, in: dataset)) in total (\(place))"
  }

  private func words(for candidates: [CorrectionCandidate]) throws -> String? {
    let texts = try candidates.map { candidate in
      let subject: String
      switch candidate.statement {
      case .observation(let row): subject = dataset.words(for: try dataset.observations.observation(atRow: row))
      case .statedTotal(let index): subject = words(forStatedTotal: index)
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
