import Glibc
import TestSupport
import Testing

@testable import Posix

@Suite("A file that replaces another one has its rights, and nothing is left of one that does not")
struct ReplacementTests {
  private let temporary: TemporaryFolder
  private let folder: Folder

  init() throws {
    temporary = try TemporaryFolder()
    folder = try Folder(temporary.path, for: .holding)
  }

  private func rights(_ name: String) throws -> FileRights { try #require(try folder.rights(of: name)) }

  private func status(_ name: String) throws -> stat { try #require(try folder.status(of: name)) }

  @Test(
    "Modes are kept, the special bits are not", arguments: [0o640, 0o4755, 0o2775, 0o6777, 0o1600, 0o000] as [mode_t])
  func modes(_ mode: mode_t) throws {
    try temporary.write("", to: "old", mode: mode)
    let file = try folder.create("new", mode: 0o600)
    #expect(try file.takeRights(of: rights("old")))
    #expect(try status("new").st_mode & 0o7777 == mode & 0o777)
  }

  @Test("Root keeps owner and group", .enabled(if: geteuid() == 0))
  func owners() throws {
    try temporary.write("", to: "old")
    try #require(chown("\(temporary.path)/old", 1234, 4321) == 0)
    try #require(chmod("\(temporary.path)/old", 0o6750) == 0)
    let file = try folder.create("new", mode: 0o600)
    #expect(try file.takeRights(of: rights("old")))
    let new = try status("new")
    #expect((new.st_uid, new.st_gid, new.st_mode & 0o7777) == (1234, 4321, 0o750))
  }

  @Test("An access control list is kept", .enabled(if: Attributes.canBe(Attributes.accessList, Attributes.list())))
  func accessLists() throws {
    try temporary.write("", to: "old", mode: 0o600)
    let list = Attributes.list()
    Attributes.set(Attributes.accessList, list, of: "\(temporary.path)/old")
    #expect(try status("old").permissions == 0o660)
    let file = try folder.create("new", mode: 0o600)
    #expect(try file.takeRights(of: rights("old")))
    #expect(Attributes.get(Attributes.accessList, of: "\(temporary.path)/new") == list)
    #expect(try status("new").permissions == 0o660)
  }

  @Test(
    "Where a list cannot be kept its mask, which stands in the mode in place of the group, is not given to the group",
    .enabled(if: Attributes.canBe(Attributes.accessList, Attributes.list())))
  func lostList() throws {
    try temporary.write("", to: "old")
    Attributes.set(Attributes.accessList, Attributes.list(), of: "\(temporary.path)/old")
    #expect(try status("old").permissions == 0o660)
    #expect(try rights("old").narrowMode == 0o600)
    Attributes.set(Attributes.accessList, Attributes.list(group: 4), of: "\(temporary.path)/old")
    #expect(try rights("old").narrowMode == 0o640)
  }

  @Test(
    "What the folder gives to all its files is not given to one that replaces another",
    .enabled(if: Attributes.canBe(Attributes.accessList, Attributes.list(group: 4))))
  func defaultLists() throws {
    try temporary.write("", to: "old", mode: 0o640)
    Attributes.set("system.posix_acl_default", Attributes.list(group: 4), of: temporary.path)
    let file = try folder.create("new", mode: 0o600)
    #expect(Attributes.get(Attributes.accessList, of: "\(temporary.path)/new") != nil)
    #expect(try file.takeRights(of: rights("old")))
    #expect(Attributes.get(Attributes.accessList, of: "\(temporary.path)/new") == nil)
    #expect(try status("new").permissions == 0o640)
  }

  @Test("Attributes of users are kept, those of the system are not", .enabled(if: Attributes.canBe("user.a", [1])))
  func attributes() throws {
    try temporary.write("", to: "old")
    let path = "\(temporary.path)/old"
    Attributes.set("user.empty", [], of: path)
    Attributes.set("user.origin", Array("survey".utf8), of: path)
    // cap_chown, as a program may have it; root alone may say so.
    let capability: [UInt8] = [1, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let hasCapability = Attributes.set("security.capability", capability, of: path)
    let file = try folder.create("new", mode: 0o600)
    #expect(try file.takeRights(of: rights("old")))
    let new = "\(temporary.path)/new"
    #expect(Attributes.get("user.empty", of: new) == [])
    #expect(Attributes.get("user.origin", of: new) == Array("survey".utf8))
    #expect(Attributes.get("security.capability", of: path) != nil || !hasCapability)
    #expect(Attributes.get("security.capability", of: new) == nil)

    let other = try folder.create("other", mode: 0o600)
    try other.takeRights(of: rights("old").accessAlone)
    #expect(Attributes.get("user.origin", of: "\(temporary.path)/other") == nil)
  }

  @Test("What is not kept is told, and a group that is another's gets no more than everybody")
  func otherGroup() throws {
    let file = try folder.create("new", mode: 0o600)
    var wanted = try file.status()
    // On no system is there a user or group of that number to give files to.
    (wanted.st_uid, wanted.st_gid, wanted.st_mode) = (.max, .max, S_IFREG | 0o674)
    #expect(try !file.takeRights(of: FileRights(wanted)) || geteuid() == 0)
    var other = try file.status()
    other.st_gid = .max
    other.st_mode = S_IFREG | 0o674
    #expect(try !file.takeRights(of: FileRights(other)))
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
