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
  /// How many bytes a single reply may have.
  let replySize: Int
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
  func replies(with arguments: Arguments, to stream: ReplyStream) async throws -> Outcome {
    var table = try report.table(with: arguments)
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
      }
    }
    try await body.finish(notes: table.notes + table.rows.closingNotes)
    if stream.isMore {
      var replies = body.takeReplies(maximum: Self.chunkSize, isLast: true)
      let last = replies.removeLast()
      for reply in replies {
        sent?.append(reply)
        try await stream.send(.encoded(reply))
      }
      return Outcome(last: last, kept: sent)
    }
    let last = body.takeReplies(maximum: .max, isLast: true)[0]
    try checkSize(last.count)
    return Outcome(last: last, kept: [])
  }

  private func checkSize(_ byteCount: Int) throws {
    if byteCount > replySize {
      throw Reports.ResultTooLarge(limitBytes: replySize, limit: "limits.reply_size").varlinkError
    }
  }

  private func body(columns: [Column]) throws -> any RunBody {
    guard let exporter else { return RowsBody(revision: generation.dataset.revision, columns: columns) }
    let header = ExportHeader(
      report: report.name, title: report.title, revision: generation.dataset.revision, columns: columns)
    let arguments = try exporter.manifest.check([], in: generation.dataset, columns: columns).get()
    return ContentBody(
      revision: generation.dataset.revision, mediaType: exporter.mediaType,
      encoder: try exporter.encoder(for: header, arguments: arguments))
  }
}

/// What the replies of a run are made of, while it is collected.
private protocol RunBody {
  /// Collected and not yet taken.
  var byteCount: Int { get }
  mutating func append(_ rows: [Row]) async throws
  mutating func finish(notes: [Note]) async throws
  /// What was collected, as the parameters of replies of about that size each; at least one if it is the last time.
  mutating func takeReplies(maximum: Int, isLast: Bool) -> [[UInt8]]
}

extension RunBody {
  mutating func takeReplies(maximum: Int) -> [[UInt8]] { takeReplies(maximum: maximum, isLast: false) }
}

/// `columns` in the first reply, `rows`, and `notes` in the last one.
private struct RowsBody: RunBody {
  private let revision: String
  private let columns: [Column]
  private var notes: NoteCollector
  private var tableNotes: [Note] = []
  private var rows: [UInt8] = []
  private var isFirst = true

  init(revision: String, columns: [Column]) {
    self.revision = revision
    self.columns = columns
    notes = NoteCollector(columns: columns)
  }

  var byteCount: Int { rows.count }

  mutating func append(_ rows: [Row]) {
    notes.add(rows)
    for row in rows {
      if !self.rows.isEmpty { self.rows.append(UInt8(ascii: ",")) }
      writeJSON(row, columns: columns, to: &self.rows)
    }
  }

  mutating func finish(notes: [Note]) {
    tableNotes = notes
  }

  mutating func takeReplies(maximum: Int, isLast: Bool) -> [[UInt8]] {
    var reply = beginReply(revision)
    if isFirst {
      reply += ",\"columns\":".utf8
      JSONValue.array(columns.map(\.json)).write(to: &reply)
      isFirst = false
    }
    reply += ",\"rows\":[".utf8
    reply += rows
    reply.append(UInt8(ascii: "]"))
    if isLast {
      reply += ",\"notes\":".utf8
      JSONValue.array(notes.notes(tableNotes: tableNotes).map(\.json)).write(to: &reply)
    }
    reply.append(UInt8(ascii: "}"))
    rows.removeAll(keepingCapacity: true)
    return [reply]
  }
}

/// `mediaType` in the first reply, and `content`.
private struct ContentBody: RunBody {
  private let revision: String
  private let mediaType: String
  private var encoder: any TableEncoder
  private var content: [UInt8] = []
  private var isFirst = true

  init(revision: String, mediaType: String, encoder: any TableEncoder) {
    self.revision = revision
    self.mediaType = mediaType
    self.encoder = encoder
    self.encoder.begin(into: &content)
  }

  var byteCount: Int { content.count }

  mutating func append(_ rows: [Row]) async throws {
    try await encoder.encode(rows, into: &content)
  }

  mutating func finish(notes: [Note]) async throws {
    try await encoder.finish(notes: notes, into: &content)
  }

  mutating func takeReplies(maximum: Int, isLast: Bool) -> [[UInt8]] {
    var replies: [[UInt8]] = []
    var rest = content[...]
    repeat {
      let piece = rest.prefix(wholeScalars(in: rest, maximum: maximum))
      rest = rest.dropFirst(piece.count)
      var reply = beginReply(revision)
      if isFirst {
        reply += ",\"mediaType\":".utf8
        writeJSON(mediaType, to: &reply)
        isFirst = false
      }
      reply += ",\"content\":".utf8
      writeJSON(String(decoding: piece, as: UTF8.self), to: &reply)
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

private func beginReply(_ revision: String) -> [UInt8] {
  var reply = Array("{\"revision\":".utf8)
  writeJSON(revision, to: &reply)
  return reply
}
