internal import JSON
internal import ReportKit

/// Writes records as RFC 4180 describes them, but with LF line ends. A missing value is an empty field, an empty text a
/// quoted one.
struct DelimitedText {
  var delimiter = UInt8(ascii: ",")
  /// Whether texts that a spreadsheet could compute get an apostrophe.
  var escapesFormulas: Bool

  func write(_ values: [Cell.Value], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      switch value {
      // Readers skip an empty line, so a record of one empty field needs its quotes.
      case .missing: if values.count == 1 { write("", to: &bytes) }
      case .integer(let integer): writeJSON(integer, to: &bytes)
      case .decimal(let decimal): bytes += decimal.description.utf8
      case .text(let text): write(escapesFormulas ? escapingFormula(text) : text, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func write(_ text: String, to bytes: inout [UInt8]) {
    let needsQuotes =
      text.isEmpty
      || text.utf8.contains {
        $0 == delimiter || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
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

extension Parameter {
  /// What becomes of text that a spreadsheet could compute.
  static let formulas = Parameter(
    name: "formulas",
    summary: "Text that a spreadsheet could take for a formula gets an apostrophe before it (escape) or stays (keep)",
    kind: .choice(["escape", "keep"]), default: .value(.text("escape")))
}
