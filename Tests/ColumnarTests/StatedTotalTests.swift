import Columnar
import Model
import Query
import TestDatasets
import TestSupport
import Testing

@Suite("Stated totals are held against the same sums as everything else, however they are found")
struct StatedTotalTests {
  private static let shapes = [[5, 3, 4], [40, 6], [9, 9, 9, 3], [300, 2]]

  private static func random(_ seed: Int) async throws -> (stated: StatedDataset, engine: ColumnarEngine) {
    var random = SplitMix(seed: UInt64(seed))
    let stated = StatedDataset(
      &random, shape: shapes[seed % shapes.count], rowCount: [60, 400, 900, 1][seed / 4 % 4], totalCount: 60,
      partShare: seed % 3 == 0 ? 70 : 15)
    return (stated, try await stated.dataset().load(place: "d0", breakdown: "d1", measure: "value"))
  }

  @Test("each sum is what a scan of all observations comes to, and parts are added by themselves", arguments: 0..<12)
  func sums(seed: Int) async throws {
    let (stated, engine) = try await Self.random(seed)
    let found = try await engine.reconcile(ReconciliationQuery(candidates: .none)).totals
    #expect(found.count == stated.totals.count)
    for total in found {
      let scope = stated.totals[total.index].scope
      var expected = try await engine.scan(AggregateQuery(by: [], where: [scope]))[cell: 0]
      expected.parts = Self.parts(stated, scope)
      #expect(total.computed == expected)
      #expect(total.isOfParts == (expected.observations == 0 && expected.ofWhich > 0))
      let sum = total.isOfParts ? expected.parts.sum : expected.sum
      #expect(total.sum == sum)
      #expect((total.status == .agrees) == (sum == Int128(stated.totals[total.index].stated)))
      #expect(total.difference == sum.map { Int128(stated.totals[total.index].stated) - $0 })
    }
  }

  private static func parts(_ stated: StatedDataset, _ scope: Selection) -> PartAggregate {
    let parts = stated.rows.filter { $0.role == .ofWhich && scope.contains($0.codes) }
    var result = PartAggregate()
    result.numbers = parts.count { $0.value != nil }
    result.missing = parts.count - result.numbers
    let wholes = parts.compactMap(\.whole)
    result.overlap = Set(wholes).count < wholes.count
    if result.numbers > 0, !result.overlap { result.sum = parts.reduce(0) { $0 + Int128($1.value ?? 0) } }
    return result
  }

  @Test("what covers a selection is what adds up the same observations", arguments: 0..<12)
  func covering(seed: Int) async throws {
    let (stated, engine) = try await Self.random(seed)
    var random = SplitMix(seed: UInt64(seed + 1000))
    let scopes = stated.totals.map { stated.rows(of: $0.scope) }
    let others = (0..<20).map { _ in StatedDataset.selection(&random, shape: stated.shape) }
    for selection in stated.totals.map(\.scope) + others + [.all] {
      let rows = stated.rows(of: selection)
      let expected = scopes.indices.filter { !rows.isEmpty && scopes[$0] == rows }
      #expect(try await engine.reconciledTotals(covering: selection).map(\.index) == expected)
    }
  }

  @Test("totals that go beyond what is selected are left out and counted", arguments: 0..<6)
  func within(seed: Int) async throws {
    let (stated, engine) = try await Self.random(seed)
    var random = SplitMix(seed: UInt64(seed + 2000))
    for _ in 0..<10 {
      let selection = StatedDataset.selection(&random, shape: stated.shape)
      let found = try await engine.reconcile(ReconciliationQuery(totals: .within(selection), candidates: .none))
      let expected = stated.totals.indices.filter { index in
        stated.rows(of: stated.totals[index].scope).allSatisfy { selection.contains(stated.rows[$0].codes) }
      }
      #expect(found.totals.map(\.index) == expected)
      #expect(found.leftOut == stated.totals.count - expected.count)
    }
  }

