internal import Base
internal import Crypto
internal import ExternalPlugins
internal import Glibc
internal import JSON
internal import Pipeline
internal import Posix
internal import ReportKit

/// What stands beside an exported file: where it comes from, and what it must be.
package struct ExportManifest: Codable, Equatable, Sendable {
  struct Filter: Codable, Equatable, Sendable {
    var dimension: String
    var codes: [String]

    /// Codes by their bytes.
    static func == (a: Filter, b: Filter) -> Bool { a.dimension == b.dimension && hasSameBytes(a.codes, b.codes) }
  }

  struct Step: Codable, Hashable, Sendable {
    struct Parameter: Codable, Hashable, Sendable {
      var name: String
      @ExactText var value: String
    }

    var name: String
    var parameters: [Parameter]
  }

  struct Plugin: Codable, Hashable, Sendable {
    var name: String
    /// `musterd` with its version, or the digests of the program's files.
    var version: String
  }

  /// Bytes of a manifest that is read at all.
  static let byteLimit = 4 << 20

  /// Of this form of manifests.
  var version = 1
  /// The name of the export.
  var export: String
  /// The name under which the file was written.
  var file: String
  var report: String
  var title: String
  var parameters: [String: String]
  var `where`: [Filter]
  var steps: [Step]
  var exporter: String
  var formatParameters: [String: String]
  /// The digest of all that the configuration says of this file.
  var configuration: String
  var dataset: String
  /// The digest of the dataset.
  var revision: String
  var plugins: [Plugin]
  /// Of the file, in hexadecimal.
  var sha256: String
  var bytes: Int
  var rows: Int
  /// ISO 8601, in UTC.
  var writtenAt: String
  /// The SHA-256 of the file that this one replaces. The manifest is put into place first, so a file with this digest
  /// beside this manifest is the one before: the run that wrote the manifest was ended before it was done.
  var replaces: String?
  package var table: TableRecord
}

extension ExportManifest {
  /// The manifest of what a request came to, with nothing yet about the file.
  ///
  /// - Parameter programVersion: of this program, which is the version of the plugins that are parts of it.
  init(
    _ result: ExportResult, of request: ResultRequest, export: String, file: String, in generation: Generation,
    programVersion: String
  ) {
    func texts(_ list: [(name: String, value: String)]) -> [String: String] {
      Dictionary(list.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    let header = result.header
    self.init(
      export: export, file: file, report: header.report, title: header.title, parameters: texts(header.parameters),
      where: header.filter.map { Filter(dimension: $0.dimension, codes: $0.codes) },
      steps: result.steps.map { step in
        Step(name: step.name, parameters: step.parameters.map { Step.Parameter(name: $0.name, value: $0.value) })
      },
      exporter: request.format?.name ?? "", formatParameters: texts(result.formatParameters), configuration: "",
      dataset: generation.model.name, revision: header.revision, plugins: [], sha256: result.sha256,
      bytes: result.byteCount, rows: result.rowCount, writtenAt: "", table: result.record)
    plugins = pluginNames.map { Plugin(name: $0, version: generation.version(ofPlugin: $0, programVersion)) }
    configuration = definitionDigest
  }

  /// Nil for what is no manifest of this version, or larger than any that is written.
  package init?(parsing bytes: [UInt8]) {
    guard bytes.count <= Self.byteLimit, let value = try? JSONValue(parsing: bytes),
      let manifest = try? value.decode(Self.self), manifest.version == 1,
      Set(manifest.table.columns.map { ExactText($0.name) }).count == manifest.table.columns.count,
      value.pathToNUL == nil
    else { return nil }
    self = manifest
  }

  /// One line for each member, so that people can read and compare it.
  package var encoded: [UInt8] {
    // Structs of strings and integers always encode.
    let members = (try? JSONValue(encoding: self))?.objectValue?.members ?? []
    let lines = members.map { "  \(JSONValue.string($0.name).text): \($0.value.text)" }
    return Array("{\n\(lines.joined(separator: ",\n"))\n}\n".utf8)
  }

  /// All that the configuration says of the file, in words and values.
  var definition: [(name: String, value: String)] {
    let steps = self.steps.enumerated().flatMap { index, step in
      [("step \(index + 1)", step.name)]
        + step.parameters.map { ("\($0.name) of step \(index + 1), \(step.name)", $0.value) }
    }
    return heading + steps + format
  }

  /// What `configuration` is, unless somebody changed the one or the other.
  var definitionDigest: String { "sha256:" + digest(of: definition.flatMap { [$0.name, $0.value] }) }

  var heading: [(name: String, value: String)] { [("report", report), ("title", title), ("exporter", exporter)] }

  var format: [(name: String, value: String)] {
    formatParameters.sorted { $0.key < $1.key }.map { ("\($0.key) of \(exporter)", $0.value) }
  }

  private var pluginNames: [String] { steps.map(\.name).filter { $0 != StepConfiguration.select } + [exporter] }
}

/// Of texts, so that nothing can move from one to the next unnoticed.
private func digest(of texts: [String]) -> String {
  var hash = SHA256()
  for text in texts { hash.update(data: Array("\(text.utf8.count) \(text)\n".utf8)) }
  return hexadecimal(hash.finalize())
}
