public import ReportKit

/// One row for each bloc of a classification scheme, with what was counted for its places.
public struct BlocAggregate: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "bloc-aggregate", summary: "One row for each bloc of a classification scheme: the counts by breakdown",
    parameters: [.scheme])

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let dataset = request.dataset
    guard let scheme = request.scheme else {
      throw ParameterError(
        parameter: "scheme", message: "bloc-aggregate needs a classification scheme, and the dataset has none")
    }
    let breakdown = Breakdown(for: request)
    let columns =
      [
        Column(
          name: "bloc", title: "Bloc", kind: .text, summary: "The id of the bloc in the scheme",
          values: scheme.blocs.map { Column.Value($0.id, title: $0.name) }),
        Column(name: "name", title: "Name", kind: .text, summary: "The name of the bloc"),
        Column(
          name: "countries", title: "Countries", kind: .integer,
          summary: "How many places of the bloc have counted observations", total: .sum, selection: .all),
      ] + breakdown.columns

    return Table(columns: columns, notes: [scheme.note]) {
      let grid = try dataset.aggregate(by: [dataset.placeIndex, dataset.breakdownIndex], where: request.selection)
      // The last group holds the places that the scheme does not classify: dropping them would falsify the total.
      var groups = [Group](
        repeating: Group(breakdownCount: breakdown.codes.count), count: scheme.blocs.count + 1)
      for code in request.places {
        let bloc = scheme.bloc(ofPlace: code) ?? scheme.blocs.count
        try groups[bloc].add(breakdown.codes.map { grid[code, $0] }, place: code)
      }
      var rows: [Row] = []
      for (index, group) in groups.enumerated() {
        if index == scheme.blocs.count, group.countedPlaceCount == 0 { continue }
        let heading: [Cell] =
          index < scheme.blocs.count
          ? [.text(scheme.blocs[index].id), .text(scheme.blocs[index].name)] : [.empty, .text("not classified")]
        rows.append(
          Row(
            heading + [.integer(group.countedPlaceCount)] + (try breakdown.cells(group.aggregates)),
            origins: [request.selection.restricting(dataset.placeIndex, to: group.places)]))
      }
      return (rows, notesOnOmissions(groups.flatMap(\.aggregates)))
    }
  }

  private struct Group {
    var places = CodeSet()
    /// Places with at least one counted observation.
    var countedPlaceCount = 0
    var aggregates: [Aggregate]

    init(breakdownCount: Int) {
      aggregates = [Aggregate](repeating: .empty, count: breakdownCount)
    }

    mutating func add(_ ofPlace: [Aggregate], place: Int) throws {
      places.insert(place)
      if ofPlace.contains(where: { $0.observations > 0 }) { countedPlaceCount += 1 }
      for (index, aggregate) in ofPlace.enumerated() { try aggregates[index].formUnion(aggregate) }
    }
  }
}
