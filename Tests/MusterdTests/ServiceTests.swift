import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite("The service answers as its interfaces say", .blocking, .timeLimit(.minutes(10)))
struct ServiceTests {
  let workplace: Workplace
  let daemon: RunningDaemon
  let client: CheckedClient

  init() async throws {
    workplace = try Workplace()
    daemon = try await RunningDaemon(in: workplace)
    client = try CheckedClient(connect(workplace))
  }

  @Test func theInterfacesAreServedAsTheyAreAndParseEverywhere() throws {
    let info = try client.call("org.varlink.service.GetInfo")
    #expect(
      info["interfaces"]
        == ["org.varlink.service", "org.muster.Reports", "org.muster.Exports", "org.muster.Manage"])
    #expect(info["product"] == "musterd")
    for text in [Reports.description, Exports.description, Manage.description] {
      let interface = try InterfaceDescription(parsing: text)
      #expect(interface.subsetViolations() == [])
      #expect(interface.formatted == text + "\n")
      let served = try client.call(
        "org.varlink.service.GetInterfaceDescription", ["interface": .string(interface.name)])
      #expect(served["description"] == .string(text))
    }
  }

  @Test func listNamesEveryReport() throws {
    let reply = try client.call("org.muster.Reports.List")
    #expect(reply["reports"]?.arrayValue?.compactMap { $0["name"] } == ["arrivals", "by-water", "north-by-grain"])
  }

  @Test func describeTellsParametersColumnsAndFormats() throws {
    let reply = try client.call("org.muster.Reports.Describe", ["report": "north-by-grain"])
    let described = try JSONValue.object(reply).decode(Reports.DescribeReply.self)
    #expect(described.steps.map(\.name) == ["select", "country-summary", "sort"])
    #expect(
      described.steps.map(\.parameters) == [
        ["register": "north", "cargo": "grain,timber"], ["scheme": "water", "totals": "computed"],
        ["by": "grain", "descending": "true"],
      ])
    #expect(described.steps.allSatisfy { !$0.summary.isEmpty })
    #expect(
      described.parameters.map(\.name) == [
        "scheme", "measure", "rows", "columns", "of", "prefer", "totals", "incomplete",
      ])
    #expect(described.parameters.compactMap(\.default) == ["water", "computed"])
    #expect(
      described.parameters.filter { ["scheme", "measure", "totals", "incomplete"].contains($0.name) }.map(\.choices)
        == [["water"], ["ships"], ["none", "computed", "stated", "both"], ["mark", "omit", "accept"]])
    #expect(described.columns.map(\.name) == ["harbour", "name", "bloc", "grain", "timber", "total"])
    #expect(described.formats.prefix(4).map(\.name) == ["csv", "json", "ndjson", "table"])
    #expect(described.formats.first?.parameters.map(\.name).contains("delimiter") == true)
  }

  @Test func runGivesRowsOrAFormat() throws {
    let reply = try client.call("org.muster.Reports.Run", ["report": "arrivals"])
    #expect(
      reply["rows"]?.arrayValue?.first
        == [
          "harbour": "alby", "name": "Älby", "bloc": "east", "grain": 42, "timber": 0, "ice": nil, "total": 42,
        ])
    #expect(reply["columns"]?.arrayValue?.count == 7)
    #expect(reply["mediaType"] == nil && reply["content"] == nil)

    let csv = try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": "csv"])
    #expect(csv["mediaType"] == "text/csv; charset=utf-8; header=present")
    #expect(csv["content"]?.stringValue?.hasPrefix("harbour,name,bloc,grain,timber,ice,total\nalby,") == true)
    #expect(csv["rows"] == nil)
    #expect(csv["revision"] == reply["revision"])
    // From the cache the same bytes come.
    #expect(try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": "csv"]) == csv)
    let status = try client.call("org.muster.Manage.Status")
    #expect(status["cacheHits"] == 1)
  }

  @Test(
    arguments: [
      (["report": "arivals"], "NoSuchReport", ["report": "arivals", "suggestions": ["arrivals"]]),
      (
        ["report": "arrivals", "format": "csw"], "NoSuchFormat",
        ["format": "csw"]
      ),
      (
        ["report": "arrivals", "parameters": ["schem": "x"]], "NoSuchParameter",
        ["report": "arrivals", "parameter": "schem", "suggestions": ["scheme"]]
      ),
      (
        ["report": "arrivals", "parameters": ["scheme": "watr"]], "InvalidValue",
        [
          "report": "arrivals", "parameter": "scheme", "value": "watr", "suggestions": ["water"],
          "reason": "unknown scheme \"watr\" for scheme of country-summary; did you mean \"water\"?",
        ]
      ),
    ] as [(JSONObject, String, JSONObject)])
  func errorsAreSpecific(parameters: JSONObject, name: String, expected: JSONObject) throws {
    let error = try client.error("org.muster.Reports.Run", parameters)
    #expect(error.name == "org.muster.Reports." + name)
    for (key, value) in expected.members { #expect(error.parameters[key] == value) }
  }

  @Test(
    arguments: [
      ("org.muster.Reports.Run", [:], "report"), ("org.muster.Reports.Run", ["report": 1], "report"),
      ("org.muster.Reports.Run", ["report": "arrivals", "formt": "csv"], "formt"),
      ("org.muster.Reports.Run", ["report": "arrivals", "parameters": ["scheme": 1]], "parameters.scheme"),
      ("org.muster.Manage.Status", ["x": 1], "x"),
    ] as [(String, JSONObject, String)])
  func parametersAreChecked(method: String, parameters: JSONObject, parameter: String) throws {
    let error = try client.error(method, parameters)
    #expect(error.name == "org.varlink.service.InvalidParameter")
    #expect(error.parameters["parameter"]?.stringValue?.hasPrefix(parameter.prefix(5)) == true)
  }

  @Test func unknownNamesAreToldApart() throws {
    #expect(try client.error("org.muster.Reports.Rum").parameters == ["method": "org.muster.Reports.Rum"])
    #expect(try client.error("org.muster.Report.Run").parameters == ["interface": "org.muster.Report"])
  }

  @Test func withMoreTheRepliesTogetherAreTheWhole() throws {
    let single = try client.call("org.muster.Reports.Run", ["report": "arrivals", "format": "json"])
    var content = ""
    for reply in try client.more("org.muster.Reports.Run", ["report": "arrivals", "format": "json"]) {
      content += reply["content"]?.stringValue ?? ""
    }
    #expect(content == single["content"]?.stringValue)
  }

  @Test func aResultOverTheLimitIsAnErrorThatNamesTheLimitAndMoreGivesItWhole() async throws {
    let workplace = try Workplace()
    try workplace.write(
      """
      dataset:
        package: \(repositoryRoot)/Config/datasets/repatriation-1955/datapackage.json
        place: country
        breakdown: disposition
        measure: persons
      limits: { reply_size: 8KiB }
      reports:
        all: { pipeline: [country-summary] }
      """, to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: workplace)
    let client = try CheckedClient(connect(workplace))
    for format: JSONObject in [[:], ["format": "json"]] {
      let error = try client.error(
        "org.muster.Reports.Run", JSONObject([("report", "all")] + format.members.map { ($0.name, $0.value) }))
      #expect(error.name == "org.muster.Reports.ResultTooLarge")
      #expect(error.parameters == ["limitBytes": 8192, "limit": "limits.reply_size"])
    }
    let replies = try client.more("org.muster.Reports.Run", ["report": "all"])
    #expect(replies.reduce(0) { $0 + ($1["rows"]?.arrayValue?.count ?? 0) } == 28)
    #expect(replies.first?["columns"] != nil)
    #expect(replies.last?["notes"] != nil)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aStepThatMustHoldTooManyRowsIsAnErrorThatNamesItAndItsLimit() async throws {
    let workplace = try Workplace()
    // Columns take little: the few rows of the package would have room.
    let numbers = 101...140
    try workplace.write(
      workplace.read("harbours.csv") + numbers.map { "h\($0),A harbour far away \($0)\n" }.joined(), to: "harbours.csv")
    try workplace.write(
      workplace.read("entries.csv") + numbers.map { "\($0),north,h\($0),grain,1,p. 1,counted\n" }.joined(),
      to: "entries.csv")
    try workplace.write(
      try workplace.read("musterd.yaml") + """
          listed:
            pipeline:
              - country-summary
              - unpivot: [grain, timber, ice, total]
              - sort: value
        limits: { step_memory: 4KiB }

        """, to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: workplace)
    let client = try CheckedClient(connect(workplace))
    let error = try client.error("org.muster.Reports.Run", ["report": "listed"])
    #expect(
      Reports.ResultTooLarge(error)
        == Reports.ResultTooLarge(limitBytes: 4096, limit: "limits.step_memory", step: "sort"))
    #expect(try client.call("org.muster.Reports.Run", ["report": "arrivals"])["rows"]?.arrayValue?.isEmpty == false)
    #expect(try await daemon.stop() == 0)
  }
}

