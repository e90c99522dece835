import Glibc
import Posix
import TestSupport
import Testing

@Suite("What a path for output leads to is decided by what is there")
struct DestinationTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    try temporary.write("old\n", to: "file")
  }

  private func stream(_ path: String) throws -> OwnedDescriptor {
    guard case .stream(let descriptor) = try Destination(RawPath(path)) else { throw TestFailure("\(path): no stream") }
    return descriptor
  }

  private func name(_ path: String) throws -> (name: RawPath, isThere: Bool) {
    guard case .file(_, let name, let existing) = try Destination(RawPath(path)) else {
      throw TestFailure("\(path): no file")
    }
    return (name, existing != nil)
  }

  @Test func filesAreFoundBehindLinksWhereverTheyAre() throws {
    let path = temporary.path
    try #require(symlink("file", "\(path)/link") == 0 && symlink("\(path)/link", "\(path)/absolute") == 0)
    try #require(symlink("new", "\(path)/dangling") == 0 && symlink(".", "\(path)/here") == 0)
    for link in ["file", "link", "absolute", "here/link"] {
      #expect(try name("\(path)/\(link)") == (RawPath("file"), true))
    }
    #expect(try name("\(path)/dangling") == (RawPath("new"), false))
    #expect(try name("/dev/shm/muster-test-new.csv") == (RawPath("muster-test-new.csv"), false))
  }

  @Test(
    "A name of a descriptor of ours is that descriptor, which goes on where it stands",
    arguments: ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"], [0, O_APPEND])
  func own(_ prefix: String, _ flag: Int32) throws {
    let path = "\(temporary.path)/file"
    // As a shell hands it on: not closed for programs that are started.
    let number = open(path, O_WRONLY | flag)
    defer { close(number) }
    if flag == 0 { lseek(number, 0, SEEK_END) }
    try #require(symlink("\(prefix)\(number)", "\(temporary.path)/link") == 0)
    try stream("\(prefix)\(number)").write(Array("new\n".utf8))
    try stream("\(temporary.path)/link").write(Array("newer\n".utf8))
    #expect(try temporary.read("file") == "old\nnew\nnewer\n")
  }

  @Test func whatTheProgramItselfHasOpenIsNotMeant() throws {
    let file = try RawPath("\(temporary.path)/file").open(O_WRONLY)
    let error = #expect(throws: SystemError.self) { try Destination(RawPath("/dev/fd/\(file.number)")) }
    #expect(error?.code == EBADF)
  }

  @Test func whatIsOpenForReadingIsNotWritten() throws {
    let number = open("\(temporary.path)/file", O_RDONLY)
    defer { close(number) }
    let error = #expect(throws: SystemError.self) { try Destination(RawPath("/dev/fd/\(number)")) }
    #expect(error?.reason == "the descriptor is open for reading only")
  }

  @Test func whatAnotherProcessHasOpenIsAppendedTo() throws {
    let script = "exec 5>>\(temporary.path)/file; touch \(temporary.path)/ready; exec sleep 600"
    let other = try Program("/bin/sh", ["-c", script])
    while !temporary.names.contains("ready") { usleep(1000) }
    try stream("/proc/\(other.pid)/fd/5").write(Array("new\n".utf8))
    #expect(try temporary.read("file") == "old\nnew\n")
  }

  @Test func pipesAndDevicesAreWrittenToAndSocketsRefused() throws {
    let path = temporary.path
    try #require(mkfifo("\(path)/fifo", 0o600) == 0)
    let reader = open("\(path)/fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    try stream("\(path)/fifo").write([1])
    let full = try stream("/dev/full")
    #expect(throws: SystemError("write \(full.path)", code: ENOSPC)) { try full.write([1]) }
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    let address = try #require(SocketAddress("\(path)/socket"))
    try #require(address.withPointer { bind(socket, $0, $1) } == 0)
    let error = #expect(throws: SystemError.self) { try Destination(RawPath("\(path)/socket")) }
    #expect(error?.reason == "it is a socket, which is not written to by its name")
    for folder in [path, "\(path)/", "/"] {
      #expect(throws: SystemError(code: EISDIR)) { try Destination(RawPath(folder)) }
    }
  }

  @Test func aLinkToWhatIsNoUTF8IsNoOtherFile() throws {
    try #require(unlink("\(temporary.path)/file") == 0)
    let folder = try Folder(RawPath(temporary.path))
    let name = RawPath(bytes: [0x61, 0xE9])
    _ = try folder.create(name, mode: 0o600)
    try #require(try spawnShell("ln -s \"$(printf 'a\\351')\" \(temporary.path)/link") == 0)
    let resolved = try resolvedPath(RawPath("\(temporary.path)/link"))
    #expect(resolved.name == name)
    #expect(try resolved.folder == resolvedPath(RawPath(temporary.path)))
    #expect(try rawEntryNames(ofFolder: temporary.path).sorted() == [name, RawPath("link")])
    guard case .file(_, name, .some) = try Destination(RawPath("\(temporary.path)/link")) else {
      Issue.record("not the file that the link leads to")
      return
    }
  }
}
