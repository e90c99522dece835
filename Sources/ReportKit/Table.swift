public import Model

/// One row: its cells, as many as the table has columns, and which observations it is about.
public struct Row: Hashable, Sendable {
  /// As many as the table has columns.
  public var cells: [Cell]
  /// The observations behind the row: any of these selections. What is behind a cell are those of them that the
  /// column's selection selects too. Empty when the row does not come from observations.
  public var provenance: [Selection]

  /// - Parameter provenance: empty when the row does not come from observations.
  public init(_ cells: [Cell], provenance: [Selection] = []) {
    self.cells = cells
    self.provenance = provenance
  }

  /// The cell of that column.
  public subscript(column: Int) -> Cell {
    get { cells[column] }
    set { cells[column] = newValue }
  }

  /// The observations behind the cell of that column: any of these selections. Empty when it does not come from
  /// observations.
  public func provenance(at column: Int, in columns: [Column]) -> [Selection] {
    if let own = cells[column].provenance { return own }
    guard let selection = columns[column].selection else { return [] }
    return provenance.map { $0.intersection(selection) }
  }
}

/// A row below the table that covers all of its rows, or all that a source claims to cover.
public struct TotalRow: Hashable, Sendable {
  /// Who says what all rows come to.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// What the observations come to.
    case computed
    /// What a source says that they come to.
    case stated
  }

  /// Who says it.
  public var kind: Kind
  /// Such as `Total`; it stands in the first cell of text too.
  public var title: String
  /// With as many cells as the table has columns, empty where there is no total.
  public var row: Row
  /// How many rows it covers, where a step does not show all of them; the title tells. Nil where it covers what is shown.
  public private(set) var rowCount: Int?
  private var shortTitle: String?

  /// - Parameter title: such as `Total`.
  public init(_ kind: Kind, title: String, row: Row) {
    self.kind = kind
    self.title = title
    self.row = row
  }
}

extension TotalRow {
  /// The same total below a table that does not show all of the rows that it covers: its title says how many those are.
  /// What covers more than is shown already goes on saying so.
  public func covering(_ rowCount: Int) -> TotalRow {
    if self.rowCount != nil { return self }
    var result = self
    let rows = rowCount == 1 ? "1 row" : "all \(rowCount) rows"
    result.rowCount = rowCount
    result.shortTitle = title
    result.title += kind == .computed ? " of \(rows)" : ", of \(rows)"
    if let place = row.cells.firstIndex(where: { $0.value == .text(title) }) {
      result.row[place].value = .text(result.title)
    }
    return result
  }

  /// Whether somebody means it who writes that, regardless of letter case: its title, with or without what it covers.
  public func isTitled(_ text: String) -> Bool {
    title.lowercased() == text.lowercased() || shortTitle?.lowercased() == text.lowercased()
  }

  /// With its title in the first column of text, unless a step left it in another one. A column that tells totals apart
  /// keeps what it tells.
  public func titled(in columns: [Column]) -> TotalRow {
    var result = self
    let texts = columns.indices.filter { columns[$0].kind == .text }
    if texts.contains(where: { row[$0].value == .text(title) }) { return result }
    let free = texts.first { !columns[$0].tellsTotals } ?? texts.first { row[$0].value == .missing(nil) }
    if let free { result.row[free] = .text(title) }
    return result
  }
}

/// What flows through a pipeline: columns that are known at once, and rows that are computed when they are asked for.
public struct Table {
  /// In the order in which they are shown; names are unique.
  public var columns: [Column]
  /// The rows, which can be read once.
  public var batches: any BatchStream
  /// Notes on the table as a whole.
  public var notes: [Note]
  /// Whether totals can be trusted to tell when they cover more rows than are shown: false after a step of which nobody
  /// knows what it leaves out.
  public var showsAllRows = true

  /// - Parameter notes: on the table as a whole, known before the first row.
  public init(columns: [Column], batches: any BatchStream, notes: [Note] = []) {
    self.columns = columns
    self.batches = batches
    self.notes = notes
  }

  /// A table whose rows all come from one computation, which runs when the first batch is asked for.
  public init(
    columns: [Column], notes: [Note] = [], rows compute: @escaping () async throws -> (rows: [Row], notes: [Note])
  ) {
    self.init(columns: columns, notes: notes) {
      let (rows, notes) = try await compute()
      return TableContents(rows: rows, notes: notes)
    }
  }

  /// A table whose contents all come from one computation, which runs when the first batch is asked for.
  public init(
    columns: [Column], notes: [Note] = [], contents compute: @escaping () async throws -> TableContents
  ) {
    self.init(columns: columns, batches: ComputedRows(columns: columns, compute: compute), notes: notes)
  }
}

/// All rows of a table, and what is known at its end.
public struct TableContents: Sendable {
  /// In the order in which they are shown; each with as many cells as the table has columns.
  public var rows: [Row]
  /// Notes on the table as a whole that are known only at its end.
  public var notes: [Note]
  /// Empty for those that the columns' `total` calls for.
  public var totals: [TotalRow]

  /// - Parameter totals: empty for those that the columns' `total` calls for.
  public init(rows: [Row], notes: [Note] = [], totals: [TotalRow] = []) {
    self.rows = rows
    self.notes = notes
    self.totals = totals
  }
}

/// Rows in batches, in a deterministic order. A stream is read once, from one task.
public protocol BatchStream {
  /// The next rows, at least one; nil at the end. Throws `CancellationError` when the caller has gone away.
  mutating func next() async throws -> Batch?

  /// Notes on the table that are known only at its end; read after the last batch.
  var closingNotes: [Note] { get }

  /// The rows below the table; read after the last batch. They cover the whole of it; where a later step shows fewer rows,
  /// their titles tell, as by `TotalRow.covering`.
  var closingTotals: [TotalRow] { get }
}

extension BatchStream {
  /// The usual case: all notes are known before the first row.
  public var closingNotes: [Note] { [] }
  /// The usual case: no rows below the table, but those that the columns' `total` calls for.
  public var closingTotals: [TotalRow] { [] }
}

private struct ComputedRows: BatchStream {
  let columns: [Column]
  let compute: () async throws -> TableContents
  var isDone = false
  var closingNotes: [Note] = []
  var closingTotals: [TotalRow] = []

  init(columns: [Column], compute: @escaping () async throws -> TableContents) {
    self.columns = columns
    self.compute = compute
  }

  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    let contents = try await compute()
    closingNotes = contents.notes
    closingTotals = contents.totals
    return contents.rows.isEmpty ? nil : Batch(contents.rows, columns: columns)
  }
}

/// A step that must hold all rows was given more than it may hold.
public struct RowLimitExceeded: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the plugin.
  public var step: String
  /// In rows.
  public var limit: Int

  /// - Parameter limit: in rows.
  public init(step: String, limit: Int) {
    self.step = step
    self.limit = limit
  }

  /// The message.
  public var description: String { "\(step) holds at most \(limit) rows, and there are more" }
}
