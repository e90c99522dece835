import Base
import Dataset
import Foundation
import TestDatasets
import TestSupport
import Testing

/// What a snapshot of a small dataset says, by configuration alone.
struct SnapshotTests {
  // The folder must stay as long as the snapshot is asked.
  private let dataset: TemporaryDataset
  private let snapshot: Snapshot

  init() throws {
    dataset = try harbourDataset()
    snapshot = try Snapshot.load(dataset.configuration(place: "port", breakdown: "season", measure: "ships"))
  }

  @Test("dimensions, measure and kinds of nothing come from the package")
  func structure() throws {
    #expect(snapshot.name == "test")
    #expect(snapshot.dimensions.map(\.id) == ["log", "port", "season"])
    #expect(snapshot.place.id == "port" && snapshot.breakdown.id == "season")
    #expect(snapshot.place.title == "Port")
    #expect(snapshot.place.codes.ids == ["akra", "bergen", "cadiz", "dover"])
    #expect(snapshot.place.codes.names == ["Akra", "Bergen", "Cádiz", "dover"])
    #expect(snapshot.breakdown.codes.attributeNames == ["name", "note"])
    #expect(snapshot.breakdown.codes.attribute("note") == ["cold", nil])
    #expect(snapshot.breakdown.codes.attribute("nope") == nil)
    #expect(snapshot.measure.name == "ships" && snapshot.measure.title == "Ships" && snapshot.measure.unit == "ships")
    #expect(snapshot.missingReasons.map(\.value) == ["-", ""])
    #expect(snapshot.missingReasons.map(\.label) == ["a dash", "left out"])
    #expect(snapshot.revision.hasPrefix("sha256:"))
  }

