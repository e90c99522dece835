import Glibc
import JSON
import Synchronization
import TestSupport
import Testing
import Varlink

@Suite("What went wrong is told on one line and by the exit status", .blocking, .timeLimit(.minutes(10)))
struct ExitStatusTests {
  @Test("A manifest that no call can hold is damaged, and not a wrong use")
  func manifestWithNUL() async throws {
    let (service, folder) = (try FakeService(content: ""), try TemporaryFolder())
    try folder.write("1\n", to: "a.csv")
    try folder.write("{\"file\": \"a\\u0000.csv\"}", to: "a.csv.muster.json")
    let outcome = try await Program(["verify", "\(folder.path)/a.csv", "--address", service.address]).wait()
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasSuffix("/a.csv.muster.json is no manifest, or damaged\n"), "\(outcome.errors)")
  }

  @Test("Each error of the daemon has its status and its line", arguments: serverErrors)
  fileprivate func serverError(_ error: ServerError) async throws {
    let service = try FakeService(error: error.name, error.parameters)
    let outcome = try await muster("--address", service.address, "run", "r")
    #expect(outcome.status == error.status)
    #expect(outcome.errors == "muster: \(error.message.replacing("ADDRESS", with: service.address))\n")
    #expect(outcome.output == "")
  }

  @Test("A failed reload lists every problem, one a line, and counts those that are not listed")
  func failedReload() async throws {
    let service = try FakeService(
      error: "org.muster.Manage.ReloadFailed",
      ["problems": ["a.yaml:1:2: unknown key \"x\"", "b.csv:3:total: no number"], "total": 7])
    let outcome = try await muster("reload", "--address", service.address)
    #expect(outcome.status == 65)
    #expect(
      outcome.errors == """
        muster: nothing was reloaded: 7 problems; what was loaded before stays in use
        a.yaml:1:2: unknown key "x"
        b.csv:3:total: no number
        and 5 more problems, 7 in all

        """)
  }

  @Test(
    "A musterd that has nothing to serve is told with every problem, whatever was asked",
    arguments: [("Reports", ["list"]), ("Exports", ["export", "--all"]), ("Manage", ["status"])])
  func invalidConfiguration(_ interface: String, _ arguments: [String]) async throws {
    let service = try FakeService(
      error: "org.muster.\(interface).InvalidConfiguration",
      ["problems": ["a.yaml:1:2: unknown key \"x\"", "b.csv:3:total: no number"], "total": 3])
    let outcome = try await Program(arguments + ["--address", service.address]).wait()
    #expect(outcome.status == 78)
    #expect(
      outcome.errors == """
        muster: musterd serves nothing: \(service.address): its configuration or its dataset has 3 problems; mend what follows
        a.yaml:1:2: unknown key "x"
        b.csv:3:total: no number
        and 1 more problems, 3 in all

        """)
  }

  @Test("A musterd that does not even read the call is told from one that takes long")
  func unreadCall() async throws {
    let folder = try TemporaryFolder()
    let socket = try SilentSocket(path: "\(folder.path)/s")
    let outcome = try await muster("list", "--timeout", "0.05", "--address", socket.path)
    #expect(outcome.status == 75)
    #expect(
      outcome.errors == """
        muster: no answer to org.muster.Reports.List within 0.05 seconds: unix:\(socket.path); give a longer --timeout; \
        it has not come to the call: it starts or hangs, see "systemctl status musterd"

        """)
  }

  @Test(
    "What keeps a plugin from being audited is told",
    arguments: [
      (
        "NoSuchPlugin", ["name": "shares", "suggestions": ["share"]], 64,
        "no such plugin: shares; did you mean \"share\"? \"muster plugins\" shows them all"
      ),
      (
        "NoSuchPlugin", ["name": "shares", "suggestions": []], 64,
        "no such plugin: shares; \"muster plugins\" shows them all"
      ),
      (
        "AuditFailed", ["name": "share", "reason": "no report uses it"], 65,
        "no audit of share: no report uses it"
      ),
      (
        "AuditFailed", ["name": "share", "reason": "it ended; its standard error:\noops"], 65,
        "no audit of share: it ended; its standard error:\noops"
      ),
    ] as [(String, JSONObject, Int32, String)])
  func failedAudit(_ name: String, _ parameters: JSONObject, _ status: Int32, _ message: String) async throws {
    let service = try FakeService(error: "org.muster.Manage.\(name)", parameters)
    let outcome = try await muster("plugins", "--audit", "share", "--address", service.address)
    #expect(outcome.status == status)
    #expect(outcome.errors == "muster: \(message)\n")
    #expect(outcome.output == "")
  }

  @Test("Wrong usage is told before anything is done", arguments: wrongUsages)
  func wrongUsage(_ arguments: [String], _ message: String) async throws {
    let outcome = try await Program(arguments).wait()
    #expect(outcome.status == 64)
    #expect(outcome.errors == "muster: \(message)\n")
    #expect(outcome.output == "")
  }

  @Test("Without a verb the help is shown, as an error")
  func noVerb() async throws {
    let outcome = try await muster()
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("muster: no verb given\nOVERVIEW: "))
    #expect(outcome.output == "")
  }

  @Test("A daemon that is not there is told with its address and how to start it")
  func notThere() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await muster("list", "--address", "\(folder.path)/socket")
    #expect(outcome.status == 69)
    #expect(
      outcome.errors == """
        muster: cannot reach musterd: unix:\(folder.path)/socket: No such file or directory; \
        start it with "systemctl start musterd" or "musterd --config FILE --listen unix:\(folder.path)/socket", \
        or do without it by --standalone FILE

        """)
  }

  @Test("A connection that ends during the call is told, and nothing passes for a result", arguments: [0, 1, 40])
  func lostConnection(_ byteCount: Int) async throws {
    let service = try FakeService { _, peer in
      try peer.send(Array(Reply(["revision": "sha256:abc", "content": "a,b\n"]).encoded().prefix(byteCount)))
      throw TestFailure("the connection ends")
    }
    let outcome = try await muster("run", "r", "--address", service.address)
    #expect(outcome.status == 69)
    #expect(
      outcome.errors == """
        muster: lost musterd before its answer to org.muster.Reports.Run was whole: \(service.address); \
        its log says why, try again

        """)
    #expect(outcome.output == "")
    #expect(service.calls.count == (byteCount == 0 ? 2 : 1))
  }

  @Test("A musterd that is lost before it answered anything is asked once more, as its successor listens there")
  func successor() async throws {
    let isFirst = Atomic(true)
    let service = try FakeService { _, peer in
      if isFirst.exchange(false, ordering: .relaxed) { throw TestFailure("it is killed") }
      try peer.send(Reply(["revision": "sha256:abc", "content": "a,b\n"]))
    }
    let outcome = try await muster("run", "r", "--format", "csv", "--address", service.address)
    #expect(outcome.errors == "")
    #expect(outcome.output == "a,b\n")
    #expect(service.calls.count == 2)
    #expect(service.calls.first == service.calls.last)
  }

  @Test("What came is not asked for again", arguments: [["run", "r", "--format", "csv"], ["export", "a", "b"]])
  func partialAnswer(_ arguments: [String]) async throws {
    let run: JSONObject = ["name": "a", "outcome": "written", "finishedAt": 1, "durationMicroseconds": 1]
    let reply: JSONObject =
      arguments[0] == "run" ? ["revision": "sha256:abc", "content": "a,b\n"] : ["runs": [.object(run)]]
    let service = try FakeService { _, peer in
      try peer.send(Reply(reply, continues: true))
      throw TestFailure("it is killed")
    }
    let outcome = try await Program(arguments + ["--address", service.address]).wait()
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("lost musterd before its answer"))
    #expect(service.calls.count == 1)
  }

  @Test(
    "What would be done twice is not asked for again",
    arguments: [["reload"], ["export", "a", "--force"]])
  func notRepeatable(_ arguments: [String]) async throws {
    let service = try FakeService { _, _ in throw TestFailure("it is killed") }
    let outcome = try await Program(arguments + ["--address", service.address]).wait()
    #expect(outcome.status == 69)
    #expect(service.calls.count == 1)
  }

  @Test("The time that a call may take counts from its first attempt")
  func timeoutOfSuccessor() async throws {
    let isFirst = Atomic(true)
    let service = try FakeService { _, peer in
      // Most of the time that there is passes here, and the successor is not given all of it again.
      if isFirst.exchange(false, ordering: .relaxed) {
        usleep(3_000_000)
        throw TestFailure("it is killed")
      }
      _ = peer.waitForHangUp()
    }
    let start = ContinuousClock.now
    let outcome = try await muster("list", "--timeout", "4", "--address", service.address)
    #expect(ContinuousClock.now - start < .seconds(6.5))
    #expect(service.calls.count == 2)
    #expect(outcome.status == 75)
    #expect(outcome.errors.contains("no answer to org.muster.Reports.List within 4.0 seconds"))
  }

  @Test("An answer that is not as agreed is refused", arguments: violations)
  func violation(_ messages: String, _ message: String) async throws {
    let service = try FakeService { _, peer in
      try peer.send(messages.split(separator: "\n").flatMap { Array($0.utf8) + [0] })
    }
    let outcome = try await muster("run", "r", "--address", service.address)
    #expect(outcome.status == 76)
    #expect(outcome.errors == "muster: \(message.replacing("ADDRESS", with: service.address))\n")
  }

  @Test("With a timeout a silent daemon is given up")
  func timeout() async throws {
    let service = try FakeService { _, peer in _ = peer.waitForHangUp() }
    let outcome = try await muster("list", "--timeout", "0.05", "--address", service.address)
    #expect(outcome.status == 75)
    #expect(
      outcome.errors == """
        muster: no answer to org.muster.Reports.List within 0.05 seconds: \(service.address); give a longer --timeout

        """)
  }

  @Test("What standard output does not take is an error", arguments: [">/dev/full", ">&-"])
  func fullOutput(_ redirection: String) async throws {
    let service = try FakeService(content: "a\n")
    let outcome = try await Program(
      ["-c", "\"$0\" run r --address \(service.address) \(redirection)", Program.path], program: "/bin/sh"
    ).wait()
    #expect(outcome.status == 74)
    #expect(outcome.errors.hasPrefix("muster: cannot write: standard output: "))
  }

  @Test(
    "The help of the program and of each verb names the statuses, the variables and examples",
    arguments: [
      [], ["help"], ["list"], ["describe"], ["run"], ["status"], ["reload"], ["plugins"], ["export"], ["exports"],
      ["verify"],
    ])
  func help(_ verb: [String]) async throws {
    let outcome = try await Program(verb + ["--help"]).wait()
    #expect(outcome.status == 0)
    for text in ["EXAMPLES", "MUSTER_ADDRESS", "NO_COLOR", "EXIT STATUS"] + ["64", "65", "66", "69", "74", "77"] {
      #expect(outcome.output.contains(text), "\(text)")
    }
    #expect(outcome.errors == "")
  }
}

