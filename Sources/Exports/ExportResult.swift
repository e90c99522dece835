internal import Base
internal import Crypto
internal import Pipeline
internal import ReportKit

/// What a request came to.
struct ExportResult: Sendable {
  var header: ExportHeader
  /// The steps that made it, in order.
  var steps: [CompiledReport.Step]
  /// The values of the exporter's parameters.
  var formatParameters: [(name: String, value: String)]
  var mediaType: String
  var rowCount: Int
  var byteCount: Int
  /// In hexadecimal.
  var sha256: String
  var record: TableRecord
}

extension Delivery {
  /// Computes the table and hands over its bytes in the exporter's format, a block at a time.
  ///
  /// - Parameter request: one with a format.
  func export(
    _ request: ResultRequest, _ write: @escaping (_ block: [UInt8]) async throws -> Void
  ) async throws -> ExportResult {
    var asked: Answer?
    let sinks = try await run(request) { answer in
      asked = answer
      return Both(
        TableRecorder(columns: answer.header.columns),
        try EncodedTable(answer, into: DigestedBytes(write: write), blockSize: 256 << 10))
    }
    guard let asked, let encoding = asked.encoding else { throw CancellationError() }
    let receipt = sinks.second.receipt
    return ExportResult(
      header: asked.header, steps: asked.steps, formatParameters: encoding.texts,
      mediaType: encoding.exporter.mediaType, rowCount: receipt.rowCount, byteCount: receipt.byteCount,
      sha256: sinks.second.sink.sha256, record: sinks.first.record)
  }
}

/// Hands blocks on, and computes the digest of all.
private struct DigestedBytes: ByteSink {
  private var hash = SHA256()
  private let next: (_ block: [UInt8]) async throws -> Void

  init(write: @escaping (_ block: [UInt8]) async throws -> Void) {
    next = write
  }

  mutating func write(_ block: [UInt8]) async throws {
    hash.update(data: block)
    try await next(block)
  }

  /// In hexadecimal.
  var sha256: String { hexadecimal(hash.finalize()) }
}
