internal import Model
public import Query
public import ReportKit

/// The observations behind a cell, counted.
public struct Evidence: Hashable, Sendable {
  /// How many there are, whatever their role.
  public var count = 0
  /// What the counted ones among them come to; nil when they give no number.
  public var sum: Int128?
  /// How many digits of `sum` stand behind the point.
  public var decimals = 0
  /// The codes of the periods whose numbers stand for others, from the earliest to the latest; nil where none does.
  public var periods: ClosedRange<Int>?
}

extension QueryEngine {
  /// What the observations come to that any of the selections selects.
  ///
  /// - Parameter measure: the index of the measure by whose rules they come to something; nil where they need not.
  func evidence(for provenance: [Selection], of measure: Int? = nil) async throws -> Evidence {
    if provenance.isEmpty { return Evidence() }
    let all = try await aggregate(AggregateQuery(by: [], where: provenance))[cell: 0]
    let count = all.observations + all.ofWhich + all.contested
    guard let measure else { return Evidence(count: count, sum: model.measures.count == 1 ? all.sum : nil) }
    let cell = try await aggregate(
      AggregateQuery(by: [], where: provenance, measure: measure, preferring: model.preferredSources))[cell: 0]
    return Evidence(count: count, sum: cell.sum, decimals: model.measures[measure].decimals, periods: cell.periods)
  }

  /// Finds what stands behind the cells of a table with these columns.
  func citations(columns: [Column]) -> CitationProvider {
    let indexes = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return { row, column, limit in
      let provenance = indexes[column.name].map { row.provenance(at: $0, in: columns) } ?? []
      if provenance.isEmpty { return Citations(first: [], count: 0) }
      let first = try await list(ObservationQuery(where: provenance, limit: limit))
      // Fewer than were asked for are all of them.
      let count = first.count < limit ? first.count : try await evidence(for: provenance).count
      return Citations(first: first.map { model.citation(of: $0) }, count: count)
    }
  }
}

extension DatasetModel {
  /// The observation with the names and texts that a reader knows.
  public func citation(of observation: Observation) -> Citation {
    Citation(
      printed: observation.printed,
      source: sourceIndex.flatMap { source?.codes.names[observation.codes[$0]] } ?? title, locus: observation.locus,
      quote: observation.quote, role: observation.role, caveats: observation.caveats.map { caveats[$0].text })
  }
}
