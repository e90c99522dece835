import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("muster verify says in words what is no longer as it was", .blocking, .timeLimit(.minutes(10)))
struct VerifyTests {
  private static let sorted =
    "north: { report: north-by-grain, exporter: csv, format_parameters: { notes: true }, file: north.csv }"

  /// A place with one export that was written.
  private func exported(
    _ export: String = ExportWorkplace.arrivals
  ) async throws -> (place: ExportWorkplace, daemon: RunningDaemon) {
    let place = try ExportWorkplace([export])
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    return (place, daemon)
  }

  @Test func whatAClientSaysOfItsFileIsItsOwnFault() async throws {
    let (place, daemon) = try await exported()
    let manifest = try JSONValue(parsing: place.text("arrivals.csv.muster.json"))
    let client = try connect(place.workplace)
    for digest in [
      "", "x", "a\u{0}b", String(repeating: "0", count: 65), String(repeating: "A", count: 64),
      String(repeating: "g", count: 64),
    ] {
      let failure = #expect(throws: ClientError.self) {
        try client.call("org.muster.Exports.Verify", ["manifest": manifest, "sha256": .string(digest)])
      }
      guard case .errorReply(let error)? = failure else { return }
      #expect(error.name == "org.varlink.service.InvalidParameter")
      #expect(error.parameters["parameter"] == "sha256")
    }
    let text = try place.text("arrivals.csv").replacing("Älby", with: "Äl\u{0}by")
    let reply = try client.call(
      "org.muster.Exports.Verify",
      ["manifest": manifest, "sha256": .string(String(repeating: "0", count: 64)), "text": .string(text)])
    #expect(reply["identical"] == false)
    #expect(
      reply["differences"]?.arrayValue?.contains { $0.stringValue?.contains("Äl\\u{0}by") ?? false } == true, "\(reply)"
    )
    #expect(try await daemon.stop() == 0)
  }

  @Test func nothingChanged() async throws {
    let (place, daemon) = try await exported()
    let reply = try place.verify()
    #expect(reply.identical)
    #expect(reply.changes == [])
    #expect(reply.differencesTotal == 0)
    #expect(
      Set([reply.sha256, reply.writtenSha256, reply.computedSha256]) == [try sha256(of: place.path("arrivals.csv"))])
    let outcome = try client("verify", "arrivals", place.path("arrivals.csv"), of: place.workplace)
    #expect(outcome.status == 0)
    #expect(outcome.output.split(separator: "\n").count == 2)
    #expect(try await daemon.stop() == 0)
  }

  @Test func theDataChanged() async throws {
    let (place, daemon) = try await exported()
    try place.change("4,north,alby,ice,-,", to: "4,north,alby,ice,2,")
    try place.change("11,south,corre,timber,6,", to: "11,south,corre,timber,,")
    try place.reload()
    let reply = try place.verify()
    #expect(!reply.identical)
    #expect(reply.changes.map(\.part) == [.data])
    #expect(
      reply.differences == [
        "Älby, ice: missing -> 2", "Älby, total: 42 -> 44", "Corrè, timber: 6 -> missing", "Corrè, total: 6 -> missing",
        "Total, timber: 6 -> 0", "Total, ice: missing -> 2", "Total, total: 55 -> 51",
      ])
    let few = try place.verify(limit: 2)
    #expect(few.differences == Array(reply.differences.prefix(2)))
    #expect(few.differencesTotal == 7)
    let outcome = try client("verify", "arrivals", "--limit", "6", of: place.workplace)
    #expect(outcome.status == 65)
    #expect(outcome.output.hasSuffix("\n    and 1 more difference, 7 in all\n"))
    #expect(outcome.output.contains("\n  the data changed: sha256:"))
    #expect(outcome.errors == "")
    #expect(try await daemon.stop() == 0)
  }

  @Test func oneReasonOfAMissingValueIsNotAnother() async throws {
    let (place, daemon) = try await exported("arrivals: { report: arrivals, exporter: json, file: arrivals.json }")
    try place.change("4,north,alby,ice,-,", to: "4,north,alby,ice,,")
    try place.reload()
    #expect(try place.verify().differences.first == "Älby, ice: missing (none entered) -> missing (page lost)")
    #expect(try await daemon.stop() == 0)
  }

  @Test func whatChangedWithoutEffectIsARemark() async throws {
    let (place, daemon) = try await exported()
    try place.change("11,south,corre,timber,6,p. 11,", to: "11,south,corre,timber,6,p. 12,")
    try place.reload()
    let reply = try place.verify()
    #expect(reply.identical)
    #expect(reply.remarks.map { $0.hasPrefix("has changed since, without any effect here: sha256:") } == [true])
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try await daemon.stop() == 0)
  }

  @Test func theConfigurationChanged() async throws {
    let (place, daemon) = try await exported(Self.sorted)
    let text = try place.workplace.read("musterd.yaml")
    try place.workplace.write(
      text.replacingOccurrences(of: "cargo: [grain, timber]", with: "cargo: [grain, timber, ice]")
        .replacingOccurrences(of: "notes: true", with: "notes: false"), to: "musterd.yaml")
    try place.reload()
    let reply = try place.verify("north")
    #expect(
      reply.changes == [
        Exports.Change(
          part: .configuration, text: "cargo of step 1, select: grain,timber -> grain,timber,ice"),
        Exports.Change(part: .configuration, text: "notes of csv: true -> false"),
      ])
    #expect(reply.differences.contains("the column ice is new"))
    #expect(try await daemon.stop() == 0)
  }

  @Test func aPluginThatIsAProgramChanged() async throws {
    let plugins = try PluginWorkplace(["shift": "tail -n +2"])
    let workplace = plugins.workplace
    let directory = "\(workplace.path)/out"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    try workplace.write(
      workplace.read("musterd.yaml")
        + "exports: { directory: out, a: { report: run-shift, exporter: csv, file: a.csv } }\n", to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: workplace)
    #expect(try client("export", "a", of: workplace).errors == "")
    try workplace.write("#!/bin/sh\ntail -n +2 | sed s/42/43/g\n", to: "plugins.d/shift.sh")
    chmod("\(workplace.path)/plugins.d/shift.sh", 0o755)
    let outcome = try client("verify", "a", of: workplace)
    #expect(outcome.status == 65)
    #expect(outcome.output.contains("\n  the plugins changed: the plugin shift: sha256:"))
    #expect(outcome.output.contains("\n    Älby, grain: 42 -> 43\n"))
    #expect(try await daemon.stop() == 0)
  }

  @Test func theFileChanged() async throws {
    let (place, daemon) = try await exported()
    let text = try place.text("arrivals.csv")
    try text.replacingOccurrences(of: "42,0", with: "41,0").write(
      toFile: place.path("arrivals.csv"), atomically: true, encoding: .utf8)
    let reply = try place.verify()
    #expect(reply.changes.map(\.part) == [.file])
    #expect(reply.differences == ["Älby, grain: 42 -> 41"])
    let copy = try client("verify", place.path("arrivals.csv"), of: place.workplace)
    #expect(copy.status == 65)
    #expect(copy.output.contains("\n    Älby, grain: 42 -> 41\n"), "a file of the user's own is told the same")
    try FileManager.default.removeItem(atPath: place.path("arrivals.csv"))
    let gone = try client("verify", "arrivals", of: place.workplace)
    #expect(gone.status == 65)
    #expect(gone.errors.contains("/arrivals.csv is not there: it was never exported, or removed\n"))
    #expect(try await daemon.stop() == 0)
  }

  @Test func theLinesOfATextThatIsNoTableAreTold() async throws {
    let (place, daemon) = try await exported("arrivals: { report: arrivals, exporter: ndjson, file: a.ndjson }")
    let text = try place.text("a.ndjson")
    try text.replacingOccurrences(of: "\"grain\":42", with: "\"grain\":41").write(
      toFile: place.path("a.ndjson"), atomically: true, encoding: .utf8)
    let reply = try place.verify()
    #expect(reply.differencesTotal == 1)
    #expect(reply.differences.first?.hasPrefix("line ") == true)
    #expect(try await daemon.stop() == 0)
  }

  @Test func rowsComeAndGo() async throws {
    let (place, daemon) = try await exported("arrivals: { report: arrivals, exporter: json, file: a.json }")
    let harbours = try place.workplace.read("harbours.csv")
    try place.workplace.write(harbours.replacingOccurrences(of: "\ndun,Dún", with: "\nende,Ende"), to: "harbours.csv")
    let members = try place.workplace.read("group-members.csv")
    try place.workplace.write(members.replacingOccurrences(of: "dun", with: "ende"), to: "group-members.csv")
    try place.change("8,south,brok,ice,-,", to: "8,south,ende,ice,4,")
    try place.reload()
    let reply = try place.verify()
    #expect(reply.differences.contains("Ende: the row is new"))
    #expect(reply.differences.first == "Dún: the row is gone")
    #expect(try await daemon.stop() == 0)
  }

  @Test func aTableThatIsTooLargeForItsManifestIsSaidToBe() async throws {
    let place = try ExportWorkplace()
    try place.configure(
      ["entries: { report: entries, exporter: csv, file: entries.csv }"],
      reports: "\n  entries: { pipeline: [observations] }\n")
    let entries = try place.workplace.read("entries.csv")
    let more = (0..<12_000).map { "1\(10000 + $0),north,alby,grain,\($0),p. 9,counted\n" }.joined()
    try place.workplace.write(entries + more, to: "entries.csv")
    let daemon = try await RunningDaemon(in: place.workplace)
    #expect(try place.exportOne().outcome == .written)
    #expect(try place.manifest("entries.csv")["table"]?["cells"] == nil)
    try place.change("1,north,alby,grain,12,", to: "1,north,alby,grain,13,")
    try place.reload()
    let reply = try place.verify("entries")
    #expect(reply.changes.map(\.part) == [.data])
    #expect(
      reply.remarks.first?.hasPrefix("which cells changed cannot be told: a manifest holds at most 384 KiB") == true)
    #expect(try client("verify", place.path("entries.csv"), of: place.workplace).status == 65)
    #expect(try await daemon.stop() == 0)
  }

  @Test func anExportThatIsNoLongerConfiguredIsComputedAsItWas() async throws {
    let (place, daemon) = try await exported()
    try place.configure([])
    try place.reload()
    let outcome = try client("verify", place.path("arrivals.csv"), of: place.workplace)
    #expect(outcome.status == 0)
    try place.workplace.write(
      place.workplace.read("musterd.yaml").replacingOccurrences(of: "  arrivals:", with: "  departures:"),
      to: "musterd.yaml")
    try place.reload()
    let gone = try client("verify", place.path("arrivals.csv"), of: place.workplace)
    #expect(gone.status == 65)
    #expect(gone.errors.contains("nor the report \"arrivals\" in the format \"csv\" that it was made of\n"))
    #expect(try await daemon.stop() == 0)
  }

  @Test func whatIsNoManifestIsRefused() async throws {
    let (place, daemon) = try await exported()
    for text in ["", "{", "[]", "{\"version\":2}", "{\"version\":1,\"export\":\"arrivals\"}"] {
      try text.write(toFile: place.path("arrivals.csv.muster.json"), atomically: true, encoding: .utf8)
      let byName = try client("verify", "arrivals", of: place.workplace)
      #expect(byName.status == 65, "\(text)")
      #expect(byName.errors.hasPrefix("muster: cannot verify: arrivals: "))
      #expect(try client("verify", place.path("arrivals.csv"), of: place.workplace).status == 65, "\(text)")
    }
    #expect(try client("verify", place.path("nothing.csv"), of: place.workplace).status == 65)
    #expect(try client("verify", "nothing", of: place.workplace).status == 66)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aStepThatComesFirstChangesNoneOfTheOthers() async throws {
    let (place, daemon) = try await exported(Self.sorted)
    let text = try place.workplace.read("musterd.yaml")
    try place.workplace.write(
      text.replacing("      - select: { register: north, cargo: [grain, timber] }\n", with: "")
        .replacing("descending: true }", with: "descending: true }\n      - top: { count: 2 }"),
      to: "musterd.yaml")
    try place.reload()
    let reply = try place.verify("north")
    #expect(reply.changes.map(\.part) == [.configuration, .configuration, .plugins])
    #expect(reply.changes.first?.text == "step 1: select (register: north; cargo: grain,timber) -> (none)")
    #expect(reply.changes.dropFirst().first?.text.hasPrefix("step 3: (none) -> top (count: 2") == true)
    #expect(try await daemon.stop() == 0)
  }

  @Test func anExportThatHasAnotherNameNowIsTheOneOfItsFile() async throws {
    let (place, daemon) = try await exported(
      "blocs: { report: by-water, parameters: { scheme: water }, exporter: csv, file: blocs.csv }")
    try place.configure([
      "blocs: { report: arrivals, exporter: csv, file: arrivals.csv }",
      "alliances: { report: by-water, parameters: { scheme: water }, exporter: csv, file: blocs.csv }",
    ])
    try place.reload()
    let before = try place.verify("alliances")
    #expect(before.identical)
    #expect(before.export == "alliances")
    #expect(
      before.remarks == ["the export was named blocs when the file was written; it is alliances now"])
    #expect(try client("verify", place.path("blocs.csv"), of: place.workplace).status == 0)

    let file = try place.identity("blocs.csv")
    #expect(try place.export().map(\.outcome) == [.written, .unchanged])
    #expect(try place.identity("blocs.csv") == file)
    #expect(try place.manifest("blocs.csv")["export"] == "alliances")
    for name in ["alliances", "blocs"] {
      let reply = try place.verify(name)
      #expect(reply.identical && reply.remarks == [], "\(name)")
    }
    #expect(try client("verify", place.path("blocs.csv"), place.path("arrivals.csv"), of: place.workplace).status == 0)
    let manifest = try place.identity("blocs.csv.muster.json")
    #expect(try place.export().map(\.outcome) == [.unchanged, .unchanged])
    #expect(try place.identity("blocs.csv.muster.json") == manifest)
    #expect(try await daemon.stop() == 0)
  }

  @Test(arguments: [
    ("\"report\": \"arrivals\"", "\"report\": \"gold-reserves\"", "of the configuration has another digest"),
    ("\"rows\": ", "\"rows\": 9", "it says that the table has 9"),
    ("\"bytes\": ", "\"bytes\": 9", "it says that the file has 9"),
    ("\"east\",42,", "\"east\",666,", "its table is not the one that is in the file"),
    ("\"parameters\": {", "\"parameters\": {\"gold\":\"yes\",", "the parameters are not those of the report"),
    ("\"where\": [", "\"where\": [{\"dimension\":\"register\",\"codes\":[]}", "what it was narrowed to is not"),
  ])
  func aManifestThatSomebodyChangedIsToldFromAGenuineOne(_ old: String, _ new: String, _ reason: String) async throws {
    let (place, daemon) = try await exported()
    let manifest = try place.text("arrivals.csv.muster.json")
    try #require(manifest.contains(old), "\(manifest)")
    try manifest.replacing(old, with: new).write(
      toFile: place.path("arrivals.csv.muster.json"), atomically: true, encoding: .utf8)
    let reply = try place.verify()
    #expect(!reply.identical)
    #expect(reply.changes.map(\.part) == [.file])
    #expect(reply.changes.first?.text.hasPrefix("its manifest was changed: ") == true)
    #expect(reply.changes.first?.text.contains(reason) == true, "\(reply.changes)")
    #expect(try client("verify", place.path("arrivals.csv"), of: place.workplace).status == 65)
    #expect(try place.exportOne().outcome == .unchanged)
    #expect(try place.verify().identical, "a run mends it")
    #expect(try await daemon.stop() == 0)
  }

  @Test func whatAForeignManifestGetsWrongIsNoMatterForTheAdministrator() async throws {
    let (place, daemon) = try await exported()
    let manifest = try place.text("arrivals.csv.muster.json")
    try place.configure([])
    try place.reload()
    func reason(_ old: String, _ new: String) throws -> String? {
      try #require(manifest.contains(old))
      do {
        let object = try #require(JSONValue(parsing: manifest.replacing(old, with: new)).objectValue)
        let _: Exports.VerifyReply = try place.call(
          "Verify", Exports.VerifyParameters(manifest: object, sha256: String(repeating: "0", count: 64), text: nil))
        return nil
      } catch ClientError.errorReply(let error) {
        return Exports.NotVerifiable(error)?.reason
      }
    }
    #expect(
      try reason("\"parameters\": {", "\"parameters\": {\"schme\":\"x\",")
        == "unknown parameter \"schme\" of country-summary; did you mean \"scheme\"?")
    #expect(
      try reason("\"where\": [", "\"where\": [{\"dimension\":\"cargo\",\"codes\":[\"iec\"]}")
        == "unknown cargo \"iec\"; did you mean \"ice\"?")
    #expect(
      try reason("\"formatParameters\": {", "\"formatParameters\": {\"delimter\":\"tab\",")
        == "unknown parameter \"delimter\" of csv; did you mean \"delimiter\"?")
    #expect(try reason("\"title\": \"", "\"titel\": \"")?.hasPrefix("its manifest is not one") == true)
    #expect(!daemon.log.contains(" warning "))
    #expect(try await daemon.stop() == 0)
  }

  @Test func oneThatCannotBeVerifiedKeepsNoOtherFromIt() async throws {
    let (place, daemon) = try await exported()
    let fifo = place.path("fifo.csv")
    #expect(mkfifo(fifo, 0o600) == 0)
    let outcome = try client(
      "verify", "arrivals", "arivals", place.path("nothing.csv"), fifo, place.path("arrivals.csv"), of: place.workplace)
    #expect(outcome.status == 66)
    #expect(outcome.output.split(separator: "\n").filter { $0.contains("identical") }.count == 2)
    #expect(
      outcome.errors == """
        muster: no such export: arivals; did you mean "arrivals"? "muster exports" shows them all
        muster: cannot verify: \(place.path("nothing.csv")): No such file or directory
        muster: cannot verify: \(fifo): it is no regular file

        """)
    #expect(try client("verify", "arrivals", fifo, of: place.workplace).status == 65)
    #expect(try await daemon.stop() == 0)
  }
}
