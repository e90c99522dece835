import ReportKit

/// What is shown of a table of a source: as the dataset says that it is printed, or by its observations.
struct SourceTable: Sendable {
  /// Nil in a dataset without sources.
  let source: Int?
  let rows: [PrintedTable.Heading]
  let columns: [PrintedTable.Heading]
  var caption: String?
  var corner: String?
  var totalLabel: String?
  var note: String?

  init(_ table: PrintedTable, selectedBy request: ReportRequest) {
    let dataset = request.dataset
    func isSelected(_ heading: PrintedTable.Heading, _ dimension: Int) -> Bool {
      request.selection[dimension]?.contains(heading.code) ?? true
    }
    source = table.source
    rows = table.rows.filter { isSelected($0, dataset.placeIndex) }
    columns = table.columns.filter { isSelected($0, dataset.breakdownIndex) }
    caption = table.caption
    corner = table.corner
    totalLabel = table.totalLabel
    note = table.note
  }

  /// The table of the observations of a source: places and breakdown in the order of their first observation.
  init(of source: Int?, _ request: ReportRequest) throws {
    let dataset = request.dataset
    var selection = request.selection
    if let index = dataset.sourceIndex, let source { selection.restrict(index, to: [source]) }
    func codesWithObservations(_ dimension: Int) throws -> Int {
      let counts = try dataset.aggregate(by: [dimension], where: selection)
      return (0..<counts.count).count { code in
        let aggregate = counts[cell: code]
        return aggregate.observations + aggregate.ofWhich + aggregate.contested > 0
      }
    }
    let placeCount = try codesWithObservations(dataset.placeIndex)
    let columnCount = try codesWithObservations(dataset.breakdownIndex)
    var places = FirstAppearances()
    var columns = FirstAppearances()
    var next = 0
    while places.codes.count < placeCount || columns.codes.count < columnCount {
      let batch = try dataset.observations.rows(where: selection, from: next, limit: 1024)
      guard let last = batch.last else { break }
      next = last + 1
      for row in batch {
        places.meet(dataset.observations.code(ofRow: row, in: dataset.placeIndex))
        columns.meet(dataset.observations.code(ofRow: row, in: dataset.breakdownIndex))
      }
    }
    self.source = source
    rows = places.codes.map { PrintedTable.Heading(code: $0) }
    self.columns = columns.codes.map { PrintedTable.Heading(code: $0) }
  }

  /// One table for each source that is selected and has observations, or one for all where the dataset has no sources.
  static func all(_ request: ReportRequest) throws -> [SourceTable] {
    guard let index = request.dataset.sourceIndex else { return [try SourceTable(of: nil, request)] }
    return try request.codes(of: index).map { try SourceTable(of: $0, request) }.filter { !$0.rows.isEmpty }
  }

  func selection(in dataset: Snapshot) -> Selection {
    var selection = Selection()
    if let index = dataset.sourceIndex, let source { selection.restrict(index, to: [source]) }
    selection.restrict(dataset.placeIndex, to: CodeSet(rows.map(\.code)))
    selection.restrict(dataset.breakdownIndex, to: CodeSet(columns.map(\.code)))
    return selection
  }

  func sourceID(in dataset: Snapshot) -> String { source.flatMap { dataset.source?.codes.ids[$0] } ?? "" }

  /// The words above and below the table.
  func notes(in dataset: Snapshot, isSingle: Bool) -> [Note] {
    let name = isSingle || source == nil ? "" : "\(sourceID(in: dataset)): "
    return [caption, note].compactMap(\.self).map { Note(.scope, name + $0) }
  }
}

/// Codes in the order in which they are met.
private struct FirstAppearances {
  private(set) var codes: [Int] = []
  private var met = CodeSet()

  mutating func meet(_ code: Int) {
    if met.contains(code) { return }
    met.insert(code)
    codes.append(code)
  }
}

/// The numbers of a table, for the columns of the report.
struct SourceTableCells {
  let selection: Selection
  private let table: SourceTable
  private let dataset: Snapshot
  /// The codes of the report's columns; the table may have fewer.
  private let codes: [Int]
  private let grid: Aggregation
  private var setApart: [Place: [Int]] = [:]

  private struct Place: Hashable {
    let place: Int
    let code: Int
  }

  init(_ table: SourceTable, codes: [Int], _ request: ReportRequest) throws {
    self.table = table
    self.codes = codes
    dataset = request.dataset
    selection = table.selection(in: dataset).intersection(request.selection)
    grid = try dataset.aggregate(by: [dataset.placeIndex, dataset.breakdownIndex], where: selection)
    let all = try dataset.aggregate(by: [], where: selection)[cell: 0]
    if all.ofWhich + all.contested == 0 { return }
    for row in try dataset.observations.rows(where: selection, roles: [.ofWhich, .contested]) {
      let place = dataset.observations.code(ofRow: row, in: dataset.placeIndex)
      let code = dataset.observations.code(ofRow: row, in: dataset.breakdownIndex)
      setApart[Place(place: place, code: code), default: []].append(row)
    }
  }

  /// The cells of a place, empty where the table has no such column.
  func row(_ place: Int) throws -> [Cell] {
    try codes.map { code in
      let aggregate = grid[place, code]
      let known = Set([dataset.placeIndex, dataset.breakdownIndex])
      let apart = try setApart[Place(place: place, code: code)].map {
        try Cell(setApart: $0, in: dataset, without: known)
      }
      if aggregate.observations == 0 { return apart ?? .empty }
      var cell = Cell(aggregate, in: dataset)
      if aggregate.observations > 1 {
        cell.notes.append(Note(.scope, "The sum of \(aggregate.observations) numbers that the source prints apart"))
      }
      if let apart {
        cell.notes += apart.notes
        if case .missing(let several?) = apart.value { cell.notes.append(Note(.scope, several.description)) }
      }
      return cell
    }
  }

  func computed() throws -> [Cell] {
    try codes.map { code in
      var total = Aggregate.empty
      for heading in table.rows { try total.formUnion(grid[heading.code, code]) }
      return Cell(total, in: dataset)
    }
  }

  /// What the table's source states below the columns; nil when it states nothing.
  func stated() throws -> (cells: [Cell], differs: Bool)? {
    var differs = false
    let cells = try codes.map { code -> Cell in
      let column = selection.restricting(dataset.breakdownIndex, to: [code])
      let statements = try dataset.statedTotals(covering: column).filter { index in
        let source = dataset.statedTotals[index].source
        return source == nil || source == table.sourceID(in: dataset)
      }
      guard let index = statements.first else { return .empty }
      let stated = try StatedCell(index, in: dataset)
      differs = differs || stated.differs
      return stated.cell
    }
    return cells.allSatisfy { $0.value == .missing(nil) } ? nil : (cells, differs)
  }
}
