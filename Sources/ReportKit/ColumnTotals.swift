/// Adds up the columns whose cells may be added.
public struct ColumnTotals {
  /// The indexes and names of the columns that are added up.
  private let summed: [(index: Int, name: String)]
  /// The sums, each with the caveats of everything in it; empty where nothing is added.
  public private(set) var cells: [Cell]
  /// How many rows were added.
  public private(set) var rowCount = 0

  /// No row yet, and so every sum missing.
  public init(columns: [Column]) {
    summed = columns.enumerated().filter { $0.element.total == .sum }.map { ($0.offset, $0.element.name) }
    cells = columns.map { _ in .empty }
  }

  /// Whether there is anything to add.
  public var isWanted: Bool { !summed.isEmpty }

  /// Adds all rows of a batch. Throws for the first column whose sum leaves 64 bits.
  public mutating func add(_ batch: Batch) throws(TotalOverflow) {
    rowCount += batch.count
    for column in summed {
      for row in batch.indices where !cells[column.index].add(batch.cell(row, column.index)) {
        throw TotalOverflow(column: column.name)
      }
    }
  }

  /// Adds a row. Throws for the first column whose sum leaves 64 bits.
  public mutating func add(_ row: Row) throws(TotalOverflow) {
    rowCount += 1
    for column in summed where !cells[column.index].add(row[column.index]) {
      throw TotalOverflow(column: column.name)
    }
  }
}

/// The total of a column is beyond the range of a 64-bit integer.
public struct TotalOverflow: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the column.
  public var column: String

  /// - Parameter column: its name.
  public init(column: String) {
    self.column = column
  }

  /// The message.
  public var description: String { "the total of the column \(column) is beyond the range of a 64-bit integer" }
}

extension Cell {
  /// Adds the number of another cell, and takes on its notes. What is missing adds nothing: the sum is missing only when
  /// both are, for both reasons.
  ///
  /// - Returns: false when the sum is beyond the range of a 64-bit integer.
  public mutating func add(_ other: Cell) -> Bool {
    if !other.notes.isEmpty { notes += other.notes.filter { !notes.contains($0) } }
    switch (value, other.value) {
    case (.integer(let sum), .integer(let addend)):
      let (total, overflows) = sum.addingReportingOverflow(addend)
      if overflows { return false }
      value = .integer(total)
    case (.decimal(let sum), .decimal(let addend)):
      guard let total = sum.adding(addend) else { return false }
      value = .decimal(total)
    case (.missing(let reason?), .missing(let other?)): value = .missing(reason.union(other))
    case (.integer, _), (.decimal, _), (.missing(_?), .missing): break
    case (_, let addend): value = addend
    }
    return true
  }
}

extension Missing {
  /// Both reasons, each once.
  fileprivate func union(_ other: Missing) -> Missing {
    if symbol.contains(other.symbol) { return self }
    if other.symbol.contains(symbol) { return other }
    return Missing(symbol: "\(symbol) \(other.symbol)", label: "\(label), \(other.label)")
  }
}
