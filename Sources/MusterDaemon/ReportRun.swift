internal import Dataset
internal import JSON
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Varlink
internal import VarlinkServer

/// One run of a report, from its table to the parameters of its replies.
struct ReportRun {
  let report: CompiledReport
  let generation: Generation
  /// Nil for rows as JSON objects.
  let exporter: (any ExporterPlugin)?
  let query: ReportQuery
  let formatParameters: [String: String]
  /// How many bytes a single reply may have.
  let replySize: Int
  /// How many bytes all replies together may have.
  let resultSize: Int
  /// How many bytes of replies are kept for the cache.
  let keepLimit: Int

  struct Outcome {
    /// The final reply's parameters.
    var last: [UInt8]
    /// The replies before it, unless they were too large to keep.
    var kept: [[UInt8]]?
  }

  /// With `more`, what is collected goes out when it has reached this size: large enough to be efficient, small enough
  /// for every client.
  private static let chunkSize = 128 << 10
  /// How many rows are encoded before the size is looked at.
  private static let sliceSize = 256

  /// Computes and sends everything but the final reply, which is returned.
  func replies(to stream: ReplyStream) async throws -> Outcome {
    var table = try report.table(for: query)
    var body = try body(columns: table.columns)
    var sent: [[UInt8]]? = []
    var sentByteCount = 0
    while let batch = try await table.rows.next() {
      var rest = batch[...]
      while !rest.isEmpty {
        try Task.checkCancellation()
        try await body.append(Array(rest.prefix(Self.sliceSize)))
        rest = rest.dropFirst(Self.sliceSize)
        if stream.isMore, body.byteCount >= Self.chunkSize {
          for reply in body.takeReplies(maximum: Self.chunkSize) {
            sentByteCount += reply.count
            if sentByteCount <= keepLimit { sent?.append(reply) } else { sent = nil }
            try await stream.send(.encoded(reply))
          }
        }
        if !stream.isMore { try checkSize(body.byteCount) }
        try checkResultSize(sentByteCount + body.byteCount)
      }
    }
    try await body.finish(
      notes: table.notes + table.rows.closingNotes, totals: table.rows.closingTotals)
    if stream.isMore {
      var replies = body.takeReplies(maximum: Self.chunkSize, isLast: true)
      let last = replies.removeLast()
      try checkResultSize(replies.reduce(sentByteCount + last.count) { $0 + $1.count })
      for reply in replies {
        sent?.append(reply)
        try await stream.send(.encoded(reply))
      }
      return Outcome(last: last, kept: sent)
    }
    let last = body.takeReplies(maximum: .max, isLast: true)[0]
    try checkSize(last.count)
    try checkResultSize(last.count)
    return Outcome(last: last, kept: [])
  }

  private func checkSize(_ byteCount: Int) throws {
    if byteCount > replySize {
      throw Reports.ResultTooLarge(.replySize, of: replySize).ofDaemon
    }
  }

  private func checkResultSize(_ byteCount: Int) throws {
    if byteCount > resultSize {
      throw Reports.ResultTooLarge(.resultSize, of: resultSize).ofDaemon
    }
  }

  private func body(columns: [Column]) throws -> any RunBody {
    let header = report.exportHeader(for: query, columns: columns)
    guard let exporter else { return RowsBody(header) }
    do {
      let texts = formatParameters.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
      let arguments = try exporter.manifest.check(texts, in: generation.dataset, columns: columns).get()
      return ContentBody(header, of: exporter, encoder: try exporter.encoder(for: header, arguments: arguments))
    } catch let errors as ParameterErrors {
      throw FormatParameterError(error: errors.errors[0])
    } catch let error as ParameterError {
      throw FormatParameterError(error: error)
    }
  }
}

/// A parameter of the exporter that cannot be used as it is given.
struct FormatParameterError: Error {
  var error: ParameterError
}

/// What the replies of a run are made of, while it is collected.
private protocol RunBody {
  /// Collected and not yet taken.
  var byteCount: Int { get }
  mutating func append(_ rows: [Row]) async throws
  mutating func finish(notes: [Note], totals: [TotalRow]) async throws
  /// What was collected, as the parameters of replies of about that size each; at least one if it is the last time.
  mutating func takeReplies(maximum: Int, isLast: Bool) -> [[UInt8]]
}

extension RunBody {
  mutating func takeReplies(maximum: Int) -> [[UInt8]] { takeReplies(maximum: maximum, isLast: false) }
}

