import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("Exports are written whole, once, and with a manifest", .blocking, .timeLimit(.minutes(10)))
struct ExportTests {
  @Test func aFileHoldsWhatARunGivesAndItsManifestSaysWhatItIs() async throws {
    let place = try ExportWorkplace([
      ExportWorkplace.arrivals,
      """
      north: { report: by-water, parameters: { scheme: water, totals: none }, where: { register: north },
               exporter: csv, format_parameters: { delimiter: semicolon }, file: north.csv }
      """,
    ])
    let daemon = try await RunningDaemon(in: place.workplace)
    let runs = try place.export()
    #expect(runs.map(\.name) == ["arrivals", "north"])
    #expect(runs.map(\.outcome) == [.written, .written])
    #expect(try place.text("arrivals.csv") == place.result(of: "arrivals", as: "csv"))
    #expect(
      try place.text("north.csv")
        == place.result(
          of: "by-water", as: "csv",
          [
            "parameters": ["scheme": "water", "totals": "none"], "formatParameters": ["delimiter": "semicolon"],
            "where": [["dimension": "register", "codes": ["north"]]],
          ]))

    let manifest = try place.manifest("north.csv")
    #expect(manifest["export"] == "north")
    #expect(manifest["report"] == "by-water")
    #expect(manifest["parameters"]?["totals"] == "none")
    #expect(manifest["where"] == [["dimension": "register", "codes": ["north"]]])
    #expect(manifest["exporter"] == "csv")
    #expect(manifest["formatParameters"]?["delimiter"] == "semicolon")
    #expect(manifest["revision"]?.stringValue == runs[1].revision)
    #expect(manifest["sha256"]?.stringValue == (try sha256(of: place.path("north.csv"))))
    #expect(manifest["sha256"]?.stringValue == runs[1].sha256)
    #expect(manifest["bytes"]?.integerValue == Int64(try place.text("north.csv").utf8.count))
    #expect(manifest["rows"]?.integerValue == Int64(try place.text("north.csv").split(separator: "\n").count - 1))
    #expect(manifest["configuration"]?.stringValue?.hasPrefix("sha256:") == true)
    #expect(
      manifest["plugins"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["bloc-aggregate", "csv"])
    #expect(manifest["plugins"]?.arrayValue?[0]["version"] == .string("musterd \(musterVersion)"))
    #expect(manifest["writtenAt"]?.stringValue?.hasSuffix("Z") == true)
    #expect(
      try place.files() == ["arrivals.csv", "arrivals.csv.muster.json", "north.csv", "north.csv.muster.json"])
    #expect(try await daemon.stop() == 0)
  }

  @Test func withMoreEachRunIsAReplyOfItsOwn() async throws {
    let place = try ExportWorkplace([
      ExportWorkplace.arrivals, "other: { report: arrivals, exporter: json, file: arrivals.json }",
    ])
    let daemon = try await RunningDaemon(in: place.workplace)
    let client = try connect(place.workplace)
    var replies = try client.callMore("org.muster.Exports.Export", ["all": true])
    var names: [[String]] = []
    while let reply = try replies.next() {
      names.append(reply["runs"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [])
    }
    #expect(names == [["arrivals"], ["other"]])
    #expect(try await daemon.stop() == 0)
  }

  @Test func whatStaysTheSameIsLeftAlone() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    let before = try [place.identity("arrivals.csv"), place.identity("arrivals.csv.muster.json")]
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try [place.identity("arrivals.csv"), place.identity("arrivals.csv.muster.json")] == before)
    #expect(try place.files() == ["arrivals.csv", "arrivals.csv.muster.json"])

    #expect(try place.exportOne(force: true).outcome == .written)
    #expect(try place.identity("arrivals.csv") != before[0])
    #expect(try place.files() == ["arrivals.csv", "arrivals.csv.muster.json"], "the same content is no new version")

    // A file that somebody changed, or without its manifest, is not taken for the right one.
    try Data("x".utf8).write(to: URL(fileURLWithPath: place.path("arrivals.csv")))
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.text("arrivals.csv") == place.result(of: "arrivals", as: "csv"))
    try FileManager.default.removeItem(atPath: place.path("arrivals.csv.muster.json"))
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.verify().identical)
    #expect(try await daemon.stop() == 0)
  }

  @Test func versionsAreKeptUntilTheyAreTooMany() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    chmod(place.directory, 0o755)
    var texts: [String] = []
    for ships in [12, 13, 14, 15] {
      if ships > 12 {
        try place.change("1,north,alby,grain,\(ships - 1),", to: "1,north,alby,grain,\(ships),")
        try place.reload()
      }
      #expect(try place.exportOne().outcome == .written)
      if ships == 12 { chmod(place.path("arrivals.csv"), 0o640) }
      texts.append(try place.text("arrivals.csv"))
    }
    let versions = try place.files().filter { $0.hasSuffix("~") }
    #expect(versions.count == 2)
    #expect(try versions.map(place.text) == [texts[1], texts[2]], "the newest ones, in the order of their names")
    #expect(try place.files().filter { $0.hasSuffix("~.muster.json") } == versions.map { "\($0).muster.json" })
    var status = stat()
    #expect(stat(place.path("arrivals.csv"), &status) == 0 && status.st_mode & 0o777 == 0o640, "the mode stays")

    // A version can be held against today's data by its own manifest.
    let outcome = try client("verify", place.path(versions[0]), of: place.workplace)
    #expect(outcome.status == 65)
    #expect(outcome.output.contains("\n    Älby, grain: 43 -> 45\n"))

    try place.configure([ExportWorkplace.arrivals.replacingOccurrences(of: "keep: 2", with: "keep: 1")])
    try place.reload()
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try place.files().filter { $0.hasSuffix("~") } == [versions[1]])
    try place.configure([ExportWorkplace.arrivals.replacingOccurrences(of: ", keep: 2", with: "")])
    try place.reload()
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try place.files().filter { $0.hasSuffix("~") } == [])
    #expect(
      daemon.log.split(separator: "\n").filter { $0.contains(" notice removed old versions of an export ") }.count == 2)
    #expect(try await daemon.stop() == 0)
  }

  @Test func anUnknownNameWritesNothing() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    let outcome = try client("export", "arrivals", "arivals", of: place.workplace)
    #expect(outcome.status == 66)
    #expect(
      outcome.errors
        == "muster: no such export: arivals; did you mean \"arrivals\"? \"muster exports\" shows them all\n")
    #expect(try place.files() == [])
    #expect(throws: ClientError.self) { try connect(place.workplace).call("org.muster.Exports.Export", [:]) }
    #expect(try await daemon.stop() == 0)
  }

  @Test func theClientIsSilentUnlessSomethingFails() async throws {
    let place = try ExportWorkplace([
      "broken: { report: arrivals, exporter: csv, file: folder }", ExportWorkplace.arrivals,
    ])
    try FileManager.default.createDirectory(atPath: place.path("folder"), withIntermediateDirectories: false)
    let daemon = try await RunningDaemon(in: place.workplace)
    let good = try client("export", "arrivals", of: place.workplace)
    #expect((good.status, good.output, good.errors) == (0, "", ""))
    let bad = try client("export", "--all", "--force", of: place.workplace)
    #expect(bad.status == 65)
    #expect(bad.output == "")
    #expect(bad.errors == "muster: export broken: cannot use \(place.path("folder")): it is a folder\n")
    #expect(try place.list().exports.map { $0.last?.outcome } == [.failed, .written], "those behind it are written")
    #expect(try place.list().exports[0].last?.reason == "cannot use \(place.path("folder")): it is a folder")
    let json = try JSONValue(parsing: client("export", "--all", "--json", of: place.workplace).output)
    #expect(json["runs"]?.arrayValue?.map { $0["outcome"] } == ["failed", "unchanged"])
    #expect(try client("status", of: place.workplace).output.contains("\nexports          2, 1 of them failed\n"))
    #expect(
      try client("exports", of: place.workplace).output.contains(": cannot use \(place.path("folder")): it is a folder")
    )
    #expect(daemon.log.contains(" error an export failed "))
    #expect(try await daemon.stop() == 0)
  }

  @Test func howTheLastRunWentOutlivesTheDaemon() async throws {
    let place = try ExportWorkplace()
    let first = try await RunningDaemon(in: place.workplace)
    #expect(try place.list().exports[0].last == nil)
    let run = try place.exportOne()
    #expect(try await first.stop() == 0)
    let second = try await RunningDaemon(in: place.workplace)
    let export = try place.list().exports[0]
    #expect(export.last == run)
    #expect(export.size == run.bytes)
    #expect(export.writtenAt.map { $0 <= run.finishedAt } == true)
    #expect(try place.status().exports.map(\.outcome) == [.written])

    // The folder goes away: what is remembered still shows.
    try FileManager.default.moveItem(atPath: place.directory, toPath: "\(place.directory).away")
    let failed = try place.exportOne()
    #expect(failed.outcome == .failed)
    #expect(failed.reason?.hasSuffix("/out: No such file or directory") == true)
    #expect(try place.list().problem == failed.reason)
    #expect(try place.list().exports[0].last == failed)
    #expect(try place.status().exports.map(\.outcome) == [.failed])
    #expect(!FileManager.default.fileExists(atPath: place.directory), "it may be a disk that is not mounted")
    try FileManager.default.moveItem(atPath: "\(place.directory).away", toPath: place.directory)
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try await second.stop() == 0)
  }

  @Test func aCallerWhoGoesAwayLeavesNothingBehind() async throws {
    let plugins = try PluginWorkplace(["hang": "trap '' TERM; while :; do sleep 1; done"])
    let workplace = plugins.workplace
    let directory = "\(workplace.path)/out"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    try workplace.write(
      workplace.read("musterd.yaml")
        + "exports: { directory: out, a: { report: run-hang, exporter: csv, file: a.csv } }\n", to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: workplace)
    let caller = try connect(workplace)
    let message = "{\"method\":\"org.muster.Exports.Export\",\"parameters\":{\"names\":[\"a\"]}}\0"
    #expect(send(caller.descriptor, message, message.utf8.count, 0) == message.utf8.count)
    try await waitUntil("the file is being written") {
      FileManager.default.fileExists(atPath: "\(directory)/.muster-new.a.csv")
    }
    shutdown(caller.descriptor, Int32(SHUT_RDWR))
    try await waitUntil("the run has ended") {
      FileManager.default.fileExists(atPath: "\(directory)/.muster-last.a.csv")
    }
    let exports = try connect(workplace).call("org.muster.Exports.List")["exports"]?.arrayValue
    #expect(exports?.first?["last"]?["outcome"] == "failed")
    #expect(exports?.first?["last"]?["reason"] == "the caller went away before it was done")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == [
        ".muster-last.a.csv", ".muster-lock.a.csv",
      ])
    #expect(try await daemon.stop() == 0)
  }

  @Test func aFailureTellsWhetherAFileOfBeforeIsThere() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().untouched == nil)
    let manifest = place.path("arrivals.csv.muster.json")
    try FileManager.default.removeItem(atPath: manifest)
    try FileManager.default.createDirectory(atPath: manifest, withIntermediateDirectories: false)
    let outcome = try client("export", "arrivals", of: place.workplace)
    #expect(
      outcome.errors
        == "muster: export arrivals: cannot use \(manifest): it is a folder; the file is as it was before\n")
    #expect(try place.exportOne().untouched == true)
    try FileManager.default.removeItem(atPath: place.path("arrivals.csv"))
    #expect(
      try client("export", "arrivals", of: place.workplace).errors
        == "muster: export arrivals: cannot use \(manifest): it is a folder\n")
    #expect(try await daemon.stop() == 0)
  }

  @Test func aDaemonThatIsStoppedSaysSo() async throws {
    let plugins = try PluginWorkplace(["hang": "trap '' TERM; while :; do sleep 1; done"])
    let workplace = plugins.workplace
    let directory = "\(workplace.path)/out"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    let text = try workplace.read("musterd.yaml")
    try workplace.write(
      text.split(separator: "\n").filter { !$0.hasPrefix("limits:") }.joined(separator: "\n")
        + "\nlimits: { shutdown_timeout: 2s }\n"
        + "exports: { directory: out, a: { report: run-hang, exporter: csv, file: a.csv } }\n", to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: workplace)
    let outcome = Task.detached { try await onThread { try client("export", "a", of: workplace) } }
    try await waitUntil("the file is being written") {
      FileManager.default.fileExists(atPath: "\(directory)/.muster-new.a.csv")
    }
    #expect(try await daemon.stop() == 0)
    #expect(try await outcome.finished.status == 65)
    #expect(try await outcome.finished.errors == "muster: export a: musterd was stopped before it was done\n")
    #expect(daemon.log.contains("musterd was stopped before it was done"))
  }

  @Test func aReloadChangesWhatIsExported() async throws {
    let place = try ExportWorkplace()
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    try place.configure(["arrivals: { report: arrivals, exporter: ndjson, file: arrivals.ndjson }"])
    try place.reload()
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.text("arrivals.ndjson") == place.result(of: "arrivals", as: "ndjson"))
    try place.configure(["arrivals: { report: nothing, exporter: csv, file: x }"])
    #expect(throws: ClientError.self) { try place.reload() }
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try await daemon.stop() == 0)
  }
}
