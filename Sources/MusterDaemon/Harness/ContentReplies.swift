internal import JSON
internal import MusterAPI
internal import Pipeline
internal import ReportKit

/// The bytes of a format as replies: `parameters`, `where` and `mediaType` in the first one, and `content` or `base64`.
struct ContentReplies: ByteSink {
  private var replies: PagedReplies
  private let header: ExportHeader
  private let mediaType: String
  private let isText: Bool
  private var content: [UInt8] = []
  private var isFirst = true

  /// - Parameter answer: one with a format.
  init(_ answer: Answer, to replies: PagedReplies) {
    header = answer.header
    mediaType = answer.encoding?.exporter.mediaType ?? ""
    isText = answer.encoding?.exporter.isText ?? false
    self.replies = replies
  }

  mutating func write(_ block: [UInt8]) async throws {
    content += block
    if replies.isPaged {
      var rest = content[...]
      while rest.count > replies.pageSize { try await replies.send(nextReply(takePiece(of: &rest))) }
      content = Array(rest)
    }
    try replies.check(pending: content.count)
  }

  mutating func finish() async throws -> PagedReplies.Outcome { try await replies.finish(nextReply(content[...])) }

  /// A page of bytes, which does not end inside a UTF-8 sequence.
  private func takePiece(of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var length = replies.pageSize
    if isText {
      while length > 0, UTF8.isContinuation(rest[rest.startIndex + length]) { length -= 1 }
      if length == 0 { length = replies.pageSize }
    }
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length)
  }

  private mutating func nextReply(_ piece: ArraySlice<UInt8>) async throws -> [UInt8] {
    let page = page(piece)
    var reply = beginReply(header, isFirst: isFirst)
    if isFirst {
      isFirst = false
      reply += ",\"mediaType\":".utf8
      writeJSON(mediaType, to: &reply)
      if replies.isPaged, !replies.fits(reply.count + page.count) {
        try await replies.send(reply + self.page([]))
        reply = beginReply(header, isFirst: false)
      }
    }
    return reply + page
  }

  /// The end of a reply.
  private func page(_ piece: ArraySlice<UInt8>) -> [UInt8] {
    var page = Array((isText ? ",\"content\":" : ",\"base64\":").utf8)
    writeJSON(isText ? String(decoding: piece, as: UTF8.self) : base64(piece), to: &page)
    page.append(UInt8(ascii: "}"))
    return page
  }
}
