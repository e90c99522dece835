import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("Answers of any length come in replies within limits.reply_size", .blocking, .timeLimit(.minutes(10)))
struct PagingTests {
  /// The harbours with so many entries of one cell, and a report of them all.
  private func workplace(_ count: Int, value: (Int) -> String, limits: String? = nil) throws -> Workplace {
    let place = try Workplace()
    let entries = (0..<count).map { index in
      "\(index + 1),\(index % 2 == 0 ? "south" : "north"),alby,grain,\(value(index)),S. \(index) – „Älby“ 𝄞,counted\n"
    }
    try place.write(
      "entry,register,harbour,cargo,ships,page,kind\n" + entries.joined(), to: "entries.csv")
    let text = try place.read("musterd.yaml").replacing(
      "reports:\n",
      with: """
        reports:
          all: { pipeline: [observations] }
          numbers: { pipeline: [observations, columns: { choose: [ships] }] }

        """)
    try place.write(text + (limits.map { "limits: { \($0) }\n" } ?? ""), to: "musterd.yaml")
    return place
  }

  /// Every reply to a call with `more`, as it came: the whole messages, each without its NUL.
  private func messages(_ method: String, _ parameters: JSONObject, in place: Workplace) throws -> [[UInt8]] {
    let client = try connect(place)
    defer { client.close() }
    var call = try Call(method, parameters, mode: .more).encoded()[...]
    while !call.isEmpty {
      let count = call.withUnsafeBytes { send(client.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      try #require(count > 0)
      call = call.dropFirst(count)
    }
    var decoder = MessageDecoder()
    var messages: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      while let message = try decoder.next() {
        messages.append(message)
        if try !Reply(parsing: message).continues { return messages }
      }
      let count = recv(client.descriptor, &buffer, buffer.count, 0)
      try #require(count > 0, "the connection goes on to the last reply")
      decoder.append(buffer[..<count])
    }
  }

  private func replies(
    _ method: String, _ parameters: JSONObject, in place: Workplace, atMost limit: Int
  ) throws -> [JSONObject] {
    try messages(method, parameters, in: place).map { message in
      #expect(message.count < limit)
      let reply = try Reply(parsing: message)
      #expect(reply.error == nil)
      return reply.parameters
    }
  }

  private func ask(_ arguments: String..., of place: Workplace) throws -> (status: Int32, output: String) {
    try run(["--address", "unix:\(place.socket)"] + arguments, program: String(muster))
  }

  @Test("why lists sixty thousand observations, whatever a reply may have", arguments: [nil, "reply_size: 64KiB"])
  func manyObservations(_ limits: String?) async throws {
    let place = try workplace(60_000, value: { "\($0 % 50)" }, limits: limits)
    let daemon = try await RunningDaemon(in: place)
    let (status, output) = try ask("why", "arrivals", "alby", "total", "--limit", "100000", of: place)
    #expect(status == 0)
    let sum = (0..<60_000).reduce(0) { $0 + $1 % 50 }
    #expect(output.hasPrefix("\(sum)  Total"))
    let listed = output.split(separator: "\n").filter { $0.contains("S. ") && $0.contains(" – „Älby“ 𝄞") }
    #expect(listed.count == 60_000)
    #expect(listed.first?.contains("S. 0 –") == true && listed.last?.contains("S. 59999 –") == true)
    #expect(output.split(separator: "\n").filter { $0 == "Steps" }.count == 1)
    #expect(try await daemon.stop() == 0)
  }

  @Test("why --json prints the pages as one reply") func manyObservationsAsJSON() async throws {
    let place = try workplace(10_000, value: { "\($0 % 50)" }, limits: "reply_size: 64KiB")
    let daemon = try await RunningDaemon(in: place)
    let json = try ask("why", "arrivals", "alby", "total", "--limit", "100000", "--json", of: place)
    #expect(json.status == 0)
    let reply: Reports.ExplainReply = try JSONValue(parsing: Array(json.output.utf8)).decode()
    #expect(reply.evidence.count == 10_000)
    #expect(reply.evidenceTotal == 10_000)
    #expect(reply.steps.map(\.name) == ["country-summary"])
    #expect(try await daemon.stop() == 0)
  }

  @Test("Run with more tells of six hundred thousand missing cells, each once, in replies within the limit")
  func manyMissingCells() async throws {
    let place = try workplace(600_000, value: { _ in "-" })
    let daemon = try await RunningDaemon(in: place)
    let pages = try replies("org.muster.Reports.Run", ["report": "numbers"], in: place, atMost: 1 << 20)
    #expect(pages.reduce(0) { $0 + ($1["rows"]?.arrayValue?.count ?? 0) } == 600_000)
    var isTold = [Bool](repeating: false, count: 600_000)
    var (noteCount, repeatedCount) = (0, 0)
    for note in pages.flatMap({ $0["notes"]?.arrayValue ?? [] }) where note["kind"] == "missing" {
      #expect(note["text"] == "-: none entered")
      noteCount += 1
      for cell in note["cells"]?.arrayValue ?? [] where cell["column"] == "ships" {
        let row = Int(try #require(cell["row"]?.integerValue))
        // The total behind the rows is missing as well.
        if row == 600_000 { continue }
        if isTold[row] { repeatedCount += 1 }
        isTold[row] = true
      }
    }
    #expect(noteCount > 1, "a note goes on in the next reply")
    #expect(!isTold.contains(false))
    #expect(repeatedCount == 0)
    let totals = pages.flatMap { $0["totals"]?.arrayValue ?? [] }
    #expect(totals.count == 1)
    #expect(try await daemon.stop() == 0)
  }

  @Test("Where a reply may have least, each method is answered within it, or told which limit keeps it from that")
  func leastReplySize() async throws {
    let place = try workplace(2000, value: { "\($0)" }, limits: "reply_size: 4KiB")
    let daemon = try await RunningDaemon(in: place)
    let cell: JSONObject = ["report": "arrivals", "row": "alby", "column": "total"]
    let all: JSONObject = ["report": "all"]
    let calls: [(method: String, parameters: JSONObject)] = [
      ("org.varlink.service.GetInfo", [:]), ("org.muster.Reports.List", [:]),
      ("org.muster.Reports.Describe", ["report": "all"]), ("org.muster.Reports.ListDimensions", [:]),
      ("org.muster.Reports.Run", all), ("org.muster.Reports.Run", ["report": "all", "format": "csv"]),
      ("org.muster.Reports.Run", ["report": "arrivals", "format": "json"]), ("org.muster.Reports.Explain", cell),
      ("org.muster.Reports.Reconcile", [:]), ("org.muster.Exports.List", [:]), ("org.muster.Manage.Status", [:]),
      ("org.muster.Manage.Plugins", [:]), ("org.muster.Manage.SelfTest", [:]), ("org.muster.Manage.Reload", [:]),
      ("org.muster.Manage.AuditPlugin", ["name": "observations"]),
    ]
    var tooLarge: Set<String> = []
    for (method, parameters) in calls {
      do {
        let reply = try connect(place).call(method, parameters)
        #expect(try ReplyParameters.object(reply).encodedReply(continues: false).count <= 4096, "\(method)")
      } catch ClientError.errorReply(let error) {
        tooLarge.insert(method)
        #expect(error.parameters["limit"] == "limits.reply_size", "\(method): \(error)")
      }
    }
    #expect(tooLarge.isSuperset(of: ["org.muster.Reports.Run", "org.muster.Reports.Explain"]))

    // With more, what is long has its way through the same limit.
    let rows = try replies("org.muster.Reports.Run", all, in: place, atMost: 4096)
    #expect(rows.reduce(0) { $0 + ($1["rows"]?.arrayValue?.count ?? 0) } == 2000)
    let evidence = try replies("org.muster.Reports.Explain", cell, in: place, atMost: 4096)
    #expect(evidence.reduce(0) { $0 + ($1["evidence"]?.arrayValue?.count ?? 0) } == 1000)
    #expect(try replies("org.muster.Reports.ListDimensions", [:], in: place, atMost: 4096).count >= 1)
    #expect(try await daemon.stop() == 0)
  }

  @Test("Pieces of a text end between characters, and a result that is kept comes in the same replies again")
  func pieces() async throws {
    let place = try workplace(2000, value: { "\($0)" }, limits: "reply_size: 4KiB")
    let daemon = try await RunningDaemon(in: place)
    let parameters: JSONObject = ["report": "all", "format": "csv"]
    let first = try messages("org.muster.Reports.Run", parameters, in: place)
    #expect(first.count > 50)
    let content = try first.map { try Reply(parsing: $0).parameters["content"]?.stringValue ?? "" }.joined()
    #expect(!content.contains("\u{FFFD}"))
    for index in [0, 1, 999, 1999] { #expect(content.contains("S. \(index) – „Älby“ 𝄞")) }
    #expect(try messages("org.muster.Reports.Run", parameters, in: place) == first)
    let rows = try messages("org.muster.Reports.Run", ["report": "all"], in: place)
    #expect(try messages("org.muster.Reports.Run", ["report": "all"], in: place) == rows)
    let status: Manage.StatusReply
    do { status = try JSONValue.object(connect(place).call("org.muster.Manage.Status")).decode() }
    #expect(status.cacheHits == 2)
    #expect(try await daemon.stop() == 0)
  }

  @Test("An error has its place within the limit, too, however long what it would repeat is")
  func longErrors() async throws {
    let place = try workplace(10, value: { "\($0)" }, limits: "reply_size: 4KiB")
    let daemon = try await RunningDaemon(in: place)
    func error(_ method: String, _ parameters: JSONObject = [:]) throws -> VarlinkError {
      do {
        _ = try connect(place).call(method, parameters)
        throw TestFailure("\(method) is answered")
      } catch ClientError.errorReply(let error) {
        #expect(try Reply(error).encoded().count <= 4096)
        return error
      }
    }
    let long = JSONValue.string(String(repeating: "ä", count: 10_000))
    let unknown = try error("org.muster.Reports.Run", ["report": long])
    #expect(Reports.ResultTooLarge(unknown)?.limit == "limits.reply_size")

    let entries = try place.read("entries.csv")
    try place.write(
      entries + (0..<90).map { "\(100 + $0),north,nowhere-\($0),grain,1,p. 1,counted\n" }.joined(), to: "entries.csv")
    let failed = try #require(Manage.ReloadFailed(error("org.muster.Manage.Reload")))
    #expect(failed.problems.first?.contains("nowhere-0") == true)
    #expect(failed.problems.count < 90)
    #expect(failed.total == 90)
    #expect(try await daemon.stop() == 0)
  }

  @Test("The client tells which answer musterd could not give, and which limit keeps it from that")
  func explained() async throws {
    let place = try workplace(10, value: { "\($0)" }, limits: "reply_size: 4KiB")
    let daemon = try await RunningDaemon(in: place)
    var explainedCount = 0
    for (verb, method) in [
      (["status"], "org.muster.Manage.Status"), (["plugins"], "org.muster.Manage.Plugins"),
      (["describe", "all"], "org.muster.Reports.Describe"),
    ] {
      let (status, output) = try run(["--address", "unix:\(place.socket)"] + verb, program: String(muster))
      if status == 0 { continue }
      explainedCount += 1
      #expect(status == 65)
      #expect(
        output == """
          muster: the answer to \(method) is too large: unix:\(place.socket): a reply would have more than 4096 bytes; \
          set "limits.reply_size" higher in the configuration of musterd

          """)
    }
    #expect(explainedCount > 0)
    #expect(try ask("run", "all", "--format", "csv", of: place).status == 0)
    #expect(try ask("dimensions", of: place).status == 0)
    #expect(try ask("reconcile", of: place).status == 0)
    #expect(try await daemon.stop() == 0)
  }
}
