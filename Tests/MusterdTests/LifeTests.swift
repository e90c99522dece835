import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("The daemon is boring to run", .blocking, .timeLimit(.minutes(10)))
struct LifeTests {
  let workplace: Workplace

  init() throws {
    workplace = try Workplace()
  }

  @Test func itStopsWhenToldAndLeavesNothing() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    #expect(FileManager.default.fileExists(atPath: workplace.socket))
    #expect(try await daemon.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: workplace.socket))
    #expect(daemon.log.contains(" stopped "))
  }

  @Test func everyLineOfTheLogBeginsWithItsTimeInUTC() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    #expect(try await daemon.stop() == 0)
    let lines = daemon.log.split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines {
      #expect(line.prefixMatch(of: #/20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d\.\d{3}Z \w+ /#) != nil, "\(line)")
    }
  }

  @Test func itSeesItsArgumentsWhereThereIsNoProc() throws {
    func runWithoutProc(_ arguments: [String]) throws -> (status: Int32, output: String) {
      try run(
        (geteuid() == 0 ? [] : ["--map-root-user"]) + [
          "--mount", "sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh",
        ] + arguments,
        program: "/usr/bin/unshare")
    }
    try #require(
      try runWithoutProc(["sh", "-c", "test ! -e /proc/self"]).status == 0, "no folder without /proc can be made")
    let check = try runWithoutProc([musterd, "check", "--config", workplace.configuration])
    #expect(check.status == 0)
    #expect(check.output.hasPrefix("\(workplace.configuration): no problems; "))
    let client = try runWithoutProc([
      String(muster), "--standalone", workplace.configuration, "list",
    ])
    #expect(client.status == 0)
    #expect(client.output.contains("arrivals"), "\(client.output)")
    let launcher = try runWithoutProc([
      "\(buildFolder)/muster-launcher", "/nonexistent", "1", "1", "1", "1", "1", "/bin/true",
    ])
    #expect(!launcher.output.contains("there is nothing to be done by hand"), "it took its order")
  }

  @Test func aSecondDaemonIsRefusedAndTheFirstUndisturbed() async throws {
    let first = try await RunningDaemon(in: workplace)
    let second = try RunningDaemon(
      ["--config", workplace.configuration, "--listen", "unix:\(workplace.socket)"],
      log: "\(workplace.path)/second")
    #expect(try await second.end() == 69)
    #expect(second.log.contains(workplace.socket))
    #expect(try connect(workplace).call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await first.stop() == 0)
  }

  @Test func aSocketThatACrashLeftBehindIsReplaced() async throws {
    let first = try await RunningDaemon(in: workplace)
    kill(first.process.processIdentifier, SIGKILL)
    #expect(try await first.end() == 128 + SIGKILL)
    #expect(FileManager.default.fileExists(atPath: workplace.socket))
    let second = try await RunningDaemon(in: workplace)
    #expect(try connect(workplace).call("org.muster.Reports.List")["reports"] != nil)
    #expect(try await second.stop() == 0)
  }

  @Test(arguments: ["SIGHUP", "Reload"])
  func aReloadTakesTheWholeNewState(by way: String) async throws {
    let daemon = try await RunningDaemon(in: workplace)
    let client = try connect(workplace)
    let before = try client.call("org.muster.Reports.List")
    try workplace.write(workplace.read("entries.csv").replacing(",12,p. 1,", with: ",13,p. 1,"), to: "entries.csv")
    try workplace.write(
      workplace.read("musterd.yaml") + "  another:\n    pipeline: [country-summary]\n", to: "musterd.yaml")
    if way == "SIGHUP" {
      kill(daemon.process.processIdentifier, SIGHUP)
      try await waitUntil("the reload is logged") { daemon.log.contains(" reloaded ") }
    } else {
      #expect(try client.call("org.muster.Manage.Reload")["generation"] == 2)
    }
    let after = try client.call("org.muster.Reports.List")
    #expect(after["revision"] != before["revision"])
    #expect(after["reports"]?.arrayValue?.count == 4)
    let csv = try client.call("org.muster.Reports.Run", ["report": "another", "format": "csv"])
    #expect(csv["content"]?.stringValue?.contains("alby,Älby,east,43,0,,43\n") == true)
    #expect(csv["revision"] == after["revision"])
  }

  @Test func aReloadIsNotRepeatedForEachSignalAndKeepsNobodyFromStopping() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    for _ in 1...200 {
      kill(daemon.process.processIdentifier, SIGHUP)
      usleep(1000)
    }
    #expect(try await daemon.stop() == 0)
    let count = daemon.log.components(separatedBy: " reloaded ").count - 1
    #expect((1..<100).contains(count), "those that came while one went on are one: \(count)")
    #expect(daemon.log.contains(" stopped "))
  }

  @Test func aReloadWithProblemsChangesNothingAndTellsThemAll() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    let client = try connect(workplace)
    let before = try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": "csv"])
    try workplace.write(
      workplace.read("entries.csv").replacing("north,alby,timber,0", with: "north,alby,timbr,x"), to: "entries.csv")
    try workplace.write(workplace.read("musterd.yaml").replacing("by: grain", with: "by: grains"), to: "musterd.yaml")
    let failure = #expect(throws: ClientError.self) { try client.call("org.muster.Manage.Reload") }
    guard case .errorReply(let error)? = failure else { return }
    let refused = try #require(Manage.ReloadFailed(error))
    #expect(refused.total == refused.problems.count)
    #expect(refused.problems.contains { $0.contains("entries.csv:4:cargo: ") && $0.contains("timbr") })
    #expect(refused.problems.contains { $0.contains("entries.csv:4:ships: ") && $0.contains("\"x\"") })
    kill(daemon.process.processIdentifier, SIGHUP)
    try await waitUntil("the second failure is logged") {
      daemon.log.components(separatedBy: "reload failed").count == 3
    }
    #expect(try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": "csv"]) == before)
    let status = try JSONValue.object(client.call("org.muster.Manage.Status")).decode(Manage.StatusReply.self)
    #expect(status.generation == 1)
    #expect(status.lastReload?.succeeded == false)
    #expect(status.lastReload?.problems == refused.problems)
  }

  @Test func itRefusesToStartOnAProblem() async throws {
    try workplace.write(workplace.read("musterd.yaml").replacing("by: grain", with: "by: grains"), to: "musterd.yaml")
    let daemon = try RunningDaemon(
      ["--config", workplace.configuration, "--listen", "unix:\(workplace.socket)"], log: "\(workplace.path)/log")
    #expect(try await daemon.end() == 65)
    #expect(
      daemon.log.contains(
        "musterd.yaml:26:21: unknown column \"grains\" for by of sort; did you mean \"grain\"?\n"))
    #expect(!FileManager.default.fileExists(atPath: workplace.socket))
  }

  @Test func garbageClosesTheConnectionAndNothingElse() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    let neighbour = try connect(workplace)
    for text in ["GET / HTTP/1.1\r\n\r\n\0", "{}\0", "[1]\0", "{\"method\":\"org.muster.Reports.List\",\"more\":1}\0"] {
      #expect(try exchange(text) == "")
    }
    #expect(try neighbour.call("org.muster.Reports.List")["reports"] != nil)
    let status = try JSONValue.object(neighbour.call("org.muster.Manage.Status")).decode(Manage.StatusReply.self)
    #expect(status.protocolErrors.reduce(0) { $0 + $1.count } == 4)
    #expect(try await daemon.stop() == 0)
  }

  @Test func pipelinedCallsAreAnsweredInOrderAfterAHalfClose() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    let names = (0..<50).map { "r\($0)" }
    let calls = names.map { "{\"method\":\"org.muster.Reports.Describe\",\"parameters\":{\"report\":\"\($0)\"}}\0" }
    let oneway = "{\"method\":\"org.muster.Reports.List\",\"oneway\":true}\0"
    let answer = try exchange(calls.joined(separator: oneway))
    let reports = answer.split(separator: "\0").compactMap { part in
      (try? JSONValue(parsing: String(part)))?["parameters"]?["report"]?.stringValue
    }
    #expect(reports == names)
    #expect(try await daemon.stop() == 0)
  }

  /// Sends a text, ends that direction, and reads all that comes back.
  private func exchange(_ text: String) throws -> String {
    let client = try connect(workplace)
    let bytes = Array(text.utf8)
    #expect(send(client.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    shutdown(client.descriptor, Int32(SHUT_WR))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(client.descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }
}

