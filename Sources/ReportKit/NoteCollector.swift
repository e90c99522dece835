/// A note together with the cells that it is about, for readers that get the cells' values alone.
public struct CitedNote: Hashable, Sendable {
  public struct Place: Hashable, Sendable {
    /// Counts from 0, rows of totals on behind the others.
    public var row: Int
    /// The column's name.
    public var column: String
  }

  /// From 1, by which cells refer to the note; nil for one that they do not refer to.
  public var number: Int?
  public var note: Note
  /// Empty for a note on the whole table.
  public var cells: [Place]
}

/// Gathers the notes of a table while its rows pass, each once, in the order of first appearance: caveats, then the
/// reasons for missing values, then notes on the whole table.
public struct NoteCollector {
  private let columnNames: [String]
  private var rowCount = 0
  private var caveats = CitationList()
  private var missing = CitationList()

  public init(columns: [Column]) {
    columnNames = columns.map(\.name)
  }

  /// The numbers, ascending, under which the cell's notes are listed. Call `add` with the row first.
  public func numbers(of cell: Cell) -> [Int] {
    cell.notes.compactMap { caveats.indexes[$0].map { $0 + 1 } }.sorted()
  }

  public mutating func add(_ rows: [Row]) {
    for row in rows {
      for index in 0..<min(columnNames.count, row.cells.count) {
        for note in row[index].notes { caveats.cite(note, at: place(index)) }
        if case .missing(let reason?) = row[index].value {
          missing.cite(Note(.missing, reason.description), at: place(index))
        }
      }
      rowCount += 1
    }
  }

  private func place(_ column: Int) -> CitedNote.Place {
    CitedNote.Place(row: rowCount, column: columnNames[column])
  }

  /// Of the totals, below all rows.
  public mutating func add(_ totals: [TotalRow]) {
    add(totals.map(\.row))
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

  mutating func cite(_ note: Note, at place: CitedNote.Place) {
    if let index = indexes[note] {
      notes[index].cells.append(place)
    } else {
      indexes[note] = notes.count
      notes.append(CitedNote(note: note, cells: [place]))
    }
  }
}

extension Missing: CustomStringConvertible {
  /// Such as `–: none printed`.
  public var description: String { "\(symbol): \(label)" }
}
