package import ReportKit

/// Adds up the columns whose cells may be added.
package struct Totals {
  private let columns: [Column]
  private var cells: [Cell]
  private var rowCount = 0

  package init(columns: [Column]) {
    self.columns = columns
    cells = columns.map { _ in .empty }
  }

  /// The sums with the caveats of everything in them, under a heading; nil when nothing may be added or there is
  /// only one row.
  package var row: Row? {
    guard rowCount > 1, columns.contains(where: { $0.total == .sum }) else { return nil }
    var row = Row(cells)
    if let heading = columns.firstIndex(where: { $0.kind == .text }) { row[heading] = .text("Total") }
    return row
  }

  package mutating func add(_ row: Row) throws {
    rowCount += 1
    for (index, column) in columns.enumerated() where column.total == .sum {
      let cell = row[index]
      cells[index].notes += cell.notes.filter { !cells[index].notes.contains($0) }
      switch (cells[index].value, cell.value) {
      case (.integer(let sum), .integer(let addend)):
        let (total, overflows) = sum.addingReportingOverflow(addend)
        if overflows { throw TotalOverflow(column: column.name) }
        cells[index].value = .integer(total)
      case (.missing(let reason?), .missing(let other?)):
        cells[index].value = .missing(reason.union(other))
      case (.integer, _), (.missing(_?), .missing): break
      case (_, let value): cells[index].value = value
      }
    }
  }
}

/// The total of a column is beyond the range of a 64-bit integer.
struct TotalOverflow: Error, CustomStringConvertible {
  var column: String

  var description: String { "the total of the column \(column) is beyond the range of a 64-bit integer" }
}

extension Missing {
  /// Both reasons, each once.
  fileprivate func union(_ other: Missing) -> Missing {
    if symbol.contains(other.symbol) { return self }
    if other.symbol.contains(symbol) { return other }
    return Missing(symbol: "\(symbol) \(other.symbol)", label: "\(label), \(other.label)")
  }
}
