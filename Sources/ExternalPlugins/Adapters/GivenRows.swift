internal import ReportKit

/// What stands behind the rows that a plugin was given, kept until it has said which of them it used.
///
/// Of each batch stay the columns of which something has to be said, and the provenance: nothing for each row of
/// numbers without notes.
struct GivenRows {
  private struct Part {
    /// The number of its first row.
    var first: Int
    var batch: Batch
    /// The input's columns that the batch still has.
    var columns: [Int]
  }

  private var parts: [Part] = []
  private(set) var count = 0

  /// - Returns: what is kept of the batch.
  mutating func add(_ batch: Batch) -> Batch {
    let annotated = batch.annotations.columns
    let columns = batch.columns.indices.filter { batch.columns[$0].mayBeMarked || annotated.contains($0) }
    let part = Part(first: count, batch: batch.projecting(columns), columns: columns)
    parts.append(part)
    count += batch.count
    return part.batch
  }

  /// The observations behind the row of that number.
  func provenance(of row: Int) -> [Selection] {
    let part = part(of: row)
    return part.batch.provenance[row - part.first]
  }

  /// The cells of the row of that number of which something is to be said, that have no value, or that are decimals, with
  /// the index of the column, ascending. Any other cell of a column of numbers is a whole number.
  func marks(of row: Int) -> [(column: Int, cell: Cell)] {
    let part = part(of: row)
    return part.columns.enumerated().compactMap { index, column in
      let cell = part.batch.cell(row - part.first, index)
      return cell.isMarked ? (column, cell) : nil
    }
  }

  /// - Parameter row: less than `count`.
  private func part(of row: Int) -> Part {
    var (low, high) = (0, parts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if parts[middle].first <= row { low = middle } else { high = middle - 1 }
    }
    return parts[low]
  }
}

extension ColumnVector {
  fileprivate var mayBeMarked: Bool { if case .decimals = self { true } else { mayHaveGaps } }
}

extension Cell {
  fileprivate var isMarked: Bool {
    switch value {
    case .missing, .decimal: true
    default: !notes.isEmpty || coverage != nil || bounds != nil || provenance != nil
    }
  }
}
