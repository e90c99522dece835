internal import Model
internal import Query

/// Finds the stated totals that cover exactly some rows, however their scopes are written.
///
/// Of the rows of each only a fingerprint is kept; whoever asks compares the rows themselves.
struct CoverageIndex: Sendable {
  /// Ascending indexes of stated totals.
  private var totals: [Fingerprint: [Int]] = [:]

  init(_ reader: ScopeReader) {
    for (index, total) in reader.engine.model.statedTotals.enumerated() {
      let rows = reader.addends(of: reader.rows(of: total.scope, measure: total.measure))
      if !rows.isEmpty { totals[Fingerprint(rows), default: []].append(index) }
    }
  }

  /// The stated totals that add up exactly what is added of the selection, ascending.
  func totals(covering selection: Selection, _ reader: ScopeReader) -> [Int] {
    let rows = reader.addends(of: reader.rows(of: selection, measure: nil))
    if rows.isEmpty { return [] }
    return (totals[Fingerprint(rows)] ?? []).filter { index in
      let total = reader.engine.model.statedTotals[index]
      return reader.addends(of: reader.rows(of: total.scope, measure: total.measure)) == rows
    }
  }

  /// The same for the same rows, and hardly ever for others.
  private struct Fingerprint: Hashable {
    private let count: Int
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ rows: [UInt32]) {
      count = rows.count
      for row in rows {
        low &+= mixed(UInt64(row))
        high &+= mixed(UInt64(row) | 1 << 40)
      }
    }
  }
}
