import Testing
import Varlink

@Suite struct ActivationTests {
  @Test(
    arguments: [
      ([:], nil),
      (["LISTEN_FDS": "1", "LISTEN_PID": "7"], [3]),
      (["LISTEN_FDS": "1", "LISTEN_PID": "7", "LISTEN_FDNAMES": "musterd.socket"], [3]),
      (["LISTEN_FDS": "3", "LISTEN_PID": "7", "LISTEN_FDNAMES": "a:varlink:varlink"], [4, 5]),
      (["LISTEN_FDS": "2", "LISTEN_PID": "7", "LISTEN_FDNAMES": ":varlink"], [4]),
      (["LISTEN_FDS": "2", "LISTEN_PID": "7", "LISTEN_FDNAMES": "a:b"], nil),
      (["LISTEN_FDS": "2", "LISTEN_PID": "7"], nil),
      (["LISTEN_FDS": "0", "LISTEN_PID": "7"], nil),
      (["LISTEN_FDS": "1", "LISTEN_PID": "8"], nil),
      (["LISTEN_FDS": "what", "LISTEN_PID": "8"], nil),
      (["LISTEN_FDS": "1"], nil),
    ] as [([String: String], [Int32]?)])
  func descriptorsAreTakenThatAreMeantForUs(environment: [String: String], descriptors: [Int32]?) throws {
    #expect(try Activation(environment: environment, pid: 7) == descriptors.map { .descriptors($0) })
  }

  @Test func standardStreamsAreAskedForByAVariable() throws {
    #expect(try Activation(environment: ["SYSTEMD_VARLINK_LISTEN": "-"], pid: 7) == .standardStreams)
    let other = ["SYSTEMD_VARLINK_LISTEN": "-", "LISTEN_FDS": "1", "LISTEN_PID": "8"]
    #expect(try Activation(environment: other, pid: 7) == .standardStreams)
    let both = ["SYSTEMD_VARLINK_LISTEN": "-", "LISTEN_FDS": "1", "LISTEN_PID": "7"]
    #expect(try Activation(environment: both, pid: 7) == .descriptors([3]))
  }

  @Test(arguments: [
    (["LISTEN_FDS": "x", "LISTEN_PID": "7"], "LISTEN_FDS", "x"),
    (["LISTEN_FDS": "-1", "LISTEN_PID": "7"], "LISTEN_FDS", "-1"),
    (["LISTEN_FDS": "2147483647", "LISTEN_PID": "7"], "LISTEN_FDS", "2147483647"),
    (["LISTEN_FDS": "1", "LISTEN_PID": ""], "LISTEN_PID", ""),
    (["SYSTEMD_VARLINK_LISTEN": "/run/x"], "SYSTEMD_VARLINK_LISTEN", "/run/x"),
  ])
  func nonsenseIsAnError(environment: [String: String], variable: String, value: String) {
    let error = #expect(throws: ActivationError.self) { try Activation(environment: environment, pid: 7) }
    #expect(error?.description == "the environment variable \(variable) is \"\(value)\", which has no meaning")
  }
}
