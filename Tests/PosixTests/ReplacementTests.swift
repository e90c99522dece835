import Glibc
import Posix
import TestSupport
import Testing

@Suite("A file that replaces another one has its rights, and nothing is left of one that does not")
struct ReplacementTests {
  private let temporary: TemporaryFolder
  private let folder: Folder

  init() throws {
    temporary = try TemporaryFolder()
    folder = try Folder(temporary.path, for: .holding)
  }

  private func status(_ name: String) throws -> stat { try #require(try folder.status(of: name)) }

  @Test(
    "Modes are kept, the special bits are not", arguments: [0o640, 0o4755, 0o2775, 0o6777, 0o1600, 0o000] as [mode_t])
  func modes(_ mode: mode_t) throws {
    try temporary.write("", to: "old", mode: mode)
    let file = try folder.create("new", mode: 0o600)
    #expect(try file.takeRights(of: status("old")))
    #expect(try status("new").st_mode & 0o7777 == mode & 0o777)
  }

  @Test("Root keeps owner and group", .enabled(if: geteuid() == 0))
  func owners() throws {
    try temporary.write("", to: "old")
    try #require(chown("\(temporary.path)/old", 1234, 4321) == 0)
    try #require(chmod("\(temporary.path)/old", 0o6750) == 0)
    let file = try folder.create("new", mode: 0o600)
    #expect(try file.takeRights(of: status("old")))
    let new = try status("new")
    #expect((new.st_uid, new.st_gid, new.st_mode & 0o7777) == (1234, 4321, 0o750))
  }

  @Test("What is not kept is told, and a group that is another's gets no more than everybody")
  func otherGroup() throws {
    let file = try folder.create("new", mode: 0o600)
    var wanted = try file.status()
    // On no system is there a user or group of that number to give files to.
    (wanted.st_uid, wanted.st_gid, wanted.st_mode) = (.max, .max, S_IFREG | 0o674)
    #expect(try !file.takeRights(of: wanted) || geteuid() == 0)
    var other = try file.status()
    other.st_gid = .max
    other.st_mode = S_IFREG | 0o674
    #expect(try !file.takeRights(of: other))
    #expect(try status("new").st_mode & 0o7777 == 0o644)
  }

  @Test("While it is written it has no name where it needs none")
  func nameless() throws {
    try temporary.write("old", to: "file")
    let new = try TemporaryFile(for: RawPath("file"), in: folder, mode: 0o600)
    try new.file.write(Array("new".utf8))
    #expect(temporary.names == (new.isNamed ? temporary.names : ["file"]))
    try new.replace(RawPath("file"))
    #expect(temporary.names == ["file"])
    #expect(try temporary.read("file") == "new")
  }

  @Test(
    "What a killed run left is removed by the next one of the same file, what another writes is not",
    arguments: [true, false])
  func abandoned(_ isNamed: Bool) throws {
    let target = RawPath("file")
    do {
      let killed = try TemporaryFile(for: target, in: folder, mode: 0o600, isNamed: true)
      try killed.file.write([1])
      // As root gives it to the owner of the file that it is to replace.
      if geteuid() == 0 { _ = fchown(killed.file.number, 1234, 4321) }
    }
    #expect(temporary.names.count == 1)
    let other = try TemporaryFile(for: target, in: folder, mode: 0o600, isNamed: true)
    #expect(temporary.names.count == 1)
    let new = try TemporaryFile(for: target, in: folder, mode: 0o600, isNamed: isNamed)
    try new.file.write(Array("new".utf8))
    try new.replace(target)
    #expect(try temporary.read("file") == "new")
    #expect(temporary.names.count == 2)
    try other.file.write(Array("other".utf8))
    try other.replace(target)
    #expect(try temporary.read("file") == "other")
    #expect(temporary.names == ["file"])
  }

  @Test("A file that is written over stays the same file, and has no tail of the old text")
  func overwriting() throws {
    try temporary.write(String(repeating: "long ", count: 100), to: "file", mode: 0o4755)
    let before = try status("file")
    let file = try RawPath("\(temporary.path)/file").open(O_WRONLY)
    let source = try createSpoolFile()
    try source.write(Array("new".utf8))
    try file.reserve(byteCount: 3)
    try file.overwrite(with: source)
    #expect(try temporary.read("file") == "new")
    let after = try status("file")
    #expect(after.isSameFile(as: before))
    #expect(after.st_mode & 0o7777 == 0o755)
  }
}
