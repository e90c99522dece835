internal import Base
internal import JSON
public import ReportKit

/// An executable as an exporter.
public struct ExternalExporterPlugin: ExporterPlugin {
  /// What the program says of itself.
  public let external: ExternalManifest
  private let host: PluginHost

  /// - Parameters:
  ///   - manifest: of an exporter.
  ///   - host: what gives its processes their turns and keeps count of them.
  public init(_ manifest: ExternalManifest, on host: PluginHost) {
    external = manifest
    self.host = host
  }

  /// The name, the summary and the parameters.
  public var manifest: Manifest { external.manifest }
  /// As the program gives it, such as `text/csv`.
  public var mediaType: String { external.mediaType }
  /// Without a point; the first is the usual one.
  public var fileExtensions: [String] { external.fileExtensions }
  /// Whether the content is text, in UTF-8.
  public var isText: Bool { external.content == .text }

  /// An encoder that starts the program with the first rows, and throws a `PluginFailure` when something goes wrong with it.
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
  private var text = TextCheck()
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

  mutating func encode(_ batch: Batch, into bytes: inout [UInt8]) async throws {
    for row in batch.indices { batch.writeFrameRow(row, columns: columns, to: &input) }
    let run = try await started()
    var output: [UInt8] = []
    try await run.write(input, output: &output)
    try await take(output, of: run, into: &bytes)
    input.removeAll(keepingCapacity: true)
  }

  mutating func finish(notes: [Note], totals: [TotalRow], into bytes: inout [UInt8]) async throws {
    if manifest.wantsNotes { FrameClosing(totals: totals, notes: notes).write(columns: columns, to: &input) }
    let run = try await started()
    var output: [UInt8] = []
    try await run.write(input, output: &output)
    input = []
    try await take(output, of: run, into: &bytes)
    while let output = try await run.output(from: { nil }) { try await take(output, of: run, into: &bytes) }
    if manifest.content == .text, !text.isAtEndOfScalar { throw await run.refuse(TextCheck.message(at: text.count)) }
    run.succeed()
  }

  private mutating func take(_ output: [UInt8], of run: PluginRun, into bytes: inout [UInt8]) async throws {
    if manifest.content == .text, let offset = text.firstOffence(in: output) {
      throw await run.refuse(TextCheck.message(at: offset))
    }
    bytes += output
  }

  private mutating func started() async throws -> PluginRun {
    if let run { return run }
    let run = try await PluginRun(manifest, on: host)
    self.run = run
    return run
  }
}
