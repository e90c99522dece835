internal import Diagnostics
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
    let limit = parameters.limit ?? Self.defaultDifferenceLimit
    guard (0...Self.highestDifferenceLimit).contains(limit) else { throw VarlinkError.invalidParameter("limit") }
    let name = parameters.name ?? parameters.manifest?["export"]?.stringValue ?? ""
    do {
      let found: (manifest: ExportManifest, sha256: String, text: String?)
      switch (parameters.name, parameters.manifest, parameters.sha256) {
      case (let name?, nil, nil) where parameters.text == nil:

        let export = try find(name, in: generation)
        found = try await blocking { try stored(export, generation) }
      case (nil, let manifest?, let sha256?):
        found = (try self.manifest(JSONValue.object(manifest).bytes), sha256, parameters.text)
      default: throw VarlinkError.invalidParameter("name")
      }
      return try await ExportVerification(
        manifest: found.manifest, sha256: found.sha256, text: found.text, generation: generation, gate: gate,
        limit: limit
      ).run()
    } catch let error as NotVerifiable {
      throw Exports.NotVerifiable(name: name, reason: error.reason).varlinkError
    } catch let error as FileError {
      throw Exports.NotVerifiable(name: name, reason: error.description).varlinkError
    } catch {
      switch error {
      case is VarlinkError, is LimitReached, is CancellationError: throw error
      default: throw Exports.NotVerifiable(name: name, reason: "\(error)").varlinkError
      }
    }
  }

  private func manifest(_ bytes: [UInt8]) throws(NotVerifiable) -> ExportManifest {
    if let manifest = ExportManifest(parsing: bytes) { return manifest }
    throw NotVerifiable(reason: "its manifest is not one of this version of Muster, or damaged")
  }

  private func stored(
    _ export: CompiledExport, _ generation: Generation
  ) throws -> (manifest: ExportManifest, sha256: String, text: String?) {
    let folder = try ExportFolder(path: generation.configuration.exports.directory?.value ?? "")
    let names = ExportNames(export.file)
    // A run that ends in between would leave one of each.
    var digest = try folder.digest(of: names.file)
    while true {
      let manifest = try folder.contents(of: names.manifest, limit: Exports.manifestLimit)
      let text = try folder.contents(of: names.file, limit: Exports.textLimit).flatMap(text(of:))
      let again = try folder.digest(of: names.file)
      guard again == digest else {
        digest = again
        continue
      }
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
