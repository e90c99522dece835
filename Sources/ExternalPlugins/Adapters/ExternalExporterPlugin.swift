internal import Diagnostics
internal import JSON
public import ReportKit

/// An executable as an exporter.
public struct ExternalExporterPlugin: ExporterPlugin {
  public let external: ExternalManifest
  private let host: PluginHost

  public init(_ manifest: ExternalManifest, on host: PluginHost) {
    external = manifest
    self.host = host
  }

  public var manifest: Manifest { external.manifest }
  public var mediaType: String { external.mediaType }
  public var fileExtensions: [String] { external.fileExtensions }

  public func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    ExternalEncoder(external, on: host, header: header, arguments: arguments)
  }
}

private struct ExternalEncoder: TableEncoder {
  private let manifest: ExternalManifest
  private let host: PluginHost
  private let columns: [String]
  private var run: PluginRun?
  /// Not yet given to the plugin, which is started only with the first rows.
  private var input: [UInt8]

  init(_ manifest: ExternalManifest, on host: PluginHost, header: ExportHeader, arguments: Arguments) {
    self.manifest = manifest
    self.host = host
    columns = header.columns.map(\.name)
    let frame = FrameHeader(
      plugin: manifest.name.value, parameters: arguments.values, columns: header.columns.map { FrameColumn($0) },
      report: header.report, title: header.title, revision: header.revision)
    input = frame.json.bytes + [UInt8(ascii: "\n")]
  }

  mutating func begin(into bytes: inout [UInt8]) {}

  mutating func encode(_ rows: [Row], into bytes: inout [UInt8]) async throws {
    for row in rows { FrameRow(row.cells).write(columns: columns, to: &input) }
    try await started().write(input, output: &bytes)
    input.removeAll(keepingCapacity: true)
  }

  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) async throws {
    if manifest.wantsNotes {
      let list = notes.map { JSONValue.object(["kind": .string($0.kind.rawValue), "text": .string($0.text)]) }
      JSONValue.object(["@notes": .array(list)]).write(to: &input)
      input.append(UInt8(ascii: "\n"))
    }
    let run = try await started()
    try await run.write(input, output: &bytes)
    input = []
    while let output = try await run.output(from: { nil }) { bytes += output }
    run.succeed()
  }

  private mutating func started() async throws -> PluginRun {
    if let run { return run }
    let run = try await PluginRun(manifest, on: host)
    self.run = run
    return run
  }
}
