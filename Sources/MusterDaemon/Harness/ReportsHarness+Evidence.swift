internal import Model
internal import MusterAPI
internal import Pipeline
internal import Query
internal import ReportKit
internal import Varlink
internal import VarlinkServer

/// `Explain` and `Reconcile`: where numbers come from, and whether they agree.
extension ReportsHarness {
  /// With `more` the evidence and the notes may come in several replies.
  func explain(
    _ parameters: Reports.ExplainParameters, in served: ServedGeneration, to replies: ReplyStream
  ) async throws -> ReplyParameters {
    let generation = served.generation
    let asked = Reports.RunParameters(
      report: parameters.report, parameters: parameters.parameters, where: parameters.where)
    let limit = parameters.limit.map { Int(clamping: $0) } ?? ReportsService.usualEvidenceLimit
    guard ReportsService.evidenceLimits.contains(limit) else { throw VarlinkError.invalidParameter("limit") }
    let explanation: CellExplanation
    let observations: [Observation]
    do {
      let request = try generation.request(
        report: parameters.report, parameters: parameters.parameters ?? [:],
        where: (parameters.where ?? []).map { ($0.dimension, $0.codes) })
      (explanation, observations) = try await service.explain(
        row: parameters.row, column: parameters.column, of: request, limit: limit, in: generation)
    } catch let error as CellError {
      throw wireError(error, parameters)
    } catch {
      throw failure(error, asked)
    }
    let model = generation.model
    let notes = (explanation.cell.notes + explanation.notes).map {
      Reports.Note(kind: $0.kind.wire, text: $0.text, cells: [])
    }
    let parts = notes.map(ExplanationPart.note) + observations.map(ExplanationPart.observation)
    return try await pages(of: parts, in: served, to: replies) { page, isFirst in
      var reply = Reports.ExplainReply(explanation, in: model, isWhole: isFirst)
      for part in page {
        switch part {
        case .note(let note): reply.notes.append(note)
        case .observation(let observation): reply.evidence.append(Reports.Evidence(observation, in: model))
        }
      }
      return reply
    }
  }

  /// With `more` the entries may come in several replies.
  func reconcile(_ served: ServedGeneration, to replies: ReplyStream) async throws -> ReplyParameters {
    let generation = served.generation
    let entries: [ReconciledEntry]
    do {
      entries = try await service.reconcile(generation)
    } catch is CancellationError {
      throw CancellationError()
    } catch let error as LimitReached {
      throw error
    } catch {
      throw Reports.ReportFailed(report: "reconciliation", reason: "\(error)").ofDaemon
    }
    func count(_ status: ReconciliationStatus) -> Int64 { Int64(entries.count { $0.status == status }) }
    let (agreeing, acknowledged) = (count(.agrees), count(.acknowledged))
    let unacknowledged = count(.unacknowledged)
    return try await pages(of: entries.map(Reports.ReconciliationEntry.init), in: served, to: replies) { page, _ in
      Reports.ReconcileReply(
        revision: generation.model.revision, agreeing: agreeing, acknowledged: acknowledged,
        unacknowledged: unacknowledged, entries: Array(page))
    }
  }
}

/// What an explanation may have much of.
private enum ExplanationPart {
  case note(Reports.Note)
  case observation(Observation)
}

extension Reports.ExplainReply {
  /// Without notes and evidence.
  ///
  /// - Parameter isWhole: whether it tells the steps and statements too, which come once.
  fileprivate init(_ explanation: CellExplanation, in model: DatasetModel, isWhole: Bool) {
    let header = explanation.header
    self.init(
      revision: model.revision,
      parameters: Dictionary(header.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      where: header.filter.map { Reports.Filter(dimension: $0.dimension, codes: $0.codes) },
      title: header.title, row: explanation.row, total: explanation.total?.wire, column: explanation.column.wire,
      shown: explanation.cell.value.description, sum: explanation.evidence.sum, evidence: [],
      evidenceTotal: Int64(explanation.evidence.count),
      stated: isWhole ? explanation.statedTotals.map { Reports.StatedTotal($0, in: model) } : [],
      steps: isWhole ? explanation.steps.map(\.wire) : [], notes: [])
  }
}

extension Reports.Evidence {
  fileprivate init(_ observation: Observation, in model: DatasetModel) {
    let citation = model.citation(of: observation)
    var missing: String?
    if case .missing(let reason) = observation.value { missing = Missing(model.missingReasons[reason]).label }
    let use: Reports.EvidenceUse =
      switch observation.role {
      case .counted: missing == nil ? .added : .missing
      case .ofWhich: .ofWhich
      case .contested: .contested
      }
    self.init(
      use: use, value: observation.value.number, printed: citation.printed, missing: missing,
      codes: Dictionary(
        zip(model.dimensions, observation.codes).map { ($0.id, $0.codes.names[$1]) }, uniquingKeysWith: { $1 }),
      id: model.observationFields.hasIDs ? observation.key.text : nil, source: citation.source,
      locus: citation.locus, quote: citation.quote, caveats: citation.caveats)
  }
}

extension Reports.StatedTotal {
  fileprivate init(_ reconciled: ReconciledTotal, in model: DatasetModel) {
    let total = model.statedTotals[reconciled.index]
    self.init(
      value: total.value.number, shown: Cell.Value(total.value, in: model).description,
      source: total.source.map { model.name(ofSource: $0) }, locus: total.locus, quote: total.quote,
      agrees: reconciled.status == .agrees,
      explanations: reconciled.discrepancies.map { model.discrepancies[$0].text })
  }
}

extension Reports.ReconciliationEntry {
  fileprivate init(_ entry: ReconciledEntry) {
    self.init(
      id: entry.id, status: entry.status.wire, subject: entry.subject, isTotal: entry.total != nil,
      stated: entry.total?.stated.number, computed: entry.total?.computed.sum, difference: entry.total?.difference,
      locus: entry.locus, statements: entry.statements.isEmpty ? nil : entry.statements,
      explanation: entry.explanation, candidates: entry.candidates)
  }
}
