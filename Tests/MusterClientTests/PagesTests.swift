import JSON
import TestSupport
import Testing
import Varlink

@testable import muster

@Suite("Answers that come in pages are shown as if they came whole", .blocking, .timeLimit(.minutes(10)))
struct PagesTests {
  /// What the program prints of these replies, and of the one that they are together.
  private func outputs(
    _ arguments: [String], pages: [JSONObject], whole: JSONObject
  ) async throws -> (paged: Outcome, whole: Outcome) {
    let last = pages.count - 1
    let paging = try FakeService(replies: pages.enumerated().map { Reply($1, continues: $0 < last) })
    let single = try FakeService(replies: [Reply(whole)])
    let paged = try await Program(arguments + ["--address", paging.address]).wait()
    #expect(paging.calls.map(\.mode) == [.more])
    return (paged, try await Program(arguments + ["--address", single.address]).wait())
  }

  private static func evidence(_ numbers: ClosedRange<Int>) -> JSONValue {
    .array(
      numbers.map { number in
        [
          "use": "added", "value": .integer(Int64(number)), "printed": .string("\(number)"), "codes": ["a": "Ä"],
          "source": "S", "caveats": [],
        ]
      })
  }

  private static func explanation(_ numbers: ClosedRange<Int>, isFirst: Bool, notes: [String]) -> JSONObject {
    [
      "revision": "sha256:abc", "parameters": [:], "where": [], "title": "T", "row": "r",
      "column": ["name": "c", "title": "C", "kind": "integer"], "shown": "10", "sum": 10,
      "evidence": evidence(numbers), "evidenceTotal": 4,
      "stated": isFirst ? [["value": 10, "shown": "10", "agrees": true, "explanations": []]] : [],
      "steps": isFirst ? [["name": "s", "summary": "S", "parameters": [:]]] : [],
      "notes": .array(notes.map { ["kind": "caveat", "text": .string($0), "cells": []] }),
    ]
  }

  @Test("of why", arguments: [[], ["--json"]])
  func why(_ options: [String]) async throws {
    let outcome = try await outputs(
      ["why", "r", "r", "c"] + options,
      pages: [
        Self.explanation(1...2, isFirst: true, notes: ["one", "two"]),
        Self.explanation(3...3, isFirst: false, notes: ["two"]), Self.explanation(4...4, isFirst: false, notes: []),
      ], whole: Self.explanation(1...4, isFirst: true, notes: ["one", "two", "two"]))
    #expect(outcome.paged.status == 0)
    #expect(outcome.paged.errors == "")
    #expect(outcome.paged.output == outcome.whole.output)
    #expect(outcome.paged.output.contains("4"))
  }

  @Test("of dimensions, of which one goes on", arguments: [[], ["--json"], ["b"]])
  func dimensions(_ options: [String]) async throws {
    func dimension(_ name: String, _ ids: [String]) -> JSONValue {
      ["name": .string(name), "title": "D", "codes": .array(ids.map { ["id": .string($0), "name": "N"] })]
    }
    func reply(_ dimensions: [JSONValue]) -> JSONObject {
      ["revision": "sha256:abc", "dimensions": .array(dimensions)]
    }
    let outcome = try await outputs(
      ["dimensions"] + options,
      pages: [
        reply([dimension("a", ["a1"]), dimension("b", ["b1"])]), reply([dimension("b", ["b2"])]),
        reply([dimension("b", ["b3"]), dimension("c", [])]),
      ],
      whole: reply([dimension("a", ["a1"]), dimension("b", ["b1", "b2", "b3"]), dimension("c", [])]))
    #expect(outcome.paged.status == 0)
    #expect(outcome.paged.output == outcome.whole.output)
  }

  @Test("of reconcile", arguments: [[], ["--json"]])
  func reconcile(_ options: [String]) async throws {
    func reply(_ subjects: [String]) -> JSONObject {
      [
        "revision": "sha256:abc", "agreeing": 0, "acknowledged": 2, "unacknowledged": 0,
        "entries": .array(
          subjects.map { ["id": "x", "status": "acknowledged", "subject": .string($0), "isTotal": false] }),
      ]
    }
    let outcome = try await outputs(
      ["reconcile"] + options, pages: [reply(["one"]), reply(["two"])], whole: reply(["one", "two"]))
    #expect(outcome.paged.status == 0)
    #expect(outcome.paged.output == outcome.whole.output)
    #expect(outcome.paged.output.contains("two"))
  }

  @Test("Pages of two revisions are refused") func mixedRevisions() async throws {
    var second = Self.explanation(3...4, isFirst: false, notes: [])
    second["revision"] = "sha256:def"
    let service = try FakeService(replies: [
      Reply(Self.explanation(1...2, isFirst: true, notes: []), continues: true), Reply(second),
    ])
    let outcome = try await muster("why", "r", "r", "c", "--address", service.address)
    #expect(outcome.status == 76)
    #expect(outcome.errors.contains("the result mixes the revisions sha256:abc and sha256:def"))
    #expect(outcome.output == "")
  }

  @Test(
    "A reply longer than the client takes is called so, with what makes it shorter",
    arguments: [
      (["why", "r", "r", "c"], "org.muster.Reports.Explain", "give a smaller --limit"),
      (
        ["run", "r", "--format", "csv"], "org.muster.Reports.Run",
        "ask for less with --where, or for another format with --output"
      ),
      (["list"], "org.muster.Reports.List", "set \"limits.reply_size\" lower in the configuration of musterd"),
    ])
  func tooLong(_ arguments: [String], _ method: String, _ advice: String) async throws {
    let service = try FakeService { _, peer in
      try peer.send([UInt8](repeating: UInt8(ascii: " "), count: 17 << 20))
    }
    let outcome = try await Program(arguments + ["--address", service.address]).wait()
    #expect(outcome.status == 65)
    #expect(
      outcome.errors == """
        muster: the answer to \(method) is too long: \(service.address): a reply has more than 16777216 bytes, the most \
        that muster takes; \(advice)

        """)
    #expect(outcome.output == "")
  }
}
