import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("Every cell can say where it comes from", .blocking, .timeLimit(.minutes(10)))
struct EvidenceTests {
  let workplace: Workplace
  let daemon: RunningDaemon
  let client: CheckedClient

  init() async throws {
    workplace = try Workplace()
    daemon = try await RunningDaemon(in: workplace)
    client = try CheckedClient(connect(workplace))
  }

  private func explain(_ parameters: JSONObject) throws -> Reports.ExplainReply {
    try JSONValue.object(client.call("org.muster.Reports.Explain", parameters)).decode()
  }

  @Test("A sum shows what was added and what was left out, with its reason, source and place")
  func addedAndLeftOut() throws {
    let reply = try explain(["report": "arrivals", "row": "brok", "column": "total"])
    #expect(reply.shown == "7")
    #expect(reply.sum == 7)
    #expect(reply.evidence.map(\.use) == [.added, .ofWhich, .missing, .missing, .missing])
    #expect(reply.evidence.map(\.value) == [7, 3, nil, nil, nil])
    #expect(reply.evidence.map(\.printed) == ["7", "3", "", "-", ""])
    #expect(reply.evidence.map(\.missing) == [nil, nil, "page lost", "none entered", "page lost"])
    #expect(
      reply.evidence.map(\.source) == [
        "North register", "North register", "South register", "South register", "North register",
      ])
    #expect(reply.evidence.map(\.locus) == ["p. 2", "p. 2", "p. 10", "p. 10", "p. 2"])
    #expect(reply.evidence[0].codes == ["register": "North register", "harbour": "Brok, Old Quay", "cargo": "Grain"])
    #expect(reply.evidence.map(\.shown) == ["7", "3", nil, nil, nil])
    #expect(reply.sumShown == "7")
    #expect(reply.evidenceTotal == 5)
    #expect(reply.steps.map(\.name) == ["country-summary"])
    #expect(
      try explain(["report": "arrivals", "row": "corre", "column": "timber"]).evidence.map(\.use) == [
        .contested, .added,
      ])
  }

  @Test("A sum tells how many numbers are in it, and the others by reason; a number alone does not") func coverage()
    throws
  {
    let coverage = try #require(try explain(["report": "arrivals", "row": "brok", "column": "total"]).coverage)
    #expect((coverage.numbers, coverage.expected) == (1, 4))
    #expect(coverage.lacking.map { "\($0.count) \($0.reason)" }.sorted() == ["1 none entered", "2 page lost"])
    #expect(coverage.words.hasPrefix("1 of 4 numbers; "))
    #expect(!coverage.isEstimate && coverage.lower == nil && coverage.upper == nil)
    #expect(try explain(["report": "arrivals", "row": "corre", "column": "timber"]).coverage == nil)
  }

  @Test("A run tells it of the same cells, in whatever replies, beside rows that are as they were")
  func coverageOfRun() throws {
    let parameters = ["report": "arrivals"] as JSONObject
    let whole: Reports.RunReply = try JSONValue.object(client.call("org.muster.Reports.Run", parameters)).decode()
    let rows = try #require(whole.rows)
    #expect(rows.allSatisfy { !$0.names.contains("@coverage") })
    #expect(whole.totals?.allSatisfy { !$0.cells.names.contains("@coverage") } == true)
    let told = try #require(whole.coverage)
    let brok = try #require(rows.firstIndex { $0["country"] == "brok" || $0["harbour"] == "brok" })
    #expect(
      told.first { $0.row == brok && $0.column == "total" }?.coverage
        == (try explain(["report": "arrivals", "row": "brok", "column": "total"]).coverage))
    #expect(told.contains { $0.row == rows.count && $0.column == "total" }, "the total")
    let pieces: [Reports.RunReply] = try client.more("org.muster.Reports.Run", parameters).map {
      try JSONValue.object($0).decode()
    }
    #expect(pieces.flatMap { $0.coverage ?? [] } == told)
  }

  @Test("A row is found by any of its texts, by its number, and as a total")
  func rows() throws {
    for row in ["alby", "Älby", "älby", "#1"] {
      #expect(try explain(["report": "arrivals", "row": .string(row), "column": "Grain"]).shown == "42")
    }
    let total = try explain(["report": "arrivals", "row": "total", "column": "grain"])
    #expect(total.total == .computed)
    #expect(total.shown == "49")
    #expect(total.sum == 49)
  }

  @Test("Steps and the filter of a pipeline are part of the explanation")
  func steps() throws {
    let reply = try explain([
      "report": "north-by-grain", "row": "alby", "column": "grain",
      "where": [["dimension": "harbour", "codes": ["alby", "brok"]]],
    ])
    #expect(reply.steps.map(\.name) == ["select", "country-summary", "sort"])
    #expect(reply.steps[0].parameters == ["register": "north", "harbour": "alby,brok", "cargo": "grain,timber"])
    #expect(reply.where == [Reports.Filter(dimension: "harbour", codes: ["alby", "brok"])])
    #expect(reply.evidence.map(\.locus) == ["p. 1"])
  }

  @Test("Fewer observations may be listed, but all are counted") func limit() throws {
    let reply = try explain(["report": "arrivals", "row": "brok", "column": "total", "limit": 2])
    #expect(reply.evidence.count == 2)
    #expect(reply.evidenceTotal == 5)
    #expect(reply.sum == 7)
  }

  @Test("A cell that is not there is an error that names the nearest")
  func unknownCells() throws {
    func error(_ row: JSONValue, _ column: JSONValue) throws -> Reports.NoSuchCell? {
      Reports.NoSuchCell(
        try client.error("org.muster.Reports.Explain", ["report": "arrivals", "row": row, "column": column]))
    }
    #expect(
      try error("albi", "grain")
        == Reports.NoSuchCell(
          report: "arrivals", reason: "no row has the text \"albi\"", suggestions: ["alby"]))
    #expect(
      try error("alby", "grian")
        == Reports.NoSuchCell(report: "arrivals", reason: "there is no column \"grian\"", suggestions: ["grain"]))
    #expect(try error("west", "grain")?.reason.hasPrefix("2 rows have the text \"west\"") == true)
    #expect(try error("#9", "grain")?.reason == "no row has the text \"#9\"")
  }

  @Test("What contradicts itself is counted until somebody acknowledges it") func reconcile() throws {
    let reply: Reports.ReconcileReply = try JSONValue.object(client.call("org.muster.Reports.Reconcile")).decode()
    #expect((reply.agreeing, reply.acknowledged, reply.unacknowledged) == (0, 0, 1))
    #expect(reply.entries.map(\.isTotal) == [false])
    #expect(reply.entries[0].status == .unacknowledged)
    #expect(reply.entries[0].statements == "5: Corrè, Timber (p. 3)")
  }
}

