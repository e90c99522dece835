internal import Model
internal import TabularPackage

/// Which rows of the columns any of several selections selects.
struct RowFilter: Sendable {
  private let alternatives: [[(column: CodeColumn, isAllowed: [Bool])]]

  init(anyOf selections: [Selection], in columns: ObservationColumns) {
    alternatives = selections.map { selection in
      selection.restrictions.map { restriction in
        (
          column: columns.dimensions[restriction.dimension],
          isAllowed: (0..<columns.shape[restriction.dimension]).map(restriction.codes.contains)
        )
      }
    }
  }

  func selects(_ row: Int) -> Bool {
    alternatives.contains { terms in terms.allSatisfy { $0.isAllowed[$0.column[row]] } }
  }
}
