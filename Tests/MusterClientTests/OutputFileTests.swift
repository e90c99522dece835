import Glibc
import JSON
import TestSupport
import Testing
import Varlink

@Suite("A file is replaced by a whole result or not at all", .blocking, .timeLimit(.minutes(10)))
struct OutputFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("old\n", to: "old.csv", mode: 0o640)
  }

  private func run(_ service: FakeService, _ arguments: String...) async throws -> Outcome {
    try await Program(["run", "r", "--address", service.address] + arguments, folder: folder.path).wait()
  }

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    stat("\(folder.path)/\(name)", &status)
    return status.st_mode & 0o7777
  }

  /// The sizes of the files that a process writes in the folder, whether they have names yet or not.
  private func temporaryFileSizes(of pid: pid_t) -> [Int] {
    namesInFolder("/proc/\(pid)/fd").compactMap { name in
      let path = "/proc/\(pid)/fd/\(name)"
      var target = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &target, target.count)
      let text = String(decoding: target[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
      var status = stat()
      guard text.hasPrefix("\(folder.path)/"), !text.hasSuffix("/old.csv"), stat(path, &status) == 0 else { return nil }
      return Int(status.st_size)
    }
  }

  @Test("The new content stands in the file, which keeps its mode, and nothing stands beside it")
  func replaced() async throws {
    let service = try FakeService(content: "ne", "w\n")
    let outcome = try await run(service, "--output", "old.csv")
    #expect(outcome.status == 0)
    #expect(outcome.output == "" && outcome.errors == "")
    #expect(try folder.read("old.csv") == "new\n")
    #expect(mode("old.csv") == 0o640)
    #expect(folder.names == ["old.csv"])
  }

  @Test("A new file has the mode that the umask leaves")
  func umask() async throws {
    let service = try FakeService(content: "new\n")
    let outcome = try await Program(
      ["-c", "umask 027; \"$0\" run r -o new.csv --address \(service.address)", Program.path], program: "/bin/sh",
      folder: folder.path
    ).wait()
    #expect(outcome.status == 0)
    #expect(mode("new.csv") == 0o640)
    #expect(folder.names == ["new.csv", "old.csv"])
  }

  @Test(
    "The suffix picks the format, the longest that fits, in any case of letters",
    arguments: [
      ("a.csv", "csv"), ("A.JSON", "json"), ("a.geo.json", "map"),
    ])
  func suffix(_ name: String, _ format: String) async throws {
    let service = try FakeService(content: "x")
    #expect(try await run(service, "--output", name).status == 0)
    #expect(service.calls.last?.parameters["format"] == .string(format))
  }

  @Test("--format goes before the suffix")
  func explicitFormat() async throws {
    let service = try FakeService(content: "x")
    #expect(try await run(service, "--output", "a.csv", "--format", "json").status == 0)
    #expect(service.calls.map(\.parameters["format"]) == ["json"])
  }

  @Test(
    "An unknown suffix is wrong usage, with the known ones named",
    arguments: [
      ("a.cvs", "; did you mean \".csv\"? "), ("a.xlsx", "; "), ("a", "; "),
    ])
  func unknownSuffix(_ name: String, _ suggestion: String) async throws {
    let service = try FakeService(content: "x")
    let outcome = try await run(service, "--output", name)
    #expect(outcome.status == 64)
    #expect(
      outcome.errors == """
        muster: no format has the suffix of this file: \(name)\(suggestion)\
        the suffixes are .csv, .json, .geo.json, or name a format with --format

        """)
    #expect(folder.names == ["old.csv"])
  }

  @Test(
    "What is no file to replace has the format of standard output, unless a suffix says another",
    arguments: [
      ("\"$0\" $R /dev/stdout >> old.csv", "csv"), ("\"$0\" $R /dev/fd/7 7>> old.csv", "csv"),
      ("mkfifo p; cat p >> old.csv & \"$0\" $R p; wait; rm p", "csv"),
      ("mkfifo p.json; cat p.json >> old.csv & \"$0\" $R p.json; wait; rm p.json", "json"),
      ("ln -s /dev/stdout l; \"$0\" $R l >> old.csv; rm l", "csv"),
    ])
  func stream(_ script: String, _ format: String) async throws {
    let service = try FakeService(content: "new\n")
    let program = "R='run r --address \(service.address) --output'; \(script)"
    let outcome = try await Program(["-c", program, Program.path], program: "/bin/sh", folder: folder.path).wait()
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(try folder.read("old.csv") == "old\nnew\n")
    #expect(service.calls.last?.parameters["format"] == .string(format))
  }

  @Test("On a terminal that is a table")
  func terminal() async throws {
    let service = try FakeService(content: "new\n")
    for path in ["/dev/stdout", "/dev/tty"] {
      let terminal = try Terminal()
      let program = try Program(
        ["run", "r", "--address", service.address, "--output", path], environment: ["TERM": "dumb"], terminal: terminal)
      #expect(try await terminal.readToEnd() == "new\n")
      #expect(try await program.wait().status == 0)
      #expect(service.calls.last?.parameters["format"] == "table", "\(path)")
    }
  }

  @Test("An error in the middle leaves the old file and nothing else")
  func lateError() async throws {
    let service = try FakeService(replies: [
      Reply(["revision": "a", "content": "half\n"], continues: true),
      Reply(VarlinkError("org.muster.Reports.ReportFailed", ["report": "r", "reason": "no more"])),
    ])
    #expect(try await run(service, "--output", "old.csv", "--format", "csv").status == 65)
    #expect(try folder.read("old.csv") == "old\n")
    #expect(folder.names == ["old.csv"])
  }

  @Test("So does a daemon that is lost in the middle")
  func lostConnection() async throws {
    let service = try FakeService { _, peer in
      try peer.send(Reply(["revision": "a", "content": "half\n"], continues: true))
      throw TestFailure("the connection ends")
    }
    #expect(try await run(service, "--output", "old.csv", "--format", "csv").status == 69)
    #expect(try folder.read("old.csv") == "old\n")
    #expect(folder.names == ["old.csv"])
  }

  @Test("So does a signal, and the daemon sees the end of the call", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signal(_ signal: Int32) async throws {
    let service = try FakeService { _, peer in
      try peer.send(Reply(["revision": "a", "content": "half\n"], continues: true))
      if !peer.waitForHangUp() { throw TestFailure("no hang-up") }
    }
    let program = try Program(
      ["run", "r", "--address", service.address, "--output", "old.csv", "--format", "csv"], folder: folder.path)
    try await waitUntil("the first piece is written") {
      temporaryFileSizes(of: program.pid).contains(5)
    }
    kill(program.pid, signal)
    let outcome = try await program.wait()
    #expect(outcome.status == 128 + signal)
    #expect(outcome.errors == "")
    #expect(try folder.read("old.csv") == "old\n")
    #expect(folder.names == ["old.csv"])
    try await waitUntil("the daemon sees the end") { service.hangUps == 1 }
  }

  @Test("A signal that is to be ignored is ignored")
  func ignoredSignal() async throws {
    let gate = try Gate()
    let service = try FakeService { _, peer in
      try peer.send(Reply(["revision": "a", "content": "half "], continues: true))
      gate.wait()
      try peer.send(Reply(["revision": "a", "content": "whole\n"]))
    }
    let program = try Program(
      [
        "-c", "trap '' HUP; exec \"$0\" run r --format csv --output new.csv --address \(service.address)", Program.path,
      ], program: "/bin/sh", folder: folder.path)
    try await waitUntil("the file is begun") { !temporaryFileSizes(of: program.pid).isEmpty }
    kill(program.pid, SIGHUP)
    gate.open()
    #expect(try await program.wait().status == 0)
    #expect(try folder.read("new.csv") == "half whole\n")
  }

  @Test("A full disk leaves the old file")
  func fullDisk() async throws {
    let service = try FakeService(content: String(repeating: "x", count: 100_000))
    let outcome = try await Program(
      ["-c", "ulimit -f 8; trap '' XFSZ; \"$0\" run r -o old.csv --address \(service.address)", Program.path],
      program: "/bin/sh", folder: folder.path
    ).wait()
    #expect(outcome.status == 74)
    #expect(outcome.errors == "muster: cannot write: old.csv: File too large; nothing was changed\n")
    #expect(try folder.read("old.csv") == "old\n")
    #expect(folder.names == ["old.csv"])
  }

  @Test("A folder that is not there is told before the report runs")
  func noFolder() async throws {
    let service = try FakeService(content: "x")
    let outcome = try await run(service, "--output", "no/a.csv", "--format", "csv")
    #expect(outcome.status == 74)
    #expect(outcome.errors == "muster: cannot write: no/a.csv: No such file or directory; nothing was changed\n")
    #expect(service.calls.isEmpty)
  }

  @Test("A folder is no file", arguments: [".", "./"])
  func isFolder(_ path: String) async throws {
    let service = try FakeService(content: "x")
    let outcome = try await run(service, "--output", path, "--format", "csv")
    #expect(outcome.status == 74)
    #expect(outcome.errors == "muster: cannot write: \(path): Is a directory; nothing was changed\n")
  }

  @Test("A link stays, and the file behind it is replaced, there or not", arguments: ["old.csv", "new.csv"])
  func link(_ target: String) async throws {
    let service = try FakeService(content: "new\n")
    try #require(symlink(target, "\(folder.path)/link") == 0)
    #expect(try await run(service, "--output", "link", "--format", "csv").status == 0)
    #expect(try folder.read(target) == "new\n")
    var status = stat()
    #expect(lstat("\(folder.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(folder.names == Set(["link", "old.csv", target]).sorted())
  }

  @Test("Links in a circle are an error")
  func circle() async throws {
    let service = try FakeService(content: "new\n")
    try #require(symlink("circle", "\(folder.path)/circle") == 0)
    let outcome = try await run(service, "--output", "circle", "--format", "csv")
    #expect(outcome.status == 74)
    #expect(outcome.errors.contains("Too many levels of symbolic links"))
  }

  @Test("A device is written to, never replaced")
  func device() async throws {
    let service = try FakeService(content: "new\n")
    let outcome = try await run(service, "--output", "/dev/stdout", "--format", "csv")
    #expect(outcome.status == 0)
    #expect(outcome.output == "new\n")
    #expect(try await run(service, "--output", "/dev/null", "--format", "csv").status == 0)
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }
}