@Suite("A run can be narrowed, and its format set", .blocking, .timeLimit(.minutes(10)))
struct FilterTests {
  let workplace: Workplace
  let daemon: RunningDaemon
  let client: CheckedClient

  init() async throws {
    workplace = try Workplace()
    daemon = try await RunningDaemon(in: workplace)
    client = try CheckedClient(connect(workplace))
  }

  @Test("The reply names what was asked, and the cache keeps one answer from another")
  func metadata() throws {
    for _ in 0..<2 {
      let reply = try client.call(
        "org.muster.Reports.Run",
        [
          "report": "arrivals", "where": [["dimension": "register", "codes": ["south"]]],
          "parameters": ["totals": "none"],
        ])
      #expect(reply["where"] == [["dimension": "register", "codes": ["south"]]])
      #expect(reply["parameters"] == ["scheme": "water", "totals": "none"])
      #expect(reply["rows"]?.arrayValue?.compactMap { $0["grain"] } == [30, .null, .null])
      #expect(reply["totals"] == [])
      let whole = try client.call("org.muster.Reports.Run", ["report": "arrivals"])
      #expect(whole["rows"]?.arrayValue?.first?["grain"] == 42)
      #expect(whole["where"] == [])
      #expect(whole["totals"]?.arrayValue?.first?["cells"]?["grain"] == 49)
    }
  }

  @Test("A filter never widens what the report selects") func neverWider() throws {
    let reply = try client.call(
      "org.muster.Reports.Run",
      ["report": "north-by-grain", "where": [["dimension": "register", "codes": ["north", "south"]]]])
    #expect(reply["rows"] == (try client.call("org.muster.Reports.Run", ["report": "north-by-grain"])["rows"]))
    let nothing = try client.call(
      "org.muster.Reports.Run", ["report": "north-by-grain", "where": [["dimension": "register", "codes": ["south"]]]])
    #expect(nothing["rows"]?.arrayValue?.isEmpty == true)
  }

  @Test("All but some codes are asked for, and the reply says which those are")
  func without() throws {
    let reply = try client.call(
      "org.muster.Reports.Run",
      [
        "report": "arrivals",
        "where": [
          ["dimension": "harbour", "codes": [], "without": ["alby"]],
          ["dimension": "harbour", "codes": ["alby", "brok"]],
        ],
      ])
    #expect(reply["where"] == [["dimension": "harbour", "codes": ["brok"]]])
    #expect(reply["rows"]?.arrayValue?.count == 1)
  }