  @Test("where many totals disagree no single wrong numbers are looked for, unless they are asked for")
  func manyDisagreements() async throws {
    var random = SplitMix(seed: 7)
    var stated = StatedDataset(&random, shape: [50, 5], rowCount: 250, totalCount: 0, partShare: 0)
    for row in stated.rows.indices.prefix(201) {
      let scope = Selection(codes: stated.rows[row].codes)
      let sum = stated.rows(of: scope).reduce(0) { $0 + (stated.rows[$1].value ?? 0) }
      // The last digit is another.
      stated.totals.append(StatedDataset.Total(scope: scope, stated: sum / 10 * 10 + (sum + 1) % 10))
    }
    let engine = try await stated.dataset().load(place: "d0", breakdown: "d1", measure: "value")
    let few = try await engine.reconcile(ReconciliationQuery())
    let disagreements = few.totals.count { $0.status == .unacknowledged }
    #expect(disagreements > ReconciliationQuery.usualDisagreements)
    #expect(few.unsearched == disagreements && few.totals.allSatisfy(\.candidates.isEmpty))
    let all = try await engine.reconcile(ReconciliationQuery(candidates: .all))
    #expect(all.unsearched == 0)
    #expect(all.totals.contains { !$0.candidates.isEmpty })
    let none = try await engine.reconcile(ReconciliationQuery(candidates: .none))
    #expect(none.unsearched == 0 && none.totals.allSatisfy(\.candidates.isEmpty))
  }
}

@Suite("A stated total may be rounded, or a little wrong")
struct AgreementTests {
  private static func reconciled(
    sum: Int64, stated: Int64, tolerance: String = "", rounded: String = "", usually: (Int, Int) = (0, 1)
  ) async throws -> ReconciledTotal {
    let dataset = try TemporaryDataset()
    try dataset.codeList("places", "id\nhere\nthere\n")
    try dataset.codeList("kinds", "id\nold\n")
    let count = #"{"name": "count", "type": "integer"}"#
    try dataset.table(
      "observations", "place,kind,count\nhere,old,\(sum - 1)\nthere,old,1\n",
      fields: #"{"name": "place"}, {"name": "kind"}, "# + count,
      schema: "\"foreignKeys\": [\(foreignKey("place", "places")), \(foreignKey("kind", "kinds"))]")
    try dataset.table(
      "stated_totals", "id,count,tolerance,rounded\nt,\(stated),\(tolerance),\(rounded)\n",
      fields: #"{"name": "id"}, \#(count), {"name": "tolerance"}, {"name": "rounded"}"#,
      schema: "\"primaryKey\": \"id\"")
    var configuration = try dataset.configuration(place: "place", breakdown: "kind", measure: "count")
    (configuration.tolerance, configuration.rounded) = usually
    let engine = try await ColumnarEngine.load(configuration)
    return try #require(try await engine.reconcile(ReconciliationQuery()).totals.first)
  }

  @Test("within what the table or the configuration allows it agrees, and says how")
  func tolerance() async throws {
    #expect(try await Self.reconciled(sum: 100, stated: 101).agreement == nil)
    #expect(try await Self.reconciled(sum: 100, stated: 100, tolerance: "1").agreement == .exact)
    for stated in [99, 101] as [Int64] {
      let total = try await Self.reconciled(sum: 100, stated: stated, tolerance: "1")
      #expect(total.agreement == .within(1) && total.status == .agrees && total.candidates.isEmpty)
      #expect(total.difference == Int128(stated - 100))
    }
    #expect(try await Self.reconciled(sum: 100, stated: 102, tolerance: "1").agreement == nil)
    #expect(try await Self.reconciled(sum: 100, stated: 102, usually: (2, 1)).agreement == .within(2))
    #expect(try await Self.reconciled(sum: 100, stated: 102, tolerance: "0", usually: (2, 1)).agreement == nil)
  }

  @Test("a rounded one agrees when the sum rounds to it, half away from zero")
  func rounded() async throws {
    func agreement(_ sum: Int64, _ stated: Int64) async throws -> Agreement? {
      try await Self.reconciled(sum: sum, stated: stated, rounded: "1000").agreement
    }
    #expect(try await agreement(12_500, 13_000) == .rounded(to: 1000))
    #expect(try await agreement(12_500, 12_000) == nil)
    #expect(try await agreement(12_499, 12_000) == .rounded(to: 1000))
    #expect(try await agreement(-12_500, -13_000) == .rounded(to: 1000))
    #expect(try await agreement(-12_499, -12_000) == .rounded(to: 1000))
    #expect(try await agreement(499, 0) == .rounded(to: 1000))
    #expect(try await agreement(12_345, 12_345) == .exact)
    #expect(try await agreement(12_345, 12_346) == nil)
    #expect(try await Self.reconciled(sum: 12_345, stated: 12_000, usually: (0, 1000)).agreement == .rounded(to: 1000))
    #expect(try await Self.reconciled(sum: 12_345, stated: 12_000, rounded: "1", usually: (0, 1000)).agreement == nil)
  }

