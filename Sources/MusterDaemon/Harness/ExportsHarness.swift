internal import Base
internal import Exports
internal import JSON
internal import MusterAPI
internal import Pipeline
internal import Posix
internal import ReportKit
internal import Varlink
internal import VarlinkServer

/// `org.muster.Exports`.
struct ExportsHarness: Harness {
  let interface: InterfaceDescription
  let service: ExportsService

  /// How many differences are listed when nobody says so.
  private static let usualDifferenceLimit: Int64 = 20
  private static let greatestDifferenceLimit: Int64 = 10_000

  func isList(_ method: String) -> Bool { method == "List" }

  func handle(
    _ call: Call, in served: ServedGeneration, replies: ReplyStream
  ) async throws -> ReplyParameters {
    do {
      switch call.methodName {
      case "List": return try await ReplyParameters(encoding: list(served.generation))
      case "Export": return try await export(call.decode(), in: served.generation, replies: replies)
      case "Verify": return try await verify(call.decode(), in: served.generation)
      default: throw VarlinkError.methodNotImplemented(call.method)
      }
    } catch let error as NoSuchExport {
      throw Exports.NoSuchExport(name: error.name, suggestions: error.suggestions).ofCaller
    }
  }

  private func list(_ generation: Generation) async throws -> Exports.ListReply {
    let (exports, problem) = try await blocking { [service] in service.list(generation) }
    return Exports.ListReply(
      directory: generation.configuration.exports.directory?.value, problem: problem,
      exports: exports.map(Exports.ExportState.init))
  }

  private func export(
    _ parameters: Exports.ExportParameters, in generation: Generation, replies: ReplyStream
  ) async throws -> ReplyParameters {
    let names = parameters.names ?? []
    if names.isEmpty != (parameters.all ?? false) { throw VarlinkError.invalidParameter("names") }
    let limit = SizeLimit(.replySize, of: generation.configuration.limits)
    @Sendable func send(_ record: ExportRecord) async throws {
      let reply = try ReplyParameters(encoding: Exports.ExportReply(runs: [Exports.Run(record)]))
      try await replies.send(reply.encoded(within: limit))
    }
    let records = try await service.export(
      names, isForced: parameters.force ?? false, in: generation, onEach: replies.isMore ? send : nil)
    return try ReplyParameters(encoding: Exports.ExportReply(runs: records.map(Exports.Run.init)))
  }

  private func verify(
    _ parameters: Exports.VerifyParameters, in generation: Generation
  ) async throws -> ReplyParameters {
    let limit = parameters.limit ?? Self.usualDifferenceLimit
    guard (0...Self.greatestDifferenceLimit).contains(limit) else { throw VarlinkError.invalidParameter("limit") }
    if let text = parameters.text, text.utf8.count > VerificationSubject.textLimit {
      throw VarlinkError.invalidParameter("text")
    }
    if let sha256 = parameters.sha256, !isDigest(sha256) { throw VarlinkError.invalidParameter("sha256") }
    let subject: VerificationSubject
    switch (parameters.name, parameters.manifest, parameters.sha256) {
    case (let name?, nil, nil) where parameters.text == nil: subject = .export(name)
    case (nil, let manifest?, let sha256?):
      subject = .file(manifest: JSONValue.object(manifest).bytes, sha256: sha256, text: parameters.text)
    default: throw VarlinkError.invalidParameter("name")
    }
    do {
      let verification = try await service.verify(subject, limit: Int(limit), in: generation)
      return try ReplyParameters(encoding: Exports.VerifyReply(verification))
    } catch let error as NotVerifiable {
      let name = parameters.name ?? parameters.manifest?["export"]?.stringValue ?? ""
      throw Exports.NotVerifiable(name: name, reason: error.reason).ofCaller
    }
  }
}

extension Exports.ExportState {
  fileprivate init(_ state: ExportState) {
    let export = state.export
    self.init(
      name: export.name, report: export.request.report, exporter: export.request.format?.name ?? "",
      file: export.file, keep: Int64(export.keep), size: state.size.map(Int64.init), writtenAt: state.writtenAt,
      last: state.last.map(Exports.Run.init))
  }
}

extension Exports.Run {
  fileprivate init(_ record: ExportRecord) {
    let outcome: Exports.Outcome =
      switch record.outcome {
      case .written: .written
      case .unchanged: .unchanged
      case .failed: .failed
      case .busy: .busy
      }
    self.init(
      name: record.name, outcome: outcome, reason: record.reason, finishedAt: record.finishedAt,
      durationMicroseconds: record.durationMicroseconds, revision: record.revision, rows: record.rows.map(Int64.init),
      bytes: record.bytes.map(Int64.init), sha256: record.sha256, untouched: record.untouched)
  }
}

extension Exports.VerifyReply {
  fileprivate init(_ verification: Verification) {
    self.init(
      identical: verification.isIdentical, export: verification.export, file: verification.file,
      report: verification.report, writtenAt: verification.writtenAt,
      changes: verification.changes.map(Exports.Change.init), differences: verification.differences,
      differencesTotal: Int64(verification.differenceCount), remarks: verification.remarks,
      revision: verification.revision, sha256: verification.sha256, writtenSha256: verification.writtenSHA256,
      computedSha256: verification.computedSHA256)
  }
}

extension Exports.Change {
  fileprivate init(_ change: ExportChange) {
    let part: Exports.Part =
      switch change.part {
      case .data: .data
      case .configuration: .configuration
      case .plugins: .plugins
      case .file: .file
      }
    self.init(part: part, text: change.text)
  }
}

/// Whether a text is hexadecimal, as digests are compared: in small letters. A shorter one than a SHA-256 digest is that
/// of no file.
private func isDigest(_ text: String) -> Bool {
  (1...64).contains(text.utf8.count)
    && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}
