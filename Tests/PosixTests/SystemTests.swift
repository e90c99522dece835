import Glibc
import Posix
import TestSupport
import Testing

/// The exit status of a command of the shell, run with nothing to read.
func spawnShell(_ command: String, _ prepare: (inout Spawn) -> Void = { _ in }) throws -> Int32 {
  var spawn = Spawn(
    program: "/bin/sh", arguments: ["sh", "-c", command], environment: currentEnvironment(),
    descriptors: [(0, .null)])
  prepare(&spawn)
  let pid = try spawn.start()
  var status: Int32 = 0
  while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  return status >> 8
}

@Suite("What the system gives and refuses")
struct SystemTests {
  @Test func aFullDiskIsToldInWords() throws {
    let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
    let full = OwnedDescriptor(descriptor, "/dev/full")
    let error = #expect(throws: SystemError.self) { try full.write([1]) }
    #expect(error == SystemError("write /dev/full", code: ENOSPC))
    #expect(error?.description == "cannot write /dev/full: No space left on device")
  }

  @Test func aFailureThatNobodyNamedIsToldByItsReasonAlone() {
    #expect(SystemError(code: EACCES).description == "Permission denied")
    #expect(SystemError("use x", reason: "it is a folder").code == 0)
    #expect(errorText(12345) == "Unknown error 12345")
  }

  @Test("All is written into a pipe that takes it in pieces")
  func slowPipe() async throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    #expect(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let (input, output) = (OwnedDescriptor(ends[0], "pipe"), OwnedDescriptor(ends[1], "pipe"))
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    // Each on a thread of its own: the few that run tasks must not wait for each other.
    async let received = onThread {
      var read: [UInt8] = []
      try input.read { block in
        read += block
        return read.count < bytes.count
      }
      return read
    }
    try await onThread { try output.write(bytes) }
    #expect(try await received == bytes)
  }

  @Test func aLockIsHeldByOneOpenFileUntilItIsClosed() throws {
    let temporary = try TemporaryFolder()
    try temporary.write("", to: "lock")
    let path = "\(temporary.path)/lock"
    var first: OwnedDescriptor? = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC), path)
    let second = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC), path)
    #expect(try tryLock(try #require(first).number))
    #expect(try !tryLock(second.number))
    first = nil
    #expect(try tryLock(second.number))
    #expect(throws: SystemError.self) { try tryLock(-1) }
  }

  @Test(
    "The folder of a path",
    arguments: [("a", "."), ("/a", "/"), ("a/b", "a"), ("/a/b/c", "/a/b"), ("/", "/"), ("a/", "a")])
  func parents(_ path: String, _ folder: String) {
    #expect(parentFolder(of: path) == folder)
  }

  @Test func linksAreResolved() throws {
    let temporary = try TemporaryFolder()
    try temporary.write("", to: "file")
    let path = "\(temporary.path)/file"
    #expect(symlink("file", "\(temporary.path)/link") == 0)
    #expect(try resolvedPath(RawPath("\(temporary.path)/link")) == resolvedPath(RawPath(path)))
    #expect(symlink("loop", "\(temporary.path)/loop") == 0)
    let error = #expect(throws: SystemError.self) { try resolvedPath(RawPath("\(temporary.path)/loop")) }
    #expect(error?.code == ELOOP)
  }

  @Test func aProgramGetsItsArgumentsEnvironmentAndDescriptors() throws {
    let temporary = try TemporaryFolder()
    let file = OwnedDescriptor(open("\(temporary.path)/out", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600), "out")
    let status = try spawnShell("echo $A; cat; readlink /proc/self/fd/9; exit 7") {
      $0.environment = ["A=b c", "PATH=/usr/bin:/bin"].map { Array($0.utf8) }
      $0.descriptors += [(1, .descriptor(file.number)), (9, .descriptor(1))]
    }
    #expect(status == 7)
    #expect(try temporary.text(of: "out") == "b c\n\(resolvedPath(RawPath("\(temporary.path)/out")))\n")
  }

  @Test(
    "A program has a session of its own and the signals that it was given",
    arguments: [
      (#"^([0-9]+) \(grep\) . [0-9]+ \1 \1 "#, "/proc/self/stat"), (#"^SigBlk:\s*0+4000$"#, "/proc/self/status"),
    ])
  func session(_ pattern: String, _ file: String) throws {
    let status = try spawnShell("") {
      // A shell would set its signals anew.
      ($0.program, $0.arguments) = ("/bin/grep", ["grep", "-qE", pattern, file])
      $0.blockedSignals = [SIGTERM]
      $0.startsSession = true
    }
    #expect(status == 0)
  }

  @Test func whatAProgramGetsOfTheEnvironmentIsBytes() throws {
    let value: [UInt8] = [0x61, 0xE9]
    let status = try spawnShell("test \"$A\" = \"$(printf 'a\\351')\"") {
      $0.environment = [Array("A=".utf8) + value, Array("PATH=/usr/bin:/bin".utf8)]
    }
    #expect(status == 0)
    setenv("MUSTER_TEST_BYTES", value.map(CChar.init(bitPattern:)) + [0], 1)
    defer { unsetenv("MUSTER_TEST_BYTES") }
    #expect(environmentPath("MUSTER_TEST_BYTES") == RawPath(bytes: value))
    #expect(currentEnvironment().contains(Array("MUSTER_TEST_BYTES=".utf8) + value))
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    let spawn = Spawn(program: "/nowhere/x", arguments: ["x"], environment: [], descriptors: [])
    #expect(throws: SystemError("start /nowhere/x", code: ENOENT)) { try spawn.start() }
  }

  @Test(
    "The address of a socket is a path or an abstract name that fits",
    arguments: [
      ("/run/x", .path("/run/x")), ("@x", .abstract("x")), ("@", nil), ("", nil), ("x", nil),
      ("/" + String(repeating: "a", count: 106), .path("/" + String(repeating: "a", count: 106))),
      ("/" + String(repeating: "a", count: 107), nil), ("@" + String(repeating: "a", count: 108), nil),
    ] as [(String, SocketAddress?)])
  func addresses(_ text: String, _ address: SocketAddress?) {
    #expect(SocketAddress(text) == address)
  }

  @Test func clocksGoOn() {
    let (start, time) = (monotonicMicroseconds(), currentMicroseconds())
    #expect(monotonicNanoseconds() / 1000 >= start)
    // After 2025: microseconds, not another unit.
    #expect((1_735_689_600_000_000..<4_102_444_800_000_000).contains(time))
  }
}
