import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("Each limit of the configuration is an error that names it", .blocking, .timeLimit(.minutes(10)))
struct LimitTests {
  /// A workplace with these limits, and reports that take some time.
  private func workplace(_ limits: String) throws -> PluginWorkplace {
    let plugins = try PluginWorkplace(
      ["hang": "trap '' TERM; while :; do sleep 1; done", "good": "tail -n +2"])
    try setLimits(limits, in: plugins.workplace)
    return plugins
  }

  private func setLimits(_ limits: String, in workplace: Workplace) throws {
    let text = try workplace.read("musterd.yaml")
    let kept = text.split(separator: "\n").filter { !$0.hasPrefix("limits:") }.joined(separator: "\n")
    try workplace.write("\(kept)\nlimits: { \(limits) }\n", to: "musterd.yaml")
  }

  private func runs(_ workplace: Workplace, _ report: String) throws -> VarlinkError? {
    do {
      _ = try CheckedClient(connect(workplace)).call("org.muster.Reports.Run", ["report": .string(report)])
      return nil
    } catch ClientError.errorReply(let error) {
      return error
    }
  }

  private func status(_ workplace: Workplace) throws -> Manage.StatusReply {
    try JSONValue.object(connect(workplace).call("org.muster.Manage.Status")).decode()
  }

