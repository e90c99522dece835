import JSON
import TestSupport
import Testing

@testable import Exports

@Suite("What version 0.1.0 left in the folder of exports is understood, and written the same", .timeLimit(.minutes(10)))
struct OldVersionTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    try workshop.useFilesOfOldVersion()
  }

  @Test func itsFileIsStillWhatItWouldBe() async throws {
    let verification = try await workshop.verify()
    #expect(verification.isIdentical)
    #expect(verification.remarks == [])
    #expect(verification.writtenAt == "2026-11-26T22:51:04.889515Z")
    let manifest = try workshop.read("arrivals.csv.muster.json")
    #expect(try await workshop.export().outcome == .unchanged)
    #expect(try workshop.read("arrivals.csv.muster.json") == manifest, "nobody writes it anew")
  }

  @Test func theManifestHasTheSameBytes() async throws {
    let old = try workshop.read("arrivals.csv.muster.json")
    let parsed = try #require(ExportManifest(parsing: Array(old.utf8)))
    #expect(String(decoding: parsed.encoded, as: UTF8.self) == old)
    #expect(try await workshop.export(isForced: true).outcome == .written)
    func timeless(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("\"writtenAt\"") && !$0.contains("\"replaces\"") }
    }
    #expect(timeless(try workshop.read("arrivals.csv.muster.json")) == timeless(old))
  }

  @Test func theLastRunIsRemembered() async throws {
    let (exports, problem) = workshop.service.list(try await workshop.load())
    #expect(problem == nil)
    let last = try #require(exports.first?.last)
    #expect((last.outcome, last.finishedAt, last.durationMicroseconds) == (.written, 1_795_733_464_908_656, 25_742))
    #expect("\(try JSONValue(encoding: last).text)\n" == (try workshop.read(".muster-last.arrivals.csv")))
  }

  @Test func membersThatOnlyALaterVersionKnowsAreNoHindrance() async throws {
    let old = try workshop.read("arrivals.csv.muster.json")
    let later = old.replacing(
      "  \"version\": 1,\n", with: "  \"version\": 1,\n  \"signature\": {\"by\": [\"somebody\"]},\n")
    #expect(later != old)
    try workshop.folder.write(later, to: "out/arrivals.csv.muster.json")
    #expect(try await workshop.verify().isIdentical)
    #expect(try await workshop.export().outcome == .unchanged)
    let last = try workshop.read(".muster-last.arrivals.csv").replacing("{\"name\"", with: "{\"host\":\"a\",\"name\"")
    try workshop.folder.write(last, to: "out/.muster-last.arrivals.csv")
    #expect(workshop.service.list(try await workshop.load()).exports.first?.last?.name == "arrivals")
  }

  /// As one was kept of a plugin that wrote it to its standard error.
  @Test func aLastRunThatNobodyCanBeToldIsNone() async throws {
    let last = try workshop.read(".muster-last.arrivals.csv").replacing(
      "{\"name\"", with: "{\"host\":\"\\u0000\",\"name\"")
    try #require(last.contains("u0000"))
    try workshop.folder.write(last, to: "out/.muster-last.arrivals.csv")
    #expect(workshop.service.list(try await workshop.load()).exports.first?.last == nil)
  }

  @Test func aManifestOfAnotherVersionIsRefused() async throws {
    let old = try workshop.read("arrivals.csv.muster.json")
    try workshop.folder.write(
      old.replacing("\"version\": 1,", with: "\"version\": 2,"), to: "out/arrivals.csv.muster.json")
    let error = await #expect(throws: NotVerifiable.self) { try await workshop.verify() }
    #expect(error?.reason == "its manifest is not one of this version of Muster, or damaged")
  }
}
