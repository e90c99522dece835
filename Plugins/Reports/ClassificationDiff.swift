package import ReportKit

/// What moves from which bloc to which when one classification scheme is replaced by another.
///
/// Every place is in exactly one row, so the rows of a bloc of the old scheme add up to what it was, and those of a
/// bloc of the new one to what it becomes.
package struct ClassificationDiff: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "classification-diff",
    summary: "What moves between blocs when one classification scheme is replaced by another: places and counts",
    from, to)

  private static let from = Parameter.scheme("from", "The classification scheme that is replaced")
  private static let to = Parameter.scheme(
    "to", "The classification scheme that replaces it", default: .secondChoice)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let model = request.model
    let old = try scheme(Self.from, request)
    let new = try scheme(Self.to, request)
    let breakdown = Breakdown(for: request)
    let columns =
      [
        .text("from_bloc", "From", "The id of the bloc in \(old.id); empty for places that it does not classify"),
        .text("from_name", "From name", "The name of the bloc in \(old.id)"),
        .text("to_bloc", "To", "The id of the bloc in \(new.id); empty for places that it does not classify"),
        .text("to_name", "To name", "The name of the bloc in \(new.id)"),
        .text("change", "Change", "same: the bloc has the same id in both schemes; moves: it has not"),
        .text("places", model.place.title, "The names of the places"),
        Column(
          name: "place_count", title: "Places", kind: .integer,
          summary: "How many places of the row have counted observations", total: .sum, selection: .all),
      ] + breakdown.columns

    return Table(columns: columns, notes: [old.note("From"), new.note("To")]) {
      let grid = try await request.engine.aggregate(
        by: [model.placeIndex, model.breakdownIndex], where: request.selection)
      var flows: [Flow] = []
      for place in request.places {
        let from = old.group(ofPlace: place)
        let to = new.group(ofPlace: place)
        let ofPlace = breakdown.codes.map { grid[place, $0] }
        if !isListed(ofPlace, place, of: model.placeIndex, in: request) { continue }
        let known = flows.firstIndex { $0.from == from && $0.to == to }
        if known == nil { flows.append(Flow(from: from, to: to, group: PlaceGroup(breakdownCount: ofPlace.count))) }
        try flows[known ?? flows.count - 1].group.add(place, ofPlace)
      }
      flows.sort { ($0.from ?? .max, $0.to ?? .max) < ($1.from ?? .max, $1.to ?? .max) }
      let rows = try flows.map { flow in
        let (from, to) = (flow.from.map { old.groups[$0] }, flow.to.map { new.groups[$0] })
        return Row(
          [
            .text(or: from?.id), .text(from?.name ?? Flow.unclassified), .text(or: to?.id),
            .text(to?.name ?? Flow.unclassified), .text(from?.id == to?.id ? "same" : "moves"),
            .text(flow.group.places.map { model.place.codes.names[$0] }.joined(separator: ", ")),
            .integer(flow.group.countedPlaceCount),
          ] + (try breakdown.cells(flow.group.aggregates)),
          provenance: [request.selection.restricting(model.placeIndex, to: flow.group.places)])
      }
      return (rows, notesOnOmissions(flows.flatMap(\.group.aggregates)))
    }
  }

  private func scheme(
    _ parameter: Parameter<Int?>, _ request: ReportRequest
  ) throws(ParameterError) -> Scheme {
    guard let scheme = request[parameter] else {
      throw ParameterError(
        parameter: parameter.declaration.name,
        message: "classification-diff needs classification schemes, and the dataset has none")
    }
    return request.model.schemes[scheme]
  }

  /// The places that go from one bloc to another, or stay in one; nil for what a scheme does not classify.
  private struct Flow {
    let from: Int?
    let to: Int?
    var group: PlaceGroup

    static let unclassified = "not classified"
  }
}
