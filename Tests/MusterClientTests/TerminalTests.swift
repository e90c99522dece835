import Glibc
import JSON
import TestSupport
import Testing
import Varlink

@Suite("On a terminal people are served, elsewhere programs", .blocking, .timeLimit(.minutes(10)))
struct TerminalTests {
  private func start(
    _ arguments: String..., on terminal: Terminal, environment: [String: String] = [:]
  ) throws -> Program {
    try Program(
      arguments, environment: environment.merging(["TERM": "xterm"]) { given, _ in given }, terminal: terminal)
  }

  /// Runs it to its end and gives what the terminal shows.
  private func show(
    _ arguments: String..., columns: UInt16 = 80, environment: [String: String] = [:]
  ) async throws -> String {
    let terminal = try Terminal(columns: columns)
    let program = try Program(
      arguments, environment: environment.merging(["TERM": "xterm"]) { given, _ in given }, terminal: terminal)
    let shown = try await terminal.readToEnd()
    #expect(try await program.wait().status == 0)
    return shown
  }

  @Test("A report is shown as a table, as the daemon writes it")
  func table() async throws {
    let service = try FakeService(content: "country  total\npoland       3\n")
    #expect(try await show("run", "r", "--address", service.address) == "country  total\npoland       3\n")
    #expect(service.calls.map { $0.parameters["format"] } == ["table"])
  }

  @Test("Names are bold and notes dim")
  func colour() async throws {
    let service = try FakeService(replies: [Reply(Replies.list)])
    let shown = try await show("list", "--address", service.address)
    #expect(shown.contains("\u{1B}[1mcountry-summary\u{1B}[0m  People by country\n"))
    #expect(shown.contains("\u{1B}[2mrevision sha256:abc\u{1B}[0m\n"))
  }

  @Test("NO_COLOR and a dumb terminal get none", arguments: [["NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": ""]])
  func noColour(_ environment: [String: String]) async throws {
    let service = try FakeService(replies: [Reply(Replies.list)])
    #expect(!(try await show("list", "--address", service.address, environment: environment).contains("\u{1B}")))
  }

  @Test("An empty NO_COLOR counts as none")
  func emptyNoColour() async throws {
    let service = try FakeService(replies: [Reply(Replies.list)])
    #expect(try await show("list", "--address", service.address, environment: ["NO_COLOR": ""]).contains("\u{1B}[1m"))
  }

