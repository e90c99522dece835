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

  /// Adds all rows of a batch. Throws for the first column whose sum leaves what a cell can hold.
  public mutating func add(_ batch: Batch) throws(TotalOverflow) {
    rowCount += batch.count
    for column in summed {
      for row in batch.indices where !cells[column.index].add(batch.cell(row, column.index)) {
        throw TotalOverflow(column: column.name)
      }
    }
  }

  /// Adds a row. Throws for the first column whose sum leaves what a cell can hold.
  public mutating func add(_ row: Row) throws(TotalOverflow) {
    rowCount += 1
    for column in summed where !cells[column.index].add(row[column.index]) {
      throw TotalOverflow(column: column.name)
    }
  }
}

/// The total of a column is beyond the numbers that a cell can hold.
public struct TotalOverflow: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the column.
  public var column: String

  /// - Parameter column: its name.
  public init(column: String) {
    self.column = column
  }

  /// The message.
  public var description: String { "the total of the column \(column) is beyond the numbers that a cell can hold" }
}

extension Cell {
  /// Adds the number of another cell, and takes on its notes and its coverage. What is missing adds nothing: the sum is
  /// missing only when both are, for both reasons; but what does not add, or is not shown, leaves the sum without a number.
  ///
  /// - Returns: false when the sum is beyond the range of the numbers that a cell can hold.
  public mutating func add(_ other: Cell) -> Bool {
    if !other.notes.isEmpty { notes += other.notes.filter { !notes.contains($0) } }
    let (own, others) = (coverageAsAddend, other.coverageAsAddend)
    let hasBounds = bounds != nil || other.bounds != nil
    let sumOfBounds = hasBounds ? Bounds(boundsAsAddend, plus: other.boundsAsAddend) : nil
    switch (value, other.value) {
    case (.missing(let reason?), _) where reason.kind.spoilsSums: break
    case (_, .missing(let reason?)) where reason.kind.spoilsSums: value = other.value
    case (.integer, .integer), (.decimal, _), (_, .decimal):
      guard let sum = value.asDecimal, let addend = other.value.asDecimal else {
        if value.asDecimal == nil { value = other.value }
        break
      }
      guard let total = sum.adding(addend) else { return false }
      value = total.scale == 0 ? Cell.Value(units: total.units, decimals: 0) : .decimal(total)
    case (.missing(let reason?), .missing(let other?)): value = .missing(reason.union(other))
    case (.integer, _), (.missing(_?), .missing): break
    case (_, let addend): value = addend
    }
    bounds = sumOfBounds
    coverage = nil
    if var sum = own ?? others {
      if own != nil, let others { sum.formUnion(others) }
      if sum.expected > 1 { coverage = sum }
    }
    return true
  }

  /// What the cell brings to the coverage of a sum that it is in; nil where nothing was observed.
  public var coverageAsAddend: Coverage? {
    if let coverage { return coverage }
    switch value {
    case .integer, .decimal: return Coverage(numbers: 1)
    case .missing(let reason?):
      if reason.kind == .nothing { return Coverage(numbers: 1) }
      return Coverage(numbers: 0, lacks: [Coverage.Lack(reason: reason.label, count: 1)])
    case .text, .missing(nil): return nil
    }
  }

  private var boundsAsAddend: Bounds {
    bounds ?? Bounds(lower: value.asDecimal ?? .zero, upper: value.asDecimal ?? .zero)
  }
}

extension Bounds {
  fileprivate init(_ a: Bounds, plus b: Bounds) {
    func sum(_ left: ExactDecimal?, _ right: ExactDecimal?) -> ExactDecimal? {
      left.flatMap { left in right.flatMap { left.adding($0) } }
    }
    self.init(lower: sum(a.lower, b.lower), upper: sum(a.upper, b.upper))
  }
}

extension Cell.Value {
  /// What counts in sums: the number, or 0 for a mark that means nil; nil for what is none.
  public var number: ExactDecimal? {
    if case .missing(let reason?) = self, reason.kind == .nothing { return .zero }
    return asDecimal
  }

  /// Why no sum with it in it has a number; nil for what does not spoil sums.
  public var spoiler: Missing? {
    if case .missing(let reason?) = self, reason.kind.spoilsSums { reason } else { nil }
  }

  /// The number with its decimals; nil for what is none.
  public var asDecimal: ExactDecimal? {
    switch self {
    case .integer(let integer): ExactDecimal(units: Int128(integer), scale: 0)
    case .decimal(let decimal): decimal
    case .text, .missing: nil
    }
  }
}

extension Missing.Kind {
  /// Whether a sum with it in it has no number either.
  public var spoilsSums: Bool { self == .notAdditive || self == .incomplete }
}

extension Missing {
  /// Both reasons, each once.
  fileprivate func union(_ other: Missing) -> Missing {
    let kind = kind == other.kind ? kind : .noNumber
    if symbol == other.symbol, label == other.label { return Missing(symbol: symbol, label: label, kind: kind) }
    if symbol.contains(other.symbol) { return Missing(symbol: symbol, label: label, kind: kind) }
    if other.symbol.contains(symbol) { return Missing(symbol: other.symbol, label: other.label, kind: kind) }
    return Missing(symbol: "\(symbol) \(other.symbol)", label: "\(label), \(other.label)", kind: kind)
  }
}
