import JSON
import Testing

@testable import Exports

@Suite("How the last run of an export went is read from what any version wrote")
struct ExportRecordTests {
  private let stored = """
    {"name":"blocs","outcome":"failed","reason":"disk full","finishedAt":17,"durationMicroseconds":3,\
    "revision":"sha256:ab","rows":5,"bytes":99,"sha256":"cd","untouched":true}
    """

  @Test func theFormOnDiskIsTheSame() throws {
    let record: ExportRecord = try JSONValue(parsing: stored).decode()
    #expect(
      record
        == ExportRecord(
          name: "blocs", outcome: .failed, reason: "disk full", finishedAt: 17, durationMicroseconds: 3,
          revision: "sha256:ab", rows: 5, bytes: 99, sha256: "cd", untouched: true))
    #expect(try JSONValue(encoding: record).text == stored)
  }

  @Test func whatIsNotKnownOfARunIsLeftOut() throws {
    let record = ExportRecord(name: "blocs", outcome: .busy, finishedAt: 1, durationMicroseconds: 2)
    #expect(
      try JSONValue(encoding: record).text
        == #"{"name":"blocs","outcome":"busy","finishedAt":1,"durationMicroseconds":2}"#)
  }
}
