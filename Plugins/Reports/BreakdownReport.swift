package import ReportKit

/// Any dimension by any other. What is a part of other numbers, or contested, stands in columns of its own.
package struct BreakdownReport: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "breakdown", summary: "Any dimension by any other, with parts of other numbers set apart",
    Axes.rows, Axes.columns)

  /// Which codes have numbers that are shown and never added, in the order of the columns that show them.
  package struct Survey: Sendable {
    let setApart: [SetApartKey]
  }

  package func survey(_ request: ReportRequest) async throws -> Survey {
    let column = request[Axes.columns]
    let grid: Aggregation
    do {
      grid = try await request.engine.aggregate(by: [column], where: request.selection)
    } catch let error as AggregationError {
      throw ParameterError(parameter: "columns", message: "\(error)")
    }
    let codes = request.codes(of: column)
    return Survey(
      setApart: codes.filter { grid[$0].ofWhich > 0 }.map { SetApartKey(role: .ofWhich, code: $0) }
        + codes.filter { grid[$0].contested > 0 }.map { SetApartKey(role: .contested, code: $0) })
  }

  package func table(for request: ReportRequest, survey: Survey) throws(ParameterError) -> Table {
    let model = request.model
    let axes = try Axes(request)
    let row = model.dimensions[axes.row]
    let counted = Breakdown(for: request, by: axes.column)
    let keys = survey.setApart
    let columns =
      [.ids(of: row, values: Column.values(of: row.codes)), .names(of: row)] + counted.columns
      + keys.map { $0.column(of: axes.column, in: model) }

    return Table(columns: columns) {
      let grid = try await request.engine.aggregate(by: [axes.row, axes.column], where: request.selection)
      let apart = keys.isEmpty ? [:] : try await setApart(request, axes)
      var aggregates: [Aggregate] = []
      var rows: [Row] = []
      for code in request.codes(of: axes.row) {
        let ofRow = counted.codes.map { grid[code, $0] }
        if !isListed(ofRow, code, of: axes.row, in: request) { continue }
        aggregates += ofRow
        let cellsApart = keys.map { key in
          apart[SetApartPlace(row: code, key: key)]?.cell(in: model, without: [axes.row, axes.column]) ?? .empty
        }
        rows.append(
          Row(
            [.text(row.codes.ids[code]), .text(row.codes.names[code])] + (try counted.cells(ofRow)) + cellsApart,
            provenance: [request.selection.restricting(axes.row, to: [code])]))
      }
      return (rows, notesOnOmissions(aggregates))
    }
  }

  private func setApart(_ request: ReportRequest, _ axes: Axes) async throws -> [SetApartPlace: SetApart] {
    try await SetApart.all(in: request.engine, where: request.selection) { batch, index in
      SetApartPlace(
        row: Int(batch.codes[axes.row][index]),
        key: SetApartKey(role: batch.roles[index], code: Int(batch.codes[axes.column][index])))
    }
  }
}

/// The two dimensions of a breakdown.
struct Axes: Sendable {
  static let rows = Parameter.dimension(
    "rows", "The dimension whose codes get a row each", default: .firstChoice)
  static let columns = Parameter.dimension(
    "columns", "The dimension whose codes get a column each", default: .secondChoice)

  let row: Int
  let column: Int

  init(_ request: ReportRequest) throws(ParameterError) {
    row = request[Self.rows]
    column = request[Self.columns]
    if row == column {
      let ids = request.model.dimensions.map(\.id)
      throw ParameterError(
        parameter: "columns", message: "rows and columns are both \"\(ids[row])\"; choose two dimensions",
        suggestions: ids.filter { $0 != ids[row] })
    }
  }
}

/// What one column shows that is never added: numbers of a code that are parts of others, or contested ones.
struct SetApartKey: Hashable {
  let role: Role
  let code: Int

  func column(of dimension: Int, in model: DatasetModel) -> Column {
    let codes = model.dimensions[dimension].codes
    let (id, name) = (codes.ids[code], codes.names[code])
    return Column(
      name: "\(id)_\(role.name)", title: role == .ofWhich ? "Of those: \(name)" : "Contested: \(name)",
      kind: .integer, unit: model.measure.unitName,
      summary: role == .ofWhich
        ? "A part of other numbers where \(model.dimensions[dimension].id) is \(id); never added"
        : "A number where \(model.dimensions[dimension].id) is \(id) that its own sources contradict; never added",
      selection: Selection.all.restricting(dimension, to: [code]))
  }
}

private struct SetApartPlace: Hashable {
  let row: Int
  let key: SetApartKey
}
