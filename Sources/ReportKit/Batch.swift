public import Model

/// Rows in columns: what travels between engine, reports, transforms and exporters. A row of which nothing has to be said
/// beside its values allocates nothing.
public struct Batch: Sendable {
  /// As many as the table has columns, all as long as the batch.
  public private(set) var columns: [ColumnVector]
  /// The number of rows.
  public let count: Int
  /// Notes and provenance of single cells; most have none.
  public var annotations: SparseAnnotations
  /// The observations behind the rows, told for all of them at once where that is possible.
  public var provenance: RowProvenance

  /// - Parameter columns: all of `count` values.
  public init(
    _ columns: [ColumnVector], count: Int, annotations: SparseAnnotations = SparseAnnotations(),
    provenance: RowProvenance = .none
  ) {
    self.columns = columns
    self.count = count
    self.annotations = annotations
    self.provenance = provenance
  }

  /// - Parameter columns: those of the table; each row has as many cells.
  public init(_ rows: some Sequence<Row>, columns: [Column]) {
    var builder = BatchBuilder(columns: columns)
    for row in rows { builder.append(row) }
    self = builder.batch
  }

  /// From 0 up to `count`.
  public var indices: Range<Int> { 0..<count }

  /// The value of a cell, without what is said of it.
  public func value(_ row: Int, _ column: Int) -> Cell.Value { columns[column][row] }

  /// What a reader of the cell must know, as `Cell.remarks`; most cells have nothing.
  public func remarks(_ row: Int, _ column: Int) -> [Note] {
    annotations.isEmpty ? [] : annotations[row, column]?.remarks ?? []
  }

  /// The value of a cell, with what is said of it.
  public func cell(_ row: Int, _ column: Int) -> Cell {
    let annotation = annotations.isEmpty ? nil : annotations[row, column]
    return Cell(
      value(row, column), notes: annotation?.notes ?? [], coverage: annotation?.coverage, bounds: annotation?.bounds,
      provenance: annotation?.provenance)
  }

  /// One row with everything that is said of it.
  public subscript(row: Int) -> Row {
    Row(columns.indices.map { cell(row, $0) }, provenance: provenance[row])
  }

  /// Each row with everything that is said of it, made when it is looked at.
  public var rows: some Sequence<Row> { indices.lazy.map { self[$0] } }
}

/// The observations behind each row of a batch.
public enum RowProvenance: Sendable {
  /// The rows do not come from observations.
  case none
  /// For each row any of these selections; see `Row.provenance`.
  case selections([[Selection]])
  /// For each row the observations with its codes, which stand here by dimension of the model.
  case codes([[UInt32]])
  /// For each row those of the selection that have its codes in some dimensions, by which they stand here.
  case groups([[UInt32]], by: [Int], in: Selection)

  /// The observations behind a row: any of these selections. Empty when it does not come from observations.
  public subscript(row: Int) -> [Selection] {
    switch self {
    case .none: []
    case .selections(let selections): selections[row]
    case .codes(let codes): [Selection(codes: codes.map { Int($0[row]) })]
    case .groups(let codes, by: let dimensions, in: let selection):
      [zip(dimensions, codes).reduce(selection) { $0.restricting($1.0, to: [Int($1.1[row])]) }]
    }
  }
}

// MARK: - Other batches from this one

extension Batch {
  /// Those rows, in that order.
  public func gathering(_ rows: [Int]) -> Batch {
    Batch(
      columns.map { $0.gathering(rows) }, count: rows.count, annotations: annotations.gathering(rows),
      provenance: provenance.gathering(rows))
  }

  /// Those rows, which follow each other.
  public func slice(_ rows: Range<Int>) -> Batch { rows == indices ? self : gathering(Array(rows)) }

  /// The first rows, at most `count`.
  public func prefix(_ count: Int) -> Batch { count >= self.count ? self : gathering(Array(0..<count)) }
  /// The rows behind the first `count`; none when there are no more.
  public func dropFirst(_ count: Int) -> Batch {
    count <= 0 ? self : gathering(Array(min(count, self.count)..<self.count))
  }