@Suite("musterd check tells every problem", .blocking, .timeLimit(.minutes(10)))
struct CheckTests {
  @Test func aSoundConfigurationIsSaidToBeSound() throws {
    let (status, output) = try run(["check", "--config", "\(repositoryRoot)/Config/musterd.yaml"])
    #expect(status == 0)
    #expect(output.contains("no problems; dataset repatriation-1955 with 58 observations, "))
  }

  @Test func whatWasUnderstoodIsExplained() throws {
    let (status, output) = try run(["check", "--explain", "--config", "\(repositoryRoot)/Config/musterd.yaml"])
    #expect(status == 0)
    let lines = output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("observations ") && $0.contains("58 from observations") })
    #expect(lines.contains { $0.hasPrefix("  country ") && $0.hasSuffix("place: a row each in summaries") })
    #expect(lines.contains { $0.hasPrefix("incomplete ") })
  }

  @Test func allProblemsOfAllFilesAreTold() throws {
    let workplace = try Workplace()
    try workplace.write(
      workplace.read("entries.csv").replacing("10,north,corre", with: "9,north,corra"), to: "entries.csv")
    try workplace.write(workplace.read("musterd.yaml").replacing("title:", with: "titel:"), to: "musterd.yaml")
    let (status, output) = try run(["check", "--config", workplace.configuration])
    #expect(status == 65)
    let lines = output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines.first?.hasSuffix(
        "musterd.yaml:17:5: unknown key \"titel\" in the report \"arrivals\"; did you mean \"title\"?") == true)
    #expect(lines.contains { $0.contains("entries.csv:11:harbour: ") && $0.contains("corra") })
    #expect(lines.contains { $0.contains("entries.csv:11:entry: ") })
  }

  @Test(arguments: [
    ([], 65), (["--confg", "x"], 64), (["check"], 65), (["--config", "x", "--log-level", "loud"], 64),
    (["check", "--config", "/nowhere/musterd.yaml"], 65), (["--help"], 0), (["--version"], 0),
  ])
  func exitCodes(arguments: [String], expected: Int) throws {
    #expect(try run(arguments, environment: ["MUSTER_CONFIG": "/nowhere/else.yaml"]).status == Int32(expected))
  }

  @Test func whereNoOptionNamesTheConfigurationAVariableDoes() async throws {
    let workplace = try Workplace()
    let environment = ["MUSTER_CONFIG": workplace.configuration]
    let checked = try run(["check"], environment: environment)
    #expect(checked.status == 0)
    #expect(checked.output.hasPrefix("\(workplace.configuration): no problems; "))
    // The option goes first, and nothing is no name.
    #expect(
      try run(["check", "--config", "/nowhere/musterd.yaml"], environment: environment).output
        .hasPrefix("/nowhere/musterd.yaml: "))
    if !FileManager.default.fileExists(atPath: "/etc/muster/musterd.yaml") {
      #expect(
        try run(["check"], environment: ["MUSTER_CONFIG": ""]).output.hasPrefix("/etc/muster/musterd.yaml: "))
    }
    for variable in ["MUSTER_CONFIG", "TMPDIR", "NOTIFY_SOCKET"] {
      let script = "\(variable)=$(printf 'm\\351.yaml') exec \"$0\" check"
      let outcome = try await TestSupport.run("/bin/sh", ["-c", script, musterd])
      #expect(outcome.status == 64)
      #expect(
        outcome.errors
          == "musterd: \(variable) is not UTF-8: \"m\u{FFFD}.yaml\"; rename the file, or give a link to it\n")
    }
  }

  @Test func aClientStartsItWithoutOptions() async throws {
    let workplace = try Workplace()
    let outcome = try await TestSupport.run(
      String(muster), ["--address", "exec:\(musterd)", "list"], environment: ["MUSTER_CONFIG": workplace.configuration])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("arrivals"))
  }

  @Test func anArgumentThatIsNoUTF8IsRefused() async throws {
    let script = "exec \"$0\" check --config \"$(printf 'm\\351.yaml')\""
    let outcome = try await TestSupport.run("/bin/sh", ["-c", script, musterd])
    #expect(outcome.status == 64)
    #expect(
      outcome.errors
        == "musterd: an argument is not UTF-8: \"m\u{FFFD}.yaml\"; rename the file, or give a link to it\n")
  }

  @Test("A configuration may begin with a mark, which makes one character of itself and the equals sign before it")
  func markedConfiguration() throws {
    for arguments in [
      ["check", "--config=\u{301}x.yaml"], ["check", "--config", "\u{301}x.yaml"], ["--config=\u{301}x.yaml"],
    ] {
      let (status, output) = try run(arguments)
      #expect(status == 65)
      #expect(output.contains("\u{301}x.yaml: cannot be read: No such file or directory"), "\(output)")
    }
    #expect(try run(["check", "--explain=\u{301}"]).output.hasPrefix("Error: Unknown option '--explain=\u{301}'"))
  }

  /// Such as one with é in ISO 8859-1, and one that begins with an accent.
  @Test(
    "In a folder of any name all is found that is named from there, and through a link to it",
    arguments: ["caf\\351", "\\314\\201x"])
  func foldersOfAnyName(name: String) async throws {
    let workplace = try Workplace()
    let script = """
      N=$(printf '\(name)'); M=$2
      mkdir "$N" && cp -r "$1"/. "$N/" && ln -s "$N" link || exit 99
      (cd "$N" && "$0" check --config "${3##*/}" && "$M" --standalone "${3##*/}" list)
      "$0" check --config "link/${3##*/}" && "$M" --standalone "link/${3##*/}" list && MUSTER_CONFIG="link/${3##*/}" "$0" check
      """
    let folder = try TemporaryFolder()
    let outcome = try await Program(
      "/bin/sh",
      ["-c", "set -e; " + script, musterd, workplace.path, String(muster), workplace.configuration],
      folder: folder.path
    ).wait()
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count { $0.contains("no problems; ") } == 3)
    #expect(outcome.output.split(separator: "\n").count { $0.contains("north-by-grain") } == 2)
  }

  @Test func programsInAFolderOfAnyNameAreFoundOrTold() async throws {
    let (workplace, folder) = (try Workplace(), try TemporaryFolder())
    let script = """
      N=$(printf 'caf\\351'); mkdir "$N" && ln "$0" "$1" "$N/" || cp "$0" "$1" "$N/"
      "$N/${1##*/}" --standalone "$2" list
      """
    let outcome = try await Program(
      "/bin/sh", ["-c", script, musterd, String(muster), workplace.configuration], folder: folder.path
    ).wait()
    #expect(outcome.status == 69)
    #expect(outcome.errors.hasPrefix("muster: cannot start musterd: its path is not UTF-8: "))
    #expect(outcome.errors.hasSuffix("/caf\u{FFFD}/musterd; move it, or put a link to it in PATH before it\n"))
  }

  /// It is started in a folder of its own, by a path from the root.
  @Test func aPluginBelowAFolderThatIsNoUTF8IsRefused() async throws {
    let (workplace, folder) = (try Workplace(), try TemporaryFolder())
    let script = """
      N=$(printf 'caf\\351'); cp -r "$1" "$N"; cd "$N"; printf '#!/bin/sh\\ncat\\n' > p.sh; chmod +x p.sh
      printf 'name: own\\nkind: transform\\nsummary: Own\\ncommand: [./p.sh]\\ncolumns: same\\n' > p.yaml
      printf '\\nplugins: p.yaml\\n' >> musterd.yaml
      exec "$0" check --config musterd.yaml
      """
    let outcome = try await Program("/bin/sh", ["-c", script, musterd, workplace.path], folder: folder.path).wait()
    #expect(outcome.status == 65)
    #expect(
      outcome.output
        == "p.yaml:4:11: the program \"./p.sh\" cannot be started: the path of the current folder is not UTF-8; "
        + "start musterd in another one, or rename that folder\n")
  }

  /// The address space is limited in KiB, to 7.6 GiB.
  @Test(
    "Limits of memory that come to more than the process may have are warned of, at the start and by check",
    arguments: [("6GiB", nil), ("7GiB", "8008MiB (memory 7GiB, run_memory 512MiB")] as [(String, String?)])
  func memory(limit: String, warning: String?) async throws {
    let workplace = try Workplace()
    try workplace.write(
      try workplace.read("musterd.yaml") + "limits: { memory: \(limit), unread_output: 256MiB }\n", to: "musterd.yaml")
    let before = ["-c", "ulimit -v 8000000; exec \"$0\" \"$@\"", musterd]
    let outcome = try await TestSupport.run("/bin/sh", before + ["check", "--config", workplace.configuration])
    #expect(outcome.status == 0)
    let daemon = try await RunningDaemon(in: workplace, program: "/bin/sh", before: before)
    let log = daemon.log.split(separator: "\n").first { $0.contains("the limits of memory come to ") }
    guard let warning else {
      #expect(outcome.errors == "")
      #expect(log == nil)
      return
    }
    let sentence =
      "the limits of memory come to \(warning), unread_output 256MiB, unfinished_calls 64MiB, cache_size 8MiB), "
      + "and the process may have 8000000KiB (RLIMIT_AS); lower them, or give it more (MemoryMax=)"
    #expect(outcome.errors == "\(workplace.configuration): warning: \(sentence)\n")
    #expect(log?.contains(" warning \(sentence) allowed=8192000000 sum=8396996608") == true, "\(log ?? "")")
    // A reload that changes them says so, too, or no more.
    let text = try workplace.read("musterd.yaml")
    try workplace.write(text.replacing("memory: \(limit)", with: "memory: 8GiB"), to: "musterd.yaml")
    kill(daemon.process.processIdentifier, SIGHUP)
    try await waitUntil("the reload is done") { daemon.log.contains(" reloaded ") }
    try await waitUntil("it warns") { daemon.log.contains("the limits of memory come to 9032MiB ") }
    #expect(try await daemon.stop() == 0)
  }
}
