import Glibc
import Pipeline
import Posix
import TestSupport
import Testing

@testable import Exports

@Suite("A run puts a whole new file into place, or leaves the old one", .timeLimit(.minutes(10)))
struct ExportRunTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func theFirstRunWritesTheFileAndItsManifest() async throws {
    let record = try await workshop.export()
    #expect(record.outcome == .written)
    #expect(record.reason == nil)
    #expect((record.rows, record.bytes) == (4, 137))
    #expect(workshop.files == ["arrivals.csv", "arrivals.csv.muster.json"])
    #expect(workshop.leftovers == [])
    let manifest = try #require(ExportManifest(parsing: Array(workshop.read("arrivals.csv.muster.json").utf8)))
    #expect(manifest.sha256 == record.sha256)
    #expect(manifest.bytes == (try workshop.read("arrivals.csv").utf8.count))
    #expect(manifest.replaces == nil)
  }

  @Test func whatStaysTheSameIsLeftAloneUnlessItIsForced() async throws {
    let first = try await workshop.export()
    let manifest = try workshop.read("arrivals.csv.muster.json")
    let second = try await workshop.export()
    #expect(second.outcome == .unchanged)
    #expect(second.sha256 == first.sha256)
    #expect(try workshop.read("arrivals.csv.muster.json") == manifest)
    #expect(try await workshop.export(isForced: true).outcome == .written)
    #expect(try workshop.read("arrivals.csv.muster.json") != manifest, "it says when the file was written")
    #expect(workshop.files == ["arrivals.csv", "arrivals.csv.muster.json"], "no version of the same")
  }

  @Test func asManyVersionsAsConfiguredAreKept() async throws {
    _ = try await workshop.export()
    var before = try workshop.read("arrivals.csv")
    for ships in 13...15 {
      try workshop.change("1,north,alby,grain,\(ships - 1),", to: "1,north,alby,grain,\(ships),")
      #expect(try await workshop.export().outcome == .written)
      let versions = workshop.files.filter { $0.hasSuffix("~") }
      #expect(versions.count == 1)
      #expect(try workshop.read(try #require(versions.first)) == before)
      #expect(workshop.files.count == 4, "each has its manifest: \(workshop.files)")
      before = try workshop.read("arrivals.csv")
    }
    try workshop.configure([Workshop.arrivals.replacing("keep: 1", with: "keep: 0")])
    #expect(try await workshop.export().outcome == .unchanged)
    #expect(workshop.files == ["arrivals.csv", "arrivals.csv.muster.json"])
  }

  @Test func whoFindsAnotherRunSaysSoAtOnceOrAfterItsTime() async throws {
    let folder = try Folder("\(workshop.folder.path)/out", for: .holding)
    let lock = try #require(try folder.lock(ExportNames("arrivals.csv").lock))
    try workshop.configure(["lock: report", Workshop.arrivals])
    let record = try await workshop.export()
    #expect(record.outcome == .busy)
    #expect(record.reason == "another run is writing it")
    try workshop.configure(["lock: wait", "lock_timeout: 60ms", Workshop.arrivals])
    let late = try await workshop.export()
    #expect(late.outcome == .busy)
    #expect(late.reason == "another run has been writing it for longer than exports.lock_timeout")
    #expect(workshop.files == [])
    let (exports, _) = workshop.service.list(try await workshop.load())
    #expect(exports.map(\.last) == [nil], "it never had its turn")
    withExtendedLifetime(lock) {}
  }

  @Test func whoWaitsWritesAsSoonAsTheOtherIsDone() async throws {
    let folder = try Folder("\(workshop.folder.path)/out", for: .holding)
    var lock = try folder.lock(ExportNames("arrivals.csv").lock)
    #expect(lock != nil)
    let notifications = OwnedDescriptor(inotify_init1(O_NONBLOCK | O_CLOEXEC), "inotify")
    let path = "\(workshop.folder.path)/out/\(ExportNames("arrivals.csv").lock)"
    try #require(inotify_add_watch(notifications.number, path, UInt32(IN_OPEN)) >= 0)
    async let record = workshop.export()
    var events = [UInt8](repeating: 0, count: 4096)
    // The second time it has found the lock taken, and waits.
    for attempt in 1...2 {
      try await waitUntil("attempt \(attempt)") { read(notifications.number, &events, events.count) > 0 }
    }
    #expect(workshop.files == [])
    lock = nil
    #expect(try await record.outcome == .written)
  }

  @Test func aRunThatFailsLeavesTheOldFileAndNamesTheLimit() async throws {
    _ = try await workshop.export()
    let before = try (workshop.read("arrivals.csv"), workshop.read("arrivals.csv.muster.json"))
    try workshop.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    workshop.host.afterWork { throw LimitReached(.callTimeout, of: Configuration.Limits(), reason: "it took too long") }
    let record = try await workshop.export()
    #expect(record.outcome == .failed)
    #expect(record.reason == "it took too long; see limits.call_timeout")
    #expect(record.untouched == true)
    #expect(try (workshop.read("arrivals.csv"), workshop.read("arrivals.csv.muster.json")) == before)
    #expect(workshop.files.count == 2)
    #expect(workshop.leftovers == [])
    workshop.host.afterWork {}
    #expect(try await workshop.export().outcome == .written)
  }

  /// From 1901 to 2446, which every file system can keep.
  @Test(arguments: [-2_147_483_647, -1, 0, 15_032_385_534])
  func aFileOfAnyTimeIsReplacedAndKept(seconds: Int) async throws {
    _ = try await workshop.export()
    let path = "\(workshop.folder.path)/out/arrivals.csv"
    let time = timespec(tv_sec: seconds, tv_nsec: 500_000_000)
    try #require(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
    let old = try workshop.read("arrivals.csv")
    #expect(workshop.service.list(try await workshop.load()).exports.first?.writtenAt != nil)
    try workshop.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    #expect(try await workshop.export().outcome == .written)
    let version = try #require(workshop.files.first { $0.hasSuffix("Z~") })
    #expect(try workshop.read(version) == old)
    try workshop.change("1,north,alby,grain,13,", to: "1,north,alby,grain,14,")
    #expect(try await workshop.export().outcome == .written)
    #expect(workshop.files.filter { $0.hasSuffix("Z~") }.count == 1, "keep: 1")
    #expect(!workshop.files.contains(version), "the oldest goes")
  }

  @Test func oneThatFailsKeepsNoOtherFromBeingRun() async throws {
    try workshop.configure([
      "broken: { report: arrivals, exporter: csv, file: broken.csv }", Workshop.arrivals,
    ])
    try workshop.folder.write("", to: "out/broken.csv/in-the-way")
    let records = try await workshop.service.export([], isForced: false, in: workshop.load(), onEach: nil)
    #expect(records.map(\.outcome) == [.failed, .written])
    #expect(records.first?.reason?.hasSuffix("out/broken.csv: it is a folder") == true, "\(records)")
  }

  @Test func anUnknownNameWritesNothing() async throws {
    let generation = try await workshop.load()
    let error = await #expect(throws: NoSuchExport.self) {
      try await workshop.service.export(["arrivals", "arrivels"], isForced: false, in: generation, onEach: nil)
    }
    #expect(error == NoSuchExport(name: "arrivels", suggestions: ["arrivals"]))
    #expect(workshop.files == [])
  }

  @Test func whenTheCallerGoesAwayTheOldFileStands() async throws {
    _ = try await workshop.export()
    let before = try workshop.read("arrivals.csv")
    try workshop.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    let (probe, never) = (Probe(), Promise<Void>())
    workshop.host.afterWork {
      probe.note("computed")
      try await never.value
    }
    let run = Task { try await workshop.export() }
    try await probe.wait(for: "computed")
    run.cancel()
    await #expect(throws: CancellationError.self) { try await run.value }
    #expect(try workshop.read("arrivals.csv") == before)
    #expect(workshop.leftovers == [])
    let last = workshop.service.list(try await workshop.load()).exports.first?.last
    #expect(last?.outcome == .failed)
    #expect(last?.reason == "the caller went away before it was done")
  }

  @Test func whenTheProgramEndsTheReplyStillSaysSo() async throws {
    try workshop.configure([Workshop.arrivals], other: "\nlimits: { shutdown_timeout: 20ms }\n")
    let (probe, never) = (Probe(), Promise<Void>())
    workshop.host.afterWork {
      probe.note("computed")
      try await never.value
    }
    async let run = workshop.export()
    try await probe.wait(for: "computed")
    workshop.host.end()
    let record = try await run
    #expect(record.outcome == .failed)
    #expect(record.reason == "musterd was stopped before it was done")
    #expect(workshop.files == [])
    #expect(workshop.leftovers == [])
  }
}