/// A client that holds every reply against the description of its interface.
final class CheckedClient {
  private let client: Client
  private let interfaces: [InterfaceDescription]

  init(_ client: Client) throws {
    self.client = client
    interfaces = [
      InterfaceDescription.service, try InterfaceDescription(parsing: Reports.description),
      try InterfaceDescription(parsing: Exports.description), try InterfaceDescription(parsing: Manage.description),
    ]
  }

  private func interface(of name: String) -> InterfaceDescription? {
    interfaces.first { name.hasPrefix($0.name + ".") }
  }

  private func check(_ reply: JSONObject, of method: String) {
    #expect(interface(of: method)?.mismatch(inReply: reply, ofMethod: method) == nil)
  }

  func call(_ method: String, _ parameters: JSONObject = [:]) throws -> JSONObject {
    let reply = try client.call(method, parameters)
    check(reply, of: method)
    return reply
  }

  func more(_ method: String, _ parameters: JSONObject) throws -> [JSONObject] {
    var replies: [JSONObject] = []
    var stream = try client.callMore(method, parameters)
    while let reply = try stream.next() {
      check(reply, of: method)
      replies.append(reply)
    }
    return replies
  }

  func error(_ method: String, _ parameters: JSONObject = [:]) throws -> VarlinkError {
    do {
      let reply = try client.call(method, parameters)
      Issue.record("\(method) answered \(JSONValue.object(reply).text)")
      throw CancellationError()
    } catch let failure as ClientError {
      guard case .errorReply(let error) = failure else { throw failure }
      let interface = interface(of: error.name)
      #expect(interface != nil)
      #expect(interface?.mismatch(inError: error.parameters, named: error.name) == nil)
      return error
    }
  }
}
