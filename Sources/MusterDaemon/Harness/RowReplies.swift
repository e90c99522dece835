internal import JSON
internal import MusterAPI
internal import Pipeline
internal import ReportKit

/// A table as replies with rows: `parameters`, `where` and `columns` in the first one, `rows` with the `coverage` of their
/// cells, and behind the last rows `totals` with theirs, and `notes`. What is said of many cells comes in several replies: the same note, with further cells.
struct RowReplies: TableSink {
  private var replies: PagedReplies
  private let header: ExportHeader
  private var writer: BatchWriter
  private var notes: NoteCollector
  private var rows: [UInt8] = []
  private var rowCount = 0
  /// Elements with commas between them, of rows and totals that are collected or have just gone out.
  private var coverage: [UInt8] = []
  /// About how many rows make a page.
  private var rowsPerPage = 16
  /// The members behind the rows, of which the last one is not closed.
  private var closing: [UInt8] = []
  private var isFirst = true
  private var hasRows = true
  private var outcome = PagedReplies.Outcome(last: [], kept: nil)

  init(_ answer: Answer, to replies: PagedReplies) {
    header = answer.header
    writer = .json(columns: answer.header.columns, between: ",")
    notes = NoteCollector(columns: answer.header.columns)
    self.replies = replies
  }

  /// To be taken at the end.
  var result: PagedReplies.Outcome { outcome }

  mutating func take(_ batch: Batch) async throws {
    notes.add(batch)
    defer { rowCount += batch.count }
    let hasCoverage = batch.annotations.haveCoverage
    var start = 0
    while start < batch.count {
      let count = min(batch.count - start, replies.isPaged ? rowsPerPage : .max)
      let length = rows.count
      if length > 0 { rows.append(UInt8(ascii: ",")) }
      writer.write(batch.columns, rows: start..<start + count, to: &rows)
      if replies.isPaged, rows.count > 4 * replies.pageSize, count > 1 || length > 0 {
        // They are longer than those before them.
        rows.removeSubrange(length...)
        rowsPerPage = max(1, count / 2)
        if length > 0 { try await replies.send(nextReply()) }
        continue
      }
      let before = coverage.count
      if hasCoverage {
        for row in start..<start + count { add(coverageOf: { batch.cell(row, $0) }, row: rowCount + row) }
      }
      try replies.check(pending: rows.count + coverage.count)
      start += count
      rowsPerPage = max(1, count * replies.pageSize / max(1, rows.count - length + coverage.count - before))
      if replies.isPaged, rows.count + coverage.count >= replies.pageSize { try await replies.send(nextReply()) }
    }
  }

  mutating func end(notes tableNotes: [Note], totals: [TotalRow]) async throws {
    notes.add(totals)
    closing = Array(",\"totals\":[".utf8)
    for total in totals {
      var list: [UInt8] = []
      writeJSON([total], columns: header.columns, hasCoverage: false, to: &list)
      try await add(list.dropFirst().dropLast(), toList: "totals")
      add(coverageOf: { total.row[$0] }, row: rowCount)
      rowCount += 1
    }
    closing += "],\"notes\":[".utf8
    for note in notes.notes(tableNotes: tableNotes) { try await add(note) }
    closing.append(UInt8(ascii: "]"))
    outcome = try await replies.finish(nextReply())
  }
}

extension RowReplies {
  /// Adds an element to the list that the closing ends in, or to that list in another reply.
  private mutating func add(_ element: ArraySlice<UInt8>, toList name: String) async throws {
    if hasPage(with: element.count), hasRows || closing.last != UInt8(ascii: "[") {
      closing.append(UInt8(ascii: "]"))
      try await sendPage(goingOnWith: ",\"\(name)\":[")
    }
    if closing.last != UInt8(ascii: "[") { closing.append(UInt8(ascii: ",")) }
    closing += element
    try replies.check(pending: pending)
  }

