import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("Whoever verifies files keeps nobody from being answered", .blocking, .timeLimit(.minutes(10)))
struct VerifyLoadTests {
  private func exported(_ limits: String) async throws -> (place: ExportWorkplace, daemon: RunningDaemon) {
    let place = try ExportWorkplace()
    try place.workplace.write(place.workplace.read("musterd.yaml") + "limits: { \(limits) }\n", to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    return (place, daemon)
  }

  private func limit(_ call: () throws -> Exports.VerifyReply) throws -> String? {
    do {
      _ = try call()
      return nil
    } catch ClientError.errorReply(let error) {
      return Exports.LimitReached(error)?.limit
    }
  }

  @Test func hugeFilesAreReadInTurns() async throws {
    let count = ProcessInfo.processInfo.activeProcessorCount + 2
    let (place, daemon) = try await exported("concurrent_runs: \(2 * count)")
    // Minutes of hashing, in a file without blocks.
    try #require(truncate(place.path("arrivals.csv"), 256 << 30) == 0)
    let call = try Call("org.muster.Exports.Verify", ["name": "arrivals"]).encoded()
    let clients = try (0..<count).map { _ in try connect(place.workplace) }
    for client in clients { #expect(send(client.descriptor, call, call.count, Int32(MSG_NOSIGNAL)) == call.count) }
    try await waitUntil("all are being read") { try place.status().runningRuns == count }
    #expect(try place.list().exports.map(\.name) == ["arrivals"], "who lists exports waits for no turn")
    for client in clients { client.close() }
    try await waitUntil("nothing is read for those who went away") { try place.status().runningRuns == 0 }
    #expect(try await daemon.stop() == 0)
  }

  @Test func readingAHugeFileEndsInTime() async throws {
    let (place, daemon) = try await exported("call_timeout: 1s")
    try #require(truncate(place.path("arrivals.csv"), 256 << 30) == 0)
    #expect(try await onThread { try limit { try place.verify() } } == "limits.call_timeout")
    try await waitUntil("nothing is read any more") { try place.status().runningRuns == 0 }
    #expect(try await daemon.stop() == 0)
  }

  @Test func aTextOfRepeatedNamesIsAnsweredAtOnceOrRefused() async throws {
    let (place, daemon) = try await exported("call_timeout: 30s")
    let manifest = try place.manifest()
    func verify(_ columns: Int) throws -> Exports.VerifyReply {
      let header = Array(repeating: "harbour", count: columns).joined(separator: ",")
      return try place.call(
        "Verify",
        Exports.VerifyParameters(manifest: manifest, sha256: "00", text: "\(header)\nalby,1\nalby,1\n", limit: 1))
    }
    let reply = try verify(30_000)
    #expect(reply.differences.first?.hasPrefix("line 1: \"harbour,") == true)
    let failure = #expect(throws: ClientError.self) { _ = try verify(40_000) }
    guard case .errorReply(let error)? = failure else { return }
    #expect(error == .invalidParameter("text"))
    #expect(try await daemon.stop() == 0)
  }
}
