internal import Query
internal import ReportKit

/// Which totals stand below a report.
enum TotalsMode: String, CaseIterable {
  case none, computed, stated, both

  var isComputed: Bool { self == .computed || self == .both }
  var isStated: Bool { self == .stated || self == .both }
}

extension Parameter where Value == TotalsMode {
  /// Taken by every report that has no parameter of its own of that name.
  static var totals: Parameter {
    .choice(
      "totals",
      "Which totals stand below the rows: those that the observations come to, those that sources state, or both",
      default: .computed)
  }
}

/// The rows of a report, and below them the totals of all of them, unless the report has made its own.
struct TotalledRows: BatchStream {
  private var source: any BatchStream
  private let columns: [Column]
  private let engine: any QueryEngine
  private let selection: Selection
  private let mode: TotalsMode
  private var totals: ColumnTotals
  private(set) var closingTotals: [TotalRow] = []

  init(_ table: Table, of engine: any QueryEngine, selection: Selection, mode: TotalsMode) {
    source = table.batches
    columns = table.columns
    self.engine = engine
    self.selection = selection
    self.mode = mode
    totals = ColumnTotals(columns: table.columns)
  }

  var closingNotes: [Note] { source.closingNotes }

  mutating func next() async throws -> Batch? {
    if let batch = try await source.next() {
      try totals.add(batch)
      return batch
    }
    let made = source.closingTotals
    closingTotals = made.filter { mode.contains($0.kind) }
    if made.isEmpty {
      closingTotals = try await ownTotals()
    } else if mode.isStated, let computed = made.first(where: { $0.kind == .computed }),
      !made.contains(where: { $0.kind == .stated })
    {
      // A report that makes its own totals leaves it to us what sources say about them.
      closingTotals += try await statedTotalRows(columns: columns, computed: computed.row.cells, engine, selection)
    }
    return nil
  }

  private func ownTotals() async throws -> [TotalRow] {
    guard totals.isWanted else { return [] }
    var rows: [TotalRow] = []
    // The total of a single row says nothing that the row does not.
    if mode.isComputed, totals.rowCount > 1 {
      rows.append(TotalRow(.computed, title: "Total", row: row(totals.cells, title: "Total")))
    }
    if mode.isStated {
      rows += try await statedTotalRows(columns: columns, computed: totals.cells, engine, selection)
    }
    return rows
  }

  private func row(_ cells: [Cell], title: String) -> Row {
    var row = Row(cells, provenance: [selection])
    row.title(title, columns: columns)
    return row
  }
}

extension TotalsMode {
  fileprivate func contains(_ kind: TotalRow.Kind) -> Bool {
    switch kind {
    case .computed: isComputed
    case .stated: isStated
    }
  }
}

extension Row {
  /// Puts the title of a total into the first column of text.
  mutating func title(_ title: String, columns: [Column]) {
    if let heading = columns.firstIndex(where: { $0.kind == .text }) { self[heading] = .text(title) }
  }
}
