public import ReportKit

/// The observations behind a cell.
public struct Evidence: Sendable {
  /// In the order of the dataset; at most as many as were asked for.
  public var first: [Observation]
  /// How many there are, those beyond `first` included.
  public var count: Int
  /// What the counted ones among all of them come to; nil when they give no number.
  public var sum: Int64?
}

extension Snapshot {
  /// The observations that any of the selections selects.
  ///
  /// - Throws: `FileChanged` when a large dataset's file changed since it was loaded, or `CancellationError`.
  public func evidence(for origins: [Selection], limit: Int) throws -> Evidence {
    if origins.count == 1 {
      let all = try aggregate(by: [], where: origins[0])[cell: 0]
      return Evidence(
        first: try observations.observations(atRows: observations.rows(where: origins[0], limit: limit)),
        count: all.observations + all.ofWhich + all.contested, sum: all.sum)
    }
    // Selections may overlap, and nothing counts twice.
    var rows: Set<Int> = []
    for origin in origins { rows.formUnion(try observations.rows(where: origin)) }
    var sum: Int64?
    for row in rows where observations.role(ofRow: row) == .counted {
      guard let number = observations.value(ofRow: row).number else { continue }
      let (total, overflows) = (sum ?? 0).addingReportingOverflow(number)
      if overflows { throw SumOverflow() }
      sum = total
    }
    return Evidence(
      first: try observations.observations(atRows: rows.sorted().prefix(limit)), count: rows.count, sum: sum)
  }

  /// The observation with the names and texts that a reader knows.
  public func citation(of observation: Observation) -> Citation {
    Citation(
      printed: observation.printed,
      source: sourceIndex.flatMap { source?.codes.names[observation.codes[$0]] } ?? title, locus: observation.locus,
      quote: observation.quote, role: observation.role, caveats: observation.caveats.map { caveats[$0].text })
  }
}

extension CompiledReport {
  /// Finds what stands behind the cells of a table with these columns.
  func citations(columns: [Column]) -> CitationProvider {
    let dataset = dataset
    let indexes = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return { row, column, limit in
      let origins = indexes[column.name].map { row.origins(at: $0, in: columns) } ?? []
      if origins.isEmpty { return Citations(first: [], count: 0) }
      let evidence = try dataset.evidence(for: origins, limit: limit)
      return Citations(first: evidence.first.map { dataset.citation(of: $0) }, count: evidence.count)
    }
  }
}
