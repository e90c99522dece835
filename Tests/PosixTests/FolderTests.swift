import Glibc
import Posix
import TestSupport
import Testing

@Suite("Folders are read, and files in them replaced, without following links")
struct FolderTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  @Test func allNamesAreFound() throws {
    for name in ["a", ".b", "…"] { try temporary.write("", to: name) }
    #expect(try Set(entryNames(ofFolder: temporary.path)) == ["a", ".b", "…"])
    let folder = try Folder(temporary.path, for: .holding)
    #expect(try Set(folder.names()) == ["a", ".b", "…"])
    // A folder that was read once is read from its beginning again.
    #expect(try folder.names().count == 3)
  }

  @Test("Why a folder cannot be read is said", arguments: [("missing", ENOENT), ("file", ENOTDIR)])
  func unreadable(_ name: String, _ code: Int32) throws {
    try temporary.write("", to: "file")
    let path = "\(temporary.path)/\(name)"
    let error = #expect(throws: SystemError.self) { try entryNames(ofFolder: path) }
    #expect(error?.code == code)
    #expect(error?.description == "cannot read the folder \(path): \(errorText(code))")
  }

  @Test("A name that is no UTF-8 is shown with U+FFFD, and removed with its folder")
  func otherBytes() throws {
    let inner = "\(temporary.path)/inner"
    #expect(mkdir(inner, 0o700) == 0)
    let bytes = Array("\(inner)/a".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    let descriptor = open(bytes, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    #expect(try entryNames(ofFolder: inner) == ["a\u{FFFD}"])
    removeFolder(inner)
    #expect(access(inner, F_OK) != 0)
  }

  @Test("A folder is removed with all in it, what a link leads to stays")
  func removal() throws {
    try temporary.write("kept", to: "outside")
    let inner = "\(temporary.path)/inner"
    #expect(mkdir(inner, 0o700) == 0)
    #expect(mkdir("\(inner)/deep", 0o700) == 0)
    #expect(symlink("\(temporary.path)/outside", "\(inner)/deep/link") == 0)
    #expect(symlink(temporary.path, "\(inner)/folder-link") == 0)
    #expect(chmod("\(inner)/deep", 0) == 0)
    removeFolder(inner)
    #expect(try entryNames(ofFolder: temporary.path) == ["outside"])
    #expect(try temporary.text(of: "outside") == "kept")
  }

  /// Deeper than there are descriptors, and than a path can say. Some of it is locked.
  @Test func aFolderIsRemovedHoweverDeepItIs() throws {
    let inner = "\(temporary.path)/inner"
    #expect(mkdir(inner, 0o700) == 0)
    var folder = open(inner, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for level in 1...5000 {
      try #require(mkdirat(folder, "d", 0o700) == 0)
      try #require(mkdirat(folder, "e", level % 100 == 0 ? 0 : 0o700) == 0)
      let child = openat(folder, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      try #require(child >= 0)
      if level % 100 == 0 { fchmod(folder, 0o500) }
      close(folder)
      folder = child
    }
    close(folder)
    removeFolder(inner)
    #expect(try entryNames(ofFolder: temporary.path) == [])
  }

  @Test func aSocketGetsItsModeAndNothingElseDoes() throws {
    let path = "\(temporary.path)/socket"
    func makeSocket() -> Int32 {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      return SocketAddress.path(path).withPointer { bind(descriptor, $0, $1) } == 0 ? descriptor : -1
    }
    func mode(_ path: String) -> mode_t {
      var status = stat()
      return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }
    let descriptor = makeSocket()
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    #expect(try setMode(ofSocket: path, to: 0o660).st_mode & S_IFMT == S_IFSOCK)
    #expect(mode(path) == 0o660)
    #expect(link(path, "\(path)-too") == 0)
    #expect(throws: SystemError.self) { try setMode(ofSocket: path, to: 0o666) }
    #expect(mode(path) == 0o660)

    try temporary.write("secret", to: "file", mode: 0o600)
    unlink(path)
    #expect(symlink("file", path) == 0)
    let error = #expect(throws: SystemError.self) { try setMode(ofSocket: path, to: 0o666) }
    #expect(error?.description == "cannot set the permissions of \(path): something else is in its place")
    unlink(path)
    #expect(link("\(temporary.path)/file", path) == 0)
    #expect(throws: SystemError.self) { try setMode(ofSocket: path, to: 0o666) }
    #expect(mode("\(temporary.path)/file") == 0o600)
  }

  @Test func aFolderBehindALinkIsNotHeldButNamesInItCanBeGiven() throws {
    let link = "\(temporary.path)/link"
    #expect(mkdir("\(temporary.path)/real", 0o700) == 0)
    #expect(symlink("real", link) == 0)
    for path in [link, "\(link)/"] {
      let error = #expect(throws: SystemError.self) { try Folder(path, for: .holding) }
      #expect(error?.description == "cannot use the folder \(link): it is a symbolic link, which is not followed")
    }
    _ = try Folder(link, for: .naming).create("x")
    #expect(try entryNames(ofFolder: "\(temporary.path)/real") == ["x"])
  }

  @Test func whatIsNoRegularFileIsNotOpened() throws {
    let folder = try Folder(temporary.path, for: .holding)
    #expect(symlink("/etc/passwd", "\(temporary.path)/link") == 0)
    #expect(mkfifo("\(temporary.path)/fifo", 0o600) == 0)
    for name in ["link", "fifo"] { #expect(throws: SystemError.self) { try folder.open(name) } }
    #expect(try folder.open("missing") == nil)
    #expect(throws: SystemError.self) { try folder.create("link") }
  }

  @Test("The old file stands until the new one is whole, and keeps nothing of it")
  func replacement() throws {
    try temporary.write("a long old text", to: "file")
    let folder = try Folder(temporary.path, for: .holding)
    let file = try folder.create("new")
    try file.write(Array("new".utf8))
    try file.finish(writtenAt: 1_000_000_000_000_001)
    #expect(try temporary.text(of: "file") == "a long old text")
    try folder.rename("new", to: "file")
    try folder.sync()
    #expect(try temporary.text(of: "file") == "new")
    #expect(try folder.names() == ["file"])
    let status = try #require(try folder.status(of: "file"))
    #expect(status.modifiedAt == 1_000_000_000_000_001)
  }

  @Test func aFolderThatWasReplacedIsNoticed() throws {
    let path = "\(temporary.path)/inner"
    #expect(mkdir(path, 0o700) == 0)
    let folder = try Folder(path, for: .holding)
    try folder.checkPlace()
    #expect(rename(path, "\(path)-old") == 0)
    #expect(mkdir(path, 0o700) == 0)
    #expect(throws: SystemError.self) { try folder.checkPlace() }
  }

  @Test("A second name is given once, and again without harm, but not in the place of another file")
  func links() throws {
    try temporary.write("1", to: "a")
    try temporary.write("2", to: "b")
    let folder = try Folder(temporary.path, for: .holding)
    #expect(try folder.link("a", to: "c"))
    #expect(try folder.link("a", to: "c"))
    #expect(try !folder.link("a", to: "b"))
  }

  @Test("What a user has no right to stays", .enabled(if: geteuid() == 0))
  func denied() throws {
    try temporary.write("", to: "file")
    #expect(chmod(temporary.path, 0o755) == 0)
    let path = temporary.path
    // Only a process without root's rights is refused anything.
    let child = try spawnShell("exec setpriv --reuid 65534 --clear-groups mv \(path)/file \(path)/other")
    #expect(child != 0)
    #expect(try entryNames(ofFolder: path) == ["file"])
  }
}
