import JSON
import TestSupport
import Testing
import Varlink

@testable import muster

@Suite("Evidence is shown for people, and tells scripts by its exit status", .blocking, .timeLimit(.minutes(10)))
struct EvidenceTests {
  private func run(_ arguments: [String], reply: JSONObject) async throws -> (outcome: Outcome, calls: [Call]) {
    let service = try FakeService(replies: [Reply(reply)])
    let outcome = try await Program(arguments + ["--address", service.address]).wait()
    return (outcome, service.calls)
  }

  private func reconciliation(acknowledged: Int, unacknowledged: Int) -> JSONObject {
    func entry(_ status: String, _ subject: String) -> JSONValue {
      [
        "id": "x", "status": .string(status), "subject": .string(subject), "isTotal": true, "stated": 189,
        "computed": 180, "difference": 9, "locus": "item 4",
      ]
    }
    return [
      "revision": "sha256:abc", "agreeing": 1, "acknowledged": .integer(Int64(acknowledged)),
      "unacknowledged": .integer(Int64(unacknowledged)),
      "entries": .array(
        [entry("agrees", "all")] + (0..<acknowledged).map { _ in entry("acknowledged", "known") }
          + (0..<unacknowledged).map { _ in entry("unacknowledged", "new") }),
    ]
  }

  @Test(
    "What disagrees ends with 65, if it is of the kind that --fail-on names",
    arguments: [
      (1, 1, "unacknowledged", Int32(65)), (1, 0, "unacknowledged", 0), (1, 0, "any", 65), (0, 0, "any", 0),
      (0, 2, "none", 0),
    ])
  func exitStatus(_ acknowledged: Int, _ unacknowledged: Int, _ failOn: String, _ status: Int32) async throws {
    let reply = reconciliation(acknowledged: acknowledged, unacknowledged: unacknowledged)
    let outcome = try await run(["reconcile", "--fail-on", failOn], reply: reply).outcome
    #expect(outcome.status == status)
    #expect(outcome.output.contains("1 agree, \(acknowledged) acknowledged, \(unacknowledged) unacknowledged\n"))
    #expect(outcome.errors.isEmpty == (status == 0))
  }

  @Test("Only what disagrees is shown, unless all is wanted") func agreements() async throws {
    let reply = reconciliation(acknowledged: 1, unacknowledged: 0)
    let brief = try await run(["reconcile"], reply: reply).outcome.output
    #expect(brief.contains("  acknowledged: known\n    stated 189, computed 180, difference 9; item 4\n"))
    #expect(!brief.contains("agrees: all"))
    #expect(try await run(["reconcile", "--all"], reply: reply).outcome.output.contains("  agrees: all\n"))
    let json = try await run(["reconcile", "--json"], reply: reply).outcome
    #expect(try JSONValue(parsing: Array(json.output.utf8)) == .object(reply))
  }

  @Test("Of many disagreements the first are shown, and the others counted") func manyDisagreements() async throws {
    let reply = reconciliation(acknowledged: 150, unacknowledged: 0)
    let usual = try await run(["reconcile"], reply: reply).outcome.output
    #expect(usual.ranges(of: "acknowledged: known").count == 100)
    #expect(usual.contains("\n  and 50 more; --limit shows more\n"))
    let few = try await run(["reconcile", "--limit", "2"], reply: reply).outcome.output
    #expect(few.ranges(of: "acknowledged: known").count == 2)
    let all = try await run(["reconcile", "--all"], reply: reply).outcome.output
    #expect(all.ranges(of: "acknowledged: known").count == 150 && !all.contains("more; --limit"))
  }

  @Test("A cell is shown with what was added, what was not and why") func why() async throws {
    let reply: JSONObject = [
      "revision": "sha256:abc", "parameters": [:], "where": [], "title": "Persons", "row": "finland, Finland",
      "column": ["name": "released", "title": "Released", "kind": "integer", "unit": "persons"], "shown": "24",
      "sum": 24,
      "evidence": [
        [
          "use": "added", "value": 24, "printed": "24", "codes": ["country": "Finland"], "source": "Attachment 1",
          "locus": "Attachment 1, Finland", "quote": "Finland 24", "caveats": ["Five more remain."],
        ],
        [
          "use": "contested", "value": 5, "printed": "5", "codes": ["country": "Finland"], "source": "Memorandum",
          "caveats": [],
        ],
      ],
      "evidenceTotal": 3,
      "stated": [["value": 25, "shown": "25", "locus": "Note", "agrees": false, "explanations": ["One died."]]],
      "steps": [["name": "sort", "summary": "Orders the rows", "parameters": ["by": "released"]]],
      "notes": [["kind": "caveat", "text": "Five more remain.", "cells": []]],
    ]
    let (outcome, calls) = try await run(
      ["why", "persons", "finland", "released", "--where", "source=a,b", "--set", "scheme=x", "--limit", "2"],
      reply: reply)
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        24  Released (persons), finland, Finland
        Persons

        Added up: 24
          24  Attachment 1, Finland
              “Finland 24”
              country: Finland
              caveat: Five more remain.

        Not added
          5  Memorandum
             left out: its source contradicts it elsewhere (contested)
             country: Finland

          and 1 more observations; --limit lists more

        What the sources state about this sum
          25  differs: Note
              One died.

        Steps
          sort  by=released
                Orders the rows

        Notes
          - Five more remain.

        revision sha256:abc

        """)
    let parameters = try #require(calls.first?.parameters)
    #expect(parameters["where"] == [["dimension": "source", "codes": ["a", "b"]]])
    #expect(parameters["parameters"] == ["scheme": "x"])
    #expect(parameters["limit"] == 2)
  }

  @Test("A sum with decimals is shown with all of them, and what it lacks once") func whyDecimals() async throws {
    let reply: JSONObject = [
      "revision": "sha256:abc", "parameters": [:], "where": [], "title": "Emissions", "row": "Asia",
      "column": ["name": "co2", "title": "CO2", "kind": "decimal"], "shown": "12.50", "sumShown": "12.50",
      "coverage": [
        "numbers": 20, "expected": 48, "lacking": [["reason": "without a row", "count": 28]], "isEstimate": true,
        "lower": "11", "words": "20 of 48 numbers; 28 without a row; includes estimates: at least 11",
      ],
      "evidence": [
        ["use": "added", "shown": "12.50", "printed": "12,50", "codes": [:], "source": "Report", "caveats": []]
      ],
      "evidenceTotal": 1, "stated": [], "steps": [],
      "notes": [
        ["kind": "coverage", "text": "20 of 48 numbers; 28 without a row", "cells": []],
        ["kind": "coverage", "text": "The last number of each, from 1951 to 2016", "cells": []],
      ],
    ]
    let (outcome, _) = try await run(["why", "emissions", "Asia", "co2"], reply: reply)
    #expect(
      outcome.output == """
        12.50  CO2, Asia
        Emissions
        20 of 48 numbers; 28 without a row; includes estimates: at least 11

        Added up: 12.50
          12,50  Report

        Notes
          - The last number of each, from 1951 to 2016

        revision sha256:abc

        """)
  }
}
