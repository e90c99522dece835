internal import Base
public import ReportKit

/// How one cell of a report came about.
public struct CellExplanation: Sendable {
  /// What names the row: its texts, or a total's title.
  public var row: String
  public var column: Column
  public var cell: Cell
  /// Nil for an ordinary row.
  public var total: TotalRow.Kind?
  public var evidence: Evidence
  /// What sources state about the sum of exactly these observations, by index.
  public var statedTotals: [Int]
  /// Notes on the table as a whole.
  public var notes: [Note]
}

/// The cell that is asked about is not in the report.
public enum CellError: Error, Hashable, Sendable {
  case noSuchRow(suggestions: [String])
  /// That many rows have the text.
  case ambiguousRow(count: Int)
  case noSuchColumn(suggestions: [String])
}

extension CompiledReport {
  /// How the cell came about.
  ///
  /// - Parameters:
  ///   - rowName: a text of the row, such as an id or a name; `#` and its number, from 1; or the title of a total.
  ///   - columnName: the column's name or title.
  ///   - limit: how many observations are listed.
  /// - Throws: `CellError`, or whatever the report throws.
  public func explanation(
    ofRow rowName: String, column columnName: String, for query: ReportQuery, limit: Int
  ) async throws -> CellExplanation {
    var table = try table(for: query)
    guard let column = table.columns.index(named: columnName) else {
      throw CellError.noSuchColumn(suggestions: suggestions(for: columnName, among: table.columns.map(\.name)))
    }
    var search = RowSearch(rowName)
    while let rows = try await table.rows.next() { search.look(at: rows) }
    let totals = table.rows.closingTotals
    search.look(at: totals)
    let (row, total) = try search.result()

    let origins = total?.kind == .stated ? [] : row.origins(at: column, in: table.columns)
    let scope = total?.kind == .stated ? statedScope(of: table.columns[column], query) : origins
    return CellExplanation(
      row: total?.title ?? row.label, column: table.columns[column], cell: row[column], total: total?.kind,
      evidence: try dataset.evidence(for: scope, limit: limit),
      statedTotals: scope.count == 1 ? try dataset.statedTotals(covering: scope[0]) : [],
      notes: table.notes + table.rows.closingNotes)
  }

  /// What a stated total in this column covers.
  private func statedScope(of column: Column, _ query: ReportQuery) -> [Selection] {
    guard let counted = column.selection else { return [] }
    return [selection.intersection(query.narrowing).intersection(counted)]
  }
}

/// Looks for the one row that a user means.
private struct RowSearch {
  private let name: String
  private let number: Int?
  private var seen = 0
  private var found: [(row: Row, total: TotalRow?)] = []
  private var foundCount = 0
  /// Those without regard to letter case, for when none is exact.
  private var near: [(row: Row, total: TotalRow?)] = []
  private var labels: [String] = []

  init(_ name: String) {
    self.name = name
    number = name.hasPrefix("#") ? Int(name.dropFirst()) : nil
  }

  mutating func look(at rows: [Row]) {
    for row in rows {
      seen += 1
      let texts = row.texts
      if seen == number || texts.contains(name) {
        foundCount += 1
        if found.isEmpty { found.append((row, nil)) }
      } else if texts.contains(where: { $0.lowercased() == name.lowercased() }) {
        near.append((row, nil))
      }
      if labels.count < 10_000 { labels += texts.prefix(2) }
    }
  }

  mutating func look(at totals: [TotalRow]) {
    if foundCount > 0 { return }
    for total in totals where total.title.lowercased() == name.lowercased() || name == total.kind.rawValue {
      foundCount += 1
      if found.isEmpty { found.append((total.row, total)) }
    }
    labels += totals.map(\.title)
  }

  func result() throws(CellError) -> (row: Row, total: TotalRow?) {
    let candidates = foundCount > 0 ? found : near
    let count = foundCount > 0 ? foundCount : near.count
    guard let only = candidates.first else { throw .noSuchRow(suggestions: suggestions(for: name, among: labels)) }
    if count > 1 { throw .ambiguousRow(count: count) }
    return only
  }
}

extension Row {
  fileprivate var texts: [String] {
    cells.compactMap { if case .text(let text) = $0.value { text } else { nil } }
  }

  fileprivate var label: String { texts.prefix(2).joined(separator: ", ") }
}

extension [Column] {
  fileprivate func index(named name: String) -> Int? {
    let folded = name.lowercased()
    return firstIndex { $0.name == name } ?? firstIndex { $0.title == name }
      ?? firstIndex { $0.name.lowercased() == folded || $0.title.lowercased() == folded }
  }
}
