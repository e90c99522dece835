import Glibc
import JSON
import TestSupport
import Testing
import Varlink

@Suite("A file that is written stays what it was", .blocking, .timeLimit(.minutes(10)))
struct OutputRightsTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a long old text\n", to: "old.csv", mode: 0o640)
  }

  /// Runs a script of the shell in the folder, in which `"$0"` and `$R` write a report to the file that is named next.
  private func shell(_ script: String, _ service: FakeService) async throws -> Outcome {
    try await Program(
      ["-c", "R='run r --format csv --address \(service.address) -o'; \(script)", Program.path], program: "/bin/sh",
      folder: folder.path
    ).wait()
  }

  private func status(_ name: String) -> stat {
    var status = stat()
    stat("\(folder.path)/\(name)", &status)
    return status
  }

  @Test(
    "A file of another's keeps owner, group and mode, but nothing that others would run as he",
    .enabled(if: geteuid() == 0))
  func otherOwner() async throws {
    let path = "\(folder.path)/old.csv"
    try #require(chown(path, 1234, 4321) == 0 && chmod(path, 0o6755) == 0)
    let outcome = try await shell("\"$0\" $R old.csv", FakeService(content: "new\n"))
    #expect(outcome.status == 0 && outcome.errors == "")
    let new = status("old.csv")
    #expect((new.st_uid, new.st_gid, new.st_mode & 0o7777) == (1234, 4321, 0o755))
    #expect(try folder.read("old.csv") == "new\n")
  }

  @Test(
    "A file keeps its access control list and users' attributes",
    .enabled(if: Attributes.canBe(Attributes.accessList, Attributes.list()) && Attributes.canBe("user.a", [1])))
  func attributes() async throws {
    let path = "\(folder.path)/old.csv"
    Attributes.set(Attributes.accessList, Attributes.list(), of: path)
    Attributes.set("user.origin", [1, 2], of: path)
    let before = status("old.csv")
    let outcome = try await shell("\"$0\" $R old.csv", FakeService(content: "new\n"))
    #expect(outcome.status == 0 && outcome.errors == "")
    let new = status("old.csv")
    #expect(new.st_ino != before.st_ino && new.st_mode == before.st_mode)
    #expect(Attributes.get(Attributes.accessList, of: path) == Attributes.list())
    #expect(Attributes.get("user.origin", of: path) == [1, 2])
    #expect(try folder.read("old.csv") == "new\n")
  }

  @Test(
    "What a user could not keep so he writes over", .enabled(if: geteuid() == 0),
    arguments: [0o777, 0o755, 0o1777] as [mode_t])
  func writtenOver(_ mode: mode_t) async throws {
    let path = "\(folder.path)/old.csv"
    try #require(chown(path, 1234, 4321) == 0 && chown(folder.path, 1234, 4321) == 0)
    try #require(chmod(path, 0o666) == 0 && chmod(folder.path, mode) == 0)
    let before = status("old.csv")
    let service = try FakeService(content: "new\n")
    // Root without its rights, who may still start the program and connect.
    let outcome = try await shell("exec setpriv --bounding-set -all \"$0\" $R old.csv", service)
    #expect(outcome.status == 0 && outcome.errors == "")
    let new = status("old.csv")
    #expect(new.st_ino == before.st_ino && new.st_uid == before.st_uid && new.st_mode == before.st_mode)
    #expect(try folder.read("old.csv") == "new\n")
    #expect(folder.names == ["old.csv"])
  }

  @Test("A file with a second name has the new content under both")
  func hardLink() async throws {
    try #require(link("\(folder.path)/old.csv", "\(folder.path)/other.csv") == 0)
    let outcome = try await shell("\"$0\" $R old.csv", FakeService(content: "new\n"))
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(try folder.read("other.csv") == "new\n")
    #expect(status("old.csv").st_nlink == 2)
    #expect(folder.names == ["old.csv", "other.csv"])
  }

  @Test("A result that is not whole changes nothing in a file that is written over, nor does a full disk")
  func untouched() async throws {
    try #require(link("\(folder.path)/old.csv", "\(folder.path)/other.csv") == 0)
    let service = try FakeService(replies: [
      Reply(["revision": "a", "content": "half\n"], continues: true),
      Reply(VarlinkError("org.muster.Reports.ReportFailed", ["report": "r", "reason": "no more"])),
    ])
    #expect(try await shell("\"$0\" $R old.csv", service).status == 65)
    let big = try FakeService(content: String(repeating: "x", count: 100_000))
    #expect(try await shell("ulimit -f 8; trap '' XFSZ; \"$0\" $R old.csv", big).status == 74)
    #expect(try folder.read("old.csv") == "a long old text\n")
    #expect(folder.names == ["old.csv", "other.csv"])
  }

  @Test(
    "A mount point is written over",
    .enabled("mounts, for which it lacks the rights here") {
      try await TestSupport.run("/usr/bin/unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status == 0
    })
  func mountPoint() async throws {
    try folder.write("", to: "bound.csv")
    let service = try FakeService(content: "new\n")
    let outcome = try await Program(
      [
        "-m", "/bin/sh", "-c",
        "mount --bind old.csv bound.csv && exec \"$0\" run r --format csv --address \(service.address) -o bound.csv",
        Program.path,
      ], program: "/usr/bin/unshare", folder: folder.path
    ).wait()
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(try folder.read("old.csv") == "new\n")
    #expect(folder.names == ["bound.csv", "old.csv"])
  }

  @Test("Nothing is left of a run that is killed")
  func killed() async throws {
    let gate = try Gate()
    let service = try FakeService { _, peer in
      try peer.send(Reply(["revision": "a", "content": "half\n"], continues: true))
      gate.wait()
    }
    let program = try Program(
      ["run", "r", "--address", service.address, "-o", "old.csv", "--format", "csv"], folder: folder.path)
    try await waitUntil("the call has come") { !service.calls.isEmpty }
    kill(program.pid, SIGKILL)
    #expect(try await program.wait().status == 128 + SIGKILL)
    gate.open()
    #expect(try folder.read("old.csv") == "a long old text\n")
    #expect(folder.names == ["old.csv"])
  }

  @Test(
    "What is open already goes on where it stands",
    arguments: [
      "\"$0\" $R /dev/stdout >> old.csv", "\"$0\" $R /dev/fd/7 7>> old.csv", "\"$0\" $R /proc/self/fd/1 >> old.csv",
      "{ cat; \"$0\" $R /dev/fd/1; } < old.csv > x; mv x old.csv", "ln -s /dev/stdout l; \"$0\" $R l >> old.csv; rm l",
    ])
  func descriptors(_ script: String) async throws {
    let outcome = try await shell(script, FakeService(content: "new\n"))
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(try folder.read("old.csv") == "a long old text\nnew\n")
  }

  @Test("A file below /dev is a file")
  func sharedMemory() async throws {
    let path = "/dev/shm/muster-test-\(getpid()).csv"
    defer { unlink(path) }
    let service = try FakeService(content: "new\n")
    #expect(try await shell("\"$0\" $R \(path)", service).status == 0)
    #expect(try readFile(path) == "new\n")
    #expect(try await shell("yes | head -c 9999 > \(path); \"$0\" $R \(path)", service).status == 0)
    #expect(try readFile(path) == "new\n")
  }

  @Test("A name is the bytes that were given", arguments: ["-o ", "--output="])
  func bytes(_ option: String) async throws {
    let service = try FakeService(content: "new\n")
    let script = "N=$(printf 'caf\\351.csv'); \"$0\" ${R% -o} \(option)\"$N\"; cat \"$N\"; ls -b"
    let outcome = try await shell(script, service)
    #expect(outcome.output == "new\ncaf\\351.csv\nold.csv\n")
    #expect(outcome.errors == "")
    #expect(try await shell("\"$0\" $R $(printf 'd/\\314\\201x.csv')", service).status == 74)
    #expect(try await shell("mkdir d; \"$0\" $R $(printf 'd/\\314\\201x.csv')", service).status == 0)
    #expect(try await shell("ls -b d", service).output == "\\314\\201x.csv\n")
  }
}
