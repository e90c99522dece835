import JSON
import Testing
import Varlink
import VarlinkServer

@Suite struct ReplyStreamTests {
  private struct NoSink: ReplySink {
    func send(_ message: [UInt8]) async throws {}
    func upgrade(_ message: [UInt8]) async throws -> any RawConnection { throw CancellationError() }
  }

  @Test(arguments: [Call.Mode.single, .oneway, .upgrade])
  func aCallWithoutMoreTakesOneReplyOnly(mode: Call.Mode) async {
    await #expect(throws: ReplyStreamError.callWithoutMore) {
      try await ReplyStream(mode: mode, sink: NoSink()).send([:])
    }
  }

  @Test(arguments: [Call.Mode.single, .oneway, .more])
  func aCallWithoutUpgradeStaysVarlink(mode: Call.Mode) async {
    await #expect(throws: ReplyStreamError.callWithoutUpgrade) {
      _ = try await ReplyStream(mode: mode, sink: NoSink()).upgrade()
    }
  }

  @Test func aReplyThatTheWireForbidsIsRefusedWhereItIsMade() async {
    await #expect(throws: UnsendableValue(path: "parameters.x", reason: "inf is not a JSON number")) {
      try await ReplyStream(mode: .more, sink: NoSink()).send(["x": .double(.infinity)])
    }
  }
}
