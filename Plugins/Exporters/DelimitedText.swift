internal import JSON
internal import ReportKit

/// Writes records as RFC 4180 describes them, but with LF line ends. A missing value is an empty field, an empty text a
/// quoted one.
struct DelimitedText {
  var delimiter = UInt8(ascii: ",")
  /// Whether texts that a spreadsheet could compute get an apostrophe.
  var escapesFormulas: Bool

  /// - Parameter last: the value of one more field.
  func write(cells: [Cell], last: Cell.Value? = nil, to bytes: inout [UInt8]) {
    let isAlone = cells.count + (last == nil ? 0 : 1) == 1
    for index in cells.indices {
      if index > 0 { bytes.append(delimiter) }
      write(cells[index].value, isAlone: isAlone, to: &bytes)
    }
    if let last {
      if !cells.isEmpty { bytes.append(delimiter) }
      write(last, isAlone: isAlone, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  func write(_ values: [Cell.Value], to bytes: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      write(value, isAlone: values.count == 1, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// - Parameter isAlone: readers skip an empty line, so a record of one empty field needs its quotes.
  private func write(_ value: Cell.Value, isAlone: Bool, to bytes: inout [UInt8]) {
    switch value {
    case .missing: if isAlone { write("", to: &bytes) }
    case .integer(let integer): writeJSON(integer, to: &bytes)
    case .decimal(let decimal): bytes += decimal.description.utf8
    case .text(let text): write(escapesFormulas ? escapingFormula(text) : text, to: &bytes)
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

extension Parameter {
  /// What becomes of text that a spreadsheet could compute.
  static let formulas = Parameter(
    name: "formulas",
    summary: "Text that a spreadsheet could take for a formula gets an apostrophe before it (escape) or stays (keep)",
    kind: .choice(["escape", "keep"]), default: .value(.text("escape")))
}
