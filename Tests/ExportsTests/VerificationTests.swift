import JSON
import TestSupport
import Testing

@testable import Exports

@Suite("A file is held against what it would be now", .timeLimit(.minutes(10)))
struct VerificationTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func nothingHasChanged() async throws {
    let record = try await workshop.export()
    let verification = try await workshop.verify()
    #expect(verification.isIdentical)
    #expect(verification.changes == [])
    #expect(verification.differenceCount == 0)
    #expect(
      Set([verification.sha256, verification.writtenSHA256, verification.computedSHA256]) == [record.sha256 ?? ""])
  }

  @Test func theCellsThatChangedWithTheDataAreTold() async throws {
    _ = try await workshop.export()
    try workshop.change("11,south,corre,timber,6,", to: "11,south,corre,timber,,")
    let verification = try await workshop.verify(limit: 2)
    #expect(!verification.isIdentical)
    #expect(verification.changes.map(\.part) == [.data])
    #expect(verification.differences == ["Corrè, timber: 6 -> missing", "Corrè, total: 6 -> missing"])
    #expect(verification.differenceCount == 4)
  }

  @Test func whatChangedInTheConfigurationIsTold() async throws {
    _ = try await workshop.export()
    try workshop.configure([
      Workshop.arrivals.replacing("exporter: csv", with: "exporter: csv, format_parameters: { delimiter: tab }")
    ])
    let verification = try await workshop.verify()
    #expect(
      verification.changes == [ExportChange(part: .configuration, text: "delimiter of csv: comma -> tab")])
    #expect(verification.remarks == ["no cell of the table changed: it is what stands around them that did"])
  }

  @Test func whoeverChangedTheFileIsFoundOut() async throws {
    _ = try await workshop.export()
    try workshop.folder.write(
      workshop.read("arrivals.csv").replacing("east,42", with: "east,43"), to: "out/arrivals.csv")
    let verification = try await workshop.verify()
    #expect(verification.changes.map(\.part) == [.file])
    #expect(verification.differences == ["Älby, grain: 42 -> 43"])
  }

  @Test func whoeverChangedTheManifestIsFoundOut() async throws {
    _ = try await workshop.export()
    try workshop.folder.write(
      workshop.read("arrivals.csv.muster.json").replacing("\"rows\": 4", with: "\"rows\": 5"),
      to: "out/arrivals.csv.muster.json")
    #expect(
      try await workshop.verify().changes == [
        ExportChange(
          part: .file, text: "its manifest was changed: it says that the table has 5 rows, which has 4")
      ])
  }

  @Test func aFileThatWasNeverWrittenOrHasNoManifestCannotBeVerified() async throws {
    let missing = await #expect(throws: NotVerifiable.self) { try await workshop.verify() }
    #expect(missing?.reason.hasSuffix("/out/arrivals.csv is not there: it was never exported, or removed") == true)
    try workshop.folder.write("x", to: "out/arrivals.csv")
    let alone = await #expect(throws: NotVerifiable.self) { try await workshop.verify() }
    #expect(alone?.reason.contains("arrivals.csv.muster.json is not there, or too large") == true)
  }

  @Test func aFileThatTheCallerHasIsVerifiedByItsManifest() async throws {
    let record = try await workshop.export()
    let manifest = try Array(workshop.read("arrivals.csv.muster.json").utf8)
    let text = try workshop.read("arrivals.csv")
    let generation = try await workshop.load()
    let whole = VerificationSubject.file(manifest: manifest, sha256: record.sha256 ?? "", text: text)
    #expect(try await workshop.service.verify(whole, limit: 9, in: generation).isIdentical)
    let other = VerificationSubject.file(
      manifest: manifest, sha256: "00", text: text.replacing("east,42", with: "east,43"))
    let verification = try await workshop.service.verify(other, limit: 9, in: generation)
    #expect(verification.differences == ["Älby, grain: 42 -> 43"])
  }

  @Test func verifyingEndsWhenTheCallDoes() async throws {
    _ = try await workshop.export()
    let (probe, never) = (Probe(), Promise<Void>())
    workshop.host.afterWork {
      probe.note("computed")
      try await never.value
    }
    let task = Task { try await workshop.verify() }
    try await probe.wait(for: "computed")
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
