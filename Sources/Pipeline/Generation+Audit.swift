internal import ReportKit

extension Generation {
  /// What came of running a plugin twice.
  public struct Audit: Sendable {
    /// The name of the report that was run.
    public var report: String
    /// Where the second result differs from the first; nil when they are the same byte for byte.
    public var difference: String?
  }

  /// Runs the first report that uses the plugin twice with its defaults, and compares the results.
  ///
  /// - Returns: nil when no report uses it.
  /// - Throws: what running the report throws.
  public func audit(plugin name: String) async throws -> Audit? {
    let exporter = registry.exporter(named: name)
    guard let report = reports.first(where: { exporter != nil || $0.usesPlugin(named: name) }) else { return nil }
    // A report as bytes: in the exporter's format, or as a row of JSON a line.
    let request = ResultRequest(
      report: report.name, arguments: report.plan.arguments, filter: .all,
      format: exporter.map { ResultRequest.Format($0.manifest.name, []) })
    let first = try await bytes(of: request)
    let second = try await bytes(of: request)
    return Audit(report: report.name, difference: difference(first, second))
  }

  private func bytes(of request: ResultRequest) async throws -> [UInt8] {
    let delivery = Delivery(of: self)
    if request.format == nil {
      return try await delivery.run(request) { JSONLines(columns: $0.header.columns) }.bytes
    }
    return try await delivery.run(request, to: CollectedBytes()).sink.bytes
  }
}

private struct CollectedBytes: ByteSink {
  var bytes: [UInt8] = []

  mutating func write(_ block: [UInt8]) { bytes += block }
}

private struct JSONLines: TableSink {
  private var writer: BatchWriter
  private(set) var bytes: [UInt8] = []

  init(columns: [Column]) {
    writer = .json(columns: columns, end: "\n")
  }

  mutating func take(_ batch: Batch) {
    writer.write(batch.columns, count: batch.count, to: &bytes)
  }

  mutating func end(notes: [Note], totals: [TotalRow]) {}
}

private func difference(_ first: [UInt8], _ second: [UInt8]) -> String? {
  if first == second { return nil }
  let offset = zip(first, second).prefix { $0 == $1 }.count
  let line = first[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
  if offset == first.count || offset == second.count {
    return "line \(line): the first has \(first.count) bytes, the second \(second.count)"
  }
  return "line \(line), byte \(offset): \(excerpt(first, at: offset)) and then \(excerpt(second, at: offset))"
}

/// The rest of the line from there, if it is not long.
private func excerpt(_ bytes: [UInt8], at offset: Int) -> String {
  let line = bytes[offset...].prefix(60).prefix { $0 != UInt8(ascii: "\n") }
  return String(decoding: line, as: UTF8.self).debugDescription
}
