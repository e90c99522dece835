package import ReportKit

/// One row for each bloc of a classification scheme, with what was counted for its places.
package struct BlocAggregate: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "bloc-aggregate", summary: "One row for each bloc of a classification scheme: the counts by breakdown",
    ReportRequest.scheme)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let model = request.model
    guard let scheme = request.scheme else {
      throw ParameterError(
        parameter: "scheme", message: "bloc-aggregate needs a classification scheme, and the dataset has none")
    }
    let breakdown = Breakdown(for: request)
    let columns =
      [
        .text("bloc", "Bloc", "The id of the bloc in the scheme", values: scheme.values),
        .text("name", "Name", "The name of the bloc"),
        Column(
          name: "countries", title: "Countries", kind: .integer,
          summary: "How many places of the bloc have counted observations", total: .sum, selection: .all),
      ] + breakdown.columns

    return Table(columns: columns, notes: [scheme.note]) {
      let grid = try await request.engine.aggregate(
        by: [model.placeIndex, model.breakdownIndex], where: request.selection)
      // The last group holds the places that the scheme does not classify: dropping them would falsify the total.
      var groups = [PlaceGroup](
        repeating: PlaceGroup(breakdownCount: breakdown.codes.count), count: scheme.groups.count + 1)
      for code in request.places {
        let bloc = scheme.group(ofPlace: code) ?? scheme.groups.count
        try groups[bloc].add(code, breakdown.codes.map { grid[code, $0] })
      }
      var rows: [Row] = []
      for (index, group) in groups.enumerated() {
        if index == scheme.groups.count, group.countedPlaceCount == 0 { continue }
        let heading: [Cell] =
          index < scheme.groups.count
          ? [.text(scheme.groups[index].id), .text(scheme.groups[index].name)] : [.empty, .text("not classified")]
        rows.append(
          Row(
            heading + [.integer(group.countedPlaceCount)] + (try breakdown.cells(group.aggregates)),
            provenance: [request.selection.restricting(model.placeIndex, to: group.places)]))
      }
      return (rows, notesOnOmissions(groups.flatMap(\.aggregates)))
    }
  }
}
