internal import JSON

/// The last line of an exporter that wants notes: the rows below the table, and the notes on it as a whole.
///
/// `@totals` is a list of `kind`, `title` and `cells`, an object like a row. `@notes` is a list of `kind` and `text`.
public struct FrameClosing: Hashable, Sendable {
  /// The rows below the table, in their order.
  public var totals: [TotalRow]
  /// Those on the table as a whole.
  public var notes: [Note]

  /// - Parameter notes: those on the table as a whole.
  public init(totals: [TotalRow], notes: [Note]) {
    self.totals = totals
    self.notes = notes
  }

  /// Appends the line with its line feed.
  public func write(columns: [String], to bytes: inout [UInt8]) {
    bytes += "{\"@totals\":[".utf8
    for (index, total) in totals.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += "{\"kind\":\"\(total.kind.rawValue)\",\"title\":".utf8
      writeJSON(total.title, to: &bytes)
      bytes += ",\"cells\":".utf8
      FrameRow(total.row.cells).writeObject(columns: columns, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes += "],\"@notes\":".utf8
    JSONValue.array(notes.map { ["kind": .string($0.kind.rawValue), "text": .string($0.text)] }).write(to: &bytes)
    bytes += "}\n".utf8
  }
}
