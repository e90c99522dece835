internal import ReportKit

/// Adds up the columns whose cells may be added.
struct ColumnTotals {
  private let columns: [Column]
  private(set) var cells: [Cell]
  private(set) var rowCount = 0

  init(columns: [Column]) {
    self.columns = columns
    cells = columns.map { _ in .empty }
  }

  var isWanted: Bool { columns.contains { $0.total == .sum } }

  mutating func add(_ row: Row) throws {
    rowCount += 1
    for (index, column) in columns.enumerated() where column.total == .sum {
      let cell = row[index]
      if !cell.notes.isEmpty { cells[index].notes += cell.notes.filter { !cells[index].notes.contains($0) } }
      switch (cells[index].value, cell.value) {
      case (.integer(let sum), .integer(let addend)):
        let (total, overflows) = sum.addingReportingOverflow(addend)
        if overflows { throw TotalOverflow(column: column.name) }
        cells[index].value = .integer(total)
      case (.decimal(let sum), .decimal(let addend)):
        guard let total = sum.adding(addend) else { throw TotalOverflow(column: column.name) }
        cells[index].value = .decimal(total)
      case (.missing(let reason?), .missing(let other?)):
        cells[index].value = .missing(reason.union(other))
      case (.integer, _), (.decimal, _), (.missing(_?), .missing): break
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
