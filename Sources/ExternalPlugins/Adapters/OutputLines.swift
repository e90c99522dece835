internal import Base
internal import JSON
package import ReportKit
internal import YAML

/// Reads what a report or transform writes: perhaps a header, then rows of the columns that its manifest says.
package struct OutputLines {
  private let columns: [FrameColumn]
  private var bytes: [UInt8] = []
  /// No line feed stands before this index.
  private var searched = 0
  private var lineNumber = 0
  /// Notes on the table as a whole, from the header.
  package private(set) var notes: [Note] = []

  package init(columns: [Column]) {
    self.columns = columns.map { FrameColumn($0) }
  }

  /// The rows of all lines that are whole now.
  package mutating func take(_ more: [UInt8]) throws(OutputError) -> [FrameRow] {
    bytes += more
    var rows: [FrameRow] = []
    var start = 0
    while let end = bytes[max(start, searched)...].firstIndex(of: UInt8(ascii: "\n")) {
      if let row = try read(bytes[start..<end]) { rows.append(row) }
      start = end + 1
    }
    bytes.removeFirst(start)
    searched = bytes.count
    return rows
  }

  /// The row of a last line without a line feed.
  package mutating func finish() throws(OutputError) -> [FrameRow] {
    if bytes.isEmpty { return [] }
    do {
      return try read(bytes[...]).map { [$0] } ?? []
    } catch {
      var error = error
      error.isHalf = true
      throw error
    }
  }

  private mutating func read(_ line: ArraySlice<UInt8>) throws(OutputError) -> FrameRow? {
    lineNumber += 1
    do throws(FrameError) {
      let value: JSONValue
      do {
        value = try JSONValue(parsing: line)
      } catch {
        throw FrameError(line.isEmpty ? "it is empty" : "it is not JSON: \(error)")
      }
      if lineNumber == 1, value["columns"]?.arrayValue != nil {
        try readHeader(value)
        return nil
      }
      let row = try FrameRow(value, columns: columns)
      try checkTexts(of: row)
      return row
    } catch {
      throw outputError(line, error)
    }
  }

  /// U+0000 is in no text: formats and their readers end in it.
  private func checkTexts(of row: FrameRow) throws(FrameError) {
    for (column, cell) in zip(columns, row.cells) {
      let place = "the column \"\(column.name)\""
      switch cell.value {
      case .text(let text): try refuseNUL(text, in: place)
      case .missing(let reason?): try refuseNUL(reason.symbol + reason.label, in: "\"@missing\" of \(place)")
      case .missing, .integer, .decimal: break
      }
      for note in cell.notes { try refuseNUL(note.text, in: "\"@notes\" of \(place)") }
    }
  }

  private func refuseNUL(_ text: String, in place: String) throws(FrameError) {
    if text.utf8.contains(0) { throw FrameError("\(place) has a text with U+0000 in it, which no text can hold") }
  }

  private func outputError(_ line: ArraySlice<UInt8>, _ problem: FrameError) -> OutputError {
    // Enough for what is shown, however long the line.
    OutputError(
      line: lineNumber, problem: problem.description, text: String(decoding: line.prefix(1000), as: UTF8.self))
  }

  private mutating func readHeader(_ header: JSONValue) throws(FrameError) {
    let written = try FrameColumn.list(header["columns"])
    if written.map(\.name) != columns.map(\.name) {
      throw FrameError("its columns are \(list(written)), where the manifest says \(list(columns))")
    }
    for (index, element) in (header["columns"]?.arrayValue ?? []).enumerated() {
      // A column without a kind, as in a plain list of names, leaves it to the manifest.
      guard element["kind"] != nil, written[index].kind != columns[index].kind else { continue }
      throw FrameError(
        "its column \"\(written[index].name)\" is of kind \(written[index].kind.rawValue), "
          + "where the manifest says \(columns[index].kind.rawValue)")
    }
    for text in header["notes"]?.arrayValue ?? [] {
      guard let text = text.stringValue else { throw FrameError("\"notes\" is not a list of texts") }
      try refuseNUL(text, in: "\"notes\"")
      notes.append(Note(.scope, text))
    }
  }

  private func list(_ columns: [FrameColumn]) -> String {
    columns.map(\.name).joined(separator: ", ")
  }
}

/// A line that is no row.
package struct OutputError: Error, Hashable {
  /// Counts from 1; nil when it is about no one line.
  var line: Int?
  var problem: String
  var text = ""
  /// Whether the output ended in it.
  var isHalf = false

  /// The end of a sentence that begins with the plugin's name.
  package var message: String {
    guard let line else { return "wrote a row that cannot be: \(problem)" }
    let end = isHalf ? ", where its output ends," : ""
    return "wrote a line that is no row: line \(line)\(end) \(quoted(text, limit: 120)): \(problem)"
  }
}
