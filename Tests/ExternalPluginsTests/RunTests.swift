import ExternalPlugins
import Glibc
import PluginLaunch
import ReportKit
import Synchronization
import TestSupport
import Testing

/// What a plugin meets, and how its request goes on.
@Suite(.blocking, .timeLimit(.minutes(10))) struct RunTests {
  @Test func aProgramThatWasJustReplacedIsStarted() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("tail -n +2")
    let host = PluginHost.test()
    let writer = open("\(workshop.folder)/plugin", O_WRONLY | O_CLOEXEC)
    try #require(writer >= 0)
    let running = Task { try await run(manifest, on: host, table([rows(1)])) }
    try await waitUntil("it is being started") { host.statistics(of: "test-plugin").runs == 1 }
    close(writer)
    #expect(try await running.finished.count == 1)
  }

  /// A plugin gives way to all others of the machine, and is not to blame for it.
  @Test func whileOthersComputeOnAllCoresItsTimeDoesNotPass() async throws {
    let workshop = try Workshop()
    let script = "i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done; tail -n +2"
    let manifest = try workshop.transform(script, limits: "{ time: 2s }")
    let host = PluginHost.test()
    let others = try (0..<sysconf(Int32(_SC_NPROCESSORS_ONLN))).map { _ in
      try Program("/bin/sh", ["-c", "ulimit -t 60; while :; do :; done"])
    }
    let running = Task { try await run(manifest, on: host, table([rows(1)])) }
    var plugin: Int32 = 0
    try await waitUntil("it is at work") {
      workshop.processes.contains { pid in
        guard (try? readFile("/proc/\(pid)/comm")) == "plugin\n" else { return false }
        // Where each session has the same share of the cores, as on a machine for people: not this one.
        setAutogroupNice(19, of: pid)
        plugin = pid
        return true
      }
    }
    // Twice its time.
    try await Task.sleep(for: .seconds(4))
    for program in others { kill(program.pid, SIGKILL) }
    setAutogroupNice(0, of: plugin)
    #expect(try await running.value.count == 1)
  }

  @Test func rowsGoThroughAPlugin() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("tail -n +2")
    let result = try await readAll(
      try transformed(table([rows(3), rows(2)], notes: [Note(.scope, "all")]), manifest, .test()))
    #expect(result.rows.map(\.cells) == (rows(3) + rows(2)).map(\.cells))
  }

  @Test func aHundredThousandRowsGoThroughWithoutBeingHeld() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("tail -n +2")
    let batches = [[Row]](repeating: rows(1000), count: 100)
    let result = try await run(manifest, on: .test(), table(batches))
    #expect(result.count == 100_000)
    #expect(result.last?.cells == rows(1000).last?.cells)
  }

  @Test func whatMustBeKeptOfTheRowsHasALimit() async throws {
    let workshop = try Workshop()
    let plugin = ExternalTransformPlugin(try workshop.transform("tail -n +2"), on: .test())
    let caveated = rows(100).map { row in
      Row([row[0], Cell(row[1].value, notes: [Note(.caveat, "As of July.")])])
    }
    let input = table([[Row]](repeating: caveated, count: 100))
    let limited = try plugin.transform(input, arguments: .none, limits: StepLimits(memory: 100_000))
    await #expect(throws: StepMemoryExceeded(step: "test-plugin", limit: 100_000)) { try await readAll(limited) }
    #expect(try await readAll(plugin.transform(input, arguments: .none, limits: StepLimits())).rows.count == 10_000)
  }

  @Test func itReadsOneLineOfParametersAndColumnsAndThenRows() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("cat >&2; exit 1")
    let caveat = Note(.caveat, "As of July.")
    let input = table([
      [
        Row([.text("a \"b\"\n"), Cell(.integer(.max), notes: [caveat])]),
        Row([.empty, Cell(.missing(Missing(symbol: "–", label: "none printed")))]),
      ]
    ])
    let error = await #expect(throws: PluginFailure.self) { try await run(manifest, on: .test(), input) }
    #expect(
      error?.standardError == #"""
        {"plugin":"test-plugin","parameters":{},"columns":[{"name":"country","title":"Country","kind":"text"},{"name":"persons","title":"Persons","kind":"integer"}]}
        {"country":"a \"b\"\n","persons":9223372036854775807,"@rows":[0],"@notes":{"persons":[{"kind":"caveat","text":"As of July."}]}}
        {"country":null,"persons":null,"@rows":[1],"@missing":{"persons":{"symbol":"–","label":"none printed","kind":"no_number"}}}

        """#)
  }

  @Test(
    arguments: [
      ("a header before the rows", #"echo '{"columns":["country","persons"],"notes":["By hand."]}'; tail -n +2"#),
      ("no line feed at the end", #"tail -n +2 | head -c -1"#),
      ("carriage returns", #"tail -n +2 | sed 's/$/\r/'"#),
      ("white space", #"tail -n +2 | sed 's/:/ : /g'"#),
      (
        "a slow writer",
        "tail -n +2 | while IFS= read -r line; do printf '%.9s' \"$line\"; sleep 0.02; printf '%s\\n' \"${line#?????????}\"; done"
      ),
    ])
  func itMayWrite(_ what: String, script: String) async throws {
    let workshop = try Workshop()
    let result = try await run(try workshop.transform(script), on: .test(), table([rows(3)]))
    #expect(result.map(\.cells) == rows(3).map(\.cells))
  }

  @Test func itMayEndBeforeItHasReadEverything() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("head -n 3 | tail -n +2")
    let result = try await run(manifest, on: .test(), table([[Row]](repeating: rows(10_000), count: 10)))
    #expect(result.map(\.cells) == rows(2).map(\.cells))
  }

  /// It reads, closes and ends in any order, while the step before it still has rows to give.
  @Test(
    arguments: [
      ("exits at once", "exit 0", 0),
      ("reads the first line", "head -n 1 >/dev/null", 0),
      ("reads a row", "read request; read row; echo \"$row\"", 1),
      ("closes its input", "read request; exec 0<&-; sleep 0.2", 0),
      ("closes its output", "read request; exec 1>&-; sleep 0.2", 0),
      ("closes both", "read request; exec 0<&- 1>&-; sleep 0.2", 0),
    ])
  func itEndsWhileItsRowsAreStillComing(_ what: String, script: String, count: Int) async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(script)
    for size in [1, 100, 20_000] {
      let host = PluginHost.test()
      var input = table([])
      let hasBegun = Mutex(false)
      input.batches = Batches([rows(size), rows(size), rows(size)]) {
        let isFirst = hasBegun.withLock { hasBegun in
          defer { hasBegun = true }
          return !hasBegun
        }
        if !isFirst { await host.settle(within: .seconds(20)) }
      }
      #expect(try await run(manifest, on: host, input).count == count)
    }
  }

  @Test func itsWorldIsCleanAndItsOwn() async throws {
    let workshop = try Workshop()
    setenv("MUSTER_SECRET", "x", 1)
    let manifest = try workshop.transform(
      """
      import os, sys
      say = lambda *words: print(*words, file=sys.stderr)
      say("environment", sorted(os.environ))
      say("path", os.environ["PATH"], os.environ["LANG"])
      folder = os.getcwd()
      say("folder", os.environ["HOME"] == folder == os.environ["TMPDIR"], os.listdir("."), oct(os.stat(".").st_mode & 0o777))
      say("descriptors", os.listdir("/proc/self/fd")[:-1])
      open("file", "w").write("x")
      status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
      say("no new privileges", status["NoNewPrivs"])
      say("blocked signals", status["SigBlk"])
      say("core", __import__("resource").getrlimit(__import__("resource").RLIMIT_CORE))
      say("leader", os.getsid(0) == os.getpid() == os.getpgrp())
      sys.exit(1)
      """, interpreter: "/usr/bin/python3")
    let error = await #expect(throws: PluginFailure.self) { try await run(manifest, on: .test(), table([[]])) }
    #expect(
      error?.standardError == """
        environment ['HOME', 'LANG', 'PATH', 'TMPDIR']
        path /usr/local/bin:/usr/bin:/bin C.UTF-8
        folder True [] 0o700
        descriptors ['0', '1', '2']
        no new privileges 1
        blocked signals 0000000000000000
        core (0, 0)
        leader True

        """)
  }

  @Test func itHasNoNetworkAndChangesNoFileWhereTheKernelLetsUs() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(
      """
      import os, socket, sys
      def says(what, attempt):
        try: attempt(); print(what, "yes", file=sys.stderr)
        except OSError as error: print(what, error.strerror, file=sys.stderr)
      says("loopback", lambda: socket.create_connection(("127.0.0.1", 9), 1))
      says("socket", lambda: socket.socket(socket.AF_UNIX))
      says("file", lambda: open(sys.argv[0] + ".new", "w"))
      says("own file", lambda: open("new", "w"))
      says("nothing", lambda: open("/dev/null", "w"))
      print("processes", [p for p in os.listdir("/proc/self/task")] == [str(os.getpid())], file=sys.stderr)
      sys.exit(1)
      """, interpreter: "/usr/bin/python3")
    let host = PluginHost.test()
    let error = await #expect(throws: PluginFailure.self) { try await run(manifest, on: host, table([[]])) }
    let isolation = try #require(host.statistics(of: "test-plugin").isolation)
    let lines = error?.standardError.split(separator: "\n").map(String.init) ?? []
    if isolation.contains(.network) {
      #expect(lines.first == "loopback Permission denied")
      #expect(lines.contains("socket Permission denied"), "the daemon would take it for its own user")
    }
    if isolation.contains(.files) {
      #expect(lines.contains { $0 == "file Read-only file system" || $0 == "file Permission denied" })
      #expect(lines.contains("own file yes"))
      #expect(lines.contains("nothing yes"))
    }
    if isolation.contains(.processes) { #expect(lines.last == "processes False", "/proc counts other numbers") }
  }

  @Test func theFolderIsRemoved() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("mkdir -p a/b; touch a/b/c; chmod 0 a; pwd >&2; exit 1")
    let host = PluginHost.test()
    let error = await #expect(throws: PluginFailure.self) { try await run(manifest, on: host, table([[]])) }
    await host.settle(within: .seconds(20))
    let folder = try #require(error?.standardError.split(separator: "\n").first)
    #expect(folder.contains("muster-plugin-"))
    #expect(access(String(folder), F_OK) != 0)
  }

  @Test(arguments: 1...4) func nothingIsLeftOnceTheHostHasSettled(round: Int) async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("pwd >&2; exit 1")
    // So many at one time that some are answered well before they are cleared away.
    let host = PluginHost.test(limit: 64)
    let folders = await withTaskGroup { group in
      for _ in 0..<64 {
        group.addTask {
          do { _ = try await run(manifest, on: host, table([[]])) } catch let error as PluginFailure {
            return error.standardError.split(separator: "\n").first.map(String.init)
          } catch {}
          return nil
        }
      }
      return await group.reduce(into: []) { $0.append($1 ?? "") }
    }
    await host.settle(within: .seconds(20))
    #expect(folders.count == 64)
    #expect(folders.allSatisfy { $0.contains("muster-plugin-") })
    #expect(folders.filter { access($0, F_OK) == 0 } == [])
  }

  @Test func timeInWhichItWaitsForItsReaderIsNotCounted() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(
      "yes '{\"country\":\"a\",\"persons\":1}' | head -n 100000", limits: "{ time: 3s }")
    var stream = try transformed(table([[]]), manifest, .test()).batches
    var count = try await stream.next()?.count ?? 0
    // Longer than its time limit: more than the buffers hold is still to come.
    try await Task.sleep(for: .seconds(4))
    while let batch = try await stream.next() { count += batch.count }
    #expect(count == 100_000)
  }

  @Test func timeInWhichItWaitsForItsRowsIsNotCounted() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("tail -n +2", limits: "{ time: 2s }")
    var input = table([])
    // Both together longer than its time limit, none of it the plugin's.
    input.batches = Batches([rows(1), rows(1)]) { try await Task.sleep(for: .milliseconds(1200)) }
    #expect(try await run(manifest, on: .test(), input).count == 2)
  }

  @Test func whoeverLosesInterestEndsIt() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("yes '{\"country\":\"a\",\"persons\":1}'", limits: "{ time: 60s }")
    do {
      var stream = try transformed(table([[]]), manifest, .test()).batches
      #expect(try await stream.next() != nil)
      #expect(workshop.processes != [])
    }
    try await waitUntil("nothing runs") { workshop.processes == [] }
  }

  @Test func cancellingEndsItAtOnce() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("trap '' TERM; while :; do sleep 1; done", limits: "{ time: 60s }")
    let host = PluginHost.test()
    let task = Task { try await run(manifest, on: host, table([rows(1)])) }
    try await waitUntil("it runs") { workshop.processes != [] }
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.finished }
    #expect(ContinuousClock.now - start < .seconds(30), "long before its time limit")
    #expect(workshop.processes == [])
    #expect(host.statistics(of: "test-plugin").failures == 0, "it is not the plugin's fault")
  }

  @Test func anErrorInItsInputEndsItAndIsTheError() async throws {
    struct Broken: Error {}
    let workshop = try Workshop()
    let manifest = try workshop.transform("cat", limits: "{ time: 60s }")
    var input = table([])
    input.batches = Batches([]) { throw Broken() }
    await #expect(throws: Broken.self) { try await run(manifest, on: .test(), input) }
    try await waitUntil("nothing runs") { workshop.processes == [] }
  }
}

private func setAutogroupNice(_ nice: Int, of process: Int32) {
  guard let file = fopen("/proc/\(process)/autogroup", "w") else { return }
  fputs("\(nice)", file)
  fclose(file)
}