  @Test("what is no such number is told with its place")
  func wrongLimits() async throws {
    await #expect(throws: (any Error).self) { try await Self.reconciled(sum: 1, stated: 1, tolerance: "-1") }
    await #expect(throws: (any Error).self) { try await Self.reconciled(sum: 1, stated: 1, rounded: "0") }
    await #expect(throws: (any Error).self) { try await Self.reconciled(sum: 1, stated: 1, tolerance: "a little") }
  }
}

@Suite("A scope may name a bloc instead of codes")
struct ScopeTests {
  private static func dataset(_ scopes: String) throws -> TemporaryDataset {
    let dataset = try TemporaryDataset()
    try dataset.codeList("ports", "id,name\nakra,Akra\nbergen,Bergen\ncadiz,Cádiz\n")
    try dataset.codeList("seasons", "id,name\nwinter,Winter\nsummer,Summer\n")
    let ships = #"{"name": "ships", "type": "integer"}"#
    try dataset.table(
      "observations", "port,season,ships\nakra,winter,1\nbergen,winter,20\ncadiz,winter,300\ncadiz,summer,4000\n",
      fields: #"{"name": "port"}, {"name": "season"}, "# + ships,
      schema: "\"foreignKeys\": [\(foreignKey("port", "ports")), \(foreignKey("season", "seasons"))]")
    try dataset.codeList("schemes", "id,title\nsea,Seas\n")
    try dataset.table(
      "blocs", "scheme,id,name\nsea,north,North\nsea,south,South\n",
      schema: "\"primaryKey\": [\"scheme\", \"id\"], \"foreignKeys\": [\(foreignKey("scheme", "schemes"))]")
    try dataset.table(
      "bloc_members", "scheme,port,bloc\nsea,bergen,north\nsea,akra,south\nsea,cadiz,south\n",
      schema: "\"primaryKey\": [\"scheme\", \"port\"], \"foreignKeys\": ["
        + [foreignKey("scheme", "schemes"), foreignKey("port", "ports")].joined(separator: ", ") + "]")
    try dataset.table(
      "stated_totals", "id,ships\nsouth_in_winter,301\nsouth_and_bergen,4321\n",
      fields: #"{"name": "id"}, "# + ships, schema: "\"primaryKey\": \"id\"")
    try dataset.table(
      "stated_total_scopes", "stated_total,dimension,code,scheme,bloc,under\n" + scopes,
      schema: "\"foreignKeys\": [\(foreignKey("stated_total", "stated_totals"))]")
    return dataset
  }

  @Test("all places of the bloc are meant, beside codes that other rows name")
  func bloc() async throws {
    let dataset = try Self.dataset(
      """
      south_in_winter,,,sea,south,
      south_in_winter,season,winter,,,
      south_and_bergen,port,,sea,south,
      south_and_bergen,port,bergen,,,

      """)
    let engine = try await dataset.load(place: "port", breakdown: "season", measure: "ships")
    let totals = try await engine.reconcile(ReconciliationQuery()).totals
    #expect(totals.map(\.agreement) == [.exact, .exact])
    #expect(engine.model.statedTotals[0].scope == Selection().restricting(0, to: [0, 2]).restricting(1, to: [0]))
  }

  @Test("a row that says nothing, too much or what is not there is told with its place")
  func wrongRows() async throws {
    let dataset = try Self.dataset(
      """
      south_in_winter,port,,,,
      south_in_winter,port,akra,sea,south,
      south_in_winter,,,sea,west,
      south_in_winter,,,,south,
      south_in_winter,,,lakes,south,
      south_in_winter,season,,sea,south,
      south_in_winter,port,,,,akra
      south_in_winter,,akra,,,

      """)
    let problems = await dataset.problems(
      of: try dataset.configuration(place: "port", breakdown: "season", measure: "ships"))
    let file = "stated_total_scopes.csv"
    #expect(
      problems == [
        "\(file):2:code: the row names neither a code nor a bloc nor what codes are under",
        "\(file):3:code: the row names a code and a bloc; each needs a row of its own",
        "\(file):4:bloc: the scheme has no bloc \"west\"",
        "\(file):5:scheme: the row does not say of which scheme the bloc is",
        "\(file):6:scheme: unknown scheme \"lakes\"",
        "\(file):7:dimension: the scheme \"sea\" is of the dimension \"port\", not \"season\"",
        "\(file):8:under: nothing is under \"akra\" in the dimension \"port\"",
        "\(file):9:dimension: the row does not say of which dimension the code is",
      ])
  }
}
