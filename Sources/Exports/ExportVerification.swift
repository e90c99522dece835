internal import Base
internal import ExternalPlugins
internal import Pipeline
internal import Posix
internal import ReportKit
internal import Synchronization

/// Holds an exported file against what it would be now.
struct ExportVerification: Sendable {
  /// The export that the file was asked for by; nil for a file that the caller has.
  let export: CompiledExport?
  let manifest: ExportManifest
  /// Of the file as it is, in hexadecimal.
  let sha256: String
  /// The file's text; nil where it is no text or too long to be compared.
  let text: String?
  let generation: Generation
  /// How many differences are listed.
  let limit: Int
  let programVersion: String

  /// Throws what computing the report throws.
  func run() async throws -> Verification {
    let export = currentExport
    let request = try export?.request ?? formerRequest()
    let (new, text) = try await compute(request)
    let current = try await blocking { [manifest, generation, programVersion] in
      ExportManifest(
        new, of: request, export: export?.name ?? manifest.export, file: export?.file ?? manifest.file, in: generation,
        programVersion: programVersion)
    }
    return try reply(current, text: text, mediaType: new.mediaType)
  }

  /// The export that writes the file now. One that has only the name writes another file, and one that has only the file
  /// was given another name.
  private var currentExport: CompiledExport? {
    let ofFile = generation.exports.filter { $0.file == manifest.file }
    return export ?? ofFile.first { $0.name == manifest.export } ?? ofFile.first
  }

  /// As the file was asked for.
  private func formerRequest() throws -> ResultRequest {
    do {
      return try generation.request(
        report: manifest.report, parameters: manifest.parameters,
        where: manifest.where.map { ($0.dimension, $0.codes) }, format: manifest.exporter,
        formatParameters: manifest.formatParameters)
    } catch {
      switch error {
      case .noSuchReport, .noSuchFormat:
        throw NotVerifiable(
          reason:
            "there is no export \"\(manifest.export)\" to the file \(manifest.file) any more, nor the report "
            + "\"\(manifest.report)\" in the format \"\(manifest.exporter)\" that it was made of")
      default: throw error
      }
    }
  }

  private func compute(_ request: ResultRequest) async throws -> (ExportResult, text: String?) {
    let isText = try request.format.map { try generation.find(format: $0.name).isText } ?? false
    let content = Mutex<[UInt8]?>(text == nil || !isText ? nil : [])
    let result = try await Delivery(of: generation).export(request) { block in
      content.withLock { content in
        content? += block
        if (content?.count ?? 0) > VerificationSubject.textLimit { content = nil }
      }
    }
    return (result, content.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) })
  }

  private func reply(
    _ current: ExportManifest, text computed: String?, mediaType: String
  ) throws -> Verification {
    let isFileAsWritten = sha256 == manifest.sha256
    let isInterrupted = !isFileAsWritten && sha256 == manifest.replaces
    let isSameResult = current.sha256 == manifest.sha256
    let contradictions = manifest.contradictions(to: current)
    var changes = manifest.changes(to: current)
    var difference = TableDifference(limit: limit)
    var remarks: [String] = []
    if isSameResult {
      // They make no difference, and are worth knowing.
      remarks += changes.map { "has changed since, without any effect here: \($0.text)" }
      changes = []
      if !contradictions.isEmpty, isFileAsWritten { try difference.compare(manifest.table, current.table) }
    } else {
      try difference.compare(manifest.table, current.table)
      if changes.isEmpty && contradictions.isEmpty {
        changes.append(
          ExportChange(part: .plugins, text: "the same data and configuration come to something else now"))
      }
      if manifest.table.cells == nil || current.table.cells == nil {
        remarks.append(
          "which cells changed cannot be told: a manifest holds at most \(TableRecord.limit >> 10) KiB of them; there were "
            + "\(manifest.rows) rows and there are \(current.rows)")
      } else if difference.total == 0 {
        remarks.append("no cell of the table changed: it is what stands around them that did")
      }
    }
    if current.export != manifest.export {
      remarks.append("the export was named \(manifest.export) when the file was written; it is \(current.export) now")
    }
    changes += contradictions.map { ExportChange(part: .file, text: "its manifest was changed: \($0)") }
    if isInterrupted {
      changes.append(
        ExportChange(
          part: .file,
          text: "it is the version before the one of the manifest: a run was ended before it had replaced the file, or "
            + "goes on; export it again"))
    } else if !isFileAsWritten {
      changes.append(
        ExportChange(
          part: .file, text: "it is not as it was written: sha256:\(manifest.sha256) -> sha256:\(sha256)"))
      if isSameResult { try compareTexts(computed, current.table, mediaType, &difference, &remarks) }
    }
    return Verification(
      isIdentical: isSameResult && isFileAsWritten && contradictions.isEmpty, export: current.export,
      file: manifest.file,
      report: manifest.report, writtenAt: manifest.writtenAt, changes: changes, differences: difference.lines,
      differenceCount: difference.total, remarks: remarks, revision: current.revision, sha256: sha256,
      writtenSHA256: manifest.sha256, computedSHA256: current.sha256)
  }

  private func compareTexts(
    _ computed: String?, _ record: TableRecord, _ mediaType: String, _ difference: inout TableDifference,
    _ remarks: inout [String]
  ) throws {
    guard let text, let computed else {
      remarks.append(
        "what changed in the file cannot be told: it is no text, or longer than \(VerificationSubject.textLimit >> 10) KiB"
      )
      return
    }
    try difference.compare(text: text, with: computed, mediaType: mediaType, record: record)
  }
}
