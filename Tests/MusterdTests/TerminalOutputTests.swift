import Base
import JSON
import TestSupport
import Testing
import Varlink

@Suite("Nothing of a dataset takes over a terminal or forges a line", .blocking, .timeLimit(.minutes(10)))
struct TerminalOutputTests {
  /// What moves the cursor, forges a line and turns the direction of writing.
  static let text = "\u{1B}[2J\r\nmusterd.yaml: no problems\u{9B}31m\u{202E}\u{7F}"

  let workplace: Workplace

  /// A dataset with the text in its name, its titles, its codes and their names.
  init() throws {
    workplace = try Workplace()
    let escaped = JSONValue.string(Self.text).text.dropFirst().dropLast()
    let package = try workplace.read("datapackage.json")
      .replacing("\"name\": \"harbour-arrivals\"", with: "\"name\": \"harbour-arrivals\(escaped)\"")
      .replacing("\"title\": \"", with: "\"title\": \"\(escaped)")
    try workplace.write(package, to: "datapackage.json")
    for file in ["cargoes.csv", "harbours.csv", "registers.csv", "groups.csv"] {
      let lines = try workplace.read(file).split(separator: "\n").map { line in
        line.hasPrefix("scheme,") || line.hasSuffix(",label")
          ? "\(line)" : "\(line.replacing("\"", with: "")) \(Self.text)"
      }
      let quoted = lines.enumerated().map { index, line in
        let cells = line.split(separator: ",", maxSplits: lines[0].split(separator: ",").count - 1)
        return index == 0 ? line : cells.map { "\"\($0)\"" }.joined(separator: ",")
      }
      try workplace.write(quoted.joined(separator: "\n") + "\n", to: file)
    }
    try workplace.write(
      "scheme,harbour,bloc,basis\nwater,alby,east,\"\(Self.text)\"\nwater,brok,west,a\n", to: "group-members.csv")
  }

  private func expectSafe(_ text: String, _ location: SourceLocation = #_sourceLocation) {
    for line in text.split(separator: "\n") {
      #expect(TerminalText.safe(String(line), showing: .escape) == line, sourceLocation: location)
    }
    #expect(!text.contains("\nmusterd.yaml: no problems"), sourceLocation: location)
  }

  @Test func checkSaysInOneLineThatNothingIsWrong() throws {
    let (status, output) = try run(["check", "--config", workplace.configuration])
    #expect(status == 0, "\(output)")
    expectSafe(output)
    #expect(output.split(separator: "\n").count == 1)
  }

  @Test func checkExplains() throws {
    let (status, output) = try run(["check", "--config", workplace.configuration, "--explain"])
    #expect(status == 0, "\(output)")
    #expect(output.contains("\\u{1B}[2J"))
    expectSafe(output)
  }

  @Test func problemsStandInOneLineEach() throws {
    let entries = try workplace.read("entries.csv").replacing("alby", with: "\"\(Self.text)\"")
    try workplace.write(entries, to: "entries.csv")
    let (status, output) = try run(["check", "--config", workplace.configuration])
    #expect(status == 65)
    #expect(output.contains("\\u{1B}[2J"))
    expectSafe(output)
  }

  @Test(
    "What the argument parser repeats of an argument stands escaped in its line",
    arguments: [
      ([text], "Error: Unexpected argument '\\u{1B}[2J musterd.yaml: no problems\\u{009B}31m\\u{202E}\\u{7F}'\n"),
      (["--\(text)"], "Error: Unknown option '--\\u{1B}[2J musterd.yaml: no problems\\u{009B}31m\\u{202E}\\u{7F}'\n"),
      (
        ["--log-level", text],
        "Error: unknown log level \"\\u{1B}[2J musterd.yaml: no problems\\u{009B}31m\\u{202E}\\u{7F}\"\n"
      ),
    ])
  func usageErrors(_ arguments: [String], _ message: String) throws {
    let (status, output) = try run(arguments)
    #expect(status == 64)
    #expect(output.hasPrefix(message), "\(output)")
    // The parser's usage stands below, in lines of its own.
    #expect(output.contains("\nUsage: musterd ") && output.contains("\n  See 'musterd "))
    expectSafe(output)
  }

  @Test func theLogIsOneLineForEachEvent() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    let client = try connect(workplace)
    #expect(throws: ClientError.self) { try client.call("org.muster.Reports.Run", ["report": .string(Self.text)]) }
    #expect(throws: ClientError.self) { try client.call("org.muster.Exports.Verify", ["name": .string(Self.text)]) }
    #expect(try await daemon.stop() == 0)
    #expect(daemon.log.contains("harbour-arrivals\\u{1B}") || daemon.log.contains("harbour-arrivals\\\\u{1B}"))
    expectSafe(daemon.log)
    #expect(daemon.log.split(separator: "\n").allSatisfy { $0.hasPrefix("20") }, "each begins with its time")
  }

  /// What a terminal shows of a command of the client.
  private func shown(_ arguments: [String]) async throws -> String {
    let terminal = try Terminal(columns: 200)
    // A dumb terminal is given no colours and no line about what is waited for.
    let program = try Program(
      String(muster), arguments + ["--address", workplace.socket], environment: ["TERM": "dumb"], terminal: terminal)
    let shown = try await terminal.readToEnd()
    _ = try await program.wait()
    return shown
  }

  private func expectNothingObeyed(_ text: String, _ location: SourceLocation = #_sourceLocation) {
    // A CR before a line's end, of which the terminal makes two, stays.
    let ends: Set<Unicode.Scalar> = ["\n", "\r", "\t"]
    for part in text.unicodeScalars.split(whereSeparator: { ends.contains($0) }).map({ String($0) }) {
      #expect(TerminalText.safe(part, showing: .escape) == part, sourceLocation: location)
    }
    #expect(text.utf8.split(separator: 0x0A).allSatisfy { !$0.drop { $0 != 0x0D }.contains { $0 != 0x0D } })
  }

  @Test func aTerminalObeysNoFormat() async throws {
    let daemon = try await RunningDaemon(in: workplace)
    let client = try connect(workplace)
    let description = try client.call("org.muster.Reports.Describe", ["report": "arrivals"])
    let formats = description["formats"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    #expect(formats.count >= 9)
    for format in formats {
      let text = try await shown(["run", "arrivals", "--format", format])
      expectNothingObeyed(text)
      let isBinary = text.contains("is not text: write it to a file")
      #expect(["xlsx", "datapackage"].contains(format) == isBinary, "\(format)")
      if isBinary { continue }
      // Elsewhere each byte is as the daemon gave it.
      let piped = try await TestSupport.run(
        String(muster), ["run", "arrivals", "--format", format, "--address", workplace.socket])
      let content = try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": .string(format)])
      #expect(content["content"]?.stringValue.map { Array($0.utf8) } == Array(piped.output.utf8), "\(format)")
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test(
    arguments: [
      ["list"], ["describe", "arrivals"], ["dimensions"], ["run", "arrivals"], ["reconcile", "--all"], ["exports"],
      ["plugins"], ["status"], ["metrics"], ["export", "nothing"], ["verify", "nothing"], ["run", "\u{1B}[2J"],
      ["dimensions", "\u{202E}"], ["run", "arrivals", "--where", "cargo=\u{9B}1m"], ["why", "arrivals", "#1", "total"],
    ]) func aTerminalObeysNoVerb(_ command: [String]) async throws
  {
    let daemon = try await RunningDaemon(in: workplace)
    for arguments in [command, command + ["--json"]] where arguments.last != "--json" || command[0] != "run" {
      let text = try await shown(arguments)
      #expect(!text.isEmpty)
      expectNothingObeyed(text)
    }
    #expect(try await daemon.stop() == 0)
  }
}
