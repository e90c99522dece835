import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

/// A workplace whose reports run plugins that are scripts.
struct PluginWorkplace {
  let workplace: Workplace

  /// - Parameters:
  ///   - plugins: transforms by name; each becomes a report of the same name behind `country-summary`.
  ///   - limits: by name; a minute for the others.
  init(_ plugins: [String: String], limits: [String: String] = [:]) throws {
    workplace = try Workplace()
    try FileManager.default.createDirectory(atPath: "\(workplace.path)/plugins.d", withIntermediateDirectories: true)
    for (name, script) in plugins {
      try workplace.write("#!/bin/sh\n\(script)\n", to: "plugins.d/\(name).sh")
      chmod("\(workplace.path)/plugins.d/\(name).sh", 0o755)
      try workplace.write(
        """
        name: \(name)
        kind: transform
        summary: Under test
        command: [./\(name).sh]
        columns: same
        limits: \(limits[name, default: "{ time: 60s }"])
        """, to: "plugins.d/\(name).yaml")
    }
    let reports = plugins.keys.sorted().map { "  run-\($0): { pipeline: [country-summary, \($0)] }" }
    try workplace.write(
      try workplace.read("musterd.yaml") + reports.joined(separator: "\n")
        + "\nplugins: plugins.d/*.yaml\nlimits: { plugins: 4 }\n", to: "musterd.yaml")
  }

  /// The processes whose command line names the workplace, but the daemon.
  func processes(but daemon: RunningDaemon) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { pid in
      pid != daemon.process.processIdentifier
        && ((try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? "").contains(workplace.path)
    }
  }
}

