/// Many rows added up into one, with everything that stands behind them.
public struct MergedRow {
  private let columns: [Column]
  private var totals: ColumnTotals
  private var provenance: [Selection] = []
  /// By column, once a cell had provenance of its own.
  private var ownProvenance: [Int: [Selection]] = [:]

  /// No row yet, and so every sum missing.
  public init(columns: [Column]) {
    self.columns = columns
    totals = ColumnTotals(columns: columns)
  }

  /// How many rows were added.
  public var rowCount: Int { totals.rowCount }

  /// Adds a row with what stands behind it. Throws `TotalOverflow`.
  public mutating func add(_ row: Row) throws {
    try totals.add(row)
    for index in columns.indices where row[index].provenance != nil || ownProvenance[index] != nil {
      let before =
        ownProvenance[index]
        ?? columns[index].selection.map { selection in
          provenance.map { $0.intersection(selection) }
        }
      ownProvenance[index] = (before ?? []).merging(row.provenance(at: index, in: columns))
    }
    provenance.merge(row.provenance)
  }

  /// The sums with the caveats of all that is in them; the cells of other columns are empty.
  public var row: Row {
    var row = Row(totals.cells, provenance: provenance)
    for (index, provenance) in ownProvenance { row[index].provenance = provenance }
    return row
  }
}

extension [Selection] {
  /// Adds selections, each put together with an earlier one where a single selection says the same as both.
  public mutating func merge(_ others: [Selection]) {
    for other in others {
      // Neighbours are most alike, and looking at all would cost the square of them.
      let recent = indices.suffix(8).reversed()
      if let index = recent.first(where: { self[$0].union(other) != nil }), let union = self[index].union(other) {
        self[index] = union
      } else {
        append(other)
      }
    }
  }

  /// These and others, put together as by `merge`.
  public func merging(_ others: [Selection]) -> [Selection] {
    var result = self
    result.merge(others)
    return result
  }
}

extension Selection {
  /// The selection of all that one of both selects; nil when only two can say it.
  fileprivate func union(_ other: Selection) -> Selection? {
    let dimensions = Set((restrictions + other.restrictions).map(\.dimension))
    let different = dimensions.filter { self[$0] != other[$0] }
    guard let dimension = different.first else { return self }
    guard different.count == 1, var codes = self[dimension], let others = other[dimension] else { return nil }
    codes.formUnion(others)
    return lifting(dimension).restricting(dimension, to: codes)
  }
}
