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

  /// Those of the rows that are selected, ascending: column by column, which is much faster than row by row.
  func selected(of rows: Range<Int>) -> [Int] {
    guard alternatives.count == 1 else { return rows.filter(selects) }
    var kept = Array(rows)
    for (column, isAllowed) in alternatives[0] {
      switch column.width {
      case 1: Self.keep(column.base.assumingMemoryBound(to: UInt8.self), isAllowed, &kept)
      case 2: Self.keep(column.base.assumingMemoryBound(to: UInt16.self), isAllowed, &kept)
      default: Self.keep(column.base.assumingMemoryBound(to: UInt32.self), isAllowed, &kept)
      }
    }
    return kept
  }

  private static func keep<Code: FixedWidthInteger>(
    _ codes: UnsafePointer<Code>, _ isAllowed: [Bool], _ rows: inout [Int]
  ) {
    let count = rows.withUnsafeMutableBufferPointer { rows in
      isAllowed.withUnsafeBufferPointer { isAllowed in
        var count = 0
        for row in rows where isAllowed[Int(truncatingIfNeeded: codes[row])] {
          rows[count] = row
          count += 1
        }
        return count
      }
    }
    rows.removeLast(rows.count - count)
  }
}