private struct ServerError: CustomTestStringConvertible {
  var name: String
  var parameters: JSONObject = [:]
  var status: Int32
  /// `ADDRESS` stands for the address.
  var message: String

  var testDescription: String { name }
}

private let serverErrors = [
  ServerError(
    name: "org.muster.Reports.NoSuchReport",
    parameters: ["report": "r", "suggestions": ["country-summary", "bloc-aggregate"]], status: 66,
    message: """
      no such report: r; did you mean "country-summary" or "bloc-aggregate"? "muster list" shows them all
      """),
  ServerError(
    name: "org.muster.Reports.NoSuchReport", parameters: ["report": "r", "suggestions": []], status: 66,
    message: "no such report: r; \"muster list\" shows them all"),
  ServerError(
    name: "org.muster.Reports.NoSuchFormat", parameters: ["format": "jsn", "formats": ["csv", "json"]], status: 64,
    message: "no such format: jsn; did you mean \"json\"? the formats are csv, json"),
  ServerError(
    name: "org.muster.Reports.NoSuchParameter",
    parameters: ["report": "r", "parameter": "schem", "suggestions": ["scheme"]], status: 64,
    message: """
      no such parameter of r: schem; did you mean "scheme"? "muster describe r" shows them all
      """),
  ServerError(
    name: "org.muster.Reports.InvalidValue",
    parameters: [
      "report": "r", "parameter": "scheme", "value": "regio",
      "reason": "unknown scheme \"regio\" for scheme of r; did you mean \"region\"?", "suggestions": ["region"],
    ], status: 64,
    message: """
      invalid value of scheme: unknown scheme "regio" for scheme of r; did you mean "region"? \
      "muster describe r" shows what it takes
      """),
  ServerError(
    name: "org.muster.Reports.InvalidValue",
    parameters: [
      "report": "r", "parameter": "limit", "value": "x",
      "reason": "limit of r must be an integer from 1 to 9, not \"x\"",
      "suggestions": [],
    ], status: 64,
    message: """
      invalid value of limit: limit of r must be an integer from 1 to 9, not "x"; \
      "muster describe r" shows what it takes
      """),
  ServerError(
    name: "org.muster.Reports.ResultTooLarge", parameters: ["limitBytes": 1024, "limit": "limits.result"],
    status: 65,
    message: """
      the result is too large: more than 1024 bytes; the limit is set by "limits.result" in the configuration of \
      musterd
      """),
  ServerError(
    name: "org.muster.Reports.ReportFailed", parameters: ["report": "r", "reason": "a sum is beyond 64 bits"],
    status: 65, message: "the report failed: r: a sum is beyond 64 bits"),
  ServerError(
    name: "org.muster.Reports.ReportFailed",
    parameters: ["report": "r", "reason": "the plugin \"p\" ended; its standard error:\n  File \"p\"\nx\u{1B}[1m\ty"],
    status: 65,
    message: "the report failed: r: the plugin \"p\" ended; its standard error:\n  File \"p\"\nx\\u{1B}[1m y"),
  ServerError(
    name: "org.muster.Reports.InternalError", status: 70,
    message: "musterd failed inside: org.muster.Reports.Run: ADDRESS; its log says why: \"journalctl -u musterd\""),
  ServerError(
    name: "org.varlink.service.PermissionDenied", status: 77,
    message: """
      denied by musterd: org.muster.Reports.Run: ADDRESS; it takes the right "read", which "access.read" in its \
      configuration gives; root and its own user have it
      """),
  ServerError(
    name: "org.varlink.service.InterfaceNotFound", parameters: ["interface": "org.muster.Reports"], status: 76,
    message: """
      musterd does not take the call org.muster.Reports.Run: ADDRESS: org.varlink.service.InterfaceNotFound \
      {"interface":"org.muster.Reports"}; is it of another version?
      """),
  ServerError(
    name: "com.example.Surprise", parameters: ["a": 1, "b": ["c"]], status: 76,
    message: #"musterd answered with an unknown error: ADDRESS: com.example.Surprise {"a":1,"b":["c"]}"#),
  ServerError(
    name: "org.muster.Reports.NoSuchReport", parameters: ["other": true], status: 76,
    message: """
      musterd answered with an unknown error: ADDRESS: org.muster.Reports.NoSuchReport {"other":true}
      """),
]

private let wrongUsages: [([String], String)] = [
  (
    ["lst"],
    """
    unknown verb: lst; did you mean "list"? the verbs are list, describe, dimensions, run, why, reconcile, export, \
    exports, verify, plugins, status, metrics, watch, reload, reference
    """
  ),
  (["--bogus", "list"], "unknown option before the verb: --bogus; see \"muster --help\""),
  (
    ["--adress=/a", "list"],
    "unknown option before the verb: --adress; did you mean \"--address\"? see \"muster --help\""
  ),
  (["run"], "missing expected argument '<report>'; see \"muster run --help\""),
  (["list", "--jsn"], "unknown option '--jsn'. Did you mean '--json'? see \"muster list --help\""),
  (["list", "extra"], "unexpected argument 'extra'; see \"muster list --help\""),
  (
    ["run", "r", "--set", "scheme"],
    "the value 'scheme' is invalid for '--set <name=value>': expected NAME=VALUE; see \"muster run --help\""
  ),
  (["run", "r", "--set", "a=1", "--set", "a=2"], "--set gives a more than once; see \"muster run --help\""),
  (["run", "r", "--output", ""], "--output takes the path of a file, or -; see \"muster run --help\""),
  (
    ["list", "--address", "/a", "--standalone", "b"],
    "--address and --standalone exclude each other; see \"muster --help\""
  ),
  (
    ["--timeout", "0", "list"],
    "--timeout takes a number of seconds from 0.001 to 31536000; see \"muster --help\""
  ),
  (
    ["--address", "tcp:x", "list"],
    "--address: \"tcp:x\" is no Varlink address: \"tcp:\" is not supported; use unix: or exec:"
  ),
]

private let violations: [(String, String)] = [
  (
    "HTTP/1.1 400",
    "this is no musterd: ADDRESS: the message is not JSON: unexpected character at byte 0; check the address"
  ),
  (
    #"{"parameters":{"revision":"r","content":5}}"#,
    "the answer to org.muster.Reports.Run is not as agreed: ADDRESS: content: expected a string, found 5; "
      + "is musterd of another version?"
  ),
  (
    #"{"parameters":{"revision":"r"}}"#,
    "the answer to org.muster.Reports.Run is not as agreed: ADDRESS: the result has no content; "
      + "is musterd of another version?"
  ),
  (
    #"{"parameters":{"revision":"a","content":""},"continues":true}"# + "\n"
      + #"{"parameters":{"revision":"b","content":""}}"#,
    "the answer to org.muster.Reports.Run is not as agreed: ADDRESS: the result mixes the revisions a and b; "
      + "is musterd of another version?"
  ),
]
