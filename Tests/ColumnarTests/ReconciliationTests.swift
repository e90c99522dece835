import Columnar
import Model
import Query
import TestDatasets
import TestSupport
import Testing

@Suite("Stated totals are reconciled with the observations, in any dataset")
struct ReconciliationTests {
  private let engine: ColumnarEngine

  init() async throws {
    engine = try await harbourDataset().load(place: "port", breakdown: "season", measure: "ships")
  }

  @Test("a difference that the ledger names is acknowledged, and one that it does not name is not")
  func totals() async throws {
    let totals = try await engine.reconcile(ReconciliationQuery()).totals
    #expect(totals.map(\.status) == [.acknowledged, .unacknowledged])
    #expect(totals.map(\.computed.sum) == [18, 18])
    #expect(totals.map(\.difference) == [1, nil])
    #expect(totals.map(\.discrepancies) == [[0], []])
  }

  @Test("a single digit of the stated total would explain it, and no cell is named where several could")
  func candidates() async throws {
    let candidates = try await engine.reconcile(ReconciliationQuery()).totals[0].candidates
    #expect(
      candidates == [
        CorrectionCandidate(statement: .statedTotal(0), number: 18, slip: .wrongDigit, unsettles: [])
      ])
  }

  @Test("the ledger's entries that a sum shows are not told twice; a contest that it leaves out is told")
  func contradictions() async throws {
    let reconciliation = try await engine.reconcile(ReconciliationQuery())
    #expect(reconciliation.contradictions.map(\.kind) == [.unexplainedContest])
    #expect(reconciliation.contradictions[0].statements == [.observation(ObservationKey("o7"))])
    #expect(reconciliation.count(of: .unacknowledged) == 2)
    #expect(reconciliation.count(of: .acknowledged) == 1)
    #expect(reconciliation.count(of: .agrees) == 0)
  }

  @Test("whatever is named can be looked up, and nobody pays for what was not asked for")
  func named() async throws {
    let all = try await engine.reconcile(ReconciliationQuery())
    #expect(all.observations[ObservationKey("o7")]?.quote == "seven")
    let bare = try await engine.reconcile(
      ReconciliationQuery(candidates: .none, findsContradictions: false))
    #expect(bare.totals.map(\.status) == all.totals.map(\.status))
    #expect(bare.totals.allSatisfy(\.candidates.isEmpty) && bare.contradictions.isEmpty && bare.observations.isEmpty)
  }

  @Test("stated totals are found by what they cover, not by how their scope is written")
  func covering() async throws {
    func covering(_ selection: Selection) async throws -> [Int] {
      try await engine.reconciledTotals(covering: selection).map(\.index)
    }
    let winter = Selection().restricting(2, to: [0])
    // Bergen in winter has a counted observation without a number, so it belongs to what is covered.
    #expect(try await covering(winter) == [])
    #expect(try await covering(winter.restricting(1, to: [0, 2])) == [0])
    #expect(try await covering(winter.restricting(1, to: [0, 2, 3])) == [0])
    #expect(try await covering(.all) == [1])
  }
}

@Suite("Slips of copying are told apart")
struct SlipTests {
  @Test(arguments: [
    (32, 23, "transposedDigits"), (1064, 1046, "transposedDigits"), (180, 189, "wrongDigit"), (10, 1, "droppedDigit"),
    (123, 13, "droppedDigit"), (1, 10, "addedDigit"), (180, 1880, "addedDigit"),
  ])
  func named(right: Int64, printed: Int64, expected: String) throws {
    let slip = try #require(Slip.ofCopying(right, printed: printed))
    #expect("\(slip)" == expected)
  }

  @Test(arguments: [(7, 7), (18, 27), (321, 123), (5, 123), (-1, 1), (12, 456)])
  func noSingleSlip(right: Int64, printed: Int64) {
    #expect(Slip.ofCopying(right, printed: printed) == nil)
  }
}
