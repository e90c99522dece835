internal import Base
internal import Glibc
internal import JSON
internal import Logging
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Varlink
internal import VarlinkServer

/// `org.muster.Exports`.
struct ExportsService: Service {
  let interface: InterfaceDescription
  let store: GenerationStore
  let gate: RunGate
  let history: ExportHistory
  let logger: Logger

  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    let generation = served.generation
    switch call.methodName {
    case "List": return try await ReplyParameters(encoding: blocking { list(generation) })
    case "Export":
      let parameters: Exports.ExportParameters = try call.decode()
      return try await endingInTime(generation) {
        try ReplyParameters(encoding: await export(parameters, in: generation, replies: replies))
      }
    case "Verify":
      let parameters: Exports.VerifyParameters = try call.decode()
      return try ReplyParameters(encoding: await verify(parameters, in: generation))
    default: throw VarlinkError.methodNotImplemented(call.method)
    }
  }

  func list(_ generation: Generation) -> Exports.ListReply {
    var folder: ExportFolder?
    var problem: String?
    let directory = generation.configuration.exports.directory?.value
    if let directory, !generation.exports.isEmpty {
      do throws(FileError) { folder = try ExportFolder(path: directory) } catch { problem = error.description }
    }
    return Exports.ListReply(
      directory: directory, problem: problem,
      exports: generation.exports.map { export in
        let file = folder.map { ExportedFile(export.file, in: $0) }
        let status = try? file?.folder.status(of: export.file)
        return Exports.ExportState(
          name: export.name, report: export.request.report.name, exporter: export.request.exporter.manifest.name,
          file: export.file, keep: Int64(export.keep), size: status.map { Int64($0.st_size) },
          writtenAt: status?.modifiedAt,
          last: history.last(path: "\(directory ?? "")/\(export.file)", in: file))
      })
  }

  private func export(
    _ parameters: Exports.ExportParameters, in generation: Generation, replies: ReplyStream
  ) async throws -> Exports.ExportReply {
    let names = parameters.names ?? []
    if names.isEmpty != (parameters.all ?? false) { throw VarlinkError.invalidParameter("names") }
    // All names are looked at before anything is written.
    let exports = names.isEmpty ? generation.exports : try names.map { try find($0, in: generation) }
    var runs: [Exports.Run] = []
    for (index, export) in exports.enumerated() {
      let run = ExportRun(
        export: export, generation: generation, store: store, gate: gate, history: history, logger: logger,
        isForced: parameters.force ?? false)
      runs.append(try await run.run())
      if replies.isMore, index < exports.count - 1 {
        try await replies.send(ReplyParameters(encoding: Exports.ExportReply(runs: runs)))
        runs = []
      }
    }
    return Exports.ExportReply(runs: runs)
  }

  /// Ends the work when the daemon stops and would cut off the call soon, so that its reply can still say so.
  private func endingInTime<Reply: Sendable>(
    _ generation: Generation, _ work: @escaping @Sendable () async throws -> Reply
  ) async throws -> Reply {
    let time = generation.configuration.limits.shutdownTimeout
    return try await withThrowingTaskGroup(of: Reply?.self) { group in
      group.addTask { try await work() }
      group.addTask { [store] in
        for await _ in store.generations() {}
        try await Task.sleep(for: time - min(.seconds(1), time / 2))
        return nil
      }
      defer { group.cancelAll() }
      while let reply = try await group.next() {
        if let reply { return reply }
        group.cancelAll()
      }
      throw CancellationError()
    }
  }

  func find(_ name: String, in generation: Generation) throws(VarlinkError) -> CompiledExport {
    if let export = generation.export(named: name) { return export }
    let near = suggestions(for: name, among: generation.exports.map(\.name))
    throw Exports.NoSuchExport(name: name, suggestions: near).varlinkError
  }
}

/// Says at once what else a run at night would say first.
func warnOfExportFolder(_ configuration: Configuration, logger: Logger) {
  guard let directory = configuration.exports.directory?.value, !configuration.exports.exports.isEmpty else { return }
  do throws(FileError) {
    _ = try ExportFolder(path: directory)
    if access(directory, W_OK) != 0 { throw FileError("cannot write in \(directory)") }
  } catch {
    logger.warning("exports will fail", metadata: ["error": "\(error)"])
  }
}
