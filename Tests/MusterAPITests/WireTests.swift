import JSON
import MusterAPI
import Testing
import Varlink

@Suite("What one version writes, another one reads")
struct WireTests {
  @Test func aWordOfANewerVersionIsKept() throws {
    let value: JSONValue = ["name": "blocs", "outcome": "postponed", "finishedAt": 1, "durationMicroseconds": 2]
    let run: Exports.Run = try value.decode()
    #expect(run.outcome == .unknown("postponed"))
    #expect(try JSONValue(encoding: run) == value)
  }

  @Test(arguments: Reports.EvidenceUse.known) func aKnownWordIsRead(use: Reports.EvidenceUse) throws {
    #expect(try JSONValue(encoding: use).decode() == use)
    #expect(Reports.EvidenceUse(rawValue: use.rawValue) == use)
  }

  @Test func membersStandInTheOrderOfTheInterface() throws {
    let value = try JSONValue(
      encoding: Exports.Run(name: "a", outcome: .busy, finishedAt: 3, durationMicroseconds: 4, rows: 5))
    #expect(value.text == #"{"name":"a","outcome":"busy","finishedAt":3,"durationMicroseconds":4,"rows":5}"#)
  }

  /// Whatever writes itself, for speed, writes what a coder would.
  @Test func whatWritesItselfWritesWhatACoderWrites() throws {
    let full = Reports.Evidence(
      use: .ofWhich, value: -3, shown: "−3", printed: "3 \"net\"", missing: "not\ngiven",
      codes: ["year": "1955", "country": "Österreich", "disposition": ""], id: "a\u{1}", source: "s", locus: "p. 1",
      quote: "…\\", caveats: ["one", ""])
    let least = Reports.Evidence(use: .unknown("new"), printed: "", codes: [:], source: "", caveats: [])
    let coverage = Reports.Coverage(
      numbers: 1, expected: 3, lacking: [.init(reason: "not given", count: 2)], isEstimate: true, words: "1 of 3")
    func expectTheSame(_ value: some Encodable & JSONWritable) throws {
      #expect(String(decoding: value.jsonBytes, as: UTF8.self) == (try JSONValue(encoding: value).text))
    }
    try expectTheSame(full)
    try expectTheSame(least)
    try expectTheSame(coverage)
    try expectTheSame(
      Reports.ExplainReply(
        revision: "r", parameters: ["measure": "persons", "columns": "year"],
        where: [.init(dimension: "year", codes: ["1954", "1955"])], title: "T", row: "Total", total: .computed,
        column: .init(name: "n", title: "N", kind: .integer), shown: "3", sum: 3, sumShown: "3", coverage: coverage,
        evidence: [full, least], evidenceTotal: 2, stated: [], steps: [], notes: []))
    try expectTheSame(Reports.Total(kind: .computed, title: "Total", cells: ["z": 1, "a": nil, "m": [1.5, true]]))
    try expectTheSame(Reports.DescribeParameters(report: "blocs"))
  }

  @Test func anErrorIsRecognisedByItsNameAndItsFields() {
    let error = Manage.NoSuchPlugin(name: "a", suggestions: ["b"])
    #expect(error.varlinkError.name == "org.muster.Manage.NoSuchPlugin")
    #expect(Manage.NoSuchPlugin(error.varlinkError) == error)
    #expect(Exports.NoSuchExport(error.varlinkError) == nil)
    #expect(Manage.NoSuchPlugin(VarlinkError(Manage.NoSuchPlugin.name, ["name": "a"])) == nil)
  }
}
