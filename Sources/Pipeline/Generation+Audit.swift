internal import Dataset
internal import ExternalPlugins
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
    return try await PluginTurn.take {
      let first = try await result(of: report, exporter)
      let second = try await result(of: report, exporter)
      return Audit(report: report.name, difference: difference(first, second))
    }
  }

  /// A report as bytes: in the exporter's format, or as a row of JSON a line.
  private func result(of report: CompiledReport, _ exporter: (any ExporterPlugin)?) async throws -> [UInt8] {
    let query = try report.query()
    var table = try report.table(for: query)
    var bytes: [UInt8] = []
    guard let exporter else {
      while let rows = try await table.rows.next() {
        for row in rows {
          writeJSON(row, columns: table.columns, to: &bytes)
          bytes.append(UInt8(ascii: "\n"))
        }
      }
      return bytes
    }
    let header = report.exportHeader(for: query, columns: table.columns)
    let arguments = try exporter.manifest.check([], in: dataset, columns: table.columns).get()
    var encoder = try exporter.encoder(for: header, arguments: arguments)
    encoder.begin(into: &bytes)
    while let rows = try await table.rows.next() { try await encoder.encode(rows, into: &bytes) }
    try await encoder.finish(
      notes: table.notes + table.rows.closingNotes, totals: table.rows.closingTotals, into: &bytes)
    return bytes
  }
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
