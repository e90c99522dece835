internal import Base
internal import Model
public import Query
public import ReportKit

/// How one cell of a report came about.
public struct CellExplanation: Sendable {
  /// What names the row: its texts, or a total's title.
  public var row: String
  /// The cell's column, with what it holds and counts.
  public var column: Column
  /// The cell as it stands in the report.
  public var cell: Cell
  /// Nil for an ordinary row.
  public var total: TotalRow.Kind?
  /// How many observations are behind the cell, and what they come to.
  public var evidence: Evidence
  /// Asks for the observations that are the evidence; nil where there are none.
  public var observations: ObservationQuery?
  /// What sources state about the sum of exactly these observations.
  public var statedTotals: [ReconciledTotal]
  /// The steps that make the report, in order.
  public var steps: [CompiledReport.Step]
  /// What is said of the report that the cell is in.
  public var header: ExportHeader
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

extension Generation {
  /// How a cell of the result that is asked for came about.
  ///
  /// - Parameters:
  ///   - rowName: a text of the row, such as an id or a name; `#` and its number, from 1; or the title of a total.
  ///   - columnName: the column's name or title.
  ///   - limit: how many observations are asked for.
  /// - Throws: `CellError`, or whatever the report throws.
  public func explanation(
    ofRow rowName: String, column columnName: String, of request: ResultRequest, limit: Int
  ) async throws -> CellExplanation {
    let search = try await Delivery(of: self).run(request) { answer in
      guard let column = answer.header.columns.index(named: columnName) else {
        let names = answer.header.columns.map(\.name)
        throw CellError.noSuchColumn(suggestions: suggestions(for: columnName, among: names))
      }
      return CellSearch(RowSearch(rowName), column: column, answer)
    }
    return try await search.explanation(in: engine, limit: limit)
  }
}

/// Goes through a table for one of its cells.
private struct CellSearch: TableSink {
  private var rows: RowSearch
  private let column: Int
  private let answer: Answer
  private var notes: [Note] = []

  init(_ rows: RowSearch, column: Int, _ answer: Answer) {
    self.rows = rows
    self.column = column
    self.answer = answer
  }

  mutating func take(_ batch: Batch) { rows.look(at: batch) }

  mutating func end(notes: [Note], totals: [TotalRow]) {
    rows.look(at: totals)
    self.notes = notes
  }

  func explanation(in engine: any QueryEngine, limit: Int) async throws -> CellExplanation {
    let (row, total) = try rows.result()
    let columns = answer.header.columns
    let provenance = total?.kind == .stated ? [] : row.provenance(at: column, in: columns)
    var scope = total?.kind == .stated ? statedScope(of: columns[column]) : provenance
    var evidence = try await engine.evidence(for: scope, of: columns[column].measure)
    if let periods = evidence.periods, let time = engine.model.timeIndex {
      // What lies before the number that stands for all, or behind it, is no part of it.
      scope = scope.map { $0.restricting(time, to: CodeSet(periods)) }
      evidence = try await engine.evidence(for: scope, of: columns[column].measure)
    }
    return CellExplanation(
      row: total?.title ?? row.label, column: columns[column], cell: row[column], total: total?.kind,
      evidence: evidence,
      observations: scope.isEmpty ? nil : ObservationQuery(where: scope, limit: limit),
      statedTotals: scope.count == 1 ? try await engine.reconciledTotals(covering: scope[0]) : [],
      steps: answer.steps, header: answer.header, notes: notes)
  }

  /// What a stated total in this column covers.
  private func statedScope(of column: Column) -> [Selection] {
    column.selection.map { [answer.selection.intersection($0)] } ?? []
  }
}

/// Looks for the one row that a user means.
private struct RowSearch {
  /// How well a row's text is met. Texts that are equivalent for Unicode may stand side by side in a table, and whoever
  /// has one of them from it means that one.
  private enum Match: Int, CaseIterable {
    case bytes, characters
    /// The title of a total.
    case total
    /// Without regard to letter case.
    case letters
  }

  private let name: String
  /// Made once: it may be long, and there may be many rows.
  private let lowercasedName: String
  private let number: Int?
  private var seen = 0
  /// The best of them is meant. By `Match`, the first such row and how many there are.
  private var found: [(row: Row, total: TotalRow?, count: Int)?] = Match.allCases.map { _ in nil }
  private var labels: [String] = []

  init(_ name: String) {
    self.name = name
    lowercasedName = name.lowercased()
    number = name.utf8.first == UInt8(ascii: "#") ? Int(Substring(name.utf8.dropFirst())) : nil
  }

  mutating func look(at batch: Batch) {
    for index in batch.indices {
      seen += 1
      let texts = batch.texts(index)
      if let match = seen == number ? .bytes : match(texts) { note(match, batch[index], nil) }
      if labels.count < 10_000 { labels += texts.prefix(2) }
    }
  }

  mutating func look(at totals: [TotalRow]) {
    for total in totals where total.isTitled(name) || hasSameBytes(name, total.kind.rawValue) {
      note(.total, total.row, total)
    }
    labels += totals.map(\.title)
  }

  private func match(_ texts: [String]) -> Match? {
    if texts.contains(where: { hasSameBytes($0, name) }) { return .bytes }
    if texts.contains(name) { return .characters }
    return texts.contains { $0.lowercased() == lowercasedName } ? .letters : nil
  }

  private mutating func note(_ match: Match, _ row: @autoclosure () -> Row, _ total: TotalRow?) {
    let first = found[match.rawValue] ?? (row(), total, 0)
    found[match.rawValue] = (first.row, first.total, first.count + 1)
  }

  func result() throws(CellError) -> (row: Row, total: TotalRow?) {
    guard let best = found.lazy.compactMap(\.self).first else {
      throw .noSuchRow(suggestions: suggestions(for: name, among: labels))
    }
    if best.count > 1 { throw .ambiguousRow(count: best.count) }
    return (best.row, best.total)
  }
}

extension Batch {
  fileprivate func texts(_ row: Int) -> [String] {
    columns.compactMap { if case .text(let text) = $0[row] { text } else { nil } }
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
    return firstIndex { hasSameBytes($0.name, name) } ?? firstIndex { hasSameBytes($0.title, name) }
      ?? firstIndex { $0.name == name } ?? firstIndex { $0.title == name }
      ?? firstIndex { $0.name.lowercased() == folded || $0.title.lowercased() == folded }
  }
}
