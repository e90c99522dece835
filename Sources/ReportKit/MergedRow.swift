/// Many rows added up into one, with everything that stands behind them.
public struct MergedRow {
  private let columns: [Column]
  private var totals: ColumnTotals
  private var origins: [Selection] = []
  /// By column, once a cell had origins of its own.
  private var ownOrigins: [Int: [Selection]] = [:]

  public init(columns: [Column]) {
    self.columns = columns
    totals = ColumnTotals(columns: columns)
  }

  public var rowCount: Int { totals.rowCount }

  public mutating func add(_ row: Row) throws {
    try totals.add(row)
    for index in columns.indices where row[index].origins != nil || ownOrigins[index] != nil {
      let before =
        ownOrigins[index]
        ?? columns[index].selection.map { selection in
          origins.map { $0.intersection(selection) }
        }
      ownOrigins[index] = (before ?? []).merging(row.origins(at: index, in: columns))
    }
    origins.merge(row.origins)
  }

  /// The sums with the caveats of all that is in them; the cells of other columns are empty.
  public var row: Row {
    var row = Row(totals.cells, origins: origins)
    for (index, origins) in ownOrigins { row[index].origins = origins }
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
