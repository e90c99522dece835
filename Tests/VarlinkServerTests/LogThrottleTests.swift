import Logging
import TestSupport
import Testing
import VarlinkServer

@Suite("What clients can provoke does not fill the log")
struct LogThrottleTests {
  @Test func tenLinesASecondAreWrittenAndTheOthersCounted() {
    let clock = TestClock()
    let probe = Probe()
    let throttle = LogThrottle(clock: clock)
    let logger = Logger(label: "test") { _ in LogRecorder(probe: probe) }
    for number in 1...13 { throttle.log(logger, .info, "\(number)", [:]) }
    clock.turn(by: .milliseconds(999))
    throttle.log(logger, .info, "14", [:])
    #expect(probe.events == (1...10).map { "info: \($0)" })
    clock.turn(by: .milliseconds(1))
    throttle.log(logger, .info, "15", [:])
    throttle.log(logger, .info, "16", [:])
    #expect(probe.events.dropFirst(10) == ["info: 15 suppressed=4", "info: 16"])
  }
}
