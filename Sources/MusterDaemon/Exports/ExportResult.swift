internal import Base
internal import Crypto
internal import Pipeline
internal import ReportKit

/// What a request came to.
struct ExportResult: Sendable {
  var columns: [Column]
  var rowCount: Int
  var byteCount: Int
  /// In hexadecimal.
  var sha256: String
  var record: TableRecord
}

extension ExportRequest {
  /// How many bytes are collected before they are written.
  private static let blockSize = 256 << 10
  /// How many rows are encoded before the size is looked at.
  private static let sliceSize = 256

  /// Computes the table and hands over its bytes in the exporter's format, a block at a time.
  func compute(_ write: (_ block: [UInt8]) async throws -> Void) async throws -> ExportResult {
    var job = try begin()
    var recorder = TableRecorder(columns: job.header.columns)
    var hash = SHA256()
    var byteCount = 0
    var block: [UInt8] = []
    func flush() async throws {
      hash.update(data: block)
      byteCount += block.count
      try await write(block)
      block.removeAll(keepingCapacity: true)
    }

    job.encoder.begin(into: &block)
    while let batch = try await job.table.rows.next() {
      var rest = batch[...]
      while !rest.isEmpty {
        try Task.checkCancellation()
        let slice = rest.prefix(Self.sliceSize)
        rest = rest.dropFirst(slice.count)
        recorder.add(slice)
        try await job.encoder.encode(Array(slice), into: &block)
        if block.count >= Self.blockSize { try await flush() }
      }
    }
    let (notes, totals) = (job.table.notes + job.table.rows.closingNotes, job.table.rows.closingTotals)
    try await job.encoder.finish(notes: notes, totals: totals, into: &block)
    try await flush()
    return ExportResult(
      columns: job.header.columns, rowCount: recorder.rowCount, byteCount: byteCount,
      sha256: hexadecimal(hash.finalize()), record: recorder.finish(notes: notes, totals: totals))
  }
}
