import Base
import Dataset
import Foundation
import TestDatasets
import Testing

@Suite("Stated totals are reconciled with the observations, in any dataset")
struct ReconciliationTests {
  // The folder must stay as long as the snapshot is asked.
  private let dataset: TemporaryDataset
  private let snapshot: Snapshot

  init() throws {
    dataset = try harbourDataset()
    snapshot = try Snapshot.load(dataset.configuration(place: "port", breakdown: "season", measure: "ships"))
  }

  @Test("a difference that the ledger names is acknowledged, and one that it does not name is not")
  func totals() throws {
    let totals = try snapshot.reconciliation().totals
    #expect(totals.map(\.status) == [.acknowledged, .unacknowledged])
    #expect(totals.map(\.computed.sum) == [18, 18])
    #expect(totals.map(\.difference) == [1, nil])
    #expect(totals.map(\.discrepancies) == [[0], []])
  }

  @Test("a single digit of the stated total would explain it, and no cell is named where several could")
  func candidates() throws {
    let candidates = try snapshot.reconciliation().totals[0].candidates
    #expect(
      candidates == [
        CorrectionCandidate(statement: .statedTotal(0), number: 18, slip: .wrongDigit, unsettles: [])
      ])
  }

  @Test("the ledger's entries that a sum shows are not told twice; a contest that it leaves out is told")
  func contradictions() throws {
    let reconciliation = try snapshot.reconciliation()
    #expect(reconciliation.contradictions.map(\.kind) == [.unexplainedContest])
    #expect(reconciliation.contradictions[0].statements == [.observation(6)])
    #expect(reconciliation.count(of: .unacknowledged) == 2)
    #expect(reconciliation.count(of: .acknowledged) == 1)
    #expect(reconciliation.count(of: .agrees) == 0)
  }

  @Test("stated totals are found by what they cover, not by how their scope is written")
  func covering() throws {
    let winter = Selection().restricting(2, to: [0])
    // Bergen in winter has a counted observation without a number, so it belongs to what is covered.
    #expect(try snapshot.statedTotals(covering: winter) == [])
    #expect(try snapshot.statedTotals(covering: winter.restricting(1, to: [0, 2])) == [0])
    #expect(try snapshot.statedTotals(covering: winter.restricting(1, to: [0, 2, 3])) == [0])
    #expect(try snapshot.statedTotals(covering: .all) == [1])
  }

  @Test("selections are told in the words of the dataset")
  func words() {
    #expect(snapshot.words(for: .all) == "everything")
    #expect(
      snapshot.words(for: Selection().restricting(1, to: [2, 0]).restricting(2, to: [1]))
        == "Port: Akra, Cádiz; season: Summer")
    #expect(snapshot.words(for: Selection().restricting(2, to: [0, 1])) == "everything")
    #expect(snapshot.words(for: Selection().restricting(2, to: [])) == "season: none")
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
