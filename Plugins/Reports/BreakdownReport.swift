package import ReportKit

/// Any dimension by any other. What is a part of other numbers, or contested, stands in columns of its own.
package struct BreakdownReport: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "breakdown", summary: "Any dimension by any other, with parts of other numbers set apart",
    Axes.rows, Axes.columns, CrosstabAxes.measure, CrosstabAxes.prefer)

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
    let axes = try CrosstabAxes(
      row: request[Axes.rows], column: request[Axes.columns], request, prefer: request[CrosstabAxes.prefer])
    let row = model.dimensions[axes.row]
    let tab = Crosstab(request, axes)
    let keys = survey.setApart
    let columns =
      [.ids(of: row, values: Column.values(of: row.codes)), .names(of: row)] + tab.columns
      + keys.map { $0.column(axes, in: model) }

    return Table(columns: columns) {
      let apart = keys.isEmpty ? [:] : try await setApart(request, axes)
      return try await CodeRows(tab, width: 2) { code in
        [.text(row.codes.ids[code]), .text(row.codes.names[code])]
      }.contents(showsParts: false) { code in
        keys.map { key in
          guard let code else { return apart.total(of: key, in: model) }
          return apart[SetApartPlace(row: code, key: key)]?.cell(in: model, without: [axes.row, axes.column]) ?? .empty
        }
      }
    }
  }

  private func setApart(_ request: ReportRequest, _ axes: CrosstabAxes) async throws -> [SetApartPlace: SetApart] {
    let all = try await SetApart.all(in: request.engine, where: request.selection) { batch, index in
      SetApartPlace(
        row: Int(batch.codes[axes.row][index]),
        key: SetApartKey(role: batch.roles[index], code: Int(batch.codes[axes.column][index])))
    }
    return all
  }
}

/// The two dimensions of a breakdown.
enum Axes {
  static let rows = Parameter.dimension(
    "rows", "The dimension whose codes get a row each", default: .firstChoice)
  static let columns = Parameter.dimension(
    "columns", "The dimension whose codes get a column each", default: .secondChoice)
}

/// What one column shows that is never added to others: numbers of a code that are parts of others, or contested ones.
struct SetApartKey: Hashable {
  let role: Role
  let code: Int

  func column(_ axes: CrosstabAxes, in model: DatasetModel) -> Column {
    let dimension = axes.column
    let codes = model.dimensions[dimension].codes
    let (id, name) = (codes.ids[code], codes.names[code])
    let measure = model.measures[axes.measure ?? model.measures.firstIndex { $0.code == code } ?? 0]
    var column = Column(
      name: "\(id)_\(role.name)", title: role == .ofWhich ? "Of those: \(name)" : "Contested: \(name)",
      kind: measure.decimals == 0 ? .integer : .decimal, unit: measure.unitName,
      summary: role == .ofWhich
        ? "A part of other numbers where \(model.dimensions[dimension].id) is \(id); never added"
        : "A number where \(model.dimensions[dimension].id) is \(id) that its own sources contradict; never added",
      selection: Selection.all.restricting(dimension, to: [code]))
    column.isPart = true
    return column
  }
}

private struct SetApartPlace: Hashable {
  let row: Int
  let key: SetApartKey
}

extension [SetApartPlace: SetApart] {
  /// What the parts in a column come to by themselves; nothing for contested numbers, which mean nothing together.
  fileprivate func total(of key: SetApartKey, in model: DatasetModel) -> Cell {
    if key.role != .ofWhich { return .empty }
    let members = filter { $0.key.key == key }
    return SetApart(joining: members.sorted { $0.key.row < $1.key.row }.map(\.value)).sum(in: model)
  }
}
