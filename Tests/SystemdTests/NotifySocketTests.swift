import Glibc
import Logging
import Posix
import Systemd
import TestSupport
import Testing

@Suite("The service manager is told how a service fares", .timeLimit(.minutes(10)))
struct NotifySocketTests {
  private let folder: TemporaryFolder
  private let log = Probe()
  private let address: SocketAddress

  init() throws {
    folder = try TemporaryFolder()
    address = .path("\(folder.path)/notify")
  }

  private var logger: Logger { Logger(label: "test") { [log] _ in LogRecorder(probe: log) } }

  @Test func aSocketInTheFileSystemIsTold() throws {
    let manager = try ServiceManager(address)
    let notify = try #require(
      try ServiceEnvironment(["NOTIFY_SOCKET": "\(folder.path)/notify"]).notifySocket(logger: logger))
    notify.ready("at work")
    notify.flush()
    #expect(manager.messages == ["READY=1\nSTATUS=at work"])
  }

  @Test func anAbstractSocketIsTold() throws {
    let name = "muster-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let manager = try ServiceManager(.abstract(name))
    let notify = try #require(try ServiceEnvironment(["NOTIFY_SOCKET": "@\(name)"]).notifySocket(logger: logger))
    notify.ready("at work")
    notify.flush()
    #expect(manager.messages == ["READY=1\nSTATUS=at work"])
  }

  @Test func nobodyIsToldWhoDoesNotWantIt() throws {
    #expect(try ServiceEnvironment([:]).notifySocket(logger: logger) == nil)
  }

  @Test func messagesArriveInOrderAndEachIsWhole() throws {
    let manager = try ServiceManager(address)
    let notify = NotifySocket(address, logger: logger)
    let before = monotonicMicroseconds()
    notify.ready("first\nline\r\nand second")
    notify.reloading("loading")
    notify.isAlive()
    notify.stopping("waiting for 2 calls")
    notify.flush()
    let events = manager.events
    try #require(events.count == 3)
    #expect(events[0] == "READY=1\nSTATUS=first line and second", "a line break would begin another assignment")
    let lines = events[1].split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != "=" } } == ["RELOADING", "MONOTONIC_USEC", "STATUS"])
    let time = try #require(Int64(lines[1].dropFirst("MONOTONIC_USEC=".count)))
    #expect((before...monotonicMicroseconds()).contains(time))
    #expect(events[2] == "STOPPING=1\nSTATUS=waiting for 2 calls")
  }

  @Test func aManagerThatIsGoneIsInTheLogAndOneThatComesBackIsTold() throws {
    let notify = NotifySocket(address, logger: logger)
    notify.ready("nobody hears it")
    notify.flush()
    #expect(log.events == ["warning: cannot tell the service manager reason=No such file or directory"])

    do { _ = try ServiceManager(address) }
    notify.ready("the socket is there, and nobody behind it")
    notify.flush()
    #expect(log.events.last == "warning: cannot tell the service manager reason=Connection refused")

    unlink("\(folder.path)/notify")
    let manager = try ServiceManager(address)
    notify.ready("again")
    notify.flush()
    #expect(manager.messages == ["READY=1\nSTATUS=again"])
    #expect(log.events.count == 2)
  }

  @Test func aManagerThatDoesNotReadIsWaitedForAndNotFlooded() async throws {
    let manager = try ServiceManager(address)
    let notify = NotifySocket(address, patience: .seconds(600), logger: logger)
    let texts = try (0..<queueLength() + 3).map { "STATUS=\($0)" }
    for text in texts { notify.send([("STATUS", String(text.dropFirst("STATUS=".count)))]) }
    notify.isAlive()
    // Each reading makes room for more.
    try await waitUntil("all have arrived") { manager.messages.count >= texts.count }
    try await onThread { notify.flush() }
    #expect(manager.messages == texts, "a sign of life behind others that wait says nothing new")
    notify.isAlive()
    try await waitUntil("it shows a sign of life") { manager.signsOfLife == 1 }
    #expect(log.events == [])
  }

  @Test func aManagerThatNeverReadsIsNotWaitedForLonger() async throws {
    let manager = try ServiceManager(address)
    let notify = NotifySocket(address, patience: .milliseconds(20), logger: logger)
    let capacity = try queueLength()
    for number in 0..<capacity + 3 { notify.send([("STATUS", "\(number)")]) }
    // Longer than one message's patience it does not take, whatever waits.
    try await onThread { notify.flush() }
    let warning = "warning: cannot tell the service manager reason=Resource temporarily unavailable"
    try await log.wait(for: warning)
    try await waitUntil("nothing waits any more") {
      manager.messages.isEmpty || log.events.count + manager.messages.count == capacity + 3
    }
    #expect(Set(log.events) == [warning])
    notify.ready("it reads again")
    try await waitUntil("it is told again") { manager.messages.last == "READY=1\nSTATUS=it reads again" }
  }

  /// How many messages a socket holds that nobody reads.
  private func queueLength() throws -> Int {
    let text = try readFile("/proc/sys/net/unix/max_dgram_qlen")
    return try #require(Int(text.prefix { $0.isNumber })) + 1
  }
}
