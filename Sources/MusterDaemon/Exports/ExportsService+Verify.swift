internal import Base
internal import Glibc
internal import JSON
internal import MusterAPI
internal import Pipeline
internal import Varlink

extension ExportsService {
  private static let defaultDifferenceLimit = 20
  private static let highestDifferenceLimit = 10_000

  /// Holds the file of an export, or one that the caller has, against what it would be now.
  func verify(
    _ parameters: Exports.VerifyParameters, in generation: Generation
  ) async throws -> Exports.VerifyReply {
    let limit = parameters.limit.map { Int(clamping: $0) } ?? Self.defaultDifferenceLimit
    guard (0...Self.highestDifferenceLimit).contains(limit) else { throw VarlinkError.invalidParameter("limit") }
    let name = parameters.name ?? parameters.manifest?["export"]?.stringValue ?? ""
    if let text = parameters.text, text.utf8.count > Exports.textLimit { throw VarlinkError.invalidParameter("text") }
    let verification: @Sendable () async throws -> ExportVerification
    switch (parameters.name, parameters.manifest, parameters.sha256) {
    case (let name?, nil, nil) where parameters.text == nil:
      let export = try find(name, in: generation)
      verification = {
        let (manifest, sha256, text) = try await blocking { try stored(export, generation, $0) }
        return ExportVerification(
          export: export, manifest: manifest, sha256: sha256, text: text, generation: generation, limit: limit)
      }
    case (nil, let manifest?, let sha256?):
      verification = { [text = parameters.text] in
        ExportVerification(
          export: nil, manifest: try self.manifest(JSONValue.object(manifest).bytes), sha256: sha256, text: text,
          generation: generation, limit: limit)
      }
    default: throw VarlinkError.invalidParameter("name")
    }
    do {
      // Reading the file and telling the differences may take as long as computing the report.
      return try await gate.run(within: generation.configuration.limits) { try await verification().run() }
    } catch let error as NotVerifiable {
      throw Exports.NotVerifiable(name: name, reason: error.reason).varlinkError
    } catch {
      switch error {
      case is VarlinkError, is LimitReached, is CancellationError: throw error
      default: throw Exports.NotVerifiable(name: name, reason: reasonText(error)).varlinkError
      }
    }
  }

  private func manifest(_ bytes: [UInt8]) throws(NotVerifiable) -> ExportManifest {
    if let manifest = ExportManifest(parsing: bytes) { return manifest }
    throw NotVerifiable(reason: "its manifest is not one of this version of Muster, or damaged")
  }

  private func stored(
    _ export: CompiledExport, _ generation: Generation, _ interruption: Interruption
  ) throws -> (manifest: ExportManifest, sha256: String, text: String?) {
    let folder = try ExportFolder(path: generation.configuration.exports.directory?.value ?? "")
    let names = ExportNames(export.file)
    while true {
      let before = try folder.status(of: names.file)
      let digest = try folder.digest(of: names.file, interruption)
      let manifest = try folder.contents(of: names.manifest, limit: Exports.manifestLimit)
      let text = try folder.contents(of: names.file, limit: Exports.textLimit).flatMap(text(of:))
      // A run that ended in between would leave one of each.
      let after = try folder.status(of: names.file)
      guard after?.st_ino == before?.st_ino, after?.modifiedAt == before?.modifiedAt else { continue }
      guard let digest else {
        throw NotVerifiable(reason: "\(folder.path)/\(names.file) is not there: it was never exported, or removed")
      }
      guard let manifest else {
        throw NotVerifiable(
          reason: "\(folder.path)/\(names.manifest) is not there, or too large: nothing says what the file must be")
      }
      return (try self.manifest(manifest), digest, text)
    }
  }

  private func text(of bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }
}
