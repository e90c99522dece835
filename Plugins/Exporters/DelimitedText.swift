internal import ReportKit

/// Writes records as RFC 4180 describes them, but with LF line ends. A missing value is an empty field, an empty text a
/// quoted one.
struct DelimitedText {
  /// What becomes of text that a spreadsheet could compute.
  enum Formulas: String, CaseIterable {
    case escape, keep
  }

  static let formulas = Parameter.choice(
    "formulas",
    "Text that a spreadsheet could take for a formula gets an apostrophe before it (escape) or stays (keep)",
    default: Formulas.escape)

  var delimiter = UInt8(ascii: ",")
  /// Whether texts that a spreadsheet could compute get an apostrophe.
  var escapesFormulas: Bool

  /// Writes a record of its own, such as the header.
  func write(_ values: [Cell.Value], to bytes: inout [UInt8]) {
    let spelling = spelling(columnCount: values.count)
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      spelling.write(value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes batches, a record for each row.
  func writer(columnCount: Int) -> BatchWriter {
    BatchWriter(
      prefixes: (0..<columnCount).map { $0 == 0 ? [] : [delimiter] }, end: "\n",
      spelling: spelling(columnCount: columnCount))
  }

  private func spelling(columnCount: Int) -> ValueSpelling {
    // Readers skip an empty line, so a record of one empty field needs its quotes.
    ValueSpelling(missing: columnCount == 1 ? "\"\"" : "") { [self] text, bytes in
      write(escapesFormulas ? escapingFormula(text) : text, to: &bytes)
    }
  }

  private func write(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { utf8 in
      guard needsQuotes(utf8) else {
        bytes.append(contentsOf: utf8)
        return
      }
      bytes.append(UInt8(ascii: "\""))
      for byte in utf8 {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }

  private func needsQuotes(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.isEmpty { return true }
    for byte in text
    where byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      return true
    }
    return false
  }
}
