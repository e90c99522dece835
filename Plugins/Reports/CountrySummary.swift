package import ReportKit

/// One row for each place, with its bloc and what was counted for it.
package struct CountrySummary: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "country-summary", summary: "One row for each place: its bloc, and the counts by breakdown",
    ReportRequest.scheme)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let model = request.model
    let place = model.place
    let scheme = request.scheme
    let breakdown = Breakdown(for: request)
    let columns =
      [
        .ids(of: place, values: Column.values(of: place.codes)), .names(of: place),
        .text("bloc", "Bloc", "The bloc of the \(place.id) in the scheme", values: scheme?.values),
      ] + breakdown.columns

    return Table(columns: columns, notes: scheme.map { [$0.note] } ?? []) {
      let grid = try await request.engine.aggregate(
        by: [model.placeIndex, model.breakdownIndex], where: request.selection)
      var aggregates: [Aggregate] = []
      var rows: [Row] = []
      for code in request.places {
        let ofPlace = breakdown.codes.map { grid[code, $0] }
        if !isListed(ofPlace, code, of: model.placeIndex, in: request) { continue }
        aggregates += ofPlace
        let bloc = scheme.flatMap { scheme in scheme.group(ofPlace: code).map { scheme.groups[$0].id } }
        rows.append(
          Row(
            [.text(place.codes.ids[code]), .text(place.codes.names[code]), .text(or: bloc)]
              + (try breakdown.cells(ofPlace)),
            provenance: [request.selection.restricting(model.placeIndex, to: [code])]))
      }
      return (rows, notesOnOmissions(aggregates))
    }
  }
}