extension RunningDaemon {
  private func count(_ folder: String) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/\(folder)").count) ?? -1
  }

  fileprivate var descriptorCount: Int { count("fd") }

  /// The time for which it had a core, a hundred each second.
  fileprivate var processorTicks: Int {
    let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
    // The first field behind the name is the third.
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
  }

  /// Zombies included.
  fileprivate var children: [Substring] {
    let pid = process.processIdentifier
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
    return threads.flatMap { thread in
      ((try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/children", encoding: .utf8)) ?? "")
        .split(separator: " ")
    }
  }
}

/// A shell command that starts a daemon where the kernel refuses all namespaces.
private let withoutNamespaces = """
  for kind in user net pid mnt ipc; do echo 0 > /proc/sys/user/max_${kind}_namespaces; done; exec "$0" "$@"
  """

@Suite("A plugin's misbehaviour costs its own request one error", .blocking, .timeLimit(.minutes(10)), .serialized)
struct PluginTests {
  private static let hostile = [
    "hang": "exec sleep 1000",
    "stop": "kill -STOP $$",
    "loop": "while :; do :; done",
    "deaf": "trap '' TERM HUP INT; while :; do sleep 1; done",
    "fork": "while :; do sleep 1000 & done 2> /dev/null",
    "escape": "setsid sh -c 'setsid sleep 1000 & sleep 1000' & sleep 1000",
    "allocate": "awk 'BEGIN { x = \"xxxxxxxx\"; while (1) x = x x }'",
    "flood": "yes '{\"harbour\":1}'",
    "shout": "yes no >&2",
    "garbage": "echo garbage; sleep 1000",
    "half": "printf '{\"harbour\":'",
    "fail": "exit 3",
    "linger": "sleep 1000 & exit 3",
  ]

  private func hold(_ daemon: RunningDaemon, in plugins: PluginWorkplace) async throws {
    @Sendable func run(_ report: String) async throws -> Result<Int, VarlinkError> {
      try await onThread {
        do {
          let reply = try connect(plugins.workplace).call("org.muster.Reports.Run", ["report": .string(report)])
          return .success(reply["rows"]?.arrayValue?.count ?? 0)
        } catch ClientError.errorReply(let error) {
          return .failure(error)
        }
      }
    }
    // Whatever is made once is made by now.
    let count = try await run("arrivals").get()
    #expect(count > 1)
    #expect(try await run("run-good").get() == count)
    try await waitUntil("the connection is gone") { daemon.children.isEmpty }
    let descriptors = daemon.descriptorCount
    for _ in 0..<2 {
      try await withThrowingTaskGroup { group in
        for name in Self.hostile.keys {
          group.addTask {
            guard case .failure(let error) = try await run("run-\(name)") else {
              Issue.record("\(name) went well")
              return
            }
            let failure = try #require(Reports.ReportFailed(error))
            #expect(failure.reason.hasPrefix("the plugin \"\(name)\" "))
          }
        }
        for _ in 0..<4 {
          group.addTask { #expect((try? await run("run-good").get()) == count) }
          group.addTask { #expect((try? await run("arrivals").get()) == count) }
        }
        try await group.waitForAll()
      }
    }
    #expect(daemon.process.isRunning)
    #expect(plugins.processes(but: daemon) == [])
    try await waitUntil("neither a child nor a zombie is left") { daemon.children.isEmpty }
    try await waitUntil("no descriptor is left") { daemon.descriptorCount <= descriptors }
    #expect(try await daemon.stop() == 0)
  }

  private func workplace() throws -> PluginWorkplace {
    try PluginWorkplace(
      Self.hostile.merging(["good": "tail -n +2"]) { first, _ in first },
      limits: Self.hostile.mapValues { _ in "{ time: 500ms, stderr: 64KiB, output: 1MiB, memory: 64MiB }" })
  }

  @Test func andLeavesNothing() async throws {
    let plugins = try workplace()
    try await hold(try await RunningDaemon(in: plugins.workplace), in: plugins)
  }

  /// Whether these tests may make such namespaces themselves.
  private func mayUnshare(_ options: String...) throws -> Bool {
    let probe = Process()
    probe.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    probe.arguments = options + ["true"]
    probe.standardError = FileHandle.nullDevice
    try probe.run()
    probe.waitUntilExit()
    return probe.terminationStatus == 0
  }

  @Test func andLeavesNothingWhereTheKernelRefusesNamespaces() async throws {
    // Whoever may not make a namespace of users tests this case with the other test.
    guard try mayUnshare("-Ur") else { return }
    let plugins = try workplace()
    let daemon = try await RunningDaemon(
      in: plugins.workplace, program: "/usr/bin/unshare", before: ["-Ur", "/bin/sh", "-c", withoutNamespaces, musterd])
    try await hold(daemon, in: plugins)
  }

  @Test func noneKillsTheDaemonWhereTheKernelRefusesNamespaces() async throws {
    // In a namespace of processes whose first is the daemon, so that nobody else would be killed either.
    let options = ["-Urpf", "--mount-proc", "--kill-child"]
    guard try mayUnshare(options[0], options[1], options[2]) else { return }
    let plugins = try PluginWorkplace([
      "good": "tail -n +2",
      "kill": """
      kill -9 -1; kill -9 -$PPID
      for thread in /proc/[0-9]*/task/*; do [ ${thread##*/} = $$ ] || kill -9 ${thread##*/}; done
      kill -9 0
      """,
    ])
    let daemon = try await RunningDaemon(
      in: plugins.workplace, program: "/usr/bin/unshare",
      before: options + ["/bin/sh", "-c", withoutNamespaces, musterd])
    let client = try connect(plugins.workplace)
    for _ in 0..<2 {
      #expect(throws: ClientError.self) { try client.call("org.muster.Reports.Run", ["report": "run-kill"]) }
      #expect(try client.call("org.muster.Reports.Run", ["report": "run-good"])["rows"]?.arrayValue?.isEmpty == false)
    }
    let reply = try JSONValue.object(client.call("org.muster.Manage.Plugins")).decode(Manage.PluginsReply.self)
    let killer = try #require(reply.plugins.first { $0.name == "kill" })
    #expect(killer.reason?.hasPrefix("the plugin \"kill\" was ended by the signal SIGKILL") == true)
    #expect(killer.isolation?.contains("signals") == true && killer.isolation?.contains("processes") == false)
    #expect(daemon.process.isRunning)
  }

  @Test func aClientThatHangsUpEndsItsPlugin() async throws {
    let plugins = try PluginWorkplace(["hang": "trap '' TERM; while :; do sleep 1; done"])
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let (descriptors, opened) = AsyncStream.makeStream(of: Int32.self)
    let call = Task.detached {
      try await onThread {
        let client = try connect(plugins.workplace)
        opened.yield(client.descriptor)
        return try client.call("org.muster.Reports.Run", ["report": "run-hang"])
      }
    }
    var iterator = descriptors.makeAsyncIterator()
    let descriptor = try #require(await iterator.next())
    try await waitUntil("the plugin runs") { !plugins.processes(but: daemon).isEmpty }
    let start = ContinuousClock.now
    shutdown(descriptor, Int32(SHUT_RDWR))
    try await waitUntil("the plugin is gone") { plugins.processes(but: daemon).isEmpty && daemon.children.isEmpty }
    #expect(ContinuousClock.now - start < .seconds(30), "long before its time limit")
    _ = try? await call.finished
    #expect(try await daemon.stop() == 0)
  }

  @Test func aPluginThatIsSlowToEndCostsTheDaemonNoTime() async throws {
    let plugins = try PluginWorkplace(["hang": "exec sleep 1000"], limits: ["hang": "{ time: 1s }"])
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let call = Task.detached {
      try await onThread { try connect(plugins.workplace).call("org.muster.Reports.Run", ["report": "run-hang"]) }
    }
    // Before that it is a part of the daemon, which would stop with it.
    try await waitUntil("the launcher has begun") {
      !daemon.children.isEmpty
        && daemon.children.allSatisfy {
          ((try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) ?? "").hasPrefix(
            "muster-launcher".prefix(15))
        }
    }
    // Who is to end it does not come to it, until the daemon does it by itself.
    for child in daemon.children { kill(try #require(Int32(child)), SIGSTOP) }
    let before = daemon.processorTicks
    await #expect(throws: (any Error).self) { try await call.value }
    // Of a second and more, at a hundred a second.
    #expect(daemon.processorTicks - before < 50)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aDaemonThatIsKilledLeavesNoPluginAndItsSuccessorNoFolder() async throws {
    let plugins = try PluginWorkplace(["hang": "trap '' TERM; while :; do sleep 1; done"])
    let folders = "\(plugins.workplace.path)/folders"
    try FileManager.default.createDirectory(atPath: folders, withIntermediateDirectories: true)
    let daemon = try await RunningDaemon(in: plugins.workplace, environment: ["TMPDIR": folders])
    let call = Task.detached {
      try await onThread { try connect(plugins.workplace).call("org.muster.Reports.Run", ["report": "run-hang"]) }
    }
    try await waitUntil("the plugin runs") { !plugins.processes(but: daemon).isEmpty }
    kill(daemon.process.processIdentifier, SIGKILL)
    try await waitUntil("the plugin is gone") { plugins.processes(but: daemon).isEmpty }
    _ = try? await call.finished
    #expect(try FileManager.default.contentsOfDirectory(atPath: folders).count == 1)
    let successor = try await RunningDaemon(in: plugins.workplace, environment: ["TMPDIR": folders])
    try await waitUntil("the folder is gone") {
      (try? FileManager.default.contentsOfDirectory(atPath: folders)) == []
    }
    #expect(try await successor.stop() == 0)
  }

  @Test func pluginsAreListedWithTheirState() async throws {
    let plugins = try PluginWorkplace(["good": "tail -n +2", "bad": "echo no >&2; exit 3"])
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let client = try CheckedClient(connect(plugins.workplace))
    func list() throws -> [String: Manage.Plugin] {
      let reply = try JSONValue.object(client.call("org.muster.Manage.Plugins")).decode(Manage.PluginsReply.self)
      return Dictionary(uniqueKeysWithValues: reply.plugins.map { ($0.name, $0) })
    }
    #expect(try list()["sort"]?.state == .shipped)
    #expect(try list()["good"]?.state == .ready)
    #expect(try list()["good"]?.runs == 0)
    #expect(try client.call("org.muster.Manage.AuditPlugin", ["name": "good"]) == ["report": "run-good"])
    #expect(throws: (any Error).self) { try client.call("org.muster.Reports.Run", ["report": "run-bad"]) }
    let listed = try list()
    #expect(listed["good"]?.runs == 2)
    #expect(listed["good"]?.isolation != nil)
    #expect(listed["bad"]?.state == .failed)
    #expect(listed["bad"]?.failures == 1)
    #expect(listed["bad"]?.reason == "the plugin \"bad\" ended with exit code 3; its standard error:\nno")
    #expect(try await daemon.stop() == 0)
  }

  @Test func anAuditFindsWhatChangesFromRunToRun() async throws {
    let plugins = try PluginWorkplace([
      "random": #"tail -n +2 | sed "s/\"name\":\"[^\"]*\"/\"name\":\"$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')\"/""#
    ])
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let client = try CheckedClient(connect(plugins.workplace))
    let reply = try client.call("org.muster.Manage.AuditPlugin", ["name": "random"])
    #expect(reply["report"] == "run-random")
    #expect(reply["difference"]?.stringValue?.hasPrefix("line 1, byte ") == true)
    #expect(throws: ClientError.errorReply(Manage.NoSuchPlugin(name: "randon", suggestions: ["random"]).varlinkError)) {
      try client.call("org.muster.Manage.AuditPlugin", ["name": "randon"])
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test func aDaemonThatIsStoppedRightAfterAPluginLeavesNoFolder() async throws {
    let plugins = try PluginWorkplace(["good": "tail -n +2"])
    let folders = "\(plugins.workplace.path)/folders"
    try FileManager.default.createDirectory(atPath: folders, withIntermediateDirectories: true)
    let daemon = try await RunningDaemon(in: plugins.workplace, environment: ["TMPDIR": folders])
    let client = try connect(plugins.workplace)
    for _ in 0..<5 { try client.call("org.muster.Reports.Run", ["report": "run-good"]) }
    #expect(try await daemon.stop() == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folders) == [])
  }

  /// By a process of its own: one that is forked here while we write would keep the program open, and busy.
  private func copyProgram(_ program: String, to path: String) throws {
    #expect(try run([program, path], program: "/bin/cp").status == 0)
  }

  @Test func withoutItsLauncherMusterdRefusesPlugins() async throws {
    let plugins = try PluginWorkplace(["good": "tail -n +2"])
    let folder = plugins.workplace.path
    let copy = "\(folder)/bin/musterd"
    try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
    try copyProgram(musterd, to: copy)
    let result = try run(["check", "--config", plugins.workplace.configuration], program: copy)
    #expect(result.status == 65)
    #expect(
      result.output == """
        \(folder)/plugins.d/good.yaml:1:7: muster-launcher, by which external plugins are started, is neither in \
        \(folder)/bin nor in \(folder)/libexec/muster; install it with musterd

        """)
    // As it is installed.
    try FileManager.default.createDirectory(atPath: "\(folder)/libexec/muster", withIntermediateDirectories: true)
    try copyProgram("\(buildFolder)/muster-launcher", to: "\(folder)/libexec/muster/muster-launcher")
    let daemon = try await RunningDaemon(in: plugins.workplace, program: copy)
    // An upgrade replaces it.
    try plugins.workplace.write("no program", to: "libexec/muster/muster-launcher")
    try connect(plugins.workplace).call("org.muster.Reports.Run", ["report": "run-good"])
    #expect(try await daemon.stop() == 0)
  }

  @Test func checkShowsEveryProblemOfEveryManifest() throws {
    let plugins = try PluginWorkplace(["good": "tail -n +2"])
    let folder = plugins.workplace.path
    try plugins.workplace.write(
      "name: sort\nkind: transform\nsummary: Another\ncommand: [cat]\ncolumns: same\n", to: "plugins.d/sort.yaml")
    try plugins.workplace.write("name: bad\nkind: report\n", to: "plugins.d/bad.yaml")
    let result = try run(["check", "--config", plugins.workplace.configuration])
    #expect(result.status == 65)
    #expect(
      result.output == """
        \(folder)/plugins.d/bad.yaml:1:1: the manifest of a report lacks the key "summary"
        \(folder)/plugins.d/bad.yaml:1:1: the manifest of a report lacks the key "command"
        \(folder)/plugins.d/bad.yaml:1:1: the manifest of a report lacks the key "rows"
        \(folder)/plugins.d/bad.yaml:1:1: the manifest of a report lacks the key "columns"
        \(folder)/plugins.d/sort.yaml:1:7: there is another plugin named "sort": it comes with musterd

        """)
  }

  @Test func checkAsksPluginsThatDescribeThemselves() throws {
    let plugins = try PluginWorkplace(["good": #"[ "$1" = --describe ] && echo '{"name":"other"}'"#])
    try plugins.workplace.write(
      try plugins.workplace.read("plugins.d/good.yaml") + "\ndescribe: true\n", to: "plugins.d/good.yaml")
    let folders = "\(plugins.workplace.path)/folders"
    try FileManager.default.createDirectory(atPath: folders, withIntermediateDirectories: true)
    let result = try run(["check", "--config", plugins.workplace.configuration], environment: ["TMPDIR": folders])
    #expect(result.status == 65)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folders) == [])
    #expect(
      result.output
        == "\(plugins.workplace.path)/plugins.d/good.yaml:1:7: with --describe \"good\" says name \"other\", "
        + "where the manifest says \"good\"\n")
  }
}
