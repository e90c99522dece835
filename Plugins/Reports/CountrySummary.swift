public import ReportKit

/// One row for each place, with its bloc and what was counted for it.
public struct CountrySummary: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "country-summary", summary: "One row for each place: its bloc, and the counts by breakdown",
    parameters: [.scheme])

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let dataset = request.dataset
    let place = dataset.place
    let scheme = request.scheme
    let breakdown = Breakdown(for: request)
    let columns =
      [
        Column(
          name: place.id, title: place.title, kind: .text,
          summary: "The id of the \(place.id) in \(place.codes.resource)", values: Column.values(of: place.codes)),
        Column(name: "name", title: "Name", kind: .text, summary: "The name of the \(place.id)"),
        Column(
          name: "bloc", title: "Bloc", kind: .text, summary: "The bloc of the \(place.id) in the scheme",
          values: scheme?.blocs.map { Column.Value($0.id, title: $0.name) }),
      ] + breakdown.columns

    return Table(columns: columns, notes: scheme.map { [$0.note] } ?? []) {
      let grid = try dataset.aggregate(by: [dataset.placeIndex, dataset.breakdownIndex], where: request.selection)
      var aggregates: [Aggregate] = []
      var rows: [Row] = []
      for code in request.places {
        let ofPlace = breakdown.codes.map { grid[code, $0] }
        if !isListed(ofPlace, code, of: dataset.placeIndex, in: request) { continue }
        aggregates += ofPlace
        let bloc = scheme.flatMap { scheme in scheme.bloc(ofPlace: code).map { scheme.blocs[$0].id } }
        rows.append(
          Row(
            [.text(place.codes.ids[code]), .text(place.codes.names[code]), bloc.map { .text($0) } ?? .empty]
              + (try breakdown.cells(ofPlace)),
            origins: [request.selection.restricting(dataset.placeIndex, to: [code])]))
      }
      return (rows, notesOnOmissions(aggregates))
    }
  }
}
