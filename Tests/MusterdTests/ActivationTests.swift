import Foundation
import JSON
import Posix
import TestSupport
import Testing
import Varlink

@Suite(
  "Behind the socket of an activator nobody waits for a service that does not come", .blocking, .timeLimit(.minutes(10))
)
struct ActivationTests {
  let workplace: Workplace
  let activator: Activator

  init() throws {
    workplace = try Workplace()
    activator = try Activator(workplace)
  }

  private func breakConfiguration() throws {
    try workplace.write(workplace.read("musterd.yaml") + "nonsense: true\n", to: "musterd.yaml")
    try workplace.write(workplace.read("entries.csv").replacing(",12,p. 1,", with: ",twelve,p. 1,"), to: "entries.csv")
  }

  private let methods = [
    "org.muster.Reports.List", "org.muster.Reports.Run", "org.muster.Reports.ListDimensions",
    "org.muster.Exports.Export", "org.muster.Exports.List", "org.muster.Manage.Status", "org.muster.Manage.Reload",
    "org.muster.Manage.SelfTest",
  ]

  @Test func everyCallIsAnsweredWithAllThatIsWrong() async throws {
    try breakConfiguration()
    let parameters: [String: JSONObject] = [
      "org.muster.Reports.Run": ["report": "country-summary"], "org.muster.Exports.Export": ["all": true],
    ]
    // They connected and called before there was a daemon.
    let waiting = try methods.map { method in
      let client = try activator.connect()
      return try (method, client, client.callMore(method, parameters[method] ?? [:]))
    }
    let daemon = try activator.start()
    for (method, _, replies) in waiting {
      let error = try #require(try refusal(replies), "\(method) is answered")
      #expect(error.name == method.split(separator: ".").dropLast().joined(separator: ".") + ".InvalidConfiguration")
      #expect(error.parameters["total"] == 2)
      let problems = (error.parameters["problems"]?.arrayValue ?? []).compactMap(\.stringValue)
      let files = problems.map { $0.dropFirst(workplace.path.count + 1).prefix { $0 != ":" } }
      #expect(files == ["musterd.yaml", "entries.csv"], "\(problems)")
    }
    // Who asks what is served is told, too.
    let information = try activator.connect().call("org.varlink.service.GetInfo")
    #expect(information["interfaces"]?.arrayValue?.contains("org.muster.Reports") == true)
    for (_, client, _) in waiting { client.close() }
    #expect(try await daemon.end() == 65)
    #expect(daemon.log.contains("unknown key \"nonsense\""))
  }

  /// The error that the first reply is; nil for a good one.
  private func refusal(_ replies: Client.Replies) throws -> VarlinkError? {
    var replies = replies
    do {
      _ = try replies.next()
      return nil
    } catch ClientError.errorReply(let error) {
      return error
    }
  }

  @Test func aStartThatNobodyWaitsForFailsAtOnceAndIsNeverReady() async throws {
    try breakConfiguration()
    let manager = try ServiceManager(.path("\(workplace.path)/notify"))
    let daemon = try activator.start(environment: ["NOTIFY_SOCKET": "\(workplace.path)/notify"])
    #expect(try await daemon.end() == 65)
    #expect(manager.messages.count == 1)
    #expect(manager.messages.first?.hasPrefix("STATUS=cannot serve, 2 problems, the first: \(workplace.path)/") == true)
  }

  @Test func theNextStartServesWhatWasMended() async throws {
    let (configuration, entries) = try (workplace.read("musterd.yaml"), workplace.read("entries.csv"))
    try breakConfiguration()
    let client = try activator.connect()
    let first = try activator.start()
    #expect(throws: ClientError.self) { try client.call("org.muster.Reports.List") }
    client.close()
    #expect(try await first.end() == 65)

    try workplace.write(configuration, to: "musterd.yaml")
    try workplace.write(entries, to: "entries.csv")
    let next = try activator.connect()
    let second = try activator.start()
    #expect(try next.call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await second.stop() == 0)
  }

  /// It is kept by others who go on calling, and would have told what was wrong before for half a minute.
  @Test(arguments: ["org.muster.Reports.List", "org.muster.Manage.Reload", "SIGHUP"])
  func nobodyIsToldWhatIsMended(_ way: String) async throws {
    let (configuration, entries) = try (workplace.read("musterd.yaml"), workplace.read("entries.csv"))
    try breakConfiguration()
    let others = try activator.connect()
    let first = try activator.start()
    #expect(throws: ClientError.self) { try others.call("org.muster.Reports.List") }
    // What is still wrong is told as of now.
    try workplace.write(configuration, to: "musterd.yaml")
    let reloading = try activator.connect()
    let error = try #require(try refusal(reloading.callMore("org.muster.Manage.Reload", [:])))
    #expect(error.parameters["total"] == 1)
    try workplace.write(entries, to: "entries.csv")
    if way == "SIGHUP" { kill(first.process.processIdentifier, SIGHUP) }
    // Nobody reads the answers: the last may wait for the next daemon.
    var clients: [Client] = []
    try await waitUntil("it ends, so that the next one serves") {
      if way != "SIGHUP", let client = try? activator.connect(), (try? client.callMore(way, [:])) != nil {
        clients.append(client)
      }
      return !first.process.isRunning
    }
    #expect(try await first.end() == 65)
    #expect(first.log.contains("the problems are gone"))
    let next = try activator.connect()
    let second = try activator.start()
    #expect(try next.call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await second.stop() == 0)
  }

