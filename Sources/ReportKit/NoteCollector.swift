/// A note together with the cells that it is about, for readers that get the cells' values alone.
public struct CitedNote: Hashable, Sendable {
  /// A cell, by its row and its column.
  public struct Place: Hashable, Sendable {
    /// Counts from 0, rows of totals on behind the others.
    public var row: Int
    /// The column's name.
    public var column: String
  }

  /// From 1, by which cells refer to the note; nil for one that they do not refer to.
  public var number: Int?
  /// What is said.
  public var note: Note
  /// Empty for a note on the whole table.
  public var cells: [Place]
  /// Of a note on why numbers are missing, what kind of absence it is; nil for any other.
  public var missing: Missing.Kind?
}

/// Gathers the notes of a table while its rows pass, each once, in the order of first appearance: caveats, then the
/// reasons for missing values, then notes on the whole table.
public struct NoteCollector {
  private let columnNames: [String]
  private var rowCount = 0
  private var caveats = CitationList()
  private var missing = CitationList()

  /// No row yet.
  public init(columns: [Column]) {
    columnNames = columns.map(\.name)
  }

  /// The numbers, ascending, under which the cell's notes are listed. Call `add` with the row first.
  public func numbers(of cell: Cell) -> [Int] {
    cell.remarks.compactMap { caveats.indexes[$0].map { $0 + 1 } }.sorted()
  }

  /// Takes the notes and the reasons of the next rows.
  public mutating func add(_ batch: Batch) {
    // Most batches have nothing to say.
    if batch.annotations.isEmpty, !batch.columns.contains(where: \.hasReasons) {
      rowCount += batch.count
      return
    }
    for row in batch.indices {
      for column in columnNames.indices { add(batch.value(row, column), batch.remarks(row, column), column) }
      rowCount += 1
    }
  }

  private mutating func add(_ value: Cell.Value, _ notes: [Note], _ column: Int) {
    for note in notes { caveats.cite(note, at: place(column)) }
    if case .missing(let reason?) = value {
      missing.cite(Note(.missing, reason.description), of: reason.kind, at: place(column))
    }
  }

  private func place(_ column: Int) -> CitedNote.Place {
    CitedNote.Place(row: rowCount, column: columnNames[column])
  }

  /// Of the totals, below all rows.
  public mutating func add(_ totals: [TotalRow]) {
    for total in totals {
      for (column, cell) in zip(columnNames.indices, total.row.cells) { add(cell.value, cell.remarks, column) }
      rowCount += 1
    }
  }

  /// All notes, with those on the whole table at the end.
  public func notes(tableNotes: [Note]) -> [CitedNote] {
    let numbered = caveats.notes.enumerated().map { index, cited in
      CitedNote(number: index + 1, note: cited.note, cells: cited.cells)
    }
    return numbered + missing.notes + tableNotes.map { CitedNote(note: $0, cells: []) }
  }
}

private struct CitationList {
  private(set) var notes: [CitedNote] = []
  private(set) var indexes: [Note: Int] = [:]

  /// The first kind of absence stands, where two are told in the same words.
  mutating func cite(_ note: Note, of missing: Missing.Kind? = nil, at place: CitedNote.Place) {
    if let index = indexes[note] {
      notes[index].cells.append(place)
    } else {
      indexes[note] = notes.count
      notes.append(CitedNote(note: note, cells: [place], missing: missing))
    }
  }
}

extension Missing: CustomStringConvertible {
  /// Such as `–: none printed`.
  public var description: String { "\(symbol): \(meaning)" }

  /// The label, and of a mark that counts as 0 that it does.
  public var meaning: String { kind == .nothing ? "\(label) (counts as 0)" : label }
}
