import Columnar
import Model
import Query

/// The ways in which the engine adds up.
enum Method: String, CaseIterable {
  case cube
  case scan

  func aggregate(_ query: AggregateQuery, of engine: ColumnarEngine) async throws -> Aggregation {
    switch self {
    case .cube: try await engine.aggregate(query)
    case .scan: try await engine.scan(query)
    }
  }
}

/// The aggregates behind the two reports, computed by a method of choice.
enum Grouping: String, CaseIterable {
  case places
  case blocs

  typealias Group = (name: String, aggregates: [Aggregate])

  /// For each place, or for each bloc of the first scheme, one aggregate for each code of the breakdown. The places
  /// without a bloc come last, under no name.
  func groups(of engine: ColumnarEngine, _ method: Method) async throws -> [Group] {
    let model = engine.model
    let grid = try await method.aggregate(AggregateQuery(by: [model.placeIndex, model.breakdownIndex]), of: engine)
    let breakdown = model.breakdown.codes.ids.indices
    let places = model.place.codes.ids.indices.map { place in breakdown.map { grid[place, $0] } }
    switch self {
    case .places: return zip(model.place.codes.ids, places).map { ($0, $1) }
    case .blocs:
      guard let scheme = model.schemes.first else { return [] }
      let none = breakdown.map { _ in Aggregate.empty }
      var groups: [Group] = scheme.groups.map { ($0.id, none) } + [("", none)]
      for (place, aggregates) in places.enumerated() {
        let bloc = scheme.group(of: place) ?? scheme.groups.count
        for code in breakdown { try groups[bloc].aggregates[code].formUnion(aggregates[code]) }
      }
      return groups
    }
  }

  /// One line of CSV for each group and code of the breakdown; a missing sum is empty.
  func answers(of engine: ColumnarEngine, _ method: Method) async throws -> String {
    try await groups(of: engine, method).flatMap { group in
      zip(engine.model.breakdown.codes.ids, group.aggregates).map { code, aggregate in
        let sum = aggregate.sum.map(String.init) ?? ""
        let counts = [aggregate.numbers, aggregate.observations, aggregate.ofWhich, aggregate.contested]
        return "\(method),\(self),\(group.name),\(code),\(sum),"
          + counts.map(String.init).joined(separator: ",") + "\n"
      }
    }.joined()
  }
}
