internal import Model

/// Which entries of the ledger of discrepancies name a statement.
struct LedgerIndex {
  private let entries: [Discrepancy.Statement: [Int]]
  private let model: DatasetModel

  init(_ model: DatasetModel) {
    self.model = model
    var entries: [Discrepancy.Statement: [Int]] = [:]
    for (index, discrepancy) in model.discrepancies.enumerated() {
      for statement in Set(discrepancy.statements) { entries[statement, default: []].append(index) }
    }
    self.entries = entries
  }

  /// The entries that explain how far a stated total lies above its sum, ascending.
  func explanations(ofStatedTotal index: Int, difference: Int128?) -> [Int] {
    (entries[.statedTotal(index)] ?? []).filter {
      model.discrepancies[$0].acknowledges(difference: difference, ofStatedTotal: index)
    }
  }

  /// Whether one entry names all of these.
  func knows(_ statements: [Discrepancy.Statement]) -> Bool {
    guard let first = statements.first else { return !model.discrepancies.isEmpty }
    return (entries[first] ?? []).contains { Set(model.discrepancies[$0].statements).isSuperset(of: statements) }
  }
}
