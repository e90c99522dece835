internal import ReportKit

/// Which totals stand below a report.
enum TotalsMode: String, CaseIterable {
  case none, computed, stated, both

  var isComputed: Bool { self == .computed || self == .both }
  var isStated: Bool { self == .stated || self == .both }
}

extension Parameter {
  /// Taken by every report that has no parameter of its own of that name.
  static let totals = Parameter(
    name: "totals",
    summary:
      "Which totals stand below the rows: those that the observations come to, those that sources state, or both",
    kind: .choice(TotalsMode.allCases.map(\.rawValue)), default: .value(.text(TotalsMode.computed.rawValue)))
}

/// The rows of a report, and below them the totals of all of them, unless the report has made its own.
struct TotalledRows: RowStream {
  private var source: any RowStream
  private let columns: [Column]
  private let dataset: Snapshot
  private let selection: Selection
  private let mode: TotalsMode
  private var totals: ColumnTotals
  private var origins: [Selection] = []
  private(set) var closingTotals: [TotalRow] = []

  init(_ table: Table, of dataset: Snapshot, selection: Selection, mode: TotalsMode) {
    source = table.rows
    columns = table.columns
    self.dataset = dataset
    self.selection = selection
    self.mode = mode
    totals = ColumnTotals(columns: table.columns)
  }

  var closingNotes: [Note] { source.closingNotes }

  mutating func next() async throws -> [Row]? {
    if let rows = try await source.next() {
      for row in rows { try totals.add(row) }
      return rows
    }
    closingTotals = source.closingTotals.filter { mode.contains($0.kind) }
    if source.closingTotals.isEmpty { closingTotals = try ownTotals() }
    return nil
  }

  private func ownTotals() throws -> [TotalRow] {
    guard totals.isWanted else { return [] }
    var rows: [TotalRow] = []
    // The total of a single row says nothing that the row does not.
    if mode.isComputed, totals.rowCount > 1 {
      rows.append(TotalRow(.computed, title: "Total", row: row(totals.cells, title: "Total")))
    }
    if mode.isStated { rows += try StatedTotalRows(columns: columns, computed: totals.cells, dataset, selection).rows }
    return rows
  }

  private func row(_ cells: [Cell], title: String) -> Row {
    var row = Row(cells, origins: [selection])
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
