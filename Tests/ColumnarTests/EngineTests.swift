import Columnar
import Model
import Query
import TestDatasets
import TestSupport
import Testing

/// What the engine says of a small dataset, by configuration alone.
struct EngineTests {
  private let engine: ColumnarEngine

  init() async throws {
    engine = try await harbourDataset().load(place: "port", breakdown: "season", measure: "ships")
  }

  /// The two ways in which the engine adds up.
  enum Method: CaseIterable {
    case cube
    case scan
  }

  private func aggregate(
    by dimensions: [Int], where selection: Selection = .all, _ method: Method
  ) async throws -> Aggregation {
    let query = AggregateQuery(by: dimensions, where: [selection])
    switch method {
    case .cube:
      try #require(engine.hasCube)
      return try await engine.aggregate(query)
    case .scan: return try await engine.scan(query)
    }
  }

  @Test("missing is not zero, and the kinds of missing are kept apart", arguments: Method.allCases)
  func missing(method: Method) async throws {
    let table = try await aggregate(by: [1, 2], method)
    #expect(table.shape == [4, 2] && table.count == 8)
    #expect(table[0, 0].sum == 8 && table[0, 0].numbers == 2)
    #expect(table[0, 1].sum == 0 && table[0, 1].observations == 1)
    #expect(table[1, 0].sum == nil && table[1, 0].observations == 1 && table[1, 0].missing == [1, 0])
    #expect(table[1, 1].sum == nil && table[1, 1].missing == [0, 1])
    #expect(table[3, 0] == .empty)
    let all = try await aggregate(by: [], method)[[]]
    #expect(all.sum == 18 && all.observations == 6 && all.numbers == 4 && all.missing == [1, 1])
  }

  @Test("of-which and contested observations are counted but never summed", arguments: Method.allCases)
  func roles(method: Method) async throws {
    let table = try await aggregate(by: [1, 2], method)
    #expect(table[2, 0].sum == 10 && table[2, 0].ofWhich == 1 && table[2, 0].observations == 1)
    #expect(table[2, 1].sum == nil && table[2, 1].contested == 1 && table[2, 1].observations == 0)
  }

  @Test(
    "an aggregate carries the caveats of its counted observations, those without a number included",
    arguments: Method.allCases)
  func caveats(method: Method) async throws {
    #expect(engine.model.caveats.map(\.id) == ["fog", "guess"])
    let ports = try await aggregate(by: [1], method)
    #expect(ports[0].caveats == [0, 1])
    #expect(ports[1].caveats == [0])
    #expect(ports[2].caveats == [])
    let summer = Selection().restricting(2, to: [1])
    #expect(try await aggregate(by: [], where: summer, method)[cell: 0].caveats == [])
    #expect(try await aggregate(by: [], method)[cell: 0].caveats == [0, 1])
  }

  @Test("disjoint groups add up to what the selection of all of them comes to")
  func unions() async throws {
    let ports = try await engine.aggregate(by: [1])
    var south = Aggregate.empty
    for place in [0, 2] { try south.formUnion(ports[place]) }
    #expect(south.sum == 18 && south.observations == 4 && south.ofWhich == 1 && south.contested == 1)
    #expect(south.caveats == [0, 1])
    #expect(try await engine.total(where: Selection().restricting(1, to: [0, 2])) == south)
    #expect(try south.union(ports[1]).missing == [1, 1])
  }

  @Test("an observation has its texts as they stand in the source")
  func observations() async throws {
    #expect(engine.observationCount == 8)
    let all = try await engine.list(ObservationQuery())
    #expect(all.map(\.key.text) == ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8"])
    let dash = all[2]
    #expect(dash.codes == [0, 1, 0] && dash.value == .missing(reason: 0) && dash.printed == "-")
    #expect(dash.locus == "p. 2" && dash.quote == "a dash, \"-\"" && dash.caveats == [0] && dash.whole == nil)
    let part = all[5]
    #expect(part.role == .ofWhich && part.whole == ObservationKey("o5") && part.value == .number(4))
    #expect(all[3].quote == nil)
  }

  private func keys(_ query: ObservationQuery) async throws -> [String] {
    try await engine.list(query).map(\.key.text)
  }

  @Test("observations are asked for by what they are about, by role, by key, in an order, and the first ones alone")
  func queries() async throws {
    let winter = Selection().restricting(2, to: [0])
    #expect(try await keys(ObservationQuery(where: [winter], roles: [.counted])) == ["o1", "o3", "o5", "o8"])
    #expect(try await keys(ObservationQuery(where: [winter], limit: 2)) == ["o1", "o3"])
    let akra = Selection().restricting(1, to: [0])
    #expect(try await keys(ObservationQuery(where: [winter, akra])) == ["o1", "o2", "o3", "o5", "o6", "o8"])
    #expect(
      try await keys(ObservationQuery(order: .codes([1, 2]))) == ["o1", "o8", "o2", "o3", "o4", "o5", "o6", "o7"])
    #expect(try await keys(ObservationQuery(order: .codes([2]), limit: 3)) == ["o1", "o3", "o5"])
    let named = try await engine.observations(keys: [ObservationKey("o6"), ObservationKey("o9"), ObservationKey("o2")])
    #expect(named.mapValues(\.printed) == [ObservationKey("o6"): "4", ObservationKey("o2"): "0"])
  }

  @Test("texts that nobody asked for are not read")
  func texts() async throws {
    var stream = engine.observations(ObservationQuery(texts: .loci))
    let batch = try #require(try await stream.next())
    #expect(batch.count == 8 && batch.loci[2] == "p. 2")
    #expect(batch.keys.isEmpty && batch.printed.isEmpty && batch.quotes.isEmpty)
    #expect(try await stream.next() == nil)
  }

  @Test("where the dataset gives observations no keys, they are numbered in its order")
  func numbered() async throws {
    let dataset = try plainDataset("here,old,1\nhere,new,2\n")
    let engine = try await dataset.load(place: "place", breakdown: "kind", measure: "count")
    #expect(try await engine.list(ObservationQuery()).map(\.key.text) == ["#1", "#2"])
    let second = ObservationKey("#2")
    #expect(try await engine.observations(keys: [second])[second]?.value == .number(2))
  }

  @Test("questions that make no sense are errors, and a selection of nothing is empty", arguments: Method.allCases)
  func badQuestions(method: Method) async throws {
    await #expect(throws: AggregationError.badDimension(3)) { try await aggregate(by: [3], method) }
    await #expect(throws: AggregationError.badDimension(1)) { try await aggregate(by: [1, 1], method) }
    await #expect(throws: AggregationError.badDimension(-1)) {
      try await aggregate(by: [], where: Selection().restricting(-1, to: [0]), method)
    }
    let none = Selection().restricting(1, to: [])
    #expect(try await aggregate(by: [1], where: none, method)[0] == .empty)
    let unknown = Selection().restricting(1, to: [99])
    #expect(try await aggregate(by: [1], where: unknown, method)[0] == .empty)
  }

  @Test("a cancelled task gets no answer")
  func cancellation() async throws {
    let engine = engine
    let scan = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await engine.scan(AggregateQuery(by: [1]))
    }
    await #expect(throws: CancellationError.self) { try await scan.value }
    let list = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await engine.list(ObservationQuery())
    }
    await #expect(throws: CancellationError.self) { try await list.value }
  }
}
