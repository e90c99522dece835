import Glibc
import JSON
import TestSupport
import Testing
import Varlink

@Suite("--standalone needs nothing but a configuration", .blocking, .timeLimit(.minutes(10)))
struct StandaloneTests {
  let folder: TemporaryFolder

  init() async throws {
    folder = try TemporaryFolder()
    let copying = try await Program(["-p", Program.path, "\(folder.path)/muster"], program: "/bin/cp").wait()
    try #require(copying.status == 0)
  }

  /// Puts a musterd beside the program, and runs that.
  private func run(_ script: String, _ arguments: String...) async throws -> Outcome {
    try folder.write("#!/bin/sh\n\(script)\n", to: "musterd", mode: 0o755)
    return try await Program(
      arguments, environment: ["MUSTER_ADDRESS": "unix:/nowhere"], program: "\(folder.path)/muster",
      folder: folder.path
    ).wait()
  }

  /// Answers one call, and waits for the end of the connection.
  private func answering(_ reply: JSONObject) throws -> String {
    let text = JSONValue.object(["parameters": .object(reply)]).text
    return "printf '%s\\0' '\(text)' >&3; cat <&3 >call; echo \"$LISTEN_FDS $@\" >arguments"
  }

  @Test("A private musterd is started with the configuration and has ended afterwards")
  func started() async throws {
    let script = try answering(Replies.list)
    let outcome = try await run("echo noise >&2; \(script)", "--standalone", "some.yaml", "list")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("bloc-aggregate "))
    #expect(outcome.errors == "")
    #expect(try folder.read("arguments") == "1 --config some.yaml --log-level error\n")
    #expect(try folder.read("call") == "{\"method\":\"org.muster.Reports.List\"}\0")
  }

  @Test("Its configuration's problems are shown, all of them")
  func badConfiguration() async throws {
    let outcome = try await run(
      "echo 'a.yaml:1:2: unknown key \"x\"' >&2; echo 'a.yaml:3:1: missing key' >&2; exit 65", "list", "--standalone",
      "a.yaml")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors == """
        muster: musterd refuses the configuration: a.yaml; mend what follows
        a.yaml:1:2: unknown key "x"
        a.yaml:3:1: missing key

        """)
  }

  @Test("However many they are")
  func manyProblems() async throws {
    let outcome = try await run(
      "i=0; while [ $i -lt 5000 ]; do echo \"a.yaml:$i:1: a problem with a long message to fill pipes\"; i=$((i+1)); done; exit 65",
      "list", "--standalone", "a.yaml")
    #expect(outcome.status == 65)
    #expect(outcome.errors.split(separator: "\n").count == 5001)
  }

  @Test("Another end is told with what it said")
  func otherEnds() async throws {
    let exited = try await run("echo 'no memory' >&2; exit 3", "list", "--standalone", "a.yaml")
    #expect(exited.status == 69)
    #expect(
      exited.errors
        == "muster: musterd ended with exit status 3: \(folder.path)/musterd --config a.yaml\nno memory\n")
    let killed = try await run("kill -KILL $$", "list", "--standalone", "a.yaml")
    #expect(killed.status == 69)
    #expect(killed.errors == "muster: musterd was ended by signal 9: \(folder.path)/musterd --config a.yaml\n")
  }

  @Test("Without a musterd anywhere that is told")
  func notFound() async throws {
    let outcome = try await Program(
      ["--standalone", "a.yaml", "list"], environment: ["PATH": "/nowhere"], program: "\(folder.path)/muster"
    ).wait()
    #expect(outcome.status == 69)
    #expect(
      outcome.errors == """
        muster: cannot find musterd: neither in \(folder.path) nor in PATH; install it beside muster, or use --address

        """)
  }
}
