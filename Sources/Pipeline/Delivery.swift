internal import ExternalPlugins
internal import Model
internal import Query
public import ReportKit

/// The one way from a question to its answer: makes the table and hands its rows on, as they are or as bytes of a format.
///
/// It holds the plugins' turn, looks whether anybody still waits, and hands on a bounded number of rows at a time.
public struct Delivery: Sendable {
  private let generation: Generation

  /// Answers from this generation alone, also when there is a newer one.
  public init(of generation: Generation) {
    self.generation = generation
  }

  /// How many rows are handed on at a time, between two looks at whether anybody waits and how large the result is.
  private static let sliceSize = 2048

  /// Computes the table that answers the request, and hands it to the sink.
  ///
  /// - Returns: the sink, with what it made of the table.
  /// - Throws: `FormatParameterError`, `ParameterError`, `CancellationError`, or whatever a step or the sink throws.
  public func run<Sink: TableSink>(
    _ request: ResultRequest, to makeSink: (Answer) async throws -> Sink
  ) async throws -> Sink {
    let report = try generation.find(report: request.report)
    return try await PluginTurn.take {
      let plan = try await report.plan(for: request)
      let table = try plan.table()
      let header = report.exportHeader(of: plan, columns: table.columns)
      let answer = Answer(
        header: header, steps: report.steps(of: plan), selection: plan.source.selection,
        encoding: try encoding(request.format, header))
      var sink = try await makeSink(answer)
      try await drain(table, into: &sink)
      return sink
    }
  }

  /// As above, as bytes in the request's format.
  ///
  /// - Returns: the sink that took the bytes, and what it took.
  public func run<Sink: ByteSink>(
    _ request: ResultRequest, to sink: Sink, blockSize: Int = 256 << 10
  ) async throws -> (sink: Sink, receipt: Receipt) {
    let encoded = try await run(request) { try EncodedTable($0, into: sink, blockSize: blockSize) }
    return (encoded.sink, encoded.receipt)
  }

  /// How many rows the first batch of the report has, as the configuration has it.
  public func probe(_ report: CompiledReport) async throws -> Int {
    var table = try report.plan.table()
    return try await table.batches.next()?.count ?? 0
  }

  private func drain(_ table: Table, into sink: inout some TableSink) async throws {
    var batches = table.batches
    try await sink.begin()
    while let batch = try await batches.next() {
      RequestBeginning.end()
      var start = 0
      while start < batch.count {
        try Task.checkCancellation()
        // Runs share a few threads: a short one is not to wait for the end of a long one.
        await Task.yield()
        let end = min(batch.count, start + Self.sliceSize)
        try await sink.take(start == 0 && end == batch.count ? batch : batch.slice(start..<end))
        start = end
      }
    }
    try await sink.end(notes: table.notes + batches.closingNotes, totals: batches.closingTotals)
  }

  private func encoding(_ format: ResultRequest.Format?, _ header: ExportHeader) throws -> Answer.Encoding? {
    guard let format else { return nil }
    let exporter = try generation.find(format: format.name)
    do {
      let inputs = format.inputs.map { (name: $0.name, input: $0.input) }
      let arguments = try exporter.manifest.check(inputs: inputs, in: generation.model, columns: header.columns).get()
      return Answer.Encoding(
        exporter: exporter, arguments: arguments, encoder: try exporter.encoder(for: header, arguments: arguments))
    } catch let errors as ParameterErrors {
      throw FormatParameterError(error: errors.errors[0])
    } catch let error as ParameterError {
      throw FormatParameterError(error: error)
    }
  }
}

/// What is known of an answer before its first row.
public struct Answer {
  /// What is said of the table, its columns included.
  public let header: ExportHeader
  /// The steps that make it, in order.
  public let steps: [CompiledReport.Step]
  /// The observations that it looks at.
  let selection: Selection
  /// Nil for rows without a format.
  public let encoding: Encoding?

  /// The format that is asked for, with its parameters checked against the columns.
  public struct Encoding {
    /// The exporter of that name.
    public let exporter: any ExporterPlugin
    /// Everything that the exporter goes by.
    public let arguments: Arguments
    let encoder: any TableEncoder

    /// The values of the exporter's parameters, in the order of its manifest.
    public var texts: [(name: String, value: String)] { arguments.texts(of: exporter.manifest.parameters) }
  }
}

/// A parameter of the exporter that cannot be used as it is given.
public struct FormatParameterError: Error, Sendable, CustomStringConvertible {
  /// The first that is wrong.
  public var error: ParameterError

  /// The message.
  public var description: String { error.message }
}

extension Arguments {
  /// The values as texts, in the order of the declarations, without those that are to be told only where they are given.
  func texts(of parameters: [ParameterDeclaration]) -> [(name: String, value: String)] {
    parameters.compactMap { parameter in
      guard let value = values[parameter.name] else { return nil }
      if parameter.isQuiet, case .value(let standing) = parameter.default, standing.description == value.description {
        return nil
      }
      return (parameter.name, value.description)
    }
  }
}

extension CompiledReport {
  /// What an exporter is told of the table of a plan.
  func exportHeader(of plan: ReportPlan, columns: [Column]) -> ExportHeader {
    let model = engine.model
    return ExportHeader(
      report: name, title: title, revision: model.revision, columns: columns,
      parameters: plan.arguments.texts(of: definition.manifest.parameters), filter: model.codes(of: plan.filter),
      dataset: model.title, sources: model.source?.codes.names ?? [],
      citations: engine.citations(columns: columns))
  }
}
