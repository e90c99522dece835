internal import ExternalPlugins
internal import ReportKit

extension FuzzEntry {
  /// What a plugin writes is read the same in whatever pieces it comes; a row that was read is written as what is read
  /// again as that row.
  static let pluginOutput = FuzzEntry(name: "plugin-output") { bytes throws(FuzzFinding) in
    let (whole, pieces) = (Output([bytes]), Output(bytes.pieces))
    try require(whole.error == pieces.error, "pieces are refused otherwise: \(pieces.error?.message ?? "not at all")")
    // The rows before an error come with it, or before it.
    if whole.error == nil { try require(whole == pieces, "other rows are read in pieces") }
    for row in pieces.rows {
      // JSON has no digits behind the last one that counts: the first time, 12.50 becomes 12.5.
      let once = try reread(row)
      let twice = try reread(once)
      try require(once == twice, "a row is read as \(once), and when it was written again as \(twice)")
      try require(once.sources == row.sources && once.cells.map(\.notes) == row.cells.map(\.notes), "a row changes")
    }
    _ = try? FrameHeader(parsing: bytes)

    var (check, other) = (TextCheck(), TextCheck())
    let offence = check.firstOffence(in: bytes)
    var otherOffence: Int?
    for piece in bytes.pieces where otherOffence == nil { otherOffence = other.firstOffence(in: piece) }
    // What is left of a scalar may be wrong already, which the next piece tells.
    if offence == nil || otherOffence == nil {
      try require(
        (offence == nil && check.isAtEndOfScalar) == (otherOffence == nil && other.isAtEndOfScalar),
        "bytes are UTF-8 in one piece or in several alone")
    } else {
      try require(offence == otherOffence, "the first wrong byte is \(otherOffence ?? 0), not \(offence ?? 0)")
    }
    let isText = String(validating: bytes, as: UTF8.self) != nil
    try require(isText == (offence == nil && check.isAtEndOfScalar), "it is UTF-8 to one and not to the other")
  }
}

private let columns = [
  Column(name: "t", title: "T", kind: .text), Column(name: "i", title: "I", kind: .integer),
  Column(name: "d", title: "D", kind: .decimal),
]

/// A row as it is read when it was written.
private func reread(_ row: FrameRow) throws(FuzzFinding) -> FrameRow {
  var line: [UInt8] = []
  row.write(columns: columns.map(\.name), to: &line)
  do {
    return try FrameRow(parsing: line, columns: columns.map { FrameColumn($0) })
  } catch {
    throw FuzzFinding(description: "a row that was written is refused: \(error)")
  }
}

private struct Output: Equatable {
  var rows: [FrameRow] = []
  var notes: [Note] = []
  var error: OutputError?

  init(_ pieces: [[UInt8]]) {
    var lines = OutputLines(columns: columns)
    do throws(OutputError) {
      for piece in pieces { rows += try lines.take(piece) }
      rows += try lines.finish()
    } catch {
      self.error = error
    }
    notes = lines.notes
  }
}
