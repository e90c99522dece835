public import Dataset

/// One row: its cells, as many as the table has columns, and which observations it is about.
public struct Row: Hashable, Sendable {
  public var cells: [Cell]
  /// The observations behind the row: any of these selections. What is behind a cell are those of them that the
  /// column's selection selects too. Empty when the row does not come from observations.
  public var origins: [Selection]

  public init(_ cells: [Cell], origins: [Selection] = []) {
    self.cells = cells
    self.origins = origins
  }

  public subscript(column: Int) -> Cell {
    get { cells[column] }
    set { cells[column] = newValue }
  }
}

/// What flows through a pipeline: columns that are known at once, and rows that are computed when they are asked for.
public struct Table {
  public var columns: [Column]
  public var rows: any RowStream
  /// Notes on the table as a whole.
  public var notes: [Note]

  public init(columns: [Column], rows: any RowStream, notes: [Note] = []) {
    self.columns = columns
    self.rows = rows
    self.notes = notes
  }

  /// A table whose rows all come from one computation, which runs when the first batch is asked for.
  public init(
    columns: [Column], notes: [Note] = [], rows compute: @escaping () async throws -> (rows: [Row], notes: [Note])
  ) {
    self.init(columns: columns, rows: ComputedRows(compute: compute), notes: notes)
  }
}

/// Rows in batches, in a deterministic order. A stream is read once, from one task.
public protocol RowStream {
  /// The next rows, at least one; nil at the end. Throws `CancellationError` when the caller has gone away.
  mutating func next() async throws -> [Row]?

  /// Notes on the table that are known only at its end; read after the last batch.
  var closingNotes: [Note] { get }
}

extension RowStream {
  public var closingNotes: [Note] { [] }
}

private struct ComputedRows: RowStream {
  let compute: () async throws -> (rows: [Row], notes: [Note])
  var isDone = false
  var closingNotes: [Note] = []

  init(compute: @escaping () async throws -> (rows: [Row], notes: [Note])) {
    self.compute = compute
  }

  mutating func next() async throws -> [Row]? {
    if isDone { return nil }
    isDone = true
    let (rows, notes) = try await compute()
    closingNotes = notes
    return rows.isEmpty ? nil : rows
  }
}

/// A step that must hold all rows was given more than it may hold.
public struct RowLimitExceeded: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the plugin.
  public var step: String
  public var limit: Int

  public init(step: String, limit: Int) {
    self.step = step
    self.limit = limit
  }

  public var description: String { "\(step) holds at most \(limit) rows, and there are more" }
}
