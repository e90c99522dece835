internal import Base
internal import JSON
internal import Pipeline
internal import ReportKit

/// What a table showed, in short, so that later a difference can be told cell by cell.
package struct TableRecord: Codable, Equatable, Sendable {
  struct Column: Codable, Equatable, Sendable {
    @ExactText var name: String
    /// As in `Column.Kind`.
    var kind: String
    /// For people, by the texts of its cells; nil where they are the same.
    var titles: [String: String]?

    /// Texts by their bytes.
    static func == (a: Column, b: Column) -> Bool {
      a._name == b._name && a.kind == b.kind
        && a.titles?.mapValues { ExactText($0) } == b.titles?.mapValues { ExactText($0) }
    }

    var isText: Bool { kind == ReportKit.Column.Kind.text.rawValue }
  }

  struct Total: Codable, Equatable, Sendable {
    @ExactText var title: String
    var cells: [JSONValue]
  }

  /// Bytes of cells, as JSON, beyond which they are left out.
  static let limit = 384 << 10

  var columns: [Column]
  /// A number is a number or, with digits behind the point, a text; a missing one is null or `{"missing": reason}`. Nil
  /// where they are more than the limit.
  var cells: [[JSONValue]]?
  var totals: [Total]
  /// Each text once, in the order of first appearance.
  var notes: [String]

  /// Texts by their bytes.
  package static func == (a: TableRecord, b: TableRecord) -> Bool {
    a.columns == b.columns && a.cells == b.cells && a.totals == b.totals && hasSameBytes(a.notes, b.notes)
  }
}

/// Records a table while its rows pass.
struct TableRecorder: TableSink {
  private let columns: [Column]
  /// By column, the titles of all texts that its cells can hold, and of those that they do.
  private let titles: [[ExactText: String]]
  private var usedTitles: [[ExactText: String]]
  private var cells: [[JSONValue]]? = []
  private var byteCount = 0
  private var notes: [String] = []
  private var knownNotes: Set<ExactText> = []
  /// What was recorded, after the end of the table.
  private(set) var record = TableRecord(columns: [], cells: nil, totals: [], notes: [])

  init(columns: [Column]) {
    self.columns = columns
    titles = columns.map { column in
      let values = (column.values ?? []).filter { $0.title != $0.text }
      return Dictionary(values.map { (ExactText($0.text), $0.title) }, uniquingKeysWith: { first, _ in first })
    }
    usedTitles = columns.map { _ in [:] }
  }

  mutating func take(_ batch: Batch) {
    // Without the cells nobody could say where a note belongs.
    if cells == nil { return }
    for row in batch.rows {
      let values = row.cells.map(\.record)
      for note in row.cells.flatMap(\.notes) { add(note) }
      byteCount += JSONValue.array(values).bytes.count
      for (index, value) in values.enumerated() {
        guard case .string(let text) = value, let title = titles[index][ExactText(text)] else { continue }
        if usedTitles[index].updateValue(title, forKey: ExactText(text)) == nil {
          byteCount += text.utf8.count + title.utf8.count
        }
      }
      cells?.append(values)
    }
    if byteCount > TableRecord.limit { cells = nil }
  }

  mutating func end(notes tableNotes: [Note], totals: [TotalRow]) {
    for note in totals.flatMap(\.row.cells).flatMap(\.notes) + tableNotes { add(note) }
    record = TableRecord(
      columns: zip(columns, usedTitles).map { column, titles in
        // An object has a member once, whatever its characters: of equivalent texts the first by its bytes is told.
        let sorted = titles.map { ($0.wrappedValue, $1) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        let texts = Dictionary(sorted, uniquingKeysWith: { first, _ in first })
        return TableRecord.Column(
          name: column.name, kind: column.kind.rawValue, titles: titles.isEmpty || cells == nil ? nil : texts)
      }, cells: cells,
      totals: totals.map { TableRecord.Total(title: $0.title, cells: $0.row.cells.map(\.record)) },
      notes: cells == nil ? [] : notes)
  }

  private mutating func add(_ note: Note) {
    guard knownNotes.insert(ExactText(note.text)).inserted else { return }
    notes.append(note.text)
    byteCount += note.text.utf8.count
  }
}

extension Cell {
  fileprivate var record: JSONValue {
    switch value {
    case .text(let text): .string(text)
    case .integer(let integer): .integer(integer)
    case .decimal(let decimal): .string(decimal.description)
    case .missing(nil): .null
    case .missing(let reason?): ["missing": .string(reason.label)]
    }
  }
}
