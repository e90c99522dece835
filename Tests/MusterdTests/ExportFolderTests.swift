import Foundation
import JSON
import MusterAPI
import Posix
import TestSupport
import Testing
import Varlink

@Suite("Exports lose nothing, and leave their folder in no way", .blocking, .timeLimit(.minutes(10)))
struct ExportFolderTests {
  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test(arguments: ["arrivals.csv", "arrivals.csv.muster.json", ".muster-lock.arrivals.csv"])
  func linksAreNotFollowed(_ name: String) async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    try place.workplace.write("precious", to: "outside")
    try link(place.path(name), to: "\(place.workplace.path)/outside")
    let run = try place.exportOne()
    #expect(run.outcome == .failed)
    #expect(run.reason?.contains("symbolic link") == true)
    #expect(try place.workplace.read("outside") == "precious")
    #expect(try place.files().filter { $0.hasPrefix(".muster-new") } == [])
    #expect(try await daemon.stop() == 0)
  }

  @Test(arguments: [".muster-new.arrivals.csv", ".muster-new.arrivals.csv.muster.json", ".muster-last.arrivals.csv"])
  func linksInThePlaceOfTemporaryFilesAreReplaced(_ name: String) async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    try place.workplace.write("precious", to: "outside")
    try link(place.path(name), to: "\(place.workplace.path)/outside")
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.workplace.read("outside") == "precious")
    #expect(try place.verify().identical)
    #expect(try await daemon.stop() == 0)
  }

  @Test func theFolderItselfIsNoLink() async throws {
    let place = try ExportWorkplace()
    try FileManager.default.moveItem(atPath: place.directory, toPath: "\(place.directory).real")
    try link(place.directory, to: "\(place.directory).real")
    let daemon = try await RunningDaemon(in: place.workplace)
    try await waitUntil("it is said at the start") { daemon.log.contains(" warning exports will fail ") }
    let run = try place.exportOne()
    #expect(run.outcome == .failed)
    #expect(run.reason?.hasSuffix("/out: it is a symbolic link, which is not followed") == true)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aRunThatFindsAnotherOneReportsOrWaits() async throws {
    let place = try ExportWorkplace(["lock: report", ExportWorkplace.arrivals])
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    let last = try place.list().exports[0].last
    let lock = open(place.path(".muster-lock.arrivals.csv"), O_RDWR | O_CLOEXEC)
    // Closed once: its number may soon be another test's.
    var isOpen = true
    defer { if isOpen { close(lock) } }
    try #require(try tryLock(lock))

    let busy = try place.exportOne()
    #expect(busy.outcome == .busy)
    #expect(busy.reason == "another run is writing it")
    #expect(try place.list().exports[0].last == last, "the run that writes it tells how it went")
    let outcome = try client("export", "arrivals", of: place.workplace)
    #expect(outcome.status == 75)
    #expect(outcome.errors == "muster: export arrivals: not begun: another run is writing it\n")

    try place.configure(["lock_timeout: 200ms", ExportWorkplace.arrivals])
    try place.reload()
    #expect(
      try place.exportOne().reason == "another run has been writing it for longer than exports.lock_timeout")

    try place.configure([ExportWorkplace.arrivals])
    try place.reload()
    let waiting = Task.detached { try place.exportOne(force: true) }
    try await waitUntil("the call waits") { try place.status().runningCalls > 1 }
    close(lock)
    isOpen = false
    #expect(try await waiting.finished.outcome == .written)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aFolderThatIsRenamedDuringARunIsNoSuccess() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    let descriptors = "/proc/\(daemon.process.processIdentifier)/fd"
    @Sendable func isFolderOpen() throws -> Bool {
      try FileManager.default.contentsOfDirectory(atPath: descriptors).contains {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")) == place.directory
      }
    }
    // A thread of the first run may still be on its way to closing it.
    try await waitUntil("the folder is closed") { try !isFolderOpen() }
    let lock = try #require(try await heldLock(place.path(".muster-lock.arrivals.csv")))
    let waiting = Task.detached { try await onThread { try place.exportOne(force: true) } }
    try await waitUntil("the folder is open") { try isFolderOpen() }
    try FileManager.default.moveItem(atPath: place.directory, toPath: "\(place.directory).old")
    try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: false)
    close(lock)
    let run = try await waiting.finished
    #expect(run.outcome == .failed)
    #expect(run.reason == "cannot write in \(place.directory): it was renamed or replaced during the run")
    #expect(try place.files() == [])
    #expect(try place.files(in: "\(place.directory).old") == ["arrivals.csv", "arrivals.csv.muster.json"])
    #expect(try await daemon.stop() == 0)
  }

  private func heldLock(_ path: String) async throws -> Int32? {
    let lock = open(path, O_RDWR | O_CLOEXEC)
    return try tryLock(lock) ? lock : nil
  }

  @Test(.enabled(if: geteuid() == 0, "gives a folder to another user, for which it lacks the rights here"))
  func whatRootWritesBelongsToTheOwnerOfTheFolder() async throws {
    let place = try ExportWorkplace()
    #expect(chown(place.directory, 65_534, 65_534) == 0)
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    let files = try FileManager.default.contentsOfDirectory(atPath: place.directory)
    #expect(files.count == 4)
    for file in files {
      let attributes = try FileManager.default.attributesOfItem(atPath: place.path(file))
      #expect(attributes[.ownerAccountID] as? Int == 65_534, "\(file)")
      #expect(attributes[.groupOwnerAccountID] as? Int == 65_534, "\(file)")
    }
    #expect(try await daemon.stop() == 0)
  }

  /// Whoever may read a file may lock it.
  @Test func nobodyElseCanTakeALock() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    let lock = place.path(".muster-lock.arrivals.csv")
    func mode() throws -> Int? { try FileManager.default.attributesOfItem(atPath: lock)[.posixPermissions] as? Int }
    #expect(try mode() == 0o600)
    // As older versions made it.
    for owner: uid_t in geteuid() == 0 ? [0, 65_534] : [geteuid()] {
      chown(lock, owner, gid_t.max)
      chmod(lock, 0o644)
      #expect(try place.exportOne().outcome == .unchanged)
      #expect(try mode() == 0o600)
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test func aLockThatCannotBeWrittenIsALock() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    let lock = place.path(".muster-lock.arrivals.csv")
    #expect(FileManager.default.createFile(atPath: lock, contents: nil, attributes: [.posixPermissions: 0o444]))
    #expect(try place.exportOne().outcome == .written)
    if geteuid() != 0 {
      chmod(lock, 0)
      #expect(
        try place.exportOne().reason == "cannot open the lock \(lock) of the user \(geteuid()): Permission denied")
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test(arguments: [-5, 1, 4_000_000_000, 300_000_000_000])
  func aVersionIsKeptWhateverTheClockWas(_ seconds: Int) async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    var texts: [String] = []
    for ships in 12...16 {
      if ships > 12 {
        try place.change("1,north,alby,grain,\(ships - 1),", to: "1,north,alby,grain,\(ships),")
        try place.reload()
      }
      #expect(try place.exportOne().outcome == .written)
      texts.append(try place.text("arrivals.csv"))
      if ships == 13 {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        #expect(utimensat(AT_FDCWD, place.path("arrivals.csv"), [time, time], 0) == 0)
      }
      let versions = try place.files().filter { $0.hasSuffix("~") }
      #expect(Set(try versions.map(place.text)) == Set(texts.dropLast().suffix(2)), "\(versions)")
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test func twoDaemonsNeverMixTheirFiles() async throws {
    let place = try ExportWorkplace()
    let first = try await RunningDaemon(in: place.workplace)
    let other = "unix:\(place.workplace.path)/s2"
    let second = try RunningDaemon(
      ["--config", place.workplace.configuration, "--listen", other], log: "\(place.workplace.path)/log2")
    try await waitUntil("the second daemon serves") { second.log.contains(" serving ") }
    let outcomes = try await withThrowingTaskGroup(of: [String].self) { group in
      for address in ["unix:\(place.workplace.socket)", other, other] {
        group.addTask {
          let client = try Client(connectingTo: Address(parsing: address))
          return try (0..<20).map { _ in
            let reply = try client.call("org.muster.Exports.Export", ["all": true, "force": true])
            return reply["runs"]?.arrayValue?.first?["outcome"]?.stringValue ?? ""
          }
        }
      }
      return try await group.reduce([]) { $0 + $1 }
    }
    #expect(outcomes == Array(repeating: "written", count: 60))
    #expect(try place.verify().identical)
    #expect(try place.files() == ["arrivals.csv", "arrivals.csv.muster.json"])
    #expect(try await first.stop() == 0)
    #expect(try await second.stop() == 0)
  }

  /// A daemon with a disk of its own in the place of the folder.
  private func start(_ place: ExportWorkplace, mount: String) async throws -> RunningDaemon {
    let script = "mount \(mount) && exec \"$0\" \"$@\""
    return try await RunningDaemon(
      in: place.workplace, program: "/usr/bin/unshare", before: ["-m", "sh", "-c", script, musterd])
  }

  @Test(.enabled(if: canMount, "mounts a file system of its own, for which it lacks the rights here"))
  func aFullDiskKeepsTheOldFile() async throws {
    let place = try ExportWorkplace(["entries: { report: entries, exporter: csv, file: entries.csv, keep: 2 }"])
    try place.configure(
      ["entries: { report: entries, exporter: csv, file: entries.csv, keep: 2 }"],
      reports: "\n  entries: { pipeline: [observations] }\n")
    let daemon = try await start(place, mount: "-t tmpfs -o size=64k tmpfs \(place.directory)")
    let folder = "/proc/\(daemon.process.processIdentifier)/root\(place.directory)"
    #expect(try place.exportOne().outcome == .written)
    let old = try String(contentsOfFile: "\(folder)/entries.csv", encoding: .utf8)

    let entries = try place.workplace.read("entries.csv")
    let more = (0..<3000).map { "1\(10000 + $0),north,alby,grain,\($0),p. 9,counted\n" }.joined()
    try place.workplace.write(entries + more, to: "entries.csv")
    try place.reload()
    let run = try place.exportOne()
    #expect(run.outcome == .failed)
    #expect(run.reason == "cannot write \(place.path(".muster-new.entries.csv")): No space left on device")
    #expect(try String(contentsOfFile: "\(folder)/entries.csv", encoding: .utf8) == old)
    #expect(try place.files(in: folder) == ["entries.csv", "entries.csv.muster.json"])
    let verification = try place.verify("entries")
    #expect(verification.changes.map(\.part) == [.data], "the file and its manifest still belong together")
    #expect(try place.status().exports.map(\.reason) == [run.reason])

    // Not a byte is left, for the record of how it went neither.
    let filler = "\(folder)/filler"
    try String(repeating: "x", count: 32 << 10).write(toFile: filler, atomically: false, encoding: .utf8)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: filler))
    try file.seekToEnd()
    while (try? file.write(contentsOf: Data(count: 4096))) != nil {}
    try file.close()
    let next = try place.exportOne()
    #expect(next.outcome == .failed)
    let record = try JSONValue(parsing: String(contentsOfFile: "\(folder)/.muster-last.entries.csv", encoding: .utf8))
    #expect(record["outcome"] == "failed")
    #expect(record["finishedAt"] == .integer(next.finishedAt), "a restart would know of it")
    try FileManager.default.removeItem(atPath: filler)

    try place.workplace.write(entries + more.split(separator: "\n")[0] + "\n", to: "entries.csv")
    try place.reload()
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.verify("entries").identical)
    #expect(try await daemon.stop() == 0)
  }

  @Test(.enabled(if: canMount, "mounts a file system of its own, for which it lacks the rights here"))
  func aFileThatIsAMountPointIsRefusedBeforeAnythingIsWritten() async throws {
    let place = try ExportWorkplace()
    try place.workplace.write("old", to: "bound.csv")
    let file = place.path("arrivals.csv")
    #expect(FileManager.default.createFile(atPath: file, contents: nil))
    let daemon = try await start(place, mount: "--bind \(place.workplace.path)/bound.csv \(file)")
    let run = try place.exportOne()
    #expect(run.outcome == .failed)
    #expect(
      run.reason == """
        cannot replace \(file): it is a mount point of its own; mount the folder that it is in instead
        """)
    #expect(try place.workplace.read("bound.csv") == "old")
    #expect(!FileManager.default.fileExists(atPath: "\(file).muster.json"))
    #expect(try await daemon.stop() == 0)
  }

  @Test(.enabled(if: canMount, "mounts a file system of its own, for which it lacks the rights here"))
  func aReadOnlyDiskIsSaidToBeOne() async throws {
    let place = try ExportWorkplace()
    let daemon = try await start(place, mount: "-t tmpfs -o ro tmpfs \(place.directory)")
    let run = try place.exportOne()
    #expect(run.outcome == .failed)
    #expect(run.reason == "cannot write in \(place.directory): Read-only file system")
    #expect(try place.list().exports[0].last == run, "though nothing can be written there")
    #expect(try await daemon.stop() == 0)
  }
}

/// Whether this process may mount in a mount namespace of its own.
private let canMount: Bool = {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
  process.arguments = ["-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()
