public import Model

/// Makes a batch of rows that come one by one, typed by the table's columns.
public struct BatchBuilder: Sendable {
  private var columns: [VectorBuilder]
  private var annotations = SparseAnnotations()
  /// Of the rows before the first one that has any: none.
  private var provenance: [[Selection]] = []
  /// The rows so far.
  public private(set) var count = 0

  /// - Parameter columns: those of the table. A value of another kind than its column's makes the column `mixed`.
  public init(columns: [Column]) {
    self.columns = columns.map { VectorBuilder(kind: $0.kind) }
  }

  /// - Parameter cells: one for each column.
  public mutating func append(_ cells: [Cell], provenance: [Selection] = []) {
    for (index, cell) in cells.enumerated() {
      columns[index].append(cell.value)
      annotations[count, index] = SparseAnnotations.Annotation(
        notes: cell.notes, coverage: cell.coverage, bounds: cell.bounds, provenance: cell.provenance)
    }
    if !provenance.isEmpty || !self.provenance.isEmpty {
      while self.provenance.count < count { self.provenance.append([]) }
      self.provenance.append(provenance)
    }
    count += 1
  }

  /// Adds a row with as many cells as there are columns.
  public mutating func append(_ row: Row) { append(row.cells, provenance: row.provenance) }

  /// All rows so far; more may follow.
  public var batch: Batch {
    Batch(
      columns.map(\.vector), count: count, annotations: annotations,
      provenance: provenance.isEmpty ? .none : .selections(provenance))
  }
}

/// Makes a vector of values that come one by one.
private struct VectorBuilder: Sendable {
  /// Nil once values of several kinds have come.
  private var kind: Column.Kind?
  // Only the one of the kind is used.
  private var texts: [String] = []
  private var integers: [Int64] = []
  private var decimals: [ExactDecimal] = []
  private var mixed: [Cell.Value] = []
  private var gaps: [UInt8] = []
  private var reasons: [Missing?] = []

  init(kind: Column.Kind) {
    self.kind = kind
  }

  var vector: ColumnVector {
    let gaps = Gaps(codes: reasons.isEmpty ? [] : gaps, reasons: reasons)
    return switch kind {
    case .text?: .texts(texts, gaps)
    case .integer?: .integers(integers, gaps)
    case .decimal?: .decimals(decimals, gaps)
    case nil: .mixed(mixed)
    }
  }

  mutating func append(_ value: Cell.Value) {
    switch (kind, value) {
    case (nil, _): mixed.append(value)
    case (.text?, .text(let text)):
      texts.append(text)
      gaps.append(0)
    case (.integer?, .integer(let number)):
      integers.append(number)
      gaps.append(0)
    case (.decimal?, .decimal(let number)):
      decimals.append(number)
      gaps.append(0)
    case (let kind?, .missing(let reason)):
      guard let code = code(for: reason) else { return mix(value) }
      gaps.append(code)
      switch kind {
      case .text: texts.append("")
      case .integer: integers.append(0)
      case .decimal: decimals.append(ExactDecimal(units: 0, scale: 0))
      }
    default: mix(value)
    }
  }

  /// Nil when there are too many reasons for one list.
  private mutating func code(for reason: Missing?) -> UInt8? {
    let place = reasons.firstIndex(of: reason) ?? reasons.count
    if place >= 255 { return nil }
    if place == reasons.count { reasons.append(reason) }
    return UInt8(place + 1)
  }

  private mutating func mix(_ value: Cell.Value) {
    let before = vector
    mixed = (0..<before.count).map { before[$0] } + [value]
    kind = nil
    (texts, integers, decimals, gaps, reasons) = ([], [], [], [], [])
  }
}
