internal import ExternalPlugins
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Varlink

/// `Explain` and `Reconcile`: where numbers come from, and whether they agree.
extension ReportsHarness {
  /// How many observations are listed when nobody says so.
  private static let usualLimit = 1000
  private static let greatestLimit = 100_000

  func explain(
    _ parameters: Reports.ExplainParameters, in generation: Generation
  ) async throws -> Reports.ExplainReply {
    let report = try find(parameters.report, in: generation)
    let asked = Reports.RunParameters(
      report: parameters.report, parameters: parameters.parameters, where: parameters.where)
    let query = try query(asked, of: report)
    let limit = parameters.limit.map { Int(clamping: $0) } ?? Self.usualLimit
    guard (1...Self.greatestLimit).contains(limit) else { throw VarlinkError.invalidParameter("limit") }
    let explanation: CellExplanation
    do {
      explanation = try await PluginTurn.take {
        try await report.explanation(ofRow: parameters.row, column: parameters.column, for: query, limit: limit)
      }
    } catch let error as CellError {
      throw error.service(parameters).ofCaller
    } catch {
      throw failure(error, asked)
    }
    return try reply(explanation, report, query, generation.dataset)
  }

  private func reply(
    _ explanation: CellExplanation, _ report: CompiledReport, _ query: ReportQuery, _ dataset: Snapshot
  ) throws -> Reports.ExplainReply {
    return Reports.ExplainReply(
      revision: dataset.revision,
      parameters: Dictionary(report.parameterTexts(of: query).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      where: report.narrowingCodes(of: query).map { Reports.Filter(dimension: $0.dimension, codes: $0.codes) },
      title: report.title, row: explanation.row, total: (explanation.total?.rawValue).map(Reports.TotalKind.init),
      column: explanation.column.wire,
      shown: explanation.cell.value.description, sum: explanation.evidence.sum,
      evidence: explanation.evidence.first.map { Reports.Evidence($0, in: dataset) },
      evidenceTotal: Int64(explanation.evidence.count),
      stated: try explanation.statedTotals.map { try Reports.StatedTotal($0, in: dataset) },
      steps: try report.steps(for: query).map(\.wire),
      notes: (explanation.cell.notes + explanation.notes).map {
        Reports.Note(kind: Reports.NoteKind(rawValue: $0.kind.rawValue), text: $0.text, cells: [])
      })
  }

  func reconcile(_ generation: Generation) async throws -> Reports.ReconcileReply {
    let plugin = "reconciliation"
    guard let report = generation.registry.report(named: plugin) else {
      throw Reports.ReportFailed(report: plugin, reason: "musterd was built without it").ofDaemon
    }
    let dataset = generation.dataset
    do {
      var table = try report.table(
        for: ReportRequest(
          dataset: dataset, selection: .all, arguments: try report.manifest.check(inputs: [], in: dataset).get()))
      var entries: [Reports.ReconciliationEntry] = []
      while let rows = try await table.rows.next() {
        entries += rows.map { Reports.ReconciliationEntry($0, columns: table.columns) }
      }
      func count(_ status: Reports.ReconciliationStatus) -> Int64 { Int64(entries.count { $0.status == status }) }
      return Reports.ReconcileReply(
        revision: dataset.revision, agreeing: count(.agrees), acknowledged: count(.acknowledged),
        unacknowledged: count(.unacknowledged), entries: entries)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw Reports.ReportFailed(report: plugin, reason: "\(error)").ofDaemon
    }
  }
}

extension CellError {
  fileprivate func service(_ parameters: Reports.ExplainParameters) -> Reports.NoSuchCell {
    switch self {
    case .noSuchRow(let suggestions):
      Reports.NoSuchCell(
        report: parameters.report, reason: "no row has the text \"\(parameters.row)\"", suggestions: suggestions)
    case .ambiguousRow(let count):
      Reports.NoSuchCell(
        report: parameters.report,
        reason: "\(count) rows have the text \"\(parameters.row)\"; give the number of the row, such as \"#1\"",
        suggestions: [])
    case .noSuchColumn(let suggestions):
      Reports.NoSuchCell(
        report: parameters.report, reason: "there is no column \"\(parameters.column)\"", suggestions: suggestions)
    }
  }
}

extension Reports.Evidence {
  fileprivate init(_ observation: Observation, in dataset: Snapshot) {
    let citation = dataset.citation(of: observation)
    var missing: String?
    if case .missing(let reason) = observation.value { missing = Missing(dataset.missingReasons[reason]).label }
    let use: Reports.EvidenceUse =
      switch observation.role {
      case .counted: missing == nil ? .added : .missing
      case .ofWhich: .ofWhich
      case .contested: .contested
      }
    self.init(
      use: use, value: observation.value.number, printed: citation.printed, missing: missing,
      codes: Dictionary(
        zip(dataset.dimensions, observation.codes).map { ($0.id, $0.codes.names[$1]) }, uniquingKeysWith: { $1 }),
      id: observation.id, source: citation.source, locus: citation.locus, quote: citation.quote,
      caveats: citation.caveats)
  }
}

extension Reports.StatedTotal {
  fileprivate init(_ index: Int, in dataset: Snapshot) throws {
    let total = dataset.statedTotals[index]
    let reconciled = try dataset.reconciledTotal(index)
    let shown: Cell.Value =
      switch total.value {
      case .number(let number): .integer(number)
      case .missing(let reason): .missing(Missing(dataset.missingReasons[reason]))
      }
    self.init(
      value: total.value.number, shown: shown.description, source: total.source.map { dataset.name(ofSource: $0) },
      locus: total.locus, quote: total.quote, agrees: reconciled.status == .agrees,
      explanations: reconciled.discrepancies.map {
        dataset.discrepancies[$0].explanation ?? dataset.discrepancies[$0].title
      })
  }
}

extension Reports.ReconciliationEntry {
  /// A row of the report plugin of that name.
  fileprivate init(_ row: Row, columns: [Column]) {
    func value(_ name: String) -> Cell.Value? {
      columns.firstIndex { $0.name == name }.map { row[$0].value }
    }
    func text(_ name: String) -> String? { if case .text(let text)? = value(name) { text } else { nil } }
    func number(_ name: String) -> Int64? { if case .integer(let number)? = value(name) { number } else { nil } }
    self.init(
      id: text("id"), status: Reports.ReconciliationStatus(rawValue: text("status") ?? ""),
      subject: text("subject") ?? "", isTotal: text("kind") == "total",
      stated: number("stated"), computed: number("computed"), difference: number("difference"),
      locus: text("locus"), statements: text("statements"), explanation: text("explanation"),
      candidates: text("candidates"))
  }
}
