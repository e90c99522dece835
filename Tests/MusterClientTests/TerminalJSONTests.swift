import JSON
import TestSupport
import Testing
import Varlink

@Suite("JSON on a terminal is text and nothing else, and says the same", .blocking, .timeLimit(.minutes(10)))
struct TerminalJSONTests {
  private static let name = "a\u{1B}[2J\u{9B}1m\u{202E}b\u{2066}é"

  /// What a terminal gets of a command, or a pipe.
  private func output(_ command: [String], _ service: FakeService, isTerminal: Bool) async throws -> String {
    let arguments = command + ["--address", service.address]
    if !isTerminal { return try await Program(arguments).wait().output }
    let terminal = try Terminal()
    let program = try Program(arguments, terminal: terminal)
    let shown = try await terminal.readToEnd()
    #expect(try await program.wait().status == 0)
    return shown
  }

  @Test func reply() async throws {
    let command = ["list", "--json"]
    let report: JSONValue = [
      "name": .string(Self.name), "title": "", "summary": "", "formats": [],
    ]
    let reply: JSONObject = ["reports": [report], "revision": "r"]
    let service = try FakeService(replies: [Reply(reply)])
    let (shown, piped) = (
      try await output(command, service, isTerminal: true), try await output(command, service, isTerminal: false)
    )
    #expect(!shown.unicodeScalars.contains { "\u{1B}\u{9B}\u{202E}\u{2066}".unicodeScalars.contains($0) })
    #expect(shown.contains("\\u001b[2J\\u009b1m\\u202eb\\u2066é"))
    #expect(piped.contains("\u{202E}"))
    #expect(try JSONValue(parsing: shown) == JSONValue(parsing: piped))
  }

  @Test("A result", arguments: ["json", "ndjson"])
  func result(_ format: String) async throws {
    let content = JSONValue.array([.string(Self.name)]).text + "\n"
    let service = try FakeService(content: content)
    let shown = try await output(["run", "r", "--format", format], service, isTerminal: true)
    #expect(try JSONValue(parsing: shown) == JSONValue(parsing: content))
    #expect(!shown.unicodeScalars.contains { "\u{9B}\u{202E}\u{2066}".unicodeScalars.contains($0) })
    #expect(try await output(["run", "r", "--format", format], service, isTerminal: false) == content)
  }

  @Test(
    "A result in any other format has its lines and tabs, and nothing that a terminal would obey",
    arguments: ["csv", "markdown", "html", "own"])
  func text(_ format: String) async throws {
    let content = "a\t\(Self.name)\r\nb\rc\u{7}\u{301}\n\u{301}d\u{7F}\u{85}"
    // A piece may end between CR and LF.
    for pieces in [[content], content.unicodeScalars.map { String($0) }] {
      let replies = pieces.enumerated().map { index, piece in
        Reply(["revision": "a", "content": .string(piece)], continues: index + 1 < pieces.count)
      }
      let service = try FakeService(replies: replies)
      let command = ["run", "r", "--format", format]
      #expect(
        try await output(command, service, isTerminal: true)
          == "a\ta\\u{1B}[2J\\u{009B}1m\\u{202E}b\\u{2066}é\r\nb c\\u{07}\u{301}\n\u{301}d\\u{7F}\\u{0085}")
      #expect(try await output(command, service, isTerminal: false).utf8.elementsEqual(content.utf8))
    }
  }

  @Test("A CR at the very end is none that a terminal gets")
  func lastReturn() async throws {
    let service = try FakeService(content: "a\r")
    #expect(try await output(["run", "r", "--format", "csv"], service, isTerminal: true) == "a ")
  }

  @Test("A terminal that is named as a file is one, too, and a file is none")
  func namedTerminal() async throws {
    let content = "\(Self.name)\n"
    let service = try FakeService(content: content)
    let shown = try await output(
      ["run", "r", "--format", "csv", "--output", "/dev/tty"], service, isTerminal: true)
    #expect(shown == "a\\u{1B}[2J\\u{009B}1m\\u{202E}b\\u{2066}é\n")
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/r.csv"
    _ = try await output(["run", "r", "--format", "csv", "--output", file], service, isTerminal: true)
    #expect(try folder.read("r.csv") == content)
  }
}