  @Test func aRunThatTakesTooLongIsEnded() async throws {
    let plugins = try workplace("call_timeout: 300ms")
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let start = ContinuousClock.now
    let error = try #require(try runs(plugins.workplace, "run-hang"))
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(
      Reports.LimitReached(error)
        == Reports.LimitReached(
          limit: "limits.call_timeout", value: 300_000, reason: "the call took longer than it may"))
    try await waitUntil("its plugin is gone") { plugins.processes(but: daemon).isEmpty }
    #expect(
      daemon.log.contains {
        $0.contains(" warning a call failed ") && $0.contains("report=run-hang") && $0.contains("limits.call_timeout")
      })
    #expect(try await daemon.stop() == 0)
  }

  @Test func runsBeyondTheLimitWaitInOrderAndBeyondTheLineAreRefused() async throws {
    let plugins = try workplace("concurrent_runs: 1, queued_runs: 1, plugins: 4")
    let place = plugins.workplace
    let daemon = try await RunningDaemon(in: place)
    let first = try HeldCall("run-hang", place)
    try await waitUntil("the first runs") { try status(place).runningRuns == 1 }
    let second = try HeldCall("run-good", place)
    try await waitUntil("the second waits") { try status(place).waitingRuns == 1 }

    let error = try #require(try runs(place, "run-good"))
    let limit = try #require(Reports.LimitReached(error))
    #expect(limit.limit == "limits.queued_runs")
    #expect(limit.value == 1)
    #expect(limit.reason == "1 runs go on, as limits.concurrent_runs allows, and 1 wait")
    // What is no run goes on as ever.
    #expect(try connect(place).call("org.muster.Reports.List")["reports"] != nil)

    first.hangUp()
    let reply = try await second.reply()
    #expect(reply["rows"]?.arrayValue?.isEmpty == false)
    #expect(try status(place).runningRuns == 0)
    // Now it is kept, and takes no turn.
    let third = try HeldCall("run-hang", place)
    try await waitUntil("the third runs") { try status(place).runningRuns == 1 }
    #expect(try runs(place, "run-good") == nil)
    third.hangUp()
    #expect(try await daemon.stop() == 0)
  }

  @Test func aReaderThatSleepsHoldsNeitherARunNorAPlugin() async throws {
    let plugins = try PluginWorkplace([
      "many": "tail -n +2 | while read -r row; do yes \"$row\" | head -n 3000; done", "good": "tail -n +2",
    ])
    let place = plugins.workplace
    try setLimits("concurrent_runs: 1, queued_runs: 4, plugins: 1", in: place)
    let daemon = try await RunningDaemon(in: place)
    // They read nothing of what comes.
    let sleeping = try (0..<3).map { _ in
      let client = try connect(place)
      return try (client, client.callMore("org.muster.Reports.Run", ["report": "run-many"]))
    }
    try await waitUntil("all have had their turn") {
      try status(place).runningRuns == 0 && status(place).waitingRuns == 0
    }
    #expect(!plugins.processes(but: daemon).isEmpty, "their plugins wait for them")
    #expect(try runs(place, "run-good") == nil)
    // Whoever reads after all gets everything.
    let client = sleeping[0].0
    var replies = sleeping[0].1
    var count = 0
    while let reply = try replies.next() { count += reply["rows"]?.arrayValue?.count ?? 0 }
    #expect(count == 12_000, "\(count)")
    #expect(client.isOpen)
    for (client, _) in sleeping { client.close() }
    try await waitUntil("their plugins are gone") { plugins.processes(but: daemon).isEmpty }
    #expect(try await daemon.stop() == 0)
  }

  @Test func aResultThatIsTooLargeEndsWithAnError() async throws {
    let place = try Workplace()
    try setLimits("result_size: 4KiB", in: place)
    try place.write(
      place.read("entries.csv")
        + (0..<200).map { "1\(1000 + $0),north,alby,grain,\($0),p. 9,counted\n" }.joined(), to: "entries.csv")
    try place.write(
      place.read("musterd.yaml").replacing("reports:\n", with: "reports:\n  all: { pipeline: [observations] }\n"),
      to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: place)
    let client = try connect(place)
    var replies = try client.callMore("org.muster.Reports.Run", ["report": "all", "format": "csv"])
    let failure = #expect(throws: ClientError.self) { while try replies.next() != nil {} }
    guard case .errorReply(let error)? = failure else { return }
    #expect(
      Reports.ResultTooLarge(error) == Reports.ResultTooLarge(limitBytes: 4096, limit: "limits.result_size"))
    #expect(try await daemon.stop() == 0)
  }

  @Test func connectionsOverTheLimitAreToldSo() async throws {
    let place = try Workplace()
    try setLimits("connections: 2, connections_per_user: 1", in: place)
    let daemon = try await RunningDaemon(in: place)
    let first = try connect(place)
    try first.call("org.muster.Reports.List")
    let failure = #expect(throws: ClientError.self) { try connect(place).call("org.muster.Reports.List") }
    guard case .errorReply(let error)? = failure else { return }
    #expect(
      Reports.LimitReached(error)
        == Reports.LimitReached(
          limit: "limits.connections_per_user", value: 1, reason: "all connections of one user are taken"))
    #expect(
      daemon.log.contains { $0.contains("limit=limits.connections_per_user") && $0.contains("peer-uid=\(getuid())") })

    // A reload gives more room at once.
    try setLimits("connections: 2, connections_per_user: 2", in: place)
    try first.call("org.muster.Manage.Reload")
    let second = try connect(place)
    try second.call("org.muster.Reports.List")
    let other = #expect(throws: ClientError.self) { try connect(place).call("org.muster.Reports.List") }
    guard case .errorReply(let error)? = other else { return }
    #expect(Reports.LimitReached(error)?.limit == "limits.connections")
    let status: Manage.StatusReply = try JSONValue.object(second.call("org.muster.Manage.Status")).decode()
    #expect(
      status.refusedConnections == [
        Manage.Counter(name: "limits.connections", count: 1),
        Manage.Counter(name: "limits.connections_per_user", count: 1),
      ])
    #expect(try await daemon.stop() == 0)
  }

  @Test func whoLooksAfterTheDaemonHasConnectionsOfItsOwn() async throws {
    let place = try Workplace()
    try setLimits("connections: 32", in: place)
    let daemon = try await RunningDaemon(in: place)
    var clients: [Client] = []
    for _ in 1...34 {
      let client = try connect(place)
      try client.call("org.muster.Reports.List")
      clients.append(client)
    }
    let failure = #expect(throws: ClientError.self) { try connect(place).call("org.muster.Reports.List") }
    guard case .errorReply(let error)? = failure else { return }
    #expect(Reports.LimitReached(error)?.limit == "limits.connections")
    #expect(try await daemon.stop() == 0)
    withExtendedLifetime(clients) {}
  }

  @Test func aCallThatIsTooLongIsToldSo() async throws {
    let place = try Workplace()
    try setLimits("message_size: 4KiB", in: place)
    let daemon = try await RunningDaemon(in: place)
    let error = await #expect(throws: ClientError.self) {
      // Far more than fits into a socket's buffer: it has to be read for the answer to arrive.
      try await onThread {
        try connect(place).call("org.muster.Reports.Run", ["report": .string(String(repeating: "x", count: 3 << 20))])
      }
    }
    #expect(
      error
        == .errorReply(
          VarlinkError(
            "org.muster.Reports.LimitReached",
            ["limit": "limits.message_size", "value": 4096, "reason": "a call is longer than that"])))
    try await waitUntil("it is logged") { daemon.log.contains("limit=limits.message_size") }
    #expect(try await daemon.stop() == 0)
  }

  @Test func callsThatDoNotComeWholeCannotTakeAllMemory() async throws {
    let place = try Workplace()
    try setLimits("unfinished_calls: 1MiB", in: place)
    let daemon = try await RunningDaemon(in: place)
    let call = Array("{\"method\":\"org.muster.Reports.List\"}\0".utf8)
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: 600 << 10)
    let clients = (try connect(place), try connect(place))
    let (first, second) = (clients.0.descriptor, clients.1.descriptor)
    try await onThread { try sendAll(padding, to: first) }
    try await waitUntil("musterd has read it") { unreadByteCount(first) == 0 }
    try await onThread { try sendAll(padding, to: second) }
    let refusal = try await onThread { try receiveReply(from: second) }
    #expect(refusal["error"] == "org.muster.Reports.LimitReached")
    #expect(refusal["parameters"]?.objectValue?["limit"] == "limits.unfinished_calls")
    // Whoever came first is not harmed, and small calls always find room.
    #expect(try connect(place).call("org.muster.Reports.List")["reports"] != nil)
    try await onThread { try sendAll(call, to: first) }
    let answer = try await onThread { try receiveReply(from: first) }
    #expect(answer["parameters"]?.objectValue?["reports"] != nil)
    withExtendedLifetime(clients) {}
    #expect(try await daemon.stop() == 0)
  }

  @Test func outputThatNobodyReadsCannotTakeAllMemory() async throws {
    let plugins = try PluginWorkplace(
      ["many": "tail -n +2 | while read -r row; do yes \"$row\" | head -n 3000; done"])
    let place = plugins.workplace
    try setLimits("unread_output: 1MiB", in: place)
    let daemon = try await RunningDaemon(in: place)
    func sleeping() async throws -> (Client, Client.Replies) {
      let client = try connect(place)
      let replies = try client.callMore("org.muster.Reports.Run", ["report": "run-many"])
      try await waitUntil("its turn is over") { try status(place).runningRuns == 0 && status(place).waitingRuns == 0 }
      return (client, replies)
    }
    func readAll(_ replies: Client.Replies) throws -> Int {
      var replies = replies
      var count = 0
      while let reply = try replies.next() { count += reply["rows"]?.arrayValue?.count ?? 0 }
      return count
    }
    var calls: [(Client, Client.Replies)] = []
    while !daemon.log.contains("output-out-of-room"), calls.count < 12 { calls.append(try await sleeping()) }
    #expect(daemon.log.contains("limit=limits.unread_output"))
    #expect((2..<12).contains(calls.count))
    // The one that has slept for longest; the last one gets everything.
    #expect(throws: ClientError.self, "its stream is cut off") { try readAll(calls[0].1) }
    #expect(try readAll(calls[calls.count - 1].1) == 12_000)
    #expect(try status(place).protocolErrors.map(\.name) == ["output-out-of-room"])
    #expect(try await daemon.stop() == 0)
  }

  @Test func whatCannotBeAnsweredIsLoggedWithItsKey() async throws {
    let place = try Workplace()
    try setLimits("read_timeout: 50ms, idle_timeout: 50ms", in: place)
    let daemon = try await RunningDaemon(in: place)
    let slow = try connect(place)
    _ = send(slow.descriptor, "{", 1, Int32(MSG_NOSIGNAL))
    let silent = try connect(place)
    for (client, key) in [(slow, "read_timeout"), (silent, "idle_timeout")] {
      var byte: UInt8 = 0
      var patience = timeval(tv_sec: 60, tv_usec: 0)
      setsockopt(client.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
      #expect(recv(client.descriptor, &byte, 1, 0) == 0 || errno == ECONNRESET, "the connection is closed")
      try await waitUntil("\(key) is logged") { daemon.log.contains("limit=limits.\(key)") }
    }
    #expect(try await daemon.stop() == 0)
  }
}