  @Test("What cannot be selected is an error that says why")
  func unusableFilters() throws {
    func error(_ filter: JSONValue) throws -> Reports.InvalidFilter? {
      Reports.InvalidFilter(
        try client.error("org.muster.Reports.Run", ["report": "arrivals", "where": .array([filter])]))
    }
    #expect(
      try error(["dimension": "harbour", "codes": ["latest"]])
        == Reports.InvalidFilter(
          dimension: "harbour", item: "latest",
          reason: "harbour has no code \"latest\", nor periods of which one is the latest"))
    #expect(try error(["dimension": "harbour", "codes": [], "under": ["alby"]])?.item == "alby")
    let all = try error(["dimension": "register", "codes": [], "without": ["north", "south"]])
    #expect(all?.reason == "this leaves out all of the register that it selects")
    #expect(all?.item == nil)
  }

  @Test("A dimension, a code or a parameter of a format that is not there is an error with the nearest name")
  func unknownNames() throws {
    #expect(
      Reports.NoSuchDimension(
        try client.error(
          "org.muster.Reports.Run", ["report": "arrivals", "where": [["dimension": "harbor", "codes": ["alby"]]]]))
        == Reports.NoSuchDimension(dimension: "harbor", suggestions: ["harbour"]))
    #expect(
      Reports.NoSuchCode(
        try client.error(
          "org.muster.Reports.Run", ["report": "arrivals", "where": [["dimension": "harbour", "codes": ["albi"]]]]))
        == Reports.NoSuchCode(dimension: "harbour", code: "albi", suggestions: ["alby"]))
    #expect(
      Reports.NoSuchFormatParameter(
        try client.error(
          "org.muster.Reports.Run", ["report": "arrivals", "format": "csv", "formatParameters": ["delimeter": "tab"]]))
        == Reports.NoSuchFormatParameter(format: "csv", parameter: "delimeter", suggestions: ["delimiter"]))
    let error = Reports.InvalidFormatValue(
      try client.error(
        "org.muster.Reports.Run",
        ["report": "arrivals", "format": "csv", "formatParameters": ["delimiter": "semicolons"]]))
    #expect(error?.suggestions == ["semicolon"])
  }

  @Test("Parameters of a format take effect") func formatParameters() throws {
    let reply = try client.call(
      "org.muster.Reports.Run",
      ["report": "arrivals", "format": "csv", "formatParameters": ["delimiter": "semicolon", "totals": "true"]])
    let lines = reply["content"]?.stringValue?.split(separator: "\n").map(String.init)
    #expect(lines?.first == "harbour;name;bloc;grain;timber;ice;total")
    #expect(lines?.last == "Total;;;49;6;;55")
  }

  @Test("What is no text comes as base64, whole in one reply and in pieces in many") func binary() throws {
    let reply = try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": "datapackage"])
    #expect(reply["content"] == nil)
    let archive = try #require(reply["base64"]?.stringValue.flatMap { base64Decoded($0) })
    #expect(archive.prefix(4) == [0x50, 0x4B, 3, 4])
    let pieces = try client.more("org.muster.Reports.Run", ["report": "arrivals", "format": "datapackage"])
    #expect(pieces.flatMap { $0["base64"]?.stringValue.flatMap { base64Decoded($0) } ?? [] } == archive)
  }

  @Test("The dimensions are listed with their codes") func dimensions() throws {
    let reply: Reports.ListDimensionsReply = try JSONValue.object(client.call("org.muster.Reports.ListDimensions"))
      .decode()
    #expect(reply.dimensions.map(\.name) == ["register", "harbour", "cargo"])
    #expect(reply.dimensions[2].codes.map(\.name) == ["Grain", "Timber", "Ice"])
  }
}

@Suite("base64") struct Base64Tests {
  @Test(
    "RFC 4648, section 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func vectors(_ plain: String, _ coded: String) {
    #expect(base64(plain.utf8) == coded)
    #expect(base64Decoded(coded) == Array(plain.utf8))
  }

  @Test("Every byte comes back") func bytes() {
    let all = (0..<256).map { UInt8($0) }
    #expect(base64Decoded(base64(all)) == all)
    #expect(base64(all).contains("/") && base64(all).contains("+"))
  }

  @Test(
    "No other text is taken", arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm 9", "Zg==Zg==", "Zm9v\n"])
  func refused(_ text: String) { #expect(base64Decoded(text) == nil) }
}
