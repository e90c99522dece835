import Foundation
import JSON
import Posix
import TestSupport
import Testing
import Varlink

@Suite("The service manager is told how the daemon fares", .blocking, .timeLimit(.minutes(10)))
struct ServiceManagerTests {
  let workplace: Workplace
  let manager: ServiceManager

  init() throws {
    workplace = try Workplace()
    manager = try ServiceManager(.path("\(workplace.path)/notify"))
  }

  private func start(_ environment: [String: String] = [:]) async throws -> RunningDaemon {
    let daemon = try await RunningDaemon(
      in: workplace, environment: environment.merging(["NOTIFY_SOCKET": "\(workplace.path)/notify"]) { $1 })
    try await waitUntil("it is ready") { !manager.events.isEmpty }
    return daemon
  }

  @Test func itIsReadyWhenItAnswersAndStoppingWhenItStops() async throws {
    let daemon = try await start()
    #expect(
      manager.events == ["READY=1\nSTATUS=generation 1: dataset harbour-arrivals with 11 observations, 3 reports"])
    #expect(try connect(workplace).call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await daemon.stop() == 0)
    #expect(manager.events.dropFirst() == ["STOPPING=1\nSTATUS=stopping"])
    #expect(manager.signsOfLife == 0, "nobody asked for signs of life")
  }

  @Test func anAbstractSocketIsToldToo() async throws {
    let name = "muster-test-\(UUID().uuidString)"
    let manager = try ServiceManager(.abstract(name))
    let daemon = try await RunningDaemon(in: workplace, environment: ["NOTIFY_SOCKET": "@\(name)"])
    try await waitUntil("it is ready") { manager.events.count == 1 }
    #expect(try await daemon.stop() == 0)
  }

  @Test(arguments: ["SIGHUP", "Reload"])
  func aReloadIsAnnouncedAndEndsWithReady(by way: String) async throws {
    let daemon = try await start()
    let before = monotonicMicroseconds()
    func reload() throws {
      if way == "SIGHUP" {
        kill(daemon.process.processIdentifier, SIGHUP)
      } else {
        _ = try? connect(workplace).call("org.muster.Manage.Reload")
      }
    }
    try workplace.write(
      workplace.read("musterd.yaml") + "  another:\n    pipeline: [country-summary]\n", to: "musterd.yaml")
    try reload()
    try await waitUntil("the reload is done") { manager.events.count == 3 }
    let lines = manager.events[1].split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != "=" } } == ["RELOADING", "MONOTONIC_USEC", "STATUS"])
    let time = try #require(Int64(lines[1].dropFirst("MONOTONIC_USEC=".count)))
    #expect((before...monotonicMicroseconds()).contains(time))
    #expect(
      manager.events[2] == "READY=1\nSTATUS=generation 2: dataset harbour-arrivals with 11 observations, 4 reports")

    try workplace.write(workplace.read("musterd.yaml").replacing("by: grain", with: "by: grains"), to: "musterd.yaml")
    try reload()
    try await waitUntil("the failed reload is done") { manager.events.count == 5 }
    #expect(manager.events[3].hasPrefix("RELOADING=1\n"))
    #expect(
      manager.events[4] == """
        READY=1
        STATUS=generation 2: dataset harbour-arrivals with 11 observations, 4 reports; the last reload failed with 1 problem: \
        \(workplace.path)/musterd.yaml:26:21: unknown column "grains" for by of sort; did you mean "grain"?
        """)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aConfigurationWithProblemsIsNeverReady() async throws {
    try workplace.write("nonsense: true\n", to: "musterd.yaml")
    let daemon = try RunningDaemon(
      ["--config", workplace.configuration], environment: ["NOTIFY_SOCKET": "\(workplace.path)/notify"],
      log: "\(workplace.path)/log")
    #expect(try await daemon.end() == 65)
    #expect(manager.messages == [])
  }

  @Test func signsOfLifeComeOnlyWhileItAnswers() async throws {
    // Nobody reads what it logs, so that it hangs as soon as the pipe is full and it has something to log.
    let log = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: musterd)
    process.arguments = ["--config", workplace.configuration, "--listen", "unix:\(workplace.socket)"]
    process.environment = ["NOTIFY_SOCKET": "\(workplace.path)/notify", "WATCHDOG_USEC": "200000"]
    process.standardError = log
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    try await waitUntil("it shows signs of life") { manager.signsOfLife >= 3 }
    #expect(manager.events.count == 1)

    // A description of its own, since another one's flags are also the daemon's.
    let filler = open("/proc/self/fd/\(log.fileHandleForReading.fileDescriptor)", O_WRONLY | O_NONBLOCK)
    defer { close(filler) }
    try #require(filler >= 0)
    while write(filler, "x", 1) == 1 {}
    let victim = try connect(workplace)
    let sent = withExtendedLifetime(victim) { send(victim.descriptor, "garbage\0", 8, Int32(MSG_NOSIGNAL)) }
    #expect(sent == 8)
    var count = -1
    var lastChange = ContinuousClock.now
    try await waitUntil("ten periods pass without a sign of life") {
      if manager.signsOfLife != count { lastChange = .now }
      count = manager.signsOfLife
      return ContinuousClock.now - lastChange > .seconds(1)
    }

    log.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    try await waitUntil("it shows signs of life again") { manager.signsOfLife > count }
  }

  @Test func signsOfLifeForAnotherProcessAreNotGiven() async throws {
    let daemon = try await start(["WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"])
    #expect(try connect(workplace).call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await daemon.stop() == 0)
    #expect(manager.messages.count == 2)
  }

  @Test func theWatchdogIsNoClient() async throws {
    let daemon = try await start(["WATCHDOG_USEC": "20000"])
    try await waitUntil("it shows signs of life") { manager.signsOfLife >= 5 }
    let status = try connect(workplace).call("org.muster.Manage.Status")
    #expect(status["connectionsTotal"] == 1)
    #expect(status["calls"] == 1)
    #expect(status["cacheMisses"] == 0)
    #expect(try await daemon.stop() == 0)
  }

  @Test(arguments: [
    ["NOTIFY_SOCKET": "vsock:2:1234"], ["WATCHDOG_USEC": "soon"], ["WATCHDOG_USEC": "1", "WATCHDOG_PID": "x"],
  ])
  func whatTheManagerCannotMeanIsAnError(environment: [String: String]) async throws {
    let daemon = try RunningDaemon(
      ["--config", workplace.configuration], environment: environment, log: "\(workplace.path)/log")
    #expect(try await daemon.end() == 64)
    #expect(daemon.log.contains("which has no meaning"))
  }

  private func monotonicMicroseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
