import Foundation
import JSON
import TestSupport
import Testing
import Varlink

@Suite("Run on an upgraded connection tells whether the result is whole", .blocking, .timeLimit(.minutes(10)))
struct UpgradedRunTests {
  /// What came on the connection: the chunks put together, how many there were, and the closing object.
  private struct Received {
    var confirmation: JSONObject
    var content: [UInt8] = []
    var chunkCount = 0
    var closing: JSONObject?
  }

  private func run(_ parameters: JSONObject, in workplace: Workplace) throws -> Received {
    let client = try connect(workplace)
    let upgraded = try client.callUpgrade("org.muster.Reports.Run", parameters, timeout: .seconds(30))
    defer { client.close() }
    var bytes = upgraded.leftover
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(upgraded.descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    var received = Received(confirmation: upgraded.parameters)
    var rest = bytes[...]
    while rest.count >= 4 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      if length == 0 {
        #expect(rest.last == 0)
        received.closing = try JSONValue(parsing: rest.dropLast()).objectValue
        return received
      }
      received.content += rest.prefix(length)
      received.chunkCount += 1
      rest = rest.dropFirst(length)
    }
    return received
  }

  private func whole(_ parameters: JSONObject, in workplace: Workplace) throws -> JSONObject {
    try connect(workplace).call("org.muster.Reports.Run", parameters)
  }

  @Test func theChunksAreTheFormatAndTheClosingObjectCountsThem() async throws {
    let workplace = try Workplace()
    let daemon = try await RunningDaemon(in: workplace)
    let parameters: JSONObject = ["report": "arrivals", "format": "csv"]
    let reply = try whole(parameters, in: workplace)
    let received = try run(parameters, in: workplace)
    #expect(received.content == Array((reply["content"]?.stringValue ?? "").utf8))
    #expect(received.confirmation["mediaType"] == reply["mediaType"])
    #expect(received.confirmation["revision"] == reply["revision"])
    let closing = try #require(received.closing)
    #expect(closing.names == ["rows", "bytes", "sha256"])
    #expect(closing["bytes"]?.integerValue == Int64(received.content.count))
    let lines = received.content.count { $0 == UInt8(ascii: "\n") }
    #expect(closing["rows"]?.integerValue == Int64(lines - 1))
    let file = "\(workplace.path)/received.csv"
    try Data(received.content).write(to: URL(fileURLWithPath: file))
    let checksum = try await TestSupport.run("/usr/bin/sha256sum", [file]).output
    #expect(checksum.hasPrefix(closing["sha256"]?.stringValue ?? "none"))
    #expect(try await daemon.stop() == 0)
  }

  @Test func aResultOverTheLimitClosesWithTheErrorThatNamesIt() async throws {
    let workplace = try Workplace()
    let text = try workplace.read("musterd.yaml")
    let kept = text.split(separator: "\n").filter { !$0.hasPrefix("limits:") }.joined(separator: "\n")
    try workplace.write("\(kept)\nlimits: { result_size: 4KiB }\n", to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: workplace)
    let received = try run(["report": "arrivals", "format": "html"], in: workplace)
    let closing = try #require(received.closing)
    #expect(closing["error"]?.stringValue == "org.muster.Reports.ResultTooLarge")
    #expect(closing["parameters"]?["limit"]?.stringValue == "limits.result_size")
    #expect(closing["sha256"] == nil)
    #expect(try await daemon.stop() == 0)
  }

  @Test func rowsWithoutAFormatAreRefusedBeforeTheUpgrade() async throws {
    let workplace = try Workplace()
    let daemon = try await RunningDaemon(in: workplace)
    #expect(throws: ClientError.errorReply(.invalidParameter("format"))) {
      _ = try run(["report": "arrivals"], in: workplace)
    }
    #expect(try await daemon.stop() == 0)
  }
}
