import Logging
import Posix
import TestSupport
import Testing

@testable import Systemd

@Suite("The watchdog gives signs of life while the service answers", .timeLimit(.minutes(10)))
struct WatchdogTests {
  private let folder: TemporaryFolder
  private let manager: ServiceManager
  private let notify: NotifySocket
  private let logger: Logger
  private let log = Probe()
  private let clock = TestClock()

  init() throws {
    folder = try TemporaryFolder()
    manager = try ServiceManager(.path("\(folder.path)/notify"))
    logger = Logger(label: "test") { [log] _ in LogRecorder(probe: log) }
    notify = NotifySocket(.path("\(folder.path)/notify"), logger: logger)
  }

  /// The waits between the probes, as many as there are probes, of which each takes its time.
  private func waits(period: Duration, probes: [() throws -> Duration]) -> [Duration] {
    var (rest, waits) = (probes[...], [Duration]())
    Watchdog(period: period, notify: notify, logger: logger).run(
      { _ in clock.turn(by: try rest.removeFirst()()) }, by: clock
    ) { wait in
      notify.flush()
      waits.append(wait)
      clock.turn(by: wait)
      return rest.isEmpty
    }
    return waits
  }

  @Test func theySucceedOneAnotherAtHalfOfThePeriod() {
    #expect(
      waits(period: .seconds(1), probes: [{ .zero }, { .milliseconds(200) }, { .milliseconds(499) }])
        == [.milliseconds(500), .milliseconds(300), .milliseconds(1)])
    #expect(manager.messages == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
  }

  @Test func whatCameLateIsNotMadeUpFor() {
    #expect(
      waits(period: .seconds(1), probes: [{ .milliseconds(1800) }, { .zero }, { .zero }])
        == [.zero, .milliseconds(500), .milliseconds(500)])
    #expect(manager.signsOfLife == 3)
  }

  @Test func theProbeMustEndInTimeForASign() {
    var given: [Duration] = []
    Watchdog(period: .seconds(8), notify: notify, logger: logger).run({ given.append($0) }, by: clock) { _ in true }
    #expect(given == [.seconds(3)])
  }

  @Test func thereIsNoneForAServiceThatDoesNotAnswer() {
    var signs: [Int] = []
    let probes: [() throws -> Duration] = [
      { .zero }, { throw TestFailure("no answer") },
      {
        signs.append(manager.signsOfLife)
        return .zero
      },
    ]
    #expect(waits(period: .seconds(1), probes: probes).count == 3)
    #expect(signs == [1], "nothing was said after the failure")
    #expect(manager.signsOfLife == 2, "it answers again")
    #expect(
      log.events == [
        "error: the daemon does not answer itself; the service manager is told nothing error=no answer"
      ])
  }

  @Test func itEndsWhenItIsStopped() async throws {
    weak var running: Watchdog?
    do {
      let watchdog = Watchdog(period: .milliseconds(10), notify: notify, logger: logger)
      running = watchdog
      watchdog.start { _ in }
      try await waitUntil("it shows signs of life") { manager.signsOfLife >= 3 }
      watchdog.stop()
    }
    try await waitUntil("its thread has ended") { running == nil }
  }
}
