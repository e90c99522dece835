import Glibc
import JSON
import MusterAPI
import Synchronization
import TestSupport
import Testing
import Varlink

@Suite("A report that is watched is written again when its result changes", .blocking, .timeLimit(.minutes(10)))
struct WatchReportTests {
  /// Tells these generations one by one, each with what the report comes to; nil for a report that fails.
  private func service(_ results: [String?]) throws -> FakeService {
    let generation = Current()
    return try FakeService { call, peer in
      switch call.method {
      case "org.muster.Reports.Watch":
        for number in 1...results.count {
          generation.number.withLock { $0 = number }
          try peer.send(reply(number, continues: true))
          // The run comes over another connection.
          let deadline = ContinuousClock.now + .seconds(20)
          while generation.number.withLock({ $0 }) == number, ContinuousClock.now < deadline { usleep(1000) }
        }
        try peer.send(reply(results.count, continues: false))
      default:
        let number = generation.number.withLock { $0 }
        if let result = results[number - 1] {
          try peer.send(Reply(["revision": "sha256:\(number)", "content": .string(result)]))
        } else {
          try peer.send(Reply(Reports.NoSuchReport(report: "r", suggestions: []).varlinkError))
        }
        generation.number.withLock { $0 = -1 }
      }
    }
  }

  private final class Current: Sendable {
    let number = Mutex(0)
  }

  private func reply(_ number: Int, continues: Bool) -> Reply {
    Reply(["generation": .integer(Int64(number)), "revision": .string("sha256:\(number)")], continues: continues)
  }

  @Test func onlyWhatChangedIsWritten() async throws {
    let service = try service(["a\n", "a\n", "b\n", "a\n"])
    let outcome = try await muster("watch", "r", "--address", service.address)
    #expect(outcome.output == "a\nb\na\n")
    #expect(outcome.errors == "muster: musterd was stopped: \(service.address); watch again when it runs\n")
    #expect(outcome.status == 69)
    #expect(service.calls.count == 5)
  }

  @Test func aFailureAfterAReloadIsToldAndNoEnd() async throws {
    let service = try service(["a\n", nil, "a\n", "b\n"])
    let outcome = try await muster("watch", "r", "--address", service.address)
    #expect(outcome.output == "a\nb\n")
    #expect(outcome.errors.hasPrefix("muster: no such report: r; "))
    #expect(outcome.errors.split(separator: "\n").count == 2)
  }

  @Test func aFailureAtOnceIsTheEnd() async throws {
    let service = try service([nil, "a\n"])
    let outcome = try await muster("watch", "r", "--address", service.address)
    #expect(outcome.status == 66)
    #expect(outcome.output == "")
  }

  @Test func aFileIsReplacedEachTime() async throws {
    let service = try service(["a\n", "bc\n"])
    let path = "\(service.folder.path)/out.csv"
    let outcome = try await muster("watch", "r", "--format", "csv", "--output", path, "--address", service.address)
    #expect(outcome.output == "")
    #expect(try readFile(path) == "bc\n")
  }

  @Test func aPrivateDaemonIsNotWatched() async throws {
    let outcome = try await muster("--standalone", "x.yaml", "watch", "r")
    #expect(outcome.status == 64)
  }
}
