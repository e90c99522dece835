import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

/// The test service as a process of its own.
@Suite(.blocking, .timeLimit(.minutes(10))) struct ProcessTests {
  private static let program = "\(buildFolder)/varlink-test-service"

  private var address: Address { .exec(path: Self.program) }

  @Test func anExecAddressStartsTheProgramWithAConnection() async throws {
    let address = address
    try await onThread {
      let client = try Client(connectingTo: address, arguments: ["--config", "a b", "$HOME", ""])
      let reply = try client.call("org.example.process.Describe")
      #expect(reply["arguments"] == ["--config", "a b", "$HOME", ""])
      #expect(reply["listenNames"] == "varlink")
      #expect(reply["inherited"] == false)
      #expect(reply["standardInputEnds"] == true, "it must not eat our standard input")
      let pid = pid_t(try #require(reply["pid"]?.integerValue))
      #expect(kill(pid, 0) == 0)
      client.close()
      #expect(kill(pid, 0) != 0, "it ended and was reaped")
      #expect(throws: ClientError.connectionLost(errno: EBADF)) { try client.call("org.example.process.Describe") }
    }
  }

  @Test func whatTheProgramPrintsDoesNotComeOutOfOurStandardOutput() async throws {
    let address = address
    try await onThread {
      let client = try Client(connectingTo: address)
      #expect(try client.call("org.example.process.Print") == [:])
    }
  }

  @Test func aProgramThatDoesNotEndIsKilled() async throws {
    let address = address
    try await onThread {
      let client = try Client(connectingTo: address)
      let pid = pid_t(try #require(client.call("org.example.process.Describe")["pid"]?.integerValue))
      #expect(throws: ClientError.timedOut(.milliseconds(100))) {
        try client.call("org.example.process.Stop", timeout: .milliseconds(100))
      }
      #expect(kill(pid, 0) != 0)
    }
  }

  @Test(arguments: [("/no/such/program", ENOENT), ("/etc/passwd", EACCES)])
  func aProgramThatCannotBeStartedIsSaid(path: String, code: Int32) {
    #expect(throws: ClientError.cannotConnect(.exec(path: path), errno: code)) {
      try Client(connectingTo: .exec(path: path))
    }
  }

  @Test func aProgramThatIsNoServiceIsALostConnection() async throws {
    try await onThread {
      let client = try Client(connectingTo: .exec(path: "/bin/false"))
      let error = #expect(throws: ClientError.self) { try client.call("org.varlink.service.GetInfo") }
      guard case .connectionLost = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func standardStreamsAreAConnection() async throws {
    let program = Self.program
    let output = try await run(
      "printf '{\"method\":\"org.example.process.Print\"}\\0{\"method\":\"org.example.process.Describe\"}\\0' "
        + "| SYSTEMD_VARLINK_LISTEN=- '\(program)' 2>/dev/null")
    #expect(output.hasPrefix("{\"parameters\":{}}\0{\"parameters\":{\"arguments\":[],"))
    #expect(output.contains("\"standardInputEnds\":true"))
    #expect(output.hasSuffix("}}\0"))
  }

  @Test func aLackOfDescriptorsNeitherEndsTheServerNorMakesItSpin() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      let log = "\(folder)/log"
      // Of 32 descriptors the server may use 24 for connections, but it needs more than 8 for itself.
      let command = "ulimit -n 32; exec '\(Self.program)' unix:\(path) 2>'\(log)'"
      try await withProcess(command) { pid in
        try blockUntil("it serves") { (try? RawSocket(path: path)) != nil }
        let sockets = try (0..<30).map { _ in try RawSocket(path: path) }
        try blockUntil("it is at its limit") { try readFile(log).contains("cannot accept a connection") }

        let before = try processorTime(of: pid)
        usleep(1_000_000)
        let used = try processorTime(of: pid) - before
        #expect(used < 20, "in hundredths of a second")

        for socket in sockets { socket.close() }
        try blockUntil("it answers again") {
          (try? Client(connectingTo: .unix(path: path)).call("org.example.process.Describe")) != nil
        }
      }
    }
  }

  @Test func anIdleServerUsesNoProcessorTime() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      try await withProcess("exec '\(Self.program)' unix:\(path) 2>/dev/null") { pid in
        try blockUntil("it serves") { (try? RawSocket(path: path)) != nil }
        let idle = try RawSocket(path: path)
        let client = try Client(connectingTo: .unix(path: path))
        try client.call("org.example.process.Describe")
        // Threads that go to sleep, or end, after the call count a little; what polls would count in every second.
        try blockUntil("nothing goes on") {
          let before = contextSwitches(of: pid)
          usleep(1_000_000)
          return before > 0 && contextSwitches(of: pid) == before
        }
        idle.close()
      }
    }
  }
}

private func withProcess(_ command: String, _ body: @escaping @Sendable (pid_t) throws -> Void) async throws {
  try await onThread {
    let pid = try spawn("exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-; \(command)")
    defer {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    try body(pid)
  }
}

private func run(_ command: String) async throws -> String {
  try await onThread {
    guard let stream = popen(command, "r") else { throw TestFailure("cannot run \(command)") }
    defer { pclose(stream) }
    return readToEnd(fileno(stream))
  }
}

private func spawn(_ command: String) throws -> pid_t {
  var pid: pid_t = 0
  var arguments: [UnsafeMutablePointer<CChar>?] = (["/bin/sh", "-c", command] as [String]).map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  guard posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ) == 0 else {
    throw TestFailure("cannot run \(command)")
  }
  return pid
}

/// User and system time in clock ticks.
private func processorTime(of pid: pid_t) throws -> Int {
  let fields = try readFile("/proc/\(pid)/stat").split(separator: " ")
  guard fields.count > 15, let user = Int(fields[13]), let system = Int(fields[14]) else {
    throw TestFailure("\(fields)")
  }
  return user + system
}

/// How often the threads that do the server's I/O gave up the processor: a timer that polls shows here. (libdispatch, in
/// which Swift's tasks run, looks after its own threads once a second.)
private func contextSwitches(of pid: pid_t) -> Int {
  var count = 0
  for thread in namesInFolder("/proc/\(pid)/task") {
    let folder = "/proc/\(pid)/task/\(thread)"
    // A thread may be gone by now.
    guard (try? readFile("\(folder)/comm"))?.hasPrefix("NIO") == true else { continue }
    for line in (try? readFile("\(folder)/status"))?.split(separator: "\n") ?? []
    where line.hasPrefix("voluntary_ctxt_switches:") {
      count += Int(line.split(separator: "\t").last ?? "") ?? 0
    }
  }
  return count
}
