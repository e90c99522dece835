import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite(
  "A daemon that is killed leaves a whole file, and the next run mends the rest", .blocking, .timeLimit(.minutes(10)))
struct ExportCrashTests {
  private static let export = "entries: { report: entries, exporter: csv, file: entries.csv, keep: 50 }"
  private static let report = "\n  entries: { pipeline: [observations] }\n"

  private func place() throws -> ExportWorkplace {
    let place = try ExportWorkplace()
    try place.configure([Self.export], reports: Self.report)
    return place
  }

  private enum Moment: CaseIterable {
    case anywhere, fileBegins, manifestBegins, versionIsKept, manifestIsReplaced, fileIsReplaced
  }

  /// Looks without a pause for the moment, from a thread of its own, and kills the process at once.
  private func killer(of pid: Int32, at moment: Moment, after delay: Duration, _ place: ExportWorkplace) {
    let directory = place.directory
    @Sendable func inode(_ name: String) -> UInt? {
      var status = stat()
      return stat("\(directory)/\(name)", &status) == 0 ? status.st_ino : nil
    }
    // A second name of the file is a further link to it.
    @Sendable func links() -> UInt {
      var status = stat()
      return stat("\(directory)/entries.csv", &status) == 0 ? UInt(status.st_nlink) : 0
    }
    let (file, manifest, count) = (inode("entries.csv"), inode("entries.csv.muster.json"), links())
    Thread.detachNewThread {
      let clock = ContinuousClock()
      let begin = clock.now
      func isReached() -> Bool {
        switch moment {
        case .anywhere: clock.now - begin >= delay
        case .fileBegins: inode(".muster-new.entries.csv") != nil
        case .manifestBegins: inode(".muster-new.entries.csv.muster.json") != nil
        case .versionIsKept: links() > count
        case .manifestIsReplaced: inode("entries.csv.muster.json") != manifest
        case .fileIsReplaced: inode("entries.csv") != file
        }
      }
      while !isReached(), clock.now - begin < .seconds(20) {}
      kill(pid, SIGKILL)
    }
  }

  @Test func atAnyPoint() async throws {
    let place = try place()
    let entries = try place.workplace.read("entries.csv")
    let more = (0..<1500).map { "1\(10000 + $0),north,alby,grain,\($0),p. 9,counted\n" }.joined()
    func write(round: Int) throws {
      try place.workplace.write(entries + more + "99999,south,alby,grain,\(round),p. 9,counted\n", to: "entries.csv")
    }

    var whole: [String] = []
    try write(round: 0)
    do {
      let daemon = try await RunningDaemon(in: place.workplace)
      let start = ContinuousClock.now
      #expect(try place.exportOne().outcome == .written)
      let duration = ContinuousClock.now - start
      whole.append(try place.text("entries.csv"))
      #expect(try await daemon.stop() == 0)

      var killed = 0
      var parts: Set<[Exports.Part]> = []
      let wanted: Set<[Exports.Part]> = [[.data], [.file]]
      for round in 1...60 {
        // A busy machine misses the short moment between the two files a few times.
        if round > 18, parts.isSuperset(of: wanted) { break }
        try write(round: round)
        let daemon = try await RunningDaemon(in: place.workplace)
        let current = try place.result(of: "entries", as: "csv")
        whole.append(current)
        let call = Task.detached { try? place.exportOne() }
        let moment = round > 18 ? .manifestIsReplaced : Moment.allCases[round % Moment.allCases.count]
        let delay = duration * Double.random(in: 0...1.2)
        killer(of: daemon.process.processIdentifier, at: moment, after: delay, place)
        #expect(try await daemon.end() == 137)
        if try await call.finished == nil { killed += 1 }
        #expect(try whole.contains(place.text("entries.csv")), "killed \(moment), delay \(delay)")

        let next = try await RunningDaemon(in: place.workplace)
        let verification = try place.verify("entries")
        // Either nothing of the run shows, or all of it, or that it was ended in between.
        parts.insert(verification.changes.map(\.part))
        #expect(
          verification.identical || verification.changes.map(\.part) == [.data]
            || verification.changes.map(\.text).first?.hasPrefix("it is the version before the one of the manifest")
              == true,
          "killed \(moment): \(verification.changes)")
        let run = try place.exportOne()
        #expect(run.outcome == (verification.identical ? .unchanged : .written))
        #expect(try place.text("entries.csv") == current)
        #expect(try place.verify("entries").identical)
        #expect(try place.files().filter { $0.hasPrefix(".") } == [])
        let versions = try place.files().filter { $0.hasSuffix("~") }.map(place.text)
        #expect(versions == Array(whole.dropLast().suffix(50)), "each version before is kept once")
        #expect(try await next.stop() == 0)
      }
      #expect(killed > 0, "no run was ended by the kill")
      #expect(parts.isSuperset(of: wanted), "each kind of interruption was met")
    }
  }

  /// The states between the steps, made by hand: a kill seldom hits them.
  @Test(arguments: ["temporary files", "versions", "manifest"])
  func betweenTheSteps(_ step: String) async throws {
    let place = try place()
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    let old = try place.text("entries.csv")
    let files = FileManager.default
    try files.copyItem(atPath: place.directory, toPath: "\(place.directory).old")
    try place.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    try place.reload()
    #expect(try place.exportOne().outcome == .written)
    let new = try place.text("entries.csv")
    func move(_ name: String, to other: String, from folder: String) throws {
      try? files.removeItem(atPath: place.path(other))
      try files.copyItem(atPath: "\(folder)/\(name)", toPath: place.path(other))
    }
    // The old file is the kept version: the same file under two names.
    let version = try #require(place.files().first { $0.hasSuffix("~") })
    func putBackOldFile() throws {
      try move("entries.csv", to: ".muster-new.entries.csv", from: place.directory)
      try files.removeItem(atPath: place.path("entries.csv"))
      try files.linkItem(atPath: place.path(version), toPath: place.path("entries.csv"))
    }
    try putBackOldFile()
    switch step {
    case "temporary files":
      try move("entries.csv.muster.json", to: ".muster-new.entries.csv.muster.json", from: place.directory)
      try move("entries.csv.muster.json", to: "entries.csv.muster.json", from: "\(place.directory).old")
      try files.removeItem(atPath: place.path("\(version).muster.json"))
      try files.removeItem(atPath: place.path(version))
    case "versions":
      try move("entries.csv.muster.json", to: "entries.csv.muster.json", from: "\(place.directory).old")
    default: break
    }

    let verification = try place.verify("entries")
    #expect(!verification.identical)
    if step == "manifest" {
      #expect(verification.changes.map(\.part) == [.file])
      #expect(
        verification.changes[0].text.hasPrefix("it is the version before the one of the manifest: a run was ended"))
    } else {
      #expect(verification.changes.map(\.part) == [.data])
    }
    #expect(try place.text("entries.csv") == old)
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.text("entries.csv") == new)
    #expect(try place.verify("entries").identical)
    #expect(
      try place.files() == ["entries.csv", "entries.csv.muster.json", version, "\(version).muster.json"])
    #expect(try place.text(version) == old)
    #expect(try await daemon.stop() == 0)
  }
}
