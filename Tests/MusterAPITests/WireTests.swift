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

  @Test func anErrorIsRecognisedByItsNameAndItsFields() {
    let error = Manage.NoSuchPlugin(name: "a", suggestions: ["b"])
    #expect(error.varlinkError.name == "org.muster.Manage.NoSuchPlugin")
    #expect(Manage.NoSuchPlugin(error.varlinkError) == error)
    #expect(Exports.NoSuchExport(error.varlinkError) == nil)
    #expect(Manage.NoSuchPlugin(VarlinkError(Manage.NoSuchPlugin.name, ["name": "a"])) == nil)
  }
}