  /// Those columns, in that order, of all rows.
  public func projecting(_ columns: [Int]) -> Batch {
    Batch(
      columns.map { self.columns[$0] }, count: count, annotations: annotations.projecting(columns),
      provenance: provenance)
  }

  /// With a further column before that one. Its cells get what is said of the column `source`; of its bounds only that
  /// there are estimates, since they are not in the same units.
  public func inserting(_ column: ColumnVector, at index: Int, annotatedAs source: Int) -> Batch {
    var result = self
    result.columns.insert(column, at: index)
    result.annotations = annotations.inserting(column: index, annotatedAs: source)
    return result
  }

  /// With a further column before that one.
  ///
  /// - Parameter cells: as many as there are rows.
  public func inserting(_ cells: [Cell], as column: Column, at index: Int) -> Batch {
    var builder = BatchBuilder(columns: [column])
    for cell in cells { builder.append([cell]) }
    let inserted = builder.batch
    var result = self
    result.columns.insert(inserted.columns[0], at: index)
    result.annotations = annotations.inserting(inserted.annotations, asColumn: index)
    return result
  }

  /// The observations behind a cell, as `Row.provenance`.
  ///
  /// - Parameter columns: those of the table.
  public func provenance(_ row: Int, _ column: Int, in columns: [Column]) -> [Selection] {
    if !annotations.isEmpty, let own = annotations[row, column]?.provenance { return own }
    guard let selection = columns[column].selection else { return [] }
    return provenance[row].map { $0.intersection(selection) }
  }

  /// The rows of several batches of one table, one behind the other; nil where there is none.
  public init?(joining batches: [Batch]) {
    guard let first = batches.first else { return nil }
    if batches.count == 1 {
      self = first
      return
    }
    var annotations = SparseAnnotations()
    var count = 0
    for batch in batches {
      annotations.add(batch.annotations, rowsBefore: count)
      count += batch.count
    }
    self.init(
      first.columns.indices.map { column in ColumnVector(joining: batches.map { $0.columns[column] }) }, count: count,
      annotations: annotations, provenance: RowProvenance(joining: batches))
  }
}

extension RowProvenance {
  fileprivate func gathering(_ rows: [Int]) -> RowProvenance {
    switch self {
    case .none: .none
    case .selections(let selections): .selections(rows.map { selections[$0] })
    case .codes(let codes): .codes(codes.map { codes in rows.map { codes[$0] } })
    case .groups(let codes, by: let dimensions, in: let selection):
      .groups(codes.map { codes in rows.map { codes[$0] } }, by: dimensions, in: selection)
    }
  }

  fileprivate init(joining batches: [Batch]) {
    let coded = batches.compactMap { batch in
      switch batch.provenance {
      case .codes(let codes): (codes: codes, base: nil as Base?)
      case .groups(let codes, by: let dimensions, in: let selection):
        (codes, Base(dimensions: dimensions, selection: selection))
      case .none, .selections: nil
      }
    }
    if coded.count == batches.count, let base = coded.first?.base, coded.allSatisfy({ $0.base == base }) {
      self = .groups(joined(coded.map(\.codes)), by: base.dimensions, in: base.selection)
    } else if coded.count == batches.count, coded.allSatisfy({ $0.base == nil }) {
      self = .codes(joined(coded.map(\.codes)))
    } else if batches.allSatisfy({ if case .none = $0.provenance { true } else { false } }) {
      self = .none
    } else {
      self = .selections(batches.flatMap { batch in batch.indices.map { batch.provenance[$0] } })
    }
  }

  private struct Base: Equatable {
    var dimensions: [Int]
    var selection: Selection
  }
}

/// By dimension the codes of all parts.
private func joined(_ parts: [[[UInt32]]]) -> [[UInt32]] {
  (parts.first ?? []).indices.map { dimension in Array(parts.map { $0[dimension] }.joined()) }
}