private func sendAll(_ bytes: [UInt8], to descriptor: Int32) throws {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    try #require(count > 0)
    rest = rest.dropFirst(count)
  }
}

/// How much of what was sent the other end has not read.
private func unreadByteCount(_ descriptor: Int32) -> Int32 {
  var count: Int32 = -1
  _ = ioctl(descriptor, UInt(TIOCOUTQ), &count)
  return count
}

private func receiveReply(from descriptor: Int32) throws -> JSONObject {
  var bytes: [UInt8] = []
  var byte: UInt8 = 1
  while recv(descriptor, &byte, 1, 0) == 1, byte != 0 { bytes.append(byte) }
  return try #require(try JSONValue(parsing: bytes).objectValue)
}

/// A call that is made in the background.
private final class HeldCall: Sendable {
  private let descriptor: Int32
  private let outcome: Task<JSONObject, any Error>

  init(_ report: String, _ workplace: Workplace) throws {
    // The client, which one task alone may use, closes its own copy.
    let client = try connect(workplace)
    let copy = withExtendedLifetime(client) { dup(client.descriptor) }
    descriptor = dup(copy)
    outcome = Task.detached {
      try await onThread { try Client(adopting: copy).call("org.muster.Reports.Run", ["report": .string(report)]) }
    }
  }

  deinit { close(descriptor) }

  func reply() async throws -> JSONObject { try await outcome.finished }

  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

extension String {
  fileprivate func contains(_ isWanted: (Substring) -> Bool) -> Bool {
    split(separator: "\n").contains(where: isWanted)
  }
}
