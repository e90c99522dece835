import ReportKit

/// Places whose counts are added up.
struct PlaceGroup {
  private(set) var places = CodeSet()
  /// Places with at least one counted observation.
  private(set) var countedPlaceCount = 0
  /// By code of the breakdown.
  private(set) var aggregates: [Aggregate]

  init(breakdownCount: Int) {
    aggregates = [Aggregate](repeating: .empty, count: breakdownCount)
  }

  /// - Parameter ofPlace: what each code of the breakdown comes to in the place.
  mutating func add(_ place: Int, _ ofPlace: [Aggregate]) throws {
    places.insert(place)
    if ofPlace.contains(where: { $0.observations > 0 }) { countedPlaceCount += 1 }
    for (index, aggregate) in ofPlace.enumerated() { try aggregates[index].formUnion(aggregate) }
  }
}