/// `parameters`, `where` and `columns` in the first reply, `rows`, and `totals` and `notes` in the last one.
private struct RowsBody: RunBody {
  private let header: ExportHeader
  private var notes: NoteCollector
  private var tableNotes: [Note] = []
  private var totals: [TotalRow] = []
  private var rows: [UInt8] = []
  private var isFirst = true

  init(_ header: ExportHeader) {
    self.header = header
    notes = NoteCollector(columns: header.columns)
  }

  var byteCount: Int { rows.count }

  mutating func append(_ rows: [Row]) {
    notes.add(rows)
    for row in rows {
      if !self.rows.isEmpty { self.rows.append(UInt8(ascii: ",")) }
      writeJSON(row, columns: header.columns, to: &self.rows)
    }
  }

  mutating func finish(notes: [Note], totals: [TotalRow]) {
    tableNotes = notes
    self.totals = totals
    self.notes.add(totals)
  }

  mutating func takeReplies(maximum: Int, isLast: Bool) -> [[UInt8]] {
    var reply = beginReply(header, isFirst: isFirst)
    if isFirst {
      reply += ",\"columns\":".utf8
      JSONValue.array(header.columns.map(\.json)).write(to: &reply)
      isFirst = false
    }
    reply += ",\"rows\":[".utf8
    reply += rows
    reply.append(UInt8(ascii: "]"))
    if isLast {
      reply += ",\"totals\":".utf8
      writeJSON(totals, columns: header.columns, to: &reply)
      reply += ",\"notes\":".utf8
      JSONValue.array(notes.notes(tableNotes: tableNotes).map(\.json)).write(to: &reply)
    }
    reply.append(UInt8(ascii: "}"))
    rows.removeAll(keepingCapacity: true)
    return [reply]
  }
}

/// `parameters`, `where` and `mediaType` in the first reply, and `content` or `base64`.
private struct ContentBody: RunBody {
  private let header: ExportHeader
  private let mediaType: String
  private let isText: Bool
  private var encoder: any TableEncoder
  private var content: [UInt8] = []
  private var isFirst = true

  init(_ header: ExportHeader, of exporter: any ExporterPlugin, encoder: any TableEncoder) {
    self.header = header
    mediaType = exporter.mediaType
    isText = exporter.isText
    self.encoder = encoder
    self.encoder.begin(into: &content)
  }

  var byteCount: Int { content.count }

  mutating func append(_ rows: [Row]) async throws {
    try await encoder.encode(rows, into: &content)
  }

  mutating func finish(notes: [Note], totals: [TotalRow]) async throws {
    try await encoder.finish(notes: notes, totals: totals, into: &content)
  }

  mutating func takeReplies(maximum: Int, isLast: Bool) -> [[UInt8]] {
    var replies: [[UInt8]] = []
    var rest = content[...]
    repeat {
      let piece = rest.prefix(isText ? wholeScalars(in: rest, maximum: maximum) : maximum)
      rest = rest.dropFirst(piece.count)
      var reply = beginReply(header, isFirst: isFirst)
      if isFirst {
        reply += ",\"mediaType\":".utf8
        writeJSON(mediaType, to: &reply)
        isFirst = false
      }
      reply += (isText ? ",\"content\":" : ",\"base64\":").utf8
      writeJSON(isText ? String(decoding: piece, as: UTF8.self) : base64(piece), to: &reply)
      reply.append(UInt8(ascii: "}"))
      replies.append(reply)
    } while !rest.isEmpty
    content.removeAll(keepingCapacity: true)
    return replies
  }
}

/// The length of the longest prefix of at most `maximum` bytes that does not end inside a UTF-8 sequence.
private func wholeScalars(in bytes: ArraySlice<UInt8>, maximum: Int) -> Int {
  guard bytes.count > maximum else { return bytes.count }
  var length = maximum
  while length > 0, bytes[bytes.startIndex + length] & 0b1100_0000 == 0b1000_0000 { length -= 1 }
  return length
}

/// The revision, and in the first reply what the result was asked for.
private func beginReply(_ header: ExportHeader, isFirst: Bool) -> [UInt8] {
  var reply = Array("{\"revision\":".utf8)
  writeJSON(header.revision, to: &reply)
  guard isFirst else { return reply }
  for (name, value) in header.requestJSON.members {
    reply += ",\"\(name)\":".utf8
    value.write(to: &reply)
  }
  return reply
}
