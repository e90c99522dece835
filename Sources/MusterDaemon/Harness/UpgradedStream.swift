internal import JSON
internal import MusterAPI
internal import Pipeline
internal import ReportKit
internal import Varlink
internal import VarlinkServer

/// The bytes of a format on an upgraded connection: chunks, each behind its length in four bytes, the most significant
/// one first; a length of zero; and a closing JSON object with its NUL: `rows`, `bytes` and `sha256` of all chunks, or
/// `error` and `parameters` as an error reply has them. A stream without the closing object was cut off.
struct UpgradedStream: ByteSink {
  private let connection: any RawConnection
  private let limit: SizeLimit
  private var byteCount = 0

  /// A chunk has at most this many bytes.
  static let chunkSize = 256 << 10

  /// Confirms the upgrade with what the result was asked for, and its media type.
  init(_ answer: Answer, on replies: ReplyStream, within limits: Configuration.Limits) async throws {
    limit = SizeLimit(.resultSize, of: limits)
    var reply = beginReply(answer.header, isFirst: true)
    reply += ",\"mediaType\":".utf8
    writeJSON(answer.encoding?.exporter.mediaType ?? "", to: &reply)
    reply.append(UInt8(ascii: "}"))
    let confirmation = try ReplyParameters.encoded(reply).encoded(within: SizeLimit(.replySize, of: limits))
    connection = try await replies.upgrade(confirmation)
  }

  mutating func write(_ block: [UInt8]) async throws {
    byteCount += block.count
    try limit.check(byteCount)
    var rest = block[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(Self.chunkSize)
      rest = rest.dropFirst(chunk.count)
      try await connection.write(Self.length(chunk.count) + chunk)
    }
  }

  /// Says that the stream is whole.
  func finish(rows: Int, sha256: String) async throws {
    try await close([
      "rows": .integer(Int64(rows)), "bytes": .integer(Int64(byteCount)), "sha256": .string(sha256),
    ])
  }

  /// Says why the stream ends before it is whole.
  func fail(_ error: VarlinkError) async throws {
    try await close(["error": .string(error.name), "parameters": .object(error.parameters)])
  }

  private func close(_ closing: JSONObject) async throws {
    try await connection.write(Self.length(0) + JSONValue.object(closing).bytes + [0])
  }

  private static func length(_ count: Int) -> [UInt8] {
    let length = UInt32(truncatingIfNeeded: count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
  }
}
