internal import Base
internal import Glibc
public import Pipeline
internal import Posix

extension ExportsService {
  /// Holds a file against what it would be now.
  ///
  /// - Parameter limit: how many differences are listed.
  /// - Throws: `NoSuchExport`, `NotVerifiable`, `LimitReached` or `CancellationError`.
  public func verify(
    _ subject: VerificationSubject, limit: Int, in generation: Generation
  ) async throws -> Verification {
    let verification: @Sendable () async throws -> ExportVerification
    switch subject {
    case .export(let name):
      let export = try find(name, in: generation)
      verification = {
        let (manifest, sha256, text) = try await blocking { try stored(export, generation, $0) }
        return ExportVerification(
          export: export, manifest: manifest, sha256: sha256, text: text, generation: generation, limit: limit,
          programVersion: programVersion)
      }
    case .file(let manifest, let sha256, let text):
      verification = {
        ExportVerification(
          export: nil, manifest: try self.manifest(manifest), sha256: sha256, text: text, generation: generation,
          limit: limit, programVersion: programVersion)
      }
    }
    do {
      // Reading the file and telling the differences may take as long as computing the report.
      return try await host.inTurn(within: generation.configuration.limits) { try await verification().run() }
    } catch {
      switch error {
      case is NotVerifiable, is LimitReached, is CancellationError: throw error
      default: throw NotVerifiable(reason: reasonText(error))
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
    let folder = try Folder(generation.configuration.exports.directory?.value ?? "", for: .holding)
    let names = ExportNames(export.file)
    while true {
      let before = try folder.status(of: names.file)
      let digest = try folder.digest(of: names.file, interruption)
      let manifest = try folder.contents(of: names.manifest, limit: ExportManifest.byteLimit)
      let text = try folder.contents(of: names.file, limit: VerificationSubject.textLimit).flatMap(text(of:))
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
