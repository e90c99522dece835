internal import ExternalPlugins
internal import MusterAPI
internal import Pipeline
internal import ReportKit

/// Holds an exported file against what it would be now.
struct ExportVerification: Sendable {
  let manifest: ExportManifest
  /// Of the file as it is, in hexadecimal.
  let sha256: String
  /// The file's text; nil where it is no text or too long to be compared.
  let text: String?
  let generation: Generation
  let gate: RunGate
  /// How many differences are listed.
  let limit: Int

  /// Throws what computing the report throws.
  func run() async throws -> Exports.VerifyReply {
    let request = try currentRequest()
    let (new, text) = try await gate.run(within: generation.configuration.limits) {
      try await PluginTurn.take { try await compute(request) }
    }
    let current = try await blocking { [manifest, generation] in
      try ExportManifest(request, export: manifest.export, file: manifest.file, in: generation, result: new)
    }
    return reply(current, text: text, mediaType: request.exporter.mediaType)
  }

  /// As the export of that name is configured now; without one, as the file was asked for.
  private func currentRequest() throws -> ExportRequest {
    if let export = generation.export(named: manifest.export) { return export.request }
    let request = try generation.request(
      report: manifest.report, parameters: manifest.parameters,
      where: manifest.where.map { ($0.dimension, $0.codes) }, exporter: manifest.exporter,
      formatParameters: manifest.formatParameters)
    guard let request else {
      throw NotVerifiable(
        reason:
          "there is no export \"\(manifest.export)\" any more, nor the report \"\(manifest.report)\" in the format "
          + "\"\(manifest.exporter)\" that it was made of")
    }
    return request
  }

  private func compute(_ request: ExportRequest) async throws -> (ExportResult, text: String?) {
    var content: [UInt8]? = text == nil || !request.exporter.isText ? nil : []
    let result = try await request.compute { block in
      content? += block
      if (content?.count ?? 0) > Exports.textLimit { content = nil }
    }
    return (result, content.map { String(decoding: $0, as: UTF8.self) })
  }

  private func reply(_ current: ExportManifest, text computed: String?, mediaType: String) -> Exports.VerifyReply {
    let isFileAsWritten = sha256 == manifest.sha256
    let isInterrupted = !isFileAsWritten && sha256 == manifest.replaces
    let isSameResult = current.sha256 == manifest.sha256
    var changes: [Exports.Change] = []
    if current.revision != manifest.revision || current.dataset != manifest.dataset {
      changes.append(
        Exports.Change(part: .data, text: "\(manifest.revision) -> \(current.revision)"))
    }
    changes += definitionChanges(current).map { Exports.Change(part: .configuration, text: $0) }
    changes += pluginChanges(current).map { Exports.Change(part: .plugins, text: $0) }

    var difference = TableDifference(limit: limit)
    var remarks: [String] = []
    if isSameResult {
      // They make no difference, and are worth knowing.
      remarks += changes.map { "has changed since, without any effect here: \($0.text)" }
      changes = []
    } else {
      difference.compare(manifest.table, current.table)
      if changes.isEmpty {
        changes.append(
          Exports.Change(part: .plugins, text: "the same data and configuration come to something else now"))
      }
      if manifest.table.cells == nil || current.table.cells == nil {
        remarks.append(
          "which cells changed cannot be told: a manifest holds at most \(TableRecord.limit >> 10) KiB of them; there were "
            + "\(manifest.rows) rows and there are \(current.rows)")
      } else if difference.total == 0 {
        remarks.append("no cell of the table changed: it is what stands around them that did")
      }
    }
    if isInterrupted {
      changes.append(
        Exports.Change(
          part: .file,
          text: "it is the version before the one of the manifest: a run was ended before it had replaced the file, or "
            + "goes on; export it again"))
    } else if !isFileAsWritten {
      changes.append(
        Exports.Change(
          part: .file, text: "it is not as it was written: sha256:\(manifest.sha256) -> sha256:\(sha256)"))
      if isSameResult { compareTexts(computed, mediaType, &difference, &remarks) }
    }
    return Exports.VerifyReply(
      identical: isSameResult && isFileAsWritten, export: manifest.export, file: manifest.file,
      report: manifest.report, writtenAt: manifest.writtenAt, changes: changes, differences: difference.lines,
      differencesTotal: difference.total, remarks: remarks, revision: current.revision, sha256: sha256,
      writtenSha256: manifest.sha256, computedSha256: current.sha256)
  }

  private func compareTexts(
    _ computed: String?, _ mediaType: String, _ difference: inout TableDifference, _ remarks: inout [String]
  ) {
    guard let text, let computed else {
      remarks.append(
        "what changed in the file cannot be told: it is no text, or longer than \(Exports.textLimit >> 10) KiB")
      return
    }
    difference.compare(text: text, with: computed, mediaType: mediaType, record: manifest.table)
  }

  private func definitionChanges(_ current: ExportManifest) -> [String] {
    if current.configuration == manifest.configuration { return [] }
    return changes(from: manifest.definition, to: current.definition)
  }

  private func pluginChanges(_ current: ExportManifest) -> [String] {
    changes(
      from: manifest.plugins.map { ("the plugin \($0.name)", $0.version) },
      to: current.plugins.map { ("the plugin \($0.name)", $0.version) })
  }

  private func changes(
    from old: [(name: String, value: String)], to new: [(name: String, value: String)]
  ) -> [String] {
    let gone = old.filter { entry in !new.contains { $0.name == entry.name } }
    return gone.map { "\($0.name): \($0.value) -> (none)" }
      + new.compactMap { entry in
        let before = old.first { $0.name == entry.name }?.value
        return before == entry.value ? nil : "\(entry.name): \(before ?? "(none)") -> \(entry.value)"
      }
  }
}

/// Why a file cannot be held against anything.
struct NotVerifiable: Error {
  var reason: String
}
