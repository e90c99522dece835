internal import JSON
internal import Model
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Synchronization
internal import Varlink
internal import VarlinkServer

/// `org.muster.Reports`: decodes calls and encodes what the service answers.
struct ReportsHarness: Harness {
  let interface: InterfaceDescription
  let store: GenerationStore
  let service: ReportsService

  func isList(_ method: String) -> Bool { ["List", "Describe", "ListDimensions"].contains(method) }

  func isMeasured(_ method: String) -> Bool { method != "Watch" }

  func supportsUpgrade(_ method: String) -> Bool { method == "Run" }

  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    let generation = served.generation
    switch call.methodName {
    case "List": return try ReplyParameters(encoding: list(generation))
    case "Describe": return try ReplyParameters(encoding: describe(call.decode(), in: generation))
    case "ListDimensions": return try await listDimensions(served, to: replies)
    case "Run": return try await run(call.decode(), in: served, to: replies)
    case "Watch":
      try call.requireMore()
      return try await watch(replies)
    case "Explain": return try await explain(call.decode(), in: served, to: replies)
    case "Reconcile": return try await reconcile(served, to: replies)
    default: throw VarlinkError.methodNotImplemented(call.method)
    }
  }

  private func watch(_ replies: ReplyStream) async throws -> ReplyParameters {
    var last = ReplyParameters.object([:])
    for await served in store.generations() {
      last = try ReplyParameters(
        encoding: Reports.WatchReply(
          generation: Int64(served.generation.number), revision: served.generation.model.revision))
      try await replies.send(last)
    }
    try Task.checkCancellation()
    return last
  }

  private func list(_ generation: Generation) -> Reports.ListReply {
    Reports.ListReply(
      revision: generation.model.revision,
      reports: generation.reports.map { Reports.ReportSummary(name: $0.name, title: $0.title, summary: $0.summary) })
  }

  private func describe(
    _ parameters: Reports.DescribeParameters, in generation: Generation
  ) throws -> Reports.DescribeReply {
    let report: CompiledReport
    do { report = try generation.find(report: parameters.report) } catch { throw wireError(error) }
    return Reports.DescribeReply(
      revision: generation.model.revision, name: report.name, title: report.title, summary: report.summary,
      steps: report.steps.map(\.wire),
      parameters: report.parameters.map { $0.wire(in: generation.model, columns: report.columns) },
      columns: report.columns.map(\.wire),
      formats: generation.registry.exporters.map {
        Reports.Format(
          name: $0.manifest.name, summary: $0.manifest.summary, mediaType: $0.mediaType,
          fileExtensions: $0.fileExtensions, isText: $0.isText,
          parameters: $0.manifest.parameters.map { $0.wire(in: generation.model, columns: report.columns) })
      })
  }

  /// With `more` the codes of a dimension may come in several replies.
  private func listDimensions(_ served: ServedGeneration, to replies: ReplyStream) async throws -> ReplyParameters {
    let model = served.generation.model
    return try await pages(of: ListedCodes(model), in: served, to: replies) { page, _ in
      var dimensions: [Reports.Dimension] = []
      var last: Int?
      for (index, code) in page {
        if index != last {
          let dimension = model.dimensions[index]
          dimensions.append(Reports.Dimension(name: dimension.id, title: dimension.title, codes: []))
          last = index
        }
        if let code { dimensions[dimensions.count - 1].codes.append(code) }
      }
      return Reports.ListDimensionsReply(revision: model.revision, dimensions: dimensions)
    }
  }

  private func run(
    _ parameters: Reports.RunParameters, in served: ServedGeneration, to replies: ReplyStream
  ) async throws -> ReplyParameters {
    let generation = served.generation
    do {
      let request = try generation.request(
        report: parameters.report, parameters: parameters.parameters ?? [:],
        where: (parameters.where ?? []).map(\.term),
        format: parameters.format, formatParameters: parameters.formatParameters ?? [:])
      if replies.mode == .upgrade { return try await stream(request, parameters, in: generation, to: replies) }
      let key = ReplyCache.Key(request: request, isMore: replies.isMore)
      if let cached = served.cache.replies(for: key) {
        for reply in cached.dropLast() { try await replies.send(.encoded(reply)) }
        return .encoded(cached.last ?? [])
      }
      let paged = PagedReplies(
        to: replies, within: generation.configuration.limits, keepLimit: served.cache.entryLimit)
      let outcome = try await outcome(of: request, in: generation, to: paged)
      if let kept = outcome.kept { served.cache.insert(kept + [outcome.last], for: key) }
      return .encoded(outcome.last)
    } catch {
      throw failure(error, parameters)
    }
  }

  /// Sends the bytes of the format on the upgraded connection; of an upgraded call the reply is of no account.
  private func stream(
    _ request: ResultRequest, _ parameters: Reports.RunParameters, in generation: Generation, to replies: ReplyStream
  ) async throws -> ReplyParameters {
    if request.format == nil { throw VarlinkError.invalidParameter("format") }
    let opened = Mutex<UpgradedStream?>(nil)
    do {
      let (stream, rows, sha256) = try await service.run(request, in: generation) { answer in
        let stream = try await UpgradedStream(answer, on: replies, within: generation.configuration.limits)
        opened.withLock { $0 = stream }
        return try EncodedTable(answer, into: DigestedBytes(stream), blockSize: UpgradedStream.chunkSize)
      } outcome: { table in
        (table.sink.sink, table.receipt.rowCount, table.sink.sha256)
      }
      try await stream.finish(rows: rows, sha256: sha256)
      return [:]
    } catch {
      let failure = failure(error, parameters)
      // Whoever reads must not take what came so far for the whole.
      if let stream = opened.withLock({ $0 }) { try? await stream.fail(closingError(failure)) }
      throw failure
    }
  }

  private func outcome(
    of request: ResultRequest, in generation: Generation, to replies: PagedReplies
  ) async throws -> PagedReplies.Outcome {
    if request.format == nil {
      return try await service.run(request, in: generation) {
        RowReplies($0, to: replies)
      } outcome: {
        $0.result
      }
    }
    return try await service.run(request, in: generation) {
      try EncodedTable($0, into: ContentReplies($0, to: replies), blockSize: replies.pageSize)
    } outcome: { table in
      var replies = table.sink
      return try await replies.finish()
    }
  }
}

/// The codes of all dimensions, one after the other, made when they are asked for: there may be millions.
private struct ListedCodes: RandomAccessCollection {
  private let dimensions: [Dimension]
  /// Where each dimension begins, and where the last one ends.
  private let starts: [Int]

  init(_ model: DatasetModel) {
    dimensions = model.dimensions
    // A dimension without codes is listed too.
    starts = model.dimensions.reduce(into: [0]) { $0.append($0[$0.count - 1] + Swift.max(1, $1.codes.ids.count)) }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { starts[starts.count - 1] }

  /// - Returns: no code for a dimension that has none.
  subscript(position: Int) -> (dimension: Int, code: Reports.Code?) {
    // The last dimension that begins there or before.
    var (low, high) = (0, dimensions.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= position { low = middle } else { high = middle - 1 }
    }
    let (codes, index) = (dimensions[low].codes, position - starts[low])
    return (low, index < codes.ids.count ? Reports.Code(id: codes.ids[index], name: codes.names[index]) : nil)
  }
}
