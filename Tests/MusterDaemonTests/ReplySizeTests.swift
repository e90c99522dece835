import ExporterPlugins
import JSON
import ReportKit
import Synchronization
import TestDatasets
import TestSupport
import Testing
import Varlink
import VarlinkServer

@testable import MusterDaemon
@testable import Pipeline

/// Keeps the messages of replies.
private final class SentReplies: ReplySink {
  private let kept = Mutex<[[UInt8]]>([])

  var messages: [[UInt8]] { kept.withLock { $0 } }

  func send(_ message: [UInt8]) { kept.withLock { $0.append(message) } }
  func upgrade(_ message: [UInt8]) throws -> any RawConnection { throw CancellationError() }
}

@Suite("Every reply is within limits.reply_size, or an error that names it", .timeLimit(.minutes(10)))
struct ReplySizeTests {
  private let generation: Generation

  init() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      dataset:
        package: \(harboursFolder)/datapackage.json
        observations: entries
        place: harbour
        breakdown: cargo
        measures: { ships: { over: { register: sum } } }
        role: kind
      reports:
        many: { pipeline: [many-rows] }
      """, to: "m.yaml")
    generation = try await Generation.load(
      path: "\(folder.path)/m.yaml",
      registry: PluginRegistry(
        reports: [ManyRows()], transforms: [], exporters: [CSVExporter(), JSONExporter()]))
  }

  private func limits(replySize: Int = 64 << 10, resultSize: Int = 1 << 30) -> Configuration.Limits {
    var limits = Configuration.Limits()
    limits.replySize = replySize
    limits.resultSize = resultSize
    return limits
  }

  /// All replies to a run, in order, each looked at for its size.
  private func replies(
    _ parameters: [String: String], format: String? = nil, mode: Call.Mode = .more, within limits: Configuration.Limits
  ) async throws -> [JSONObject] {
    let sent = SentReplies()
    let paged = PagedReplies(to: ReplyStream(mode: mode, sink: sent), within: limits)
    let request = try generation.request(report: "many", parameters: parameters, format: format)
    let delivery = Delivery(of: generation)
    let last: [UInt8]
    if format == nil {
      last = try await delivery.run(request) { RowReplies($0, to: paged) }.result.last
    } else {
      let encoded = try await delivery.run(request) {
        try EncodedTable($0, into: ContentReplies($0, to: paged), blockSize: paged.pageSize)
      }
      var content = encoded.sink
      last = try await content.finish().last
    }
    let messages = try sent.messages + [ReplyParameters.encoded(last).encodedReply(continues: false)]
    let replies = try messages.map { try Reply(parsing: $0.dropLast()) }
    #expect(messages.allSatisfy { $0.count <= limits.replySize }, "with all that is around its parameters")
    #expect(replies.dropLast().allSatisfy { $0.continues })
    return replies.map(\.parameters)
  }

  /// What the replies say together, as a client joins them.
  private func joined(_ key: String, of replies: [JSONObject]) -> [JSONValue] {
    replies.flatMap { $0[key]?.arrayValue ?? [] }
  }

  @Test("With more, six hundred thousand missing cells come in replies of that size, and none is left out")
  func manyMissingCells() async throws {
    let replies = try await replies(["count": "60000", "gaps": "10"], within: limits())
    #expect(replies.count > 100)
    let rows = joined("rows", of: replies)
    #expect(rows.map { $0["number"] } == (0..<60_000).map { JSONValue.integer($0) })
    #expect(rows.allSatisfy { $0["gap_0"] == .null && $0["gap_9"] == .null })
    let notes = joined("notes", of: replies)
    let missing = notes.filter { $0["text"]?.stringValue == ManyRows.reason.description }
    #expect(missing.count > 1, "the same note goes on")
    var cells: [Int] = Array(repeating: 0, count: 60_000)
    for cell in missing.flatMap({ $0["cells"]?.arrayValue ?? [] }) {
      cells[Int(try #require(cell["row"]?.integerValue))] += 1
    }
    #expect(cells.allSatisfy { $0 == 10 }, "each cell is told once")
    #expect(notes.count { $0["text"]?.stringValue == ManyRows.note.text } == 1)
    #expect(replies.count { $0["columns"] != nil } == 1)
    #expect(replies[0]["columns"]?.arrayValue?.count == 12)
    #expect(replies.allSatisfy { $0["revision"] == .string(generation.model.revision) })
  }

  @Test("The smallest limit that may be set is kept too", arguments: [nil, "csv"])
  func smallest(_ format: String?) async throws {
    let replies = try await replies(["count": "1000"], format: format, within: limits(replySize: 4096))
    #expect(replies.count > 1)
    if format == nil { #expect(joined("rows", of: replies).count == 1000) }
  }

  @Test("Columns that leave no room for the first rows go before them")
  func manyColumns() async throws {
    let replies = try await replies(["count": "100", "gaps": "30"], within: limits(replySize: 4096))
    #expect(replies[0]["columns"]?.arrayValue?.count == 32)
    #expect(joined("rows", of: replies).count == 100)
    let cells = joined("notes", of: replies).flatMap { $0["cells"]?.arrayValue ?? [] }
    #expect(cells.count == 3000)
    #expect(Set(cells.map(\.text)).count == 3000)
    await #expect(throws: SizeLimitExceeded.self, "columns are one reply's") {
      try await self.replies(["count": "1", "gaps": "100"], within: limits(replySize: 4096))
    }
  }

  @Test("Bytes of a format come in pieces that end between characters, and are the same together")
  func content() async throws {
    let replies = try await replies(["count": "20000"], format: "csv", within: limits())
    #expect(replies.count > 5)
    let content = replies.map { $0["content"]?.stringValue ?? "" }.joined()
    let lines = content.split(separator: "\n")
    #expect(lines.first == "number,text,gap_0")
    #expect(lines.dropFirst().elementsEqual((0..<20_000).map { "\($0),Ж–𝄞 \($0)," }, by: { $0 == $1 }))
    #expect(replies.count { $0["mediaType"] != nil } == 1)
  }

  @Test("One reply has them all where there is room", arguments: [Call.Mode.single, .more])
  func single(mode: Call.Mode) async throws {
    let replies = try await replies(["count": "3"], mode: mode, within: limits())
    #expect(replies.count == 1)
    #expect(joined("rows", of: replies).count == 3)
    #expect(joined("notes", of: replies).count == 2)
  }

  @Test("Without more, what has no room is an error that names the limit", arguments: [nil, "csv", "json"])
  func tooLarge(_ format: String?) async throws {
    let error = await #expect(throws: SizeLimitExceeded.self) {
      try await replies(["count": "60000", "gaps": "10"], format: format, mode: .single, within: limits())
    }
    #expect(error?.limit.name == "limits.reply_size")
    #expect(error?.limit.byteCount == 64 << 10)
  }

  /// Rows that fit, with notes on their cells that do not.
  @Test func notesCountAsWell() async throws {
    let error = await #expect(throws: SizeLimitExceeded.self) {
      try await replies(["count": "600", "gaps": "1"], mode: .single, within: limits(replySize: 40_000))
    }
    #expect(error?.limit.name == "limits.reply_size")
    let all = try await replies(["count": "600", "gaps": "1"], within: limits(replySize: 40_000))
    #expect(joined("rows", of: all).count == 600)
  }

  @Test("With more, all replies together have a limit of their own", arguments: [nil, "csv"])
  func wholeResult(_ format: String?) async throws {
    let error = await #expect(throws: SizeLimitExceeded.self) {
      try await replies(["count": "20000"], format: format, within: limits(resultSize: 300_000))
    }
    #expect(error?.limit.name == "limits.result_size")
  }

  @Test("Replies are kept for the next who asks up to a size, and whole or not at all")
  func kept() async throws {
    func outcome(keepLimit: Int) async throws -> PagedReplies.Outcome {
      var paged = PagedReplies(
        to: ReplyStream(mode: .more, sink: SentReplies()), within: limits(), keepLimit: keepLimit)
      for _ in 0..<3 { try await paged.send(Array(#"{"a":1}"#.utf8)) }
      return try paged.finish(Array("{}".utf8))
    }
    #expect(try await outcome(keepLimit: 21).kept == [[UInt8]](repeating: Array(#"{"a":1}"#.utf8), count: 3))
    #expect(try await outcome(keepLimit: 20).kept == nil)
    #expect(try await outcome(keepLimit: 0).last == Array("{}".utf8))
  }

  @Test("A single reply over the limit is refused, whoever makes it")
  func oneReply() async throws {
    var paged = PagedReplies(to: ReplyStream(mode: .more, sink: SentReplies()), within: limits(replySize: 4096))
    // With what is around them: {"parameters":…,"continues":true} and the NUL.
    let count = 4096 - 33
    #expect(paged.fits(count) && !paged.fits(count + 1))
    let large = [UInt8](repeating: UInt8(ascii: " "), count: count + 1)
    let error = await #expect(throws: SizeLimitExceeded.self) { try await paged.send(large) }
    #expect(error?.limit.name == "limits.reply_size")
    #expect(throws: SizeLimitExceeded.self) { try paged.finish(large) }
  }
}
