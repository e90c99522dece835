package import ReportKit

/// One row for each place, or for each code of another dimension, with its group and what was counted for it.
package struct CountrySummary: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "country-summary", summary: "One row for each place: its bloc, and the counts by breakdown",
    SchemeChoice.scheme, CrosstabAxes.measure, CrosstabAxes.rows, CrosstabAxes.columns, CrosstabAxes.of,
    CrosstabAxes.prefer)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let axes = try CrosstabAxes(request)
    let dimension = request.model.dimensions[axes.row]
    let scheme = try SchemeChoice.scheme(of: axes.row, for: request)
    let tab = Crosstab(request, axes)
    var headings: [Column] = [.ids(of: dimension, values: Column.values(of: dimension.codes)), .names(of: dimension)]
    if let scheme { headings.append(scheme.groupColumn(of: dimension)) }
    let width = headings.count

    return Table(columns: headings + tab.columns, notes: scheme.map { [$0.note] } ?? []) {
      try await CodeRows(tab, width: width) { code in
        let names: [Cell] = [.text(dimension.codes.ids[code]), .text(dimension.codes.names[code])]
        guard let scheme else { return names }
        return names + [.text(or: scheme.group(of: code).map { scheme.groups[$0].id })]
      }.contents()
    }
  }
}
