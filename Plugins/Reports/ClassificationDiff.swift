public import ReportKit

/// What moves from which bloc to which when one classification scheme is replaced by another.
///
/// Every place is in exactly one row, so the rows of a bloc of the old scheme add up to what it was, and those of a
/// bloc of the new one to what it becomes.
public struct ClassificationDiff: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "classification-diff",
    summary: "What moves between blocs when one classification scheme is replaced by another: places and counts",
    parameters: [
      Parameter(
        name: "from", summary: "The classification scheme that is replaced", kind: .scheme, default: .firstChoice),
      Parameter(
        name: "to", summary: "The classification scheme that replaces it", kind: .scheme, default: .secondChoice),
    ])

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let dataset = request.dataset
    let old = try scheme("from", request)
    let new = try scheme("to", request)
    let breakdown = Breakdown(for: request)
    func text(_ name: String, _ title: String, _ summary: String) -> Column {
      Column(name: name, title: title, kind: .text, summary: summary)
    }
    let columns =
      [
        text("from_bloc", "From", "The id of the bloc in \(old.id); empty for places that it does not classify"),
        text("from_name", "From name", "The name of the bloc in \(old.id)"),
        text("to_bloc", "To", "The id of the bloc in \(new.id); empty for places that it does not classify"),
        text("to_name", "To name", "The name of the bloc in \(new.id)"),
        text("change", "Change", "same: the bloc has the same id in both schemes; moves: it has not"),
        text("places", dataset.place.title, "The names of the places"),
        Column(
          name: "place_count", title: "Places", kind: .integer,
          summary: "How many places of the row have counted observations", total: .sum, selection: .all),
      ] + breakdown.columns

    return Table(columns: columns, notes: [old.note("From"), new.note("To")]) {
      let grid = try dataset.aggregate(by: [dataset.placeIndex, dataset.breakdownIndex], where: request.selection)
      var flows: [Flow] = []
      for place in request.places {
        let from = old.bloc(ofPlace: place)
        let to = new.bloc(ofPlace: place)
        let ofPlace = breakdown.codes.map { grid[place, $0] }
        if !isListed(ofPlace, place, of: dataset.placeIndex, in: request) { continue }
        if let index = flows.firstIndex(where: { $0.from == from && $0.to == to }) {
          try flows[index].add(place, ofPlace)
        } else {
          flows.append(try Flow(from: from, to: to, place, ofPlace))
        }
      }
      flows.sort { ($0.from ?? .max, $0.to ?? .max) < ($1.from ?? .max, $1.to ?? .max) }
      let rows = try flows.map { flow in
        let (from, to) = (flow.from.map { old.blocs[$0] }, flow.to.map { new.blocs[$0] })
        return Row(
          [
            .text(or: from?.id), .text(from?.name ?? Flow.unclassified), .text(or: to?.id),
            .text(to?.name ?? Flow.unclassified), .text(from?.id == to?.id ? "same" : "moves"),
            .text(flow.places.map { dataset.place.codes.names[$0] }.joined(separator: ", ")),
            .integer(flow.countedPlaceCount),
          ] + (try breakdown.cells(flow.aggregates)),
          origins: [request.selection.restricting(dataset.placeIndex, to: flow.places)])
      }
      return (rows, notesOnOmissions(flows.flatMap(\.aggregates)))
    }
  }

  private func scheme(_ parameter: String, _ request: ReportRequest) throws(ParameterError) -> Scheme {
    let id = request.arguments[text: parameter]
    guard let scheme = request.dataset.schemes.first(where: { $0.id == id }) else {
      throw ParameterError(
        parameter: parameter,
        message: "classification-diff needs classification schemes, and the dataset has none")
    }
    return scheme
  }

  /// The places that go from one bloc to another, or stay in one; nil for what a scheme does not classify.
  private struct Flow {
    let from: Int?
    let to: Int?
    var places: CodeSet
    /// Places with at least one counted observation.
    var countedPlaceCount = 0
    var aggregates: [Aggregate]

    static let unclassified = "not classified"

    init(from: Int?, to: Int?, _ place: Int, _ aggregates: [Aggregate]) throws {
      self.from = from
      self.to = to
      places = []
      self.aggregates = [Aggregate](repeating: .empty, count: aggregates.count)
      try add(place, aggregates)
    }

    mutating func add(_ place: Int, _ ofPlace: [Aggregate]) throws {
      places.insert(place)
      if ofPlace.contains(where: { $0.observations > 0 }) { countedPlaceCount += 1 }
      for (index, aggregate) in ofPlace.enumerated() { try aggregates[index].formUnion(aggregate) }
    }
  }
}
