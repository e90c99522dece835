public import ReportKit

/// Any dimension by any other. What is a part of other numbers, or contested, stands in columns of its own.
public struct BreakdownReport: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "breakdown", summary: "Any dimension by any other, with parts of other numbers set apart",
    parameters: [.rows, .columns])

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let dataset = request.dataset
    let axes = try Axes(request)
    let row = dataset.dimensions[axes.row]
    let counted = Breakdown(for: request, by: axes.column)
    let apart = try SetApartColumns(request, axes)
    let columns =
      [
        Column(
          name: row.id, title: row.title, kind: .text, summary: "The id of the \(row.id) in \(row.codes.resource)"),
        Column(name: "name", title: "Name", kind: .text, summary: "The name of the \(row.id)"),
      ] + counted.columns + apart.columns

    return Table(columns: columns) {
      let grid = try dataset.aggregate(by: [axes.row, axes.column], where: request.selection)
      let cellsApart = try apart.cells()
      var aggregates: [Aggregate] = []
      var rows: [Row] = []
      for code in request.codes(of: axes.row) {
        let ofRow = counted.codes.map { grid[code, $0] }
        if !isListed(ofRow, code, of: axes.row, in: request) { continue }
        aggregates += ofRow
        rows.append(
          Row(
            [.text(row.codes.ids[code]), .text(row.codes.names[code])] + (try counted.cells(ofRow))
              + apart.keys.map { cellsApart[SetApartColumns.Place(row: code, key: $0)] ?? .empty },
            origins: [request.selection.restricting(axes.row, to: [code])]))
      }
      return (rows, notesOnOmissions(aggregates))
    }
  }
}

/// The two dimensions of a breakdown.
struct Axes: Sendable {
  let row: Int
  let column: Int

  init(_ request: ReportRequest) throws(ParameterError) {
    let ids = request.dataset.dimensions.map(\.id)
    func index(_ parameter: String) throws(ParameterError) -> Int {
      guard let id = request.arguments[text: parameter], let index = ids.firstIndex(of: id) else {
        throw ParameterError(parameter: parameter, message: "\(parameter) must be a dimension of the dataset")
      }
      return index
    }
    row = try index("rows")
    column = try index("columns")
    if row == column {
      throw ParameterError(
        parameter: "columns", message: "rows and columns are both \"\(ids[row])\"; choose two dimensions",
        suggestions: ids.filter { $0 != ids[row] })
    }
  }
}

extension Parameter {
  static let rows = Parameter(
    name: "rows", summary: "The dimension whose codes get a row each", kind: .dimension, default: .firstChoice)
  static let columns = Parameter(
    name: "columns", summary: "The dimension whose codes get a column each", kind: .dimension, default: .secondChoice)
}

/// The columns of what is shown and never added: numbers that are parts of others, and contested ones.
private struct SetApartColumns: Sendable {
  struct Key: Hashable {
    let role: Role
    let code: Int
  }

  struct Place: Hashable {
    let row: Int
    let key: Key
  }

  let keys: [Key]
  let columns: [Column]
  private let request: ReportRequest
  private let axes: Axes

  init(_ request: ReportRequest, _ axes: Axes) throws(ParameterError) {
    let dataset = request.dataset
    let column = dataset.dimensions[axes.column]
    let unit = dataset.measure.unit ?? dataset.measure.name
    let grid: Aggregation
    do {
      grid = try dataset.aggregate(by: [axes.column], where: request.selection)
    } catch {
      throw ParameterError(parameter: "columns", message: "\(error)")
    }
    var keys: [Key] = []
    var columns: [Column] = []
    for role in [Role.ofWhich, .contested] {
      for code in request.codes(of: axes.column)
      where (role == .ofWhich ? grid[code].ofWhich : grid[code].contested) > 0 {
        let (id, name) = (column.codes.ids[code], column.codes.names[code])
        keys.append(Key(role: role, code: code))
        columns.append(
          Column(
            name: "\(id)_\(role.name)", title: role == .ofWhich ? "Of those: \(name)" : "Contested: \(name)",
            kind: .integer, unit: unit,
            summary: role == .ofWhich
              ? "A part of other numbers where \(column.id) is \(id); never added"
              : "A number where \(column.id) is \(id) that its own sources contradict; never added",
            selection: Selection.all.restricting(axes.column, to: [code])))
      }
    }
    self.keys = keys
    self.columns = columns
    self.request = request
    self.axes = axes
  }

  func cells() throws -> [Place: Cell] {
    if keys.isEmpty { return [:] }
    let dataset = request.dataset
    let observations = dataset.observations
    var rows: [Place: [Int]] = [:]
    for row in try observations.rows(where: request.selection, roles: [.ofWhich, .contested]) {
      let key = Key(role: observations.role(ofRow: row), code: observations.code(ofRow: row, in: axes.column))
      rows[Place(row: observations.code(ofRow: row, in: axes.row), key: key), default: []].append(row)
    }
    return try rows.mapValues { rows in
      try Cell(setApart: rows, in: dataset, without: [axes.row, axes.column])
    }
  }
}
