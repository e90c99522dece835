internal import Base
internal import Dataset
internal import ExternalPlugins
internal import JSON
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Varlink
internal import VarlinkServer

/// `org.muster.Reports`.
struct ReportsHarness: Harness {
  let interface: InterfaceDescription
  let store: GenerationStore
  let gate: RunGate

  func isMeasured(_ method: String) -> Bool { method != "Watch" }

  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    switch call.methodName {
    case "List": return try ReplyParameters(encoding: list(served.generation))
    case "Describe":
      let parameters: Reports.DescribeParameters = try call.decode()
      return try ReplyParameters(encoding: try describe(parameters.report, in: served.generation))
    case "ListDimensions": return try ReplyParameters(encoding: dimensions(of: served.generation.dataset))
    case "Run":
      let parameters: Reports.RunParameters = try call.decode()
      return try await run(parameters, in: served, replies: replies)
    case "Watch":
      try call.requireMore()
      return try await watch(replies)
    case "Explain":
      let parameters: Reports.ExplainParameters = try call.decode()
      return try await gate.run(within: served.generation.configuration.limits) {
        try ReplyParameters(encoding: await explain(parameters, in: served.generation))
      }
    case "Reconcile":
      return try await gate.run(within: served.generation.configuration.limits) {
        try ReplyParameters(encoding: await reconcile(served.generation))
      }
    default: throw VarlinkError.methodNotImplemented(call.method)
    }
  }

  private func watch(_ replies: ReplyStream) async throws -> ReplyParameters {
    var last = ReplyParameters.object([:])
    for await served in store.generations() {
      last = try ReplyParameters(
        encoding: Reports.WatchReply(
          generation: Int64(served.generation.number), revision: served.generation.dataset.revision))
      try await replies.send(last)
    }
    try Task.checkCancellation()
    return last
  }

  private func list(_ generation: Generation) -> Reports.ListReply {
    Reports.ListReply(
      revision: generation.dataset.revision,
      reports: generation.reports.map { Reports.ReportSummary(name: $0.name, title: $0.title, summary: $0.summary) })
  }

  private func describe(_ name: String, in generation: Generation) throws -> Reports.DescribeReply {
    let report = try find(name, in: generation)
    let columns: [Column]
    do {
      columns = try report.table(with: report.arguments(with: [:])).columns
    } catch {
      throw Reports.ReportFailed(report: name, reason: "\(error)").ofDaemon
    }
    return Reports.DescribeReply(
      revision: generation.dataset.revision, name: report.name, title: report.title, summary: report.summary,
      steps: report.steps.map(\.wire),
      parameters: report.parameters.map { $0.wire(in: generation.dataset, columns: columns) },
      columns: columns.map(\.wire),
      formats: generation.registry.exporters.map {
        Reports.Format(
          name: $0.manifest.name, summary: $0.manifest.summary, mediaType: $0.mediaType,
          fileExtensions: $0.fileExtensions, isText: $0.isText,
          parameters: $0.manifest.parameters.map { $0.wire(in: generation.dataset, columns: columns) })
      })
  }

  private func dimensions(of dataset: Snapshot) -> Reports.ListDimensionsReply {
    Reports.ListDimensionsReply(
      revision: dataset.revision,
      dimensions: dataset.dimensions.map { dimension in
        Reports.Dimension(
          name: dimension.id, title: dimension.title,
          codes: zip(dimension.codes.ids, dimension.codes.names).map { Reports.Code(id: $0, name: $1) })
      })
  }

  func find(_ name: String, in generation: Generation) throws(CallFailure) -> CompiledReport {
    guard let report = generation.report(named: name) else {
      let near = suggestions(for: name, among: generation.reports.map(\.name))
      throw Reports.NoSuchReport(report: name, suggestions: near).ofCaller
    }
    return report
  }

  private func run(
    _ parameters: Reports.RunParameters, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    let generation = served.generation
    let report = try find(parameters.report, in: generation)
    let query = try query(parameters, of: report)
    let exporter = try parameters.format.map { try findExporter($0, in: generation) }
    let formatParameters = parameters.formatParameters ?? [:]
    let key = ReplyCache.Key(
      report: report.name, query: query, format: parameters.format, formatParameters: formatParameters,
      isMore: replies.isMore)
    if let cached = served.cache.replies(for: key) {
      for reply in cached.dropLast() { try await replies.send(.encoded(reply)) }
      return .encoded(cached.last ?? [])
    }

    let run = ReportRun(
      report: report, generation: generation, exporter: exporter, query: query, formatParameters: formatParameters,
      replySize: generation.configuration.limits.replySize, resultSize: generation.configuration.limits.resultSize,
      keepLimit: served.cache.entryLimit)
    do {
      let outcome = try await gate.run(within: generation.configuration.limits) {
        try await PluginTurn.take { try await run.replies(to: replies) }
      }
      if let kept = outcome.kept { served.cache.insert(kept + [outcome.last], for: key) }
      return .encoded(outcome.last)
    } catch {
      throw failure(error, parameters)
    }
  }

  /// The error that tells a caller why a run failed.
  func failure(_ error: any Error, _ parameters: Reports.RunParameters) -> any Error {
    switch error {
    case let error as ParameterError: invalidValue(error, parameters).ofCaller
    case let error as FormatParameterError: formatError(error.error, parameters)
    case let error as StepMemoryExceeded:
      Reports.ResultTooLarge(limitBytes: Int64(error.limit), limit: StepMemory.limitKey, step: error.step).ofDaemon
    case is CallFailure, is VarlinkError, is CancellationError, is LimitReached: error
    default: Reports.ReportFailed(report: parameters.report, reason: "\(error)").ofDaemon
    }
  }

  private func findExporter(_ name: String, in generation: Generation) throws(CallFailure) -> any ExporterPlugin {
    guard let exporter = generation.registry.exporter(named: name) else {
      throw Reports.NoSuchFormat(format: name, formats: generation.registry.exporters.map(\.manifest.name)).ofCaller
    }
    return exporter
  }

  func query(
    _ parameters: Reports.RunParameters, of report: CompiledReport
  ) throws(CallFailure) -> ReportQuery {
    do {
      return try report.query(
        parameters: parameters.parameters ?? [:], where: (parameters.where ?? []).map { ($0.dimension, $0.codes) })
    } catch {
      switch error {
      case .parameter(let error) where error.isUnknown:
        throw Reports.NoSuchParameter(
          report: report.name, parameter: error.parameter, suggestions: error.suggestions
        ).ofCaller
      case .parameter(let error): throw invalidValue(error, parameters).ofCaller
      case .unknownDimension(let error):
        throw Reports.NoSuchDimension(dimension: error.name, suggestions: error.suggestions).ofCaller
      case .unknownCode(let error):
        throw Reports.NoSuchCode(
          dimension: error.kind, code: error.name, suggestions: error.suggestions
        ).ofCaller
      }
    }
  }

  private func formatError(_ error: ParameterError, _ parameters: Reports.RunParameters) -> CallFailure {
    let format = parameters.format ?? ""
    if error.isUnknown {
      return Reports.NoSuchFormatParameter(
        format: format, parameter: error.parameter, suggestions: error.suggestions
      ).ofCaller
    }
    return Reports.InvalidFormatValue(
      format: format, parameter: error.parameter, value: parameters.formatParameters?[error.parameter] ?? "",
      reason: error.message, suggestions: error.suggestions
    ).ofCaller
  }

  private func invalidValue(_ error: ParameterError, _ parameters: Reports.RunParameters) -> Reports.InvalidValue {
    Reports.InvalidValue(
      report: parameters.report, parameter: error.parameter,
      value: parameters.parameters?[error.parameter] ?? "", reason: error.message, suggestions: error.suggestions)
  }
}

extension Column {
  var wire: Reports.Column {
    let kind: Reports.ColumnKind =
      switch self.kind {
      case .text: .text
      case .integer: .integer
      case .decimal: .decimal
      }
    return Reports.Column(name: name, title: title, kind: kind, unit: unit, description: summary)
  }
}

extension CompiledReport.Step {
  var wire: Reports.Step {
    Reports.Step(
      name: name, summary: summary,
      parameters: Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }
}

extension Parameter {
  fileprivate func wire(in dataset: Snapshot, columns: [Column]) -> Reports.Parameter {
    Reports.Parameter(
      name: name, summary: summary, kind: wireKind,
      default: defaultArgument(in: dataset, columns: columns)?.description,
      choices: choices(in: dataset, columns: columns))
  }

  /// A dynamic list of choices is a list of choices to a client.
  fileprivate var wireKind: Reports.ParameterKind {
    switch kind {
    case .text, .columns, .columnOrder, .columnTexts, .conditions, .texts: .text
    case .integer: .integer
    case .boolean: .boolean
    case .choice, .scheme, .dimension, .source, .column: .choice
    }
  }
}
