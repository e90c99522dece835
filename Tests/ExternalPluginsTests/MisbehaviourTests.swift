import ExternalPlugins
import Glibc
import PluginLaunch
import ReportKit
import TestSupport
import Testing

/// Each kind of misbehaviour costs its own request one error, and leaves nothing. How soon is measured by `make bench`.
@Suite(.blocking, .timeLimit(.minutes(10)), .serialized) struct MisbehaviourTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var script: String
    var limits = "{ time: 60s }"
    var interpreter = "/bin/sh"
    var rows = 3
    /// Whether it harms others wherever the kernel lets it see them.
    var isDangerous = false
    /// Whether it starts more processes than it may, for which it is ended where the kernel does not refuse them.
    var isTooMany = false
    /// With FOLDER for the manifest's folder.
    var message: String

    var testDescription: String { name }
  }

  private static let shortTime = "{ time: 300ms }"
  private static let timeLimit = #"did not end within its time limit of 300ms (limits.time at FOLDER/plugin.yaml:6:17)"#
  private static let processLimit =
    "had more than its limit of 32 processes and threads (the default of limits.processes)"
  private static let python = "/usr/bin/python3"
  private static let line = #"{"country":"a","persons":1}"#

  static let cases: [Case] = [
    Case(name: "hangs", script: "exec sleep 1000", limits: shortTime, message: timeLimit),
    Case(name: "stops itself", script: "kill -STOP $$", limits: shortTime, message: timeLimit),
    Case(name: "loops", script: "while :; do :; done", limits: shortTime, message: timeLimit),
    Case(
      name: "ignores SIGTERM", script: "trap '' TERM HUP INT; while :; do sleep 1; done", limits: shortTime,
      message: timeLimit),
    Case(
      name: "hangs behind a closed output", script: "exec >&- 2>&-; sleep 1000", limits: shortTime, message: timeLimit),
    Case(name: "does not read", script: "sleep 1000", limits: shortTime, rows: 100_000, message: timeLimit),
    Case(name: "answers and hangs", script: "cat <<'X'\n\(line)\nX\nsleep 1000", limits: shortTime, message: timeLimit),
    Case(
      name: "forks without end", script: "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
      limits: shortTime, interpreter: python, isTooMany: true, message: timeLimit),
    Case(
      name: "forks into sessions of their own",
      script: "import os\nwhile True:\n  try:\n    if os.fork() == 0: os.setsid()\n  except OSError: pass",
      limits: shortTime, interpreter: python, isTooMany: true, message: timeLimit),
    Case(
      name: "uses up its CPU time", script: "while :; do :; done", limits: "{ time: 60s, cpu: 1s }",
      message: "used more than its limit of 1s of CPU time (limits.cpu at FOLDER/plugin.yaml:6:27)"),
    Case(
      name: "allocates without end",
      script: """
        import sys
        x = []
        try:
          while True: x.append(bytearray(1 << 20))
        except MemoryError: size = len(x)
        x = None
        sys.exit(f"no memory after {size // 128} times 128 MiB")
        """,
      limits: "{ time: 60s, memory: 128MiB }", interpreter: python,
      message: "ended with exit code 1; its standard error:\nno memory after 0 times 128 MiB"),
    Case(
      name: "floods its output with rows", script: "yes '\(line)'", limits: "{ time: 60s, output: 1MiB }",
      message: "wrote more than its limit of 1MiB to standard output (limits.output at FOLDER/plugin.yaml:6:30)"),
    Case(
      name: "floods its output with one line", script: "tr '\\0' x < /dev/zero", limits: "{ time: 60s, output: 1MiB }",
      message: "wrote more than its limit of 1MiB to standard output (limits.output at FOLDER/plugin.yaml:6:30)"),
    Case(
      name: "floods its standard error", script: "yes no no no no no >&2", limits: "{ time: 60s, stderr: 64KiB }",
      message: "wrote more than its limit of 64KiB to standard error (limits.stderr at FOLDER/plugin.yaml:6:30)"),
    Case(
      name: "fills its folder", script: "cat /dev/zero > file; exit 7", limits: "{ time: 60s, output: 1MiB }",
      message: "ended with exit code 7"),
    Case(
      name: "writes garbage", script: "echo oops >&2; echo 'Reading…'; sleep 1000",
      message: #"wrote a line that is no row: line 1 "Reading…": it is not JSON: unexpected character at byte 0"#
        + "; its standard error:\noops"),
    Case(
      name: "writes half a line", script: #"printf '\#(line)\n{"country":"b","per'"#,
      message: #"wrote a line that is no row: line 2, where its output ends, "{\"country\":\"b\",\"per": "#
        + "it is not JSON: unexpected end of a string at byte 19"),
    Case(
      name: "writes a row without a column", script: #"echo '{"country":"a"}'"#,
      message: #"wrote a line that is no row: line 1 "{\"country\":\"a\"}": it lacks the column "persons""#),
    Case(
      name: "writes a row with one column more", script: #"echo '{"country":"a","persons":1,"person":2}'"#,
      message: #"wrote a line that is no row: line 1 "{\"country\":\"a\",\"persons\":1,\"person\":2}": "#
        + #"it has the unknown column "person"; did you mean "persons"?"#),
    Case(
      name: "writes a text for a number", script: #"echo '{"country":"a","persons":"1"}'"#,
      message: #"wrote a line that is no row: line 1 "{\"country\":\"a\",\"persons\":\"1\"}": "#
        + #"the column "persons" wants a whole number of 64 bits or null, not a string"#),
    Case(
      name: "writes a fraction", script: #"echo '{"country":"a","persons":1.5}'"#,
      message: #"wrote a line that is no row: line 1 "{\"country\":\"a\",\"persons\":1.5}": "#
        + #"the column "persons" wants a whole number of 64 bits or null, not a number"#),
    Case(
      name: "writes a header of another kind",
      script: #"echo '{"columns":["country",{"name":"persons","kind":"text"}]}'"#,
      message:
        #"wrote a line that is no row: line 1 "{\"columns\":[\"country\",{\"name\":\"persons\",\"kind\":\"text\"}]}": "#
        + #"its column "persons" is of kind text, where the manifest says integer"#),
    Case(
      name: "writes a header of other columns", script: #"echo '{"columns":["country","people"]}'"#,
      message: #"wrote a line that is no row: line 1 "{\"columns\":[\"country\",\"people\"]}": "#
        + "its columns are country, people, where the manifest says country, persons"),
    Case(
      name: "writes bytes that are no UTF-8", script: #"printf '{"country":"\377","persons":1}\n'"#,
      message: #"wrote a line that is no row: line 1 "{\"country\":\"\#u{FFFD}\",\"persons\":1}": "#
        + "it is not JSON: invalid UTF-8 in the string that continues at byte 12"),
    Case(
      name: "writes U+0000 in a text", script: #"echo '{"country":"a\u0000b","persons":1}'"#, interpreter: "/bin/bash",
      message: #"wrote a line that is no row: line 1 "{\"country\":\"a\\u0000b\",\"persons\":1}": "#
        + #"the column "country" has a text with U+0000 in it, which no text can hold"#),
    Case(
      name: "writes U+0000 in a note",
      script: #"echo '{"country":"a","persons":1,"@notes":{"persons":[{"kind":"caveat","text":"\u0000"}]}}'"#,
      interpreter: "/bin/bash",
      message: #"wrote a line that is no row: line 1 "{\"country\":\"a\",\"persons\":1,\"@notes\":{\"persons\":"#
        + #"[{\"kind\":\"caveat\",\"text\":\"\\u0000\"}]}}": "#
        + #""@notes" of the column "persons" has a text with U+0000 in it, which no text can hold"#),
    Case(
      name: "writes an empty line", script: "echo", message: #"wrote a line that is no row: line 1 "": it is empty"#),
    Case(
      name: "names a row that it was not given",
      script: #"cat > /dev/null; echo '{"country":"a","persons":1,"@rows":[3]}'"#,
      message: #"wrote a row that cannot be: "@rows" names the row 3, and 3 were given"#),
    Case(
      name: "fails", script: "echo first >&2; echo second >&2; exit 3",
      message: "ended with exit code 3; its standard error:\nfirst\nsecond"),
    Case(
      name: "writes U+0000 to its standard error", script: #"printf 'bad\0thing' >&2; exit 3"#,
      message: "ended with exit code 3; its standard error:\nbad\u{FFFD}thing"),
    Case(name: "crashes", script: "kill -SEGV $$", message: "was ended by the signal SIGSEGV"),
    Case(
      name: "kills whatever it can", script: "kill -9 -1; kill -9 $PPID; kill -9 0", isDangerous: true,
      message: "was ended by the signal SIGKILL"),
    Case(
      name: "needs what is not there", script: "", interpreter: "/no/such/interpreter",
      message: "cannot be started: FOLDER/./plugin: No such file or directory"),
  ]

  @Test(arguments: cases) func costsItsOwnRequestOneError(_ example: Case) async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(example.script, limits: example.limits, interpreter: example.interpreter)
    let host = PluginHost.test()
    if example.isDangerous, try await !isKeptFromOtherProcesses() { return }
    let start = ContinuousClock.now
    let error = await #expect(throws: PluginFailure.self) {
      try await run(manifest, on: host, table([rows(example.rows)]))
    }
    let elapsed = ContinuousClock.now - start
    let isCounted = host.statistics(of: "test-plugin").isolation?.contains(.counted) == true
    let isEnded = example.isTooMany && isCounted
    let told = isEnded ? Self.processLimit : example.message
    let expected = told.split(separator: "FOLDER", omittingEmptySubsequences: false)
      .joined(separator: workshop.folder)
    // The shell's own words on standard error may follow.
    let message = try #require(error?.description)
    let beginning = message.split(separator: "; its standard error:", maxSplits: 1).first.map(String.init)
    #expect(
      message == "the plugin \"test-plugin\" \(expected)" || beginning == "the plugin \"test-plugin\" \(expected)")
    #expect((error?.standardError.utf8.count ?? 0) <= 8192, "the last of it is kept")
    #expect(workshop.processes == [], "nothing of it is left when the error comes")
    if told == Self.timeLimit { #expect(elapsed >= .milliseconds(300)) }
    #expect(elapsed < .seconds(50), "neither does anybody wait for what it waits for")
    #expect(host.statistics(of: "test-plugin").failures == 1)
    #expect(host.statistics(of: "test-plugin").runs == 1)
  }

  /// Whether what a plugin kills is its own: where the kernel refuses both, it could be these tests.
  private func isKeptFromOtherProcesses() async throws -> Bool {
    let workshop = try Workshop()
    let other = PluginHost.test()
    _ = try await run(try workshop.transform("tail -n +2"), on: other, table([rows(1)]))
    let isolation = try #require(other.statistics(of: "test-plugin").isolation)
    return !isolation.isDisjoint(with: [.processes, .user, .signals])
  }

  @Test func whatIsLeftBehindEndsWithThePlugin() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(
      """
      setsid sh -c "exec sh -c 'sleep 1000' \(workshop.folder)" &
      (sleep 1000 \(workshop.folder) &) > /dev/null 2>&1
      tail -n +2
      """)
    let result = try await run(manifest, on: .test(), table([rows(2)]))
    #expect(result.map(\.cells) == rows(2).map(\.cells))
    #expect(workshop.processes == [])
  }
}