  @Test func aLongListOfProblemsIsNotLoggedWhole() async throws {
    let wrong = (0..<500).map { "nonsense_\($0): true\n" }.joined()
    try workplace.write(workplace.read("musterd.yaml") + wrong, to: "musterd.yaml")
    let client = try activator.connect()
    let daemon = try activator.start()
    let error = try #require(try refusal(client.callMore("org.muster.Reports.List", [:])))
    #expect(error.parameters["problems"]?.arrayValue?.count == 500)
    client.close()
    #expect(try await daemon.end() == 65)
    #expect(daemon.log.contains("490 more problems; \"musterd check\" shows them"))
    #expect(daemon.log.split(separator: "\n").count < 20)
  }

  @Test func aClientThatStaysConnectedKeepsNoBrokenServiceAlive() async throws {
    try breakConfiguration()
    let client = try activator.connect()
    let daemon = try activator.start()
    #expect(throws: ClientError.self) { try client.call("org.muster.Reports.List") }
    #expect(try await daemon.end() == 65)
    #expect(client.isOpen)
  }

  @Test func itEndsWhenToldWhileSomebodyCalls() async throws {
    try breakConfiguration()
    let daemon = try activator.start()
    let client = try activator.connect()
    #expect(throws: ClientError.self) { try client.call("org.muster.Reports.List") }
    #expect(try await daemon.stop() == 65)
  }

  @Test func socketsThatNobodyNamesAreRefusedAndNotIgnored() async throws {
    let daemon = try activator.start(count: 2, environment: ["LISTEN_FDNAMES": "first:second"])
    #expect(try await daemon.end() == 64)
    #expect(
      daemon.log.contains("2 sockets were handed over, and none is called varlink; set FileDescriptorName=varlink"))
  }

  struct Misuse: CustomTestStringConvertible {
    let testDescription: String
    var count = 1
    var arguments: [String] = []
    var before = ":"
    let status: Int32
  }

  static let misuses = [
    Misuse(testDescription: "sockets without a name", count: 2, status: 64),
    Misuse(testDescription: "a wrong option", arguments: ["--log-level", "loud"], status: 64),
    Misuse(testDescription: "too few descriptors", before: "ulimit -n 40", status: 69),
  ]

  /// Its socket would start it again at once, and for ever, while anybody waits there.
  @Test(arguments: misuses) func nobodyIsLeftWaitingByADaemonThatCannotBegin(_ misuse: Misuse) async throws {
    let clients = try (0..<3).map { _ in try activator.connect() }
    let waiting = try clients.map { try $0.callMore("org.muster.Reports.List") }
    let daemon = try activator.start(count: misuse.count, arguments: misuse.arguments, before: misuse.before)
    #expect(try await daemon.end() == misuse.status)
    for var replies in waiting { #expect(throws: ClientError.self) { try replies.next() } }
  }

  @Test func ofSeveralSocketsThoseAreServedThatAreNamed() async throws {
    let daemon = try activator.start(count: 2, environment: ["LISTEN_FDNAMES": "other:varlink"])
    #expect(try activator.connect().call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await daemon.stop() == 0)
  }
}

/// Holds a listening socket, as a service manager does, and starts daemons for it.
struct Activator {
  private let workplace: Workplace
  private let socket: FileHandle

  init(_ workplace: Workplace) throws {
    self.workplace = workplace
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let isListening =
      SocketAddress.path(workplace.socket).withPointer { bind(descriptor, $0, $1) } == 0
      && listen(descriptor, 64) == 0
    if !isListening { throw TestFailure("no socket: \(errno)") }
    socket = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func connect() throws -> Client { try Client(connectingTo: .unix(path: workplace.socket)) }

  /// - Parameters:
  ///   - count: how many descriptors are handed over, all of the one socket.
  ///   - before: what the shell does that becomes the daemon.
  func start(
    count: Int = 1, environment: [String: String] = [:], arguments: [String] = [], before: String = ":"
  ) throws -> RunningDaemon {
    // The shell keeps its number when it becomes the daemon.
    let script = """
      for fd in $(seq 3 $((2 + LISTEN_FDS))); do eval "exec $fd<&0"; done
      exec </dev/null
      \(before)
      LISTEN_PID=$$ exec "$@"
      """
    return try RunningDaemon(
      ["-c", script, "sh", musterd, "--config", workplace.configuration] + arguments,
      environment: environment.merging(["LISTEN_FDS": "\(count)"]) { $1 },
      log: "\(workplace.path)/log-\(UUID().uuidString.prefix(8))", program: "/bin/sh", input: socket)
  }
}
