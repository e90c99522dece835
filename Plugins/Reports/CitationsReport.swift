public import ReportKit

/// The observations behind each cell of a breakdown, and what the cell leaves out and why.
public struct CitationsReport: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "citations",
    summary: "The observations behind each cell of a breakdown: what is added, what is left out, and why",
    parameters: [.rows, .columns])

  /// To put them in the order of the cells, all rows of the observations are held.
  static let maximumRows = 1 << 20

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let axes = try Axes(request)
    return Table(columns: CitationColumns(request.dataset, axes).columns, rows: CitationRows(request, axes))
  }
}

private struct CitationColumns: Sendable {
  let columns: [Column]

  /// The dimensions that the cell does not tell.
  let others: [Int]

  init(_ dataset: Snapshot, _ axes: Axes) {
    let unit = dataset.measure.unit ?? dataset.measure.name
    let observations = dataset.observations
    others = dataset.dimensions.indices.filter { $0 != axes.row && $0 != axes.column }
    func text(_ name: String, _ title: String, _ summary: String) -> Column {
      Column(name: name, title: title, kind: .text, summary: summary)
    }
    func number(_ name: String, _ title: String, _ summary: String, total: Column.Total = .none) -> Column {
      Column(
        name: name, title: title, kind: .integer, unit: unit, summary: summary, total: total, selection: .all)
    }
    var columns = [axes.row, axes.column].map { index in
      let dimension = dataset.dimensions[index]
      return text(dimension.id, dimension.title, "The id of the \(dimension.id) in \(dimension.codes.resource)")
    }
    columns += [
      number("cell", "Cell", "What the cell comes to: the sum of what is added"),
      number("added", "Added", "The number, when it is a part of the sum", total: .sum),
      number("left_out", "Left out", "The number, when it is not a part of the sum"),
      text("reason", "Reason", "Why the sum leaves it out"),
    ]
    columns += others.map { index in
      let dimension = dataset.dimensions[index]
      return text(dimension.id, dimension.title, "The id of the \(dimension.id) in \(dimension.codes.resource)")
    }
    columns.append(text("printed", "Printed", "The value as the source prints it"))
    if observations.hasLoci { columns.append(text("locus", "Locus", "Where in the source")) }
    if observations.hasQuotes { columns.append(text("quote", "Quote", "The words of the source")) }
    if observations.hasIDs { columns.append(text("id", "Id", "The id of the observation")) }
    self.columns = columns
  }
}

/// Cell by cell in the order of the breakdown, and in each the observations in the order of the dataset.
private struct CitationRows: RowStream {
  private let request: ReportRequest
  private let axes: Axes
  private let layout: CitationColumns
  private var grid: Aggregation?
  private var order: [Int] = []
  private var position = 0

  private static let batchSize = 2048

  init(_ request: ReportRequest, _ axes: Axes) {
    self.request = request
    self.axes = axes
    layout = CitationColumns(request.dataset, axes)
  }

  mutating func next() async throws -> [Row]? {
    let grid = try self.grid ?? start()
    if position == order.count { return nil }
    let end = min(order.count, position + Self.batchSize)
    let rows = try request.dataset.observations.observations(atRows: order[position..<end]).map { row($0, in: grid) }
    position = end
    return rows
  }

  private mutating func start() throws -> Aggregation {
    let observations = request.dataset.observations
    let grid = try request.dataset.aggregate(by: [axes.row, axes.column], where: request.selection)
    let rows = try observations.rows(where: request.selection, limit: CitationsReport.maximumRows + 1)
    if rows.count > CitationsReport.maximumRows {
      throw RowLimitExceeded(step: "citations", limit: CitationsReport.maximumRows)
    }
    // By cell, and within a cell in the order of the dataset, which the rows have already.
    func cell(_ row: Int) -> Int {
      observations.code(ofRow: row, in: axes.row) * grid.shape[1] + observations.code(ofRow: row, in: axes.column)
    }
    order = rows.map { (cell: cell($0), row: $0) }.sorted { ($0.cell, $0.row) < ($1.cell, $1.row) }.map(\.row)
    self.grid = grid
    return grid
  }

  private func row(_ observation: Observation, in grid: Aggregation) -> Row {
    let dataset = request.dataset
    let (row, column) = (observation.codes[axes.row], observation.codes[axes.column])
    let value = Cell(observation, in: dataset)
    let isAdded = observation.role == .counted && observation.value.number != nil
    let reason: String?
    switch (observation.role, observation.value) {
    case (.ofWhich, _): reason = "of_which: a part of other numbers"
    case (.contested, _): reason = "contested: its own sources contradict it"
    case (.counted, .missing(let index)): reason = "missing: \(Missing(dataset.missingReasons[index]).label)"
    case (.counted, .number): reason = nil
    }
    var cells: [Cell] = [
      .text(dataset.dimensions[axes.row].codes.ids[row]), .text(dataset.dimensions[axes.column].codes.ids[column]),
      Cell(grid[row, column], in: dataset), isAdded ? value : .empty, isAdded ? .empty : value, .text(or: reason),
    ]
    cells += layout.others.map { .text(dataset.dimensions[$0].codes.ids[observation.codes[$0]]) }
    cells.append(.text(observation.printed))
    if dataset.observations.hasLoci { cells.append(.text(or: observation.locus)) }
    if dataset.observations.hasQuotes { cells.append(.text(or: observation.quote)) }
    if dataset.observations.hasIDs { cells.append(.text(or: observation.id)) }
    cells[2].origins = [
      request.selection.restricting(axes.row, to: [row]).restricting(axes.column, to: [column])
    ]
    return Row(cells, origins: [Selection(codes: observation.codes)])
  }
}
