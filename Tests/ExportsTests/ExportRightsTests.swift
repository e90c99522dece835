import Glibc
import TestSupport
import Testing

@testable import Exports

@Suite("A file that an export writes stays what it was", .timeLimit(.minutes(10)))
struct ExportRightsTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private func status(_ name: String) -> stat {
    var status = stat()
    stat("\(workshop.folder.path)/out/\(name)", &status)
    return status
  }

  @Test("File, manifest and kept version have the mode of the old file, but for what would run them as their owner")
  func modes() async throws {
    _ = try await workshop.export()
    try #require(chmod("\(workshop.folder.path)/out/arrivals.csv", 0o6750) == 0)
    try workshop.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    #expect(try await workshop.export().outcome == .written)
    let versions = workshop.files.filter { $0.hasSuffix("~") }
    #expect(versions.count == 1)
    for name in ["arrivals.csv", "arrivals.csv.muster.json"] + versions {
      #expect(status(name).st_mode & 0o7777 == 0o750, "\(name)")
    }
  }

  @Test("They have its owner and group", .enabled(if: geteuid() == 0))
  func owners() async throws {
    _ = try await workshop.export()
    try #require(chown("\(workshop.folder.path)/out/arrivals.csv", 1234, 4321) == 0)
    try workshop.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    #expect(try await workshop.export().outcome == .written)
    for name in ["arrivals.csv", "arrivals.csv.muster.json"] + workshop.files.filter({ $0.hasSuffix("~") }) {
      #expect(status(name).st_uid == 1234 && status(name).st_gid == 4321, "\(name)")
    }
  }

  @Test(
    "They have its access control list, and the file what users have said of it",
    .enabled(if: Attributes.canBe(Attributes.accessList, Attributes.list()) && Attributes.canBe("user.a", [1])))
  func attributes() async throws {
    _ = try await workshop.export()
    let path = "\(workshop.folder.path)/out/arrivals.csv"
    Attributes.set(Attributes.accessList, Attributes.list(), of: path)
    Attributes.set("user.origin", [1], of: path)
    try workshop.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    #expect(try await workshop.export().outcome == .written)
    #expect(Attributes.get(Attributes.accessList, of: path) == Attributes.list())
    #expect(Attributes.get(Attributes.accessList, of: "\(path).muster.json") == Attributes.list())
    #expect(Attributes.get("user.origin", of: path) == [1])
    #expect(Attributes.get("user.origin", of: "\(path).muster.json") == nil)
  }

  @Test("What is written is for nobody who cannot read the old file, at no time")
  func unreadMeanwhile() async throws {
    _ = try await workshop.export()
    try #require(chmod("\(workshop.folder.path)/out/arrivals.csv", 0o600) == 0)
    let probe = Probe()
    let path = "\(workshop.folder.path)/out/.muster-new.arrivals.csv"
    workshop.host.afterWork {
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & 0o7777 == 0o600 { probe.note("for its owner alone") }
    }
    _ = try await workshop.export(isForced: true)
    #expect(probe.events == ["for its owner alone"])
  }

  @Test("Versions of another file whose name is the same text to Swift are no versions of this one")
  func namesAreBytes() {
    let stamp = VersionStamp(microseconds: 0)
    let (composed, decomposed) = (ExportNames("\u{E9}.csv"), ExportNames("e\u{301}.csv"))
    #expect(composed.stamp(of: composed.version(stamp)) == stamp)
    #expect(composed.stamp(of: ExportNames.manifest(of: composed.version(stamp))) == stamp)
    #expect(composed.stamp(of: decomposed.version(stamp)) == nil)
    #expect(composed.stamp(of: "\u{E9}.csv.~") == nil)
  }
}