  @Test("unknown names come with the nearest one")
  func names() throws {
    #expect(try snapshot.dimension("season") == 2)
    #expect(try snapshot.place.code("cadiz") == 2)
    #expect(throws: UnknownName(kind: "dimension", name: "ports", suggestions: ["port"])) {
      try snapshot.dimension("ports")
    }
    #expect(throws: UnknownName(kind: "scheme", name: "see", suggestions: ["sea"])) { try snapshot.scheme("see") }
    let error = #expect(throws: UnknownName.self) { try snapshot.place.code("bergn") }
    #expect(error?.description == "unknown port \"bergn\"; did you mean \"bergen\"?")
  }

  @Test("a selection is made of names, and every unknown one is reported where it is written")
  func selections() throws {
    func name(_ value: String, _ line: Int) -> Located<String> {
      Located(value, file: "report.yaml", position: .text(line: line, column: 3))
    }
    let south = try snapshot.selection([
      (name("port", 1), [name("akra", 1), name("cadiz", 1)]), (name("season", 2), [name("winter", 2)]),
    ])
    #expect(south == Selection().restricting(1, to: [0, 2]).restricting(2, to: [0]))
    #expect(south.contains([1, 2, 0]) && !south.contains([1, 1, 0]))
    let error = #expect(throws: ProblemList.self) {
      try snapshot.selection([
        (name("prot", 1), [name("akra", 1)]), (name("season", 2), [name("wintr", 2), name("spring", 3)]),
      ])
    }
    #expect(
      error?.lines == [
        "report.yaml:1:3: unknown dimension \"prot\"; did you mean \"port\"?",
        "report.yaml:2:3: unknown season \"wintr\"; did you mean \"winter\"?",
        "report.yaml:3:3: unknown season \"spring\"",
      ])
  }

  @Test("missing is not zero, and the kinds of missing are kept apart", arguments: AggregationMethod.allCases)
  func missing(method: AggregationMethod) throws {
    let table = try snapshot.aggregate(by: [1, 2], method: method)
    #expect(table.shape == [4, 2] && table.count == 8)
    #expect(table[0, 0].sum == 8 && table[0, 0].numbers == 2)
    #expect(table[0, 1].sum == 0 && table[0, 1].observations == 1)
    #expect(table[1, 0].sum == nil && table[1, 0].observations == 1 && table[1, 0].missing == [1, 0])
    #expect(table[1, 1].sum == nil && table[1, 1].missing == [0, 1])
    #expect(table[3, 0] == .empty)
    let all = try snapshot.aggregate(by: [], method: method)[[]]
    #expect(all.sum == 18 && all.observations == 6 && all.numbers == 4 && all.missing == [1, 1])
  }

  @Test("of-which and contested observations are counted but never summed", arguments: AggregationMethod.allCases)
  func roles(method: AggregationMethod) throws {
    let table = try snapshot.aggregate(by: [1, 2], method: method)
    #expect(table[2, 0].sum == 10 && table[2, 0].ofWhich == 1 && table[2, 0].observations == 1)
    #expect(table[2, 1].sum == nil && table[2, 1].contested == 1 && table[2, 1].observations == 0)
  }

  @Test(
    "an aggregate carries the caveats of its counted observations, those without a number included",
    arguments: AggregationMethod.allCases)
  func caveats(method: AggregationMethod) throws {
    #expect(snapshot.caveats.map(\.id) == ["fog", "guess"])
    let ports = try snapshot.aggregate(by: [1], method: method)
    #expect(ports[0].caveats == [0, 1])
    #expect(ports[1].caveats == [0])
    #expect(ports[2].caveats == [])
    let summer = Selection().restricting(2, to: [1])
    #expect(try snapshot.aggregate(by: [], where: summer, method: method)[cell: 0].caveats == [])
    #expect(try snapshot.aggregate(by: [], method: method)[cell: 0].caveats == [0, 1])
  }

  @Test("blocs add up disjoint places")
  func blocs() throws {
    let scheme = snapshot.schemes[try snapshot.scheme("sea")]
    #expect(scheme.title == "Seas" && scheme.asOf == "1900" && scheme.basis == "charts")
    #expect(scheme.blocs.map(\.name) == ["North Sea", "Southern seas"])
    #expect(scheme.blocOfPlace == [1, 0, 1, nil])
    #expect(scheme.basisOfPlace == [nil, "lies there", "chart 5", nil])
    #expect(scheme.bloc(ofPlace: 9) == nil)
    let ports = try snapshot.aggregate(by: [1])
    var south = Aggregate.empty
    for place in scheme.places(inBloc: 1) { try south.formUnion(ports[place]) }
    #expect(south.sum == 18 && south.observations == 4 && south.ofWhich == 1 && south.contested == 1)
    #expect(south.caveats == [0, 1])
    let selected = Selection().restricting(1, to: scheme.places(inBloc: 1))
    #expect(try snapshot.aggregate(by: [], where: selected)[[]] == south)
    #expect(try south.union(ports[1]).missing == [1, 1])
  }

  @Test("stated totals have the scope that they claim")
  func statedTotals() throws {
    let total = snapshot.statedTotals[0]
    #expect(total.value == .number(19) && total.source == nil && total.locus == "p. 9" && total.quote == "nineteen")
    #expect(total.scope[1] == [0, 2] && total.scope[2] == [0] && total.scope[0] == nil)
    #expect(try snapshot.aggregate(by: [], where: total.scope)[[]].sum == 18)
    #expect(snapshot.statedTotals[1].value == .missing(reason: 0))
    #expect(snapshot.statedTotals[1].scope == .all)
  }

  @Test("the ledger names the statements that disagree")
  func discrepancies() {
    let ledger = snapshot.discrepancies
    #expect(ledger.map(\.title) == ["Nineteen or eighteen"])
    #expect(ledger[0].explanation == "The log miscounts")
    #expect(ledger[0].statements == [.statedTotal(0), .observation(4)])
  }

  @Test("an observation has its texts as they stand in the source")
  func observations() throws {
    #expect(snapshot.observations.count == 8)
    let dash = try snapshot.observations.observation(atRow: 2)
    #expect(dash.id == "o3" && dash.codes == [0, 1, 0] && dash.value == .missing(reason: 0) && dash.printed == "-")
    #expect(dash.locus == "p. 2" && dash.quote == "a dash, \"-\"" && dash.caveats == [0] && dash.partOf == nil)
    let part = try snapshot.observations.observation(atRow: 5)
    #expect(part.role == .ofWhich && part.partOf == 4 && part.value == .number(4))
    #expect(try snapshot.observations.observation(atRow: 3).quote == nil)
    let winter = Selection().restricting(2, to: [0])
    let rows = try snapshot.observations.rows(where: winter, roles: [.counted])
    #expect(rows == [0, 2, 4, 7])
    #expect(try snapshot.observations.observations(atRows: rows).map(\.id) == ["o1", "o3", "o5", "o8"])
    #expect(try snapshot.observations.rows(where: winter, limit: 2) == [0, 2])
  }

  @Test("questions that make no sense are errors, and a selection of nothing is empty")
  func badQuestions() throws {
    #expect(throws: AggregationError.badDimension(3)) { try snapshot.aggregate(by: [3]) }
    #expect(throws: AggregationError.badDimension(1)) { try snapshot.aggregate(by: [1, 1]) }
    #expect(throws: AggregationError.badDimension(-1)) {
      try snapshot.aggregate(by: [], where: Selection().restricting(-1, to: [0]))
    }
    for method in AggregationMethod.allCases {
      let none = Selection().restricting(1, to: [])
      #expect(try snapshot.aggregate(by: [1], where: none, method: method)[0] == .empty)
      let unknown = Selection().restricting(1, to: [99])
      #expect(try snapshot.aggregate(by: [1], where: unknown, method: method)[0] == .empty)
    }
  }

  @Test("a cancelled task gets no answer")
  func cancellation() async throws {
    let snapshot = snapshot
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try snapshot.aggregate(by: [1], method: .scan)
    }
    await #expect(throws: CancellationError.self) { try await task.finished }
  }
}
