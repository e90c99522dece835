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
        where: (parameters.where ?? []).map(\.term))
      (explanation, observations) = try await service.explain(
        row: parameters.row, column: parameters.column, of: request, limit: limit, in: generation)
    } catch let error as CellError {
      throw wireError(error, parameters)
    } catch {
      throw failure(error, asked)
    }
    let model = generation.model
    let notes = (explanation.cell.remarks + explanation.notes).map {
      Reports.Note(kind: $0.kind.wire, text: $0.text, cells: [], missing: nil)
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
    let found: ReconciledEntries
    do {
      found = try await service.reconcile(generation)
    } catch is CancellationError {
      throw CancellationError()
    } catch let error as LimitReached {
      throw error
    } catch {
      throw Reports.ReportFailed(report: "reconciliation", reason: "\(error)").ofDaemon
    }
    let entries = found.entries
    func count(_ status: ReconciliationStatus) -> Int64 { Int64(entries.count { $0.status == status }) }
    let (agreeing, acknowledged) = (count(.agrees), count(.acknowledged))
    let unacknowledged = count(.unacknowledged)
    return try await pages(
      of: entries.map { Reports.ReconciliationEntry($0, in: generation.model) }, in: served, to: replies
    ) { page, _ in
      Reports.ReconcileReply(
        revision: generation.model.revision, agreeing: agreeing, acknowledged: acknowledged,
        unacknowledged: unacknowledged, entries: Array(page), note: found.noteOnCandidates)
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
    let measure = explanation.observations.flatMap { model.onlyMeasure(in: $0.selections) }
    let sum = measure.flatMap { measure in
      explanation.evidence.sum.map { Cell.Value(units: $0, decimals: measure.decimals) }
    }
    self.init(
      revision: model.revision,
      parameters: Dictionary(header.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      where: header.filter.map { Reports.Filter(dimension: $0.dimension, codes: $0.codes) },
      title: header.title, row: explanation.row, total: explanation.total?.wire, column: explanation.column.wire,
      shown: explanation.cell.value.description, sum: sum?.wire, sumShown: sum?.description,
      coverage: Reports.Coverage(explanation.cell.coverage, explanation.cell.bounds),
      evidence: [],
      evidenceTotal: Int64(explanation.evidence.count),
      stated: isWhole ? explanation.statedTotals.map { Reports.StatedTotal($0, in: model) } : [],
      steps: isWhole ? explanation.steps.map(\.wire) : [], notes: [])
  }
}

extension Reports.Evidence {
  fileprivate init(_ observation: Observation, in model: DatasetModel) {
    let citation = model.citation(of: observation)
    let value = observation.value.number.map {
      Cell.Value(units: Int128($0), decimals: model.measure(of: observation.codes).decimals)
    }
    var missing: String?
    if case .missing(let reason) = observation.value { missing = Missing(model.missingReasons[reason]).label }
    let use: Reports.EvidenceUse =
      switch observation.role {
      case .counted: missing == nil ? .added : .missing
      case .ofWhich: .ofWhich
      case .contested: .contested
      }
    self.init(
      use: use, value: value?.wire, shown: value?.description, printed: citation.printed, missing: missing,
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
      value: model.measures[total.measure].decimals == 0 ? total.value.number : nil,
      shown: Cell.Value(total.value, of: model.measures[total.measure], in: model).description,
      source: total.source.map { model.name(ofSource: $0) }, locus: total.locus, quote: total.quote,
      agrees: reconciled.status == .agrees,
      explanations: [reconciled.agreementWords(in: model)].compactMap(\.self)
        + reconciled.discrepancies.map { model.discrepancies[$0].text })
  }
}

extension Reports.ReconciliationEntry {
  fileprivate init(_ entry: ReconciledEntry, in model: DatasetModel) {
    let decimals = entry.total.map { model.measures[model.statedTotals[$0.index].measure].decimals } ?? 0
    func value(_ units: Int128?) -> Cell.Value? { units.map { Cell.Value(units: $0, decimals: decimals) } }
    let stated = value(entry.total?.stated.number.map { Int128($0) })
    let computed = value(entry.total?.sum)
    let difference = value(entry.total?.difference)
    self.init(
      id: entry.id, status: entry.status.wire, subject: entry.subject, isTotal: entry.total != nil,
      stated: stated?.wire, computed: computed?.wire, difference: difference?.wire,
      statedShown: stated?.description, computedShown: computed?.description,
      differenceShown: difference?.description,
      locus: entry.locus, statements: entry.statements.isEmpty ? nil : entry.statements,
      explanation: entry.explanation, candidates: entry.candidates)
  }
}

extension Cell.Value {
  /// Nil for what is no integer of 64 bits.
  fileprivate var wire: Int64? { if case .integer(let integer) = self { integer } else { nil } }
}

extension DatasetModel {
  /// The measure whose observations are selected: the usual one where the selections name none, nil where they name
  /// several, which no sum is of.
  fileprivate func onlyMeasure(in selections: [Selection]) -> Measure? {
    guard let dimension = measureIndex else { return measure }
    let named = selections.compactMap { $0[dimension].map { Set($0) } }
    if named.isEmpty { return measure }
    let codes = Set(named.joined())
    guard named.count == selections.count, codes.count == 1 else { return nil }
    return measures.first { $0.code.map(codes.contains) ?? false }
  }
}
