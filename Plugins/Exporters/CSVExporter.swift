internal import JSON
public import ReportKit

/// Comma-separated values as RFC 4180 describes them, but with LF line ends: a header with the columns' names, then the
/// rows. A missing value is an empty field, an empty text a quoted one.
public struct CSVExporter: ExporterPlugin {
  public init() {}

  public let manifest = Manifest(name: "csv", summary: "Comma-separated values with a header (RFC 4180)")
  public let mediaType = "text/csv; charset=utf-8; header=present"
  public let fileExtensions = ["csv"]

  public func encoder(
    for header: ExportHeader, arguments: Arguments
  ) throws(ParameterError) -> any TableEncoder {
    CSVEncoder(columns: header.columns)
  }
}

private struct CSVEncoder: TableEncoder {
  let columns: [Column]

  mutating func begin(into bytes: inout [UInt8]) {
    write(columns.map { .text($0.name) }, to: &bytes)
  }

  mutating func encode(_ rows: [Row], into bytes: inout [UInt8]) {
    for row in rows { write(row.cells.map(\.value), to: &bytes) }
  }

  mutating func finish(notes: [Note], into bytes: inout [UInt8]) {}

  private func write(_ values: [Cell.Value], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch value {
      case .missing: break
      case .integer(let integer): writeJSON(integer, to: &bytes)
      case .text(let text): write(text, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func write(_ text: String, to bytes: inout [UInt8]) {
    let needsQuotes =
      text.isEmpty
      || text.utf8.contains {
        $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
      }
    guard needsQuotes else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