  @Test("Text is wrapped to the width", arguments: [(UInt16(40), 8), (60, 6), (80, 5)])
  func width(_ columns: UInt16, _ lineCount: Int) async throws {
    let service = try FakeService(replies: [Reply(Replies.list)])
    let shown = try await show("list", "--address", service.address, columns: columns, environment: ["NO_COLOR": "1"])
    let lines = shown.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= Int(columns) }, "\(shown)")
    #expect(lines.count == lineCount, "\(shown)")
  }

  @Test("Control characters of the daemon's texts do not reach the terminal")
  func controlCharacters() async throws {
    let service = try FakeService(replies: [
      Reply([
        "revision": "a", "reports": [["name": "a\u{1B}[2J", "title": "b\u{7}\u{9B}", "summary": "c\nd"]],
      ])
    ])
    let shown = try await show("list", "--address", service.address, environment: ["NO_COLOR": "1"])
    #expect(shown == "a\\u{1B}[2J  b\\u{07}\\u{009B}\n            c d\n\nrevision a\n")
  }

  @Test("A character that would show another number than the one that is there does not reach the terminal")
  func reorderingCharacters() async throws {
    let service = try FakeService(replies: [
      Reply([
        "revision": "a", "parameters": [:], "where": [], "title": "Per\u{202E}sons", "row": "x\u{2066}y",
        "column": ["name": "n", "title": "N", "kind": "integer"], "shown": "12\u{202E}34", "sum": 0, "evidence": [],
        "evidenceTotal": 0, "stated": [], "steps": [], "notes": [],
      ])
    ])
    let shown = try await show(
      "why", "r", "x", "n", "--address", service.address, environment: ["NO_COLOR": "1"])
    #expect(shown.contains("12\\u{202E}34  N"))
    #expect(shown.contains("x\\u{2066}y"))
    #expect(!shown.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{2066}" })
  }

  @Test("Whoever waits for more than a second sees it, until the result comes")
  func progress() async throws {
    let gate = try Gate()
    let service = try FakeService { _, peer in
      gate.wait()
      try peer.send(Reply(["revision": "a", "content": "x\n"]))
    }
    let terminal = try Terminal()
    let program = try start("run", "r", "--address", service.address, on: terminal)
    let shown = try await terminal.read(until: " s")
    #expect(shown == "\r\u{1B}[Krun r … 1 s")
    gate.open()
    #expect(try await terminal.readToEnd().hasSuffix("\r\u{1B}[Kx\n"))
    #expect(try await program.wait().status == 0)
  }

  @Test("Whoever waits for a musterd that does not come to the call is told so after three seconds")
  func unreadCall() async throws {
    let folder = try TemporaryFolder()
    let socket = try SilentSocket(path: "\(folder.path)/s")
    let terminal = try Terminal(columns: 200)
    let program = try start("export", "blocs", "--address", socket.path, on: terminal)
    let line = "waiting for musterd, which starts or hangs (systemctl status musterd), at unix:\(socket.path) … 3 s"
    #expect(try await terminal.read(until: "… 3 s").hasSuffix("export blocs … 2 s\r\u{1B}[K\(line)"))
    terminal.type("\u{3}")
    #expect(try await program.wait().status == 128 + SIGINT)
  }

  @Test("It says how much of the result has come")
  func progressOfResult() async throws {
    let gate = try Gate()
    let service = try FakeService { _, peer in
      let piece = String(repeating: "0123456789abcde\n", count: 3200)
      try peer.send(Reply(["revision": "a", "content": .string(piece)], continues: true))
      gate.wait()
      try peer.send(Reply(["revision": "a", "content": "end\n"]))
    }
    let terminal = try Terminal()
    let folder = try TemporaryFolder()
    let program = try start(
      "run", "r", "--format", "csv", "--output", "\(folder.path)/r.csv", "--address", service.address, on: terminal)
    #expect(try await terminal.read(until: "iB") == "\r\u{1B}[Krun r … 1 s, 50.0 KiB")
    gate.open()
    #expect(try await terminal.readToEnd() == "\r\u{1B}[K")
    #expect(try await program.wait().status == 0)
  }

  @Test("The line is never broken, so that it can be removed")
  func narrowProgress() async throws {
    let gate = try Gate()
    let service = try FakeService { _, peer in
      gate.wait()
      try peer.send(Reply(["revision": "a", "content": "x\n"]))
    }
    let terminal = try Terminal(columns: 16)
    let program = try start("run", "a-rather-long-name", "--address", service.address, on: terminal)
    #expect(try await terminal.read(until: " s") == "\r\u{1B}[Krun a-rat … 1 s")
    gate.open()
    #expect(try await terminal.readToEnd().hasSuffix("\r\u{1B}[Kx\n"))
    #expect(try await program.wait().status == 0)
  }

  @Test("Ctrl-C ends the program, the call in the daemon and the line about waiting")
  func interrupt() async throws {
    let service = try FakeService { _, peer in
      if !peer.waitForHangUp() { throw TestFailure("no hang-up") }
    }
    let terminal = try Terminal()
    let program = try start("run", "r", "--address", service.address, on: terminal)
    _ = try await terminal.read(until: " s")
    terminal.type("\u{3}")
    #expect(try await terminal.readToEnd().hasSuffix("\r\u{1B}[K"))
    #expect(try await program.wait().status == 128 + SIGINT)
    try await waitUntil("the daemon sees the end") { service.hangUps == 1 }
  }

  @Test("The input of the terminal is left alone")
  func input() async throws {
    let service = try FakeService(content: "x\n")
    let terminal = try Terminal()
    let program = try Program(
      ["-c", "\"$0\" run r --address \(service.address) --format csv; read line; echo \"read $line\"", Program.path],
      program: "/bin/sh", terminal: terminal)
    terminal.type("typed\n")
    #expect(try await terminal.readToEnd().hasSuffix("read typed\n"))
    #expect(try await program.wait().status == 0)
  }
}
