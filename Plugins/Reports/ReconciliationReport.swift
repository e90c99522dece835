package import ReportKit

/// Every stated total beside the sum of what it claims to cover, then the contradictions that no sum shows.
package struct ReconciliationReport: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "reconciliation",
    summary: "Every stated total against its computed sum, then the contradictions that no sum shows", order, candidates
  )

  private static let order = Parameter.choice(
    "order",
    "The order of the stated totals: that of the dataset, by the size of the difference, or auto for the latter where there "
      + "are more than \(ReconciledEntries.Order.usualCount)", default: ReconciledEntries.Order.auto)
  private static let candidates = Parameter.choice(
    "candidates",
    "For which totals single wrong numbers are looked for: all, none, or auto for all where at most "
      + "\(ReconciliationQuery.usualDisagreements) disagree", default: ReconciliationQuery.CandidateSearch.auto)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let model = request.model
    let unit = model.measures.count == 1 ? model.measure.unitName : nil
    let kind: Column.Kind = model.measures.contains { $0.decimals > 0 } ? .decimal : .integer
    func number(_ name: String, _ title: String, _ summary: String, selection: Selection? = nil) -> Column {
      Column(name: name, title: title, kind: kind, unit: unit, summary: summary, selection: selection)
    }
    let columns: [Column] = [
      .text("kind", "Kind", "total: a stated total; contradiction: statements that disagree, whatever the sums"),
      .text(
        "id", "Id", "The id of the stated total or of the entry in the ledger; of an observation where it has none"),
      .text(
        "status", "Status", "agrees; acknowledged: the ledger explains it; unacknowledged: nobody has explained it"),
      .text("subject", "Subject", "What the total claims to cover, or what the contradiction is about"),
      number("stated", "Stated", "What the source states"),
      number("computed", "Computed", "The sum of the counted observations that the total covers", selection: .all),
      number("difference", "Difference", "How far the stated total lies above the computed one"),
      .text("source", "Source", "The documents that print the statements"),
      .text("locus", "Locus", "Where in the sources"),
      .text("statements", "Statements", "The numbers that the sources state, each with its place"),
      .text("explanation", "Explanation", "What the ledger says about it, or how it agrees"),
      .text("candidates", "Candidates", "Single numbers that may be wrong: each would settle the difference"),
      .text("quote", "Quote", "The words of the source"),
    ]
    return Table(columns: columns) {
      let found = try await request.engine.reconciledEntries(
        where: request.selection, candidates: request[Self.candidates], order: request[Self.order])
      var notes: [Note] = []
      if found.leftOut > 0 {
        let text = "Left out, since they go beyond what is selected: \(found.leftOut) totals and contradictions"
        notes.append(Note(.scope, text))
      }
      if let text = found.noteOnCandidates { notes.append(Note(.scope, text)) }
      return (found.entries.map { row($0, in: request.model) }, notes)
    }
  }

  private func row(_ entry: ReconciledEntry, in model: DatasetModel) -> Row {
    var stated = Cell.empty
    var computed = Cell.empty
    if let total = entry.total {
      let note = total.note(entry.statements, in: model)
      let measure = model.measures[model.statedTotals[total.index].measure]
      stated = Cell(Cell.Value(total.stated, of: measure, in: model), notes: note.map { [$0] } ?? [])
      computed = total.computedCell(in: model)
      if !total.isOfParts { computed.notes += notesOnOmissions([total.computed]) }
    }
    var statements = Cell.text(or: entry.statements.isEmpty ? nil : entry.statements)
    if entry.total == nil { statements.provenance = entry.provenance }
    return Row(
      [
        .text(entry.total == nil ? "contradiction" : "total"), .text(or: entry.id), .text(entry.status.rawValue),
        .text(entry.subject), stated, computed, difference(entry.total, in: model),
        .text(or: entry.source), .text(or: entry.locus), statements, .text(or: entry.explanation),
        .text(or: entry.candidates), .text(or: entry.quote),
      ], provenance: entry.provenance)
  }

  private func difference(_ total: ReconciledTotal?, in model: DatasetModel) -> Cell {
    guard let total, let difference = total.difference else { return .empty }
    let measure = model.measures[model.statedTotals[total.index].measure]
    return Cell(Cell.Value(units: difference, decimals: measure.decimals))
  }
}