  private mutating func add(coverageOf cell: (_ column: Int) -> Cell, row: Int) {
    for (index, column) in header.columns.enumerated() {
      let cell = cell(index)
      guard let told = Reports.Coverage(cell.coverage, cell.bounds) else { continue }
      if !coverage.isEmpty { coverage.append(UInt8(ascii: ",")) }
      coverage += "{\"row\":\(row),\"column\":".utf8
      writeJSON(column.name, to: &coverage)
      coverage += ",\"coverage\":".utf8
      told.json.write(to: &coverage)
      coverage.append(UInt8(ascii: "}"))
    }
  }

  /// How many bytes are collected.
  private var pending: Int { rows.count + coverage.count + closing.count }

  private mutating func add(_ note: CitedNote) async throws {
    var opening = Array("{\"kind\":".utf8)
    writeJSON(note.note.kind.rawValue, to: &opening)
    if let missing = note.missing { opening += ",\"missing\":\"\(missing.rawValue)\"".utf8 }
    opening += ",\"text\":".utf8
    writeJSON(note.note.text, to: &opening)
    opening += ",\"cells\":[".utf8
    try await add(opening[...], toList: "notes")
    for cell in note.cells {
      if hasPage(with: 0), closing.last != UInt8(ascii: "[") {
        closing += "]}]".utf8
        try await sendPage(goingOnWith: ",\"notes\":[")
        closing += opening
      }
      if closing.last != UInt8(ascii: "[") { closing.append(UInt8(ascii: ",")) }
      closing += "{\"row\":\(cell.row),\"column\":".utf8
      writeJSON(cell.column, to: &closing)
      closing.append(UInt8(ascii: "}"))
      try replies.check(pending: pending)
    }
    closing += "]}".utf8
  }

  /// Whether what is collected and so many bytes more are as much as a page, which may go out.
  private func hasPage(with byteCount: Int) -> Bool {
    replies.isPaged && pending + byteCount > replies.pageSize
  }

  private mutating func sendPage(goingOnWith opening: String) async throws {
    try await replies.send(nextReply())
    hasRows = false
    closing = Array(opening.utf8)
  }

  /// What is collected, as the parameters of a reply.
  private mutating func nextReply() async throws -> [UInt8] {
    var page: [UInt8] = []
    if hasRows { page += Array(",\"rows\":[".utf8) + rows + [UInt8(ascii: "]")] }
    if !coverage.isEmpty { page += Array(",\"coverage\":[".utf8) + coverage + [UInt8(ascii: "]")] }
    page += closing
    page.append(UInt8(ascii: "}"))
    rows.removeAll(keepingCapacity: true)
    coverage.removeAll(keepingCapacity: true)

    var reply = beginReply(header, isFirst: isFirst)
    if isFirst {
      isFirst = false
      reply += ",\"columns\":".utf8
      JSONValue.array(header.columns.map(\.json)).write(to: &reply)
      if replies.isPaged, !replies.fits(reply.count + page.count) {
        try await replies.send(reply + Array(",\"rows\":[]}".utf8))
        reply = beginReply(header, isFirst: false)
      }
    }
    return reply + page
  }
}

extension Reports.Coverage {
  /// As the wire has it, without what is absent.
  fileprivate var json: JSONValue {
    var object = JSONObject()
    if let numbers { object["numbers"] = .integer(numbers) }
    if let expected { object["expected"] = .integer(expected) }
    object["lacking"] = .array(lacking.map { ["reason": .string($0.reason), "count": .integer($0.count)] })
    object["isEstimate"] = .bool(isEstimate)
    if let lower { object["lower"] = .string(lower) }
    if let upper { object["upper"] = .string(upper) }
    object["words"] = .string(words)
    return .object(object)
  }
}

/// The revision, and in the first reply what the result was asked for.
func beginReply(_ header: ExportHeader, isFirst: Bool) -> [UInt8] {
  var reply = Array("{\"revision\":".utf8)
  writeJSON(header.revision, to: &reply)
  guard isFirst else { return reply }
  for (name, value) in header.requestJSON.members {
    reply += ",\"\(name)\":".utf8
    value.write(to: &reply)
  }
  return reply
}
