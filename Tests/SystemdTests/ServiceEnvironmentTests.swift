import Glibc
import Logging
import Systemd
import Testing

@Suite("The service manager's variables are read and taken")
struct ServiceEnvironmentTests {
  @Test func childProcessesDoNotSeeThem() async {
    // In a process of its own: the environment has no lock.
    await #expect(processExitsWith: .success) {
      setenv("LISTEN_FDS", "1", 1)
      setenv("NOTIFY_SOCKET", "", 1)
      setenv("WATCHDOG_USEC", "1000", 1)
      unsetenv("WATCHDOG_PID")
      setenv("LISTENER", "stays", 1)
      let environment = ServiceEnvironment.take()
      #expect(environment.variables == ["LISTEN_FDS": "1", "NOTIFY_SOCKET": "", "WATCHDOG_USEC": "1000"])
      for name in environment.variables.keys { #expect(getenv(name) == nil) }
      #expect(getenv("LISTENER") != nil)
      #expect(ServiceEnvironment.take().variables == [:])
    }
  }

  @Test(
    arguments: [
      ([:], nil), (["WATCHDOG_USEC": "200000"], .milliseconds(200)),
      (["WATCHDOG_USEC": "1", "WATCHDOG_PID": "7"], .microseconds(1)),
      (["WATCHDOG_USEC": "1", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_PID": "7"], nil),
    ] as [([String: String], Duration?)])
  func signsOfLifeAreWantedOfThisProcessAlone(variables: [String: String], period: Duration?) throws {
    #expect(try ServiceEnvironment(variables).watchdogPeriod(pid: 7) == period)
  }

  @Test(arguments: [
    (["WATCHDOG_USEC": "soon"], "WATCHDOG_USEC", "soon"), (["WATCHDOG_USEC": "0"], "WATCHDOG_USEC", "0"),
    (["WATCHDOG_USEC": "-1"], "WATCHDOG_USEC", "-1"), (["WATCHDOG_USEC": ""], "WATCHDOG_USEC", ""),
    (["WATCHDOG_USEC": "1", "WATCHDOG_PID": "x"], "WATCHDOG_PID", "x"),
  ])
  func aPeriodThatCannotBeMeantIsAnError(variables: [String: String], variable: String, value: String) {
    let error = #expect(throws: ServiceEnvironmentError.self) {
      try ServiceEnvironment(variables).watchdogPeriod(pid: 7)
    }
    #expect(error?.description == "the environment variable \(variable) is \"\(value)\", which has no meaning")
  }

  @Test(arguments: ["", "@", "notify", "vsock:2:1234", "/" + String(repeating: "x", count: 107)])
  func aSocketThatCannotBeMeantIsAnError(name: String) {
    let error = #expect(throws: ServiceEnvironmentError.self) {
      try ServiceEnvironment(["NOTIFY_SOCKET": name]).notifySocket(logger: Logger(label: "test"))
    }
    #expect(error == ServiceEnvironmentError(variable: "NOTIFY_SOCKET", value: name))
  }
}
