import Dataset

/// The aggregates behind the two reports, computed by a method of choice.
enum Grouping: String, CaseIterable {
  case places
  case blocs

  typealias Group = (name: String, aggregates: [Aggregate])

  /// For each place, or for each bloc of the first scheme, one aggregate for each code of the breakdown. The places
  /// without a bloc come last, under no name.
  func groups(of dataset: Snapshot, _ method: AggregationMethod) throws -> [Group] {
    let grid = try dataset.aggregate(by: [dataset.placeIndex, dataset.breakdownIndex], method: method)
    let breakdown = dataset.breakdown.codes.ids.indices
    let places = dataset.place.codes.ids.indices.map { place in breakdown.map { grid[place, $0] } }
    switch self {
    case .places: return zip(dataset.place.codes.ids, places).map { ($0, $1) }
    case .blocs:
      guard let scheme = dataset.schemes.first else { return [] }
      let none = breakdown.map { _ in Aggregate.empty }
      var groups: [Group] = scheme.blocs.map { ($0.id, none) } + [("", none)]
      for (place, aggregates) in places.enumerated() {
        let bloc = scheme.bloc(ofPlace: place) ?? scheme.blocs.count
        for code in breakdown { try groups[bloc].aggregates[code].formUnion(aggregates[code]) }
      }
      return groups
    }
  }

  /// One line of CSV for each group and code of the breakdown; a missing sum is empty.
  func answers(of dataset: Snapshot, _ method: AggregationMethod) throws -> String {
    try groups(of: dataset, method).flatMap { group in
      zip(dataset.breakdown.codes.ids, group.aggregates).map { code, aggregate in
        let sum = aggregate.sum.map(String.init) ?? ""
        let counts = [aggregate.numbers, aggregate.observations, aggregate.ofWhich, aggregate.contested]
        return "\(method),\(self),\(group.name),\(code),\(sum),"
          + counts.map(String.init).joined(separator: ",") + "\n"
      }
    }.joined()
  }
}
