import JSON
import TestSupport
import Testing
import Varlink

@testable import muster

@Suite("Replies are shown for people, or as they are", .blocking, .timeLimit(.minutes(10)))
struct RenderingTests {
  private func show(_ arguments: String..., reply: JSONObject) async throws -> String {
    let service = try FakeService(replies: [Reply(reply)])
    let outcome = try await Program(arguments + ["--address", service.address]).wait()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    return outcome.output
  }

  @Test func list() async throws {
    #expect(
      try await show("list", reply: Replies.list) == """
        bloc-aggregate   People by bloc
                         One row for each bloc of a classification scheme.
        country-summary  People by country
                         One row for each country.

        revision sha256:abc

        """)
  }

  @Test func emptyList() async throws {
    #expect(try await show("list", reply: ["revision": "a", "reports": []]) == "no reports are configured\n")
  }

  @Test func describe() async throws {
    #expect(
      try await show("describe", "country-summary", reply: Replies.describe) == """
        country-summary  People by country
        One row for each country.

        Steps
          country-summary  scheme=memorandum
                           One row for each place.
          sort             by=total descending=true
                           Orders the rows.
          tidy             Tidies up.

        Parameters
          scheme  choice, default memorandum
                  one of memorandum, region
                  The classification that gives the bloc.
          since   integer, required
                  The first year.

        Columns
          country  Country (text)
          total    Total (integer, person)
                   The sum of what is counted.

        Formats
          csv   .csv, text/csv
                Comma-separated values.
          json  .json, application/json
                One document.
          map   .geo.json, application/geo+json
                Points on a map.
                digits=2 How many.

        revision sha256:abc

        """)
  }

  @Test func status() async throws {
    #expect(
      try await show("status", reply: Replies.status) == """
        version          0.1.0
        process          42
        started          2023-11-14T22:13:20Z, 1 d 2 h ago
        configuration    /etc/muster/musterd.yaml
        generation       3, loaded 2024-02-29T12:34:56Z
        last reload      failed 1969-12-31T23:59:59Z; what was loaded before stays in use
                         a.yaml:1:2: unknown key "x"
                         a.yaml:3:1: missing key "y"
        reloads          2 succeeded, 1 failed
        dataset          repatriation-1955
        revision         sha256:abc
        observations     97
        reports          2
        connections      1 open, 12 since the start
        refused          2 limits.connections
        calls            34, 1 of them running
        runs             1 running, 0 waiting
        latencies        30 org.muster.Reports.Run
                         50% within 873 µs, 90% within 12.3 ms, 99% within 999.9 ms, all within 1.2 s
        errors           5 org.muster.Reports.NoSuchReport
        protocol errors  none
        cache            4 results, 3.4 KiB, 7 hits, 8 misses
        programs         to-sqlite, failed: 3 runs, 1 failures
                         it took longer than 10 s
        exports          2, 1 of them failed
                         blocs failed 2023-11-14T22:18:20Z
                         cannot write .muster-new.blocs.csv: No space left on device

        """)
  }

  @Test func reload() async throws {
    #expect(try await show("reload", reply: ["generation": 4, "revision": "b"]) == "generation 4, revision b\n")
  }

  @Test("--json gives the reply as it came, with what this version does not know", arguments: ["list", "status"])
  func json(_ verb: String) async throws {
    let reply: JSONObject = ["revision": "a", "new": [1, 2.5, nil, ["b": "ß"]], "reports": []]
    #expect(try await show(verb, "--json", reply: reply) == JSONValue.object(reply).text + "\n")
  }

  @Test(
    "Durations are told in two units",
    arguments: [
      (Int64(-5), "0 ms"), (999_999, "999 ms"), (1_000_000, "1 s"), (59_999_999, "59 s"),
      (3_599_000_000, "59 min 59 s"),
      (3_600_000_000, "1 h 0 min"), (86_400_000_000, "1 d 0 h"), (.max, "106751991 d 4 h"),
    ])
  func durations(_ microseconds: Int64, _ text: String) {
    #expect(durationText(microseconds: microseconds) == text)
  }

  @Test(
    "Sizes are told in binary units",
    arguments: [
      (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1_048_575, "1023.9 KiB"), (1_048_576, "1.0 MiB"),
      (Int64.max, "7.9 EiB"),
    ])
  func sizes(_ bytes: Int64, _ text: String) {
    #expect(sizeText(bytes: bytes) == text)
  }

  @Test("East Asian characters take two columns when text is wrapped")
  func wide() {
    #expect(wrapped("日本 国民 abc", width: 9) == ["日本 国民", "abc"])
  }
}
