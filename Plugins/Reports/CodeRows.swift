import ReportKit

/// One row for each code of a dimension, and below them what all of them come to.
struct CodeRows {
  private let tab: Crosstab
  private let headings: (_ code: Int) -> [Cell]
  private let width: Int

  /// - Parameters:
  ///   - width: how many columns stand before those that count.
  ///   - headings: the cells in them.
  init(_ tab: Crosstab, width: Int, headings: @escaping (_ code: Int) -> [Cell]) {
    self.tab = tab
    self.width = width
    self.headings = headings
  }

  /// The rows with cells of their own behind them, and the total.
  ///
  /// - Parameter apart: cells behind those that count, by code; nil for those of the total.
  func contents(
    showsParts: Bool = true, apart: (_ code: Int?) -> [Cell] = { _ in [] }
  ) async throws -> TableContents {
    let request = tab.request
    let row = tab.axes.row
    let grid = try await tab.aggregates(by: [row], where: [request.selection])
    let whole = try await tab.aggregates(by: [], where: [request.selection])[0]
    let hierarchy = request.model.dimensions[row].hierarchy
    var rows: [Row] = []
    // Of all rows only those of which notes tell: many rows have none.
    var omitting: [Aggregate] = []
    for code in request.codes(of: row) {
      let aggregates = grid[code]
      if !request.isListed(Array(aggregates.prefix(tab.codes.count)), code, of: row) { continue }
      omitting += aggregates.prefix(tab.codes.count).filter { $0.ofWhich > 0 || $0.contested > 0 }
      var cells = headings(code) + tab.cells(aggregates, whole: whole, showsParts: showsParts) + apart(code)
      if let note = hierarchy?.note(on: code, in: request.model.dimensions[row]) {
        for index in width..<width + tab.columns.count where cells[index].value != .missing(nil) {
          cells[index].notes.append(note)
        }
      }
      rows.append(Row(cells, provenance: [request.selection.restricting(row, to: [code])]))
    }
    var totals: [TotalRow] = []
    if rows.count > 1 {
      let cells =
        [.text("Total")] + Array(repeating: .empty, count: width - 1)
        + tab.cells(whole, whole: whole, showsParts: showsParts)
      totals.append(
        TotalRow(
          .computed, title: "Total",
          row: Row(
            cells + apart(nil), provenance: [request.model.addends(of: request.selection, by: [tab.axes.column])])))
    }
    return TableContents(rows: rows, notes: notesOnOmissions(omitting) + tab.notes, totals: totals)
  }
}

extension Crosstab {
  /// What the numbers are that stand for others.
  var notes: [Note] {
    let model = request.model
    let measures = axes.measure.map { [model.measures[$0]] } ?? model.measures
    var notes: [Note] = []
    for (index, dimension) in model.dimensions.enumerated() where index != axes.row && index != axes.column {
      let count = request.codes(of: index).count
      for measure in measures where count > 1 && measure.ratio == nil {
        guard let words = measure.rules[index].words else { continue }
        notes.append(Note(.scope, "\(measure.title) over \(dimension.title): \(words)"))
      }
    }
    return notes
  }
}

extension AggregationRule {
  /// What stands for several numbers; nil where they are added, or where that is told at the cell.
  fileprivate var words: String? {
    switch self {
    case .sum, .none: nil
    case .last: "the last number of each stands for all"
    case .first: "the first number of each stands for all"
    case .mean: "the mean of those that have a number"
    case .max: "the greatest"
    case .min: "the least"
    }
  }
}

extension Hierarchy {
  /// That a code is not added to others in the total.
  func note(on code: Int, in dimension: Dimension) -> Note? {
    if let whole = wholes[code] {
      return Note(.scope, "A part of \(dimension.codes.names[whole]), which a total does not add to it")
    }
    if isContainer(code) {
      return Note(.scope, "Contains other codes of \(dimension.title), which a total adds in its place")
    }
    return nil
  }
}
