public import Model

/// Asks what observations come to.
public struct AggregateQuery: Hashable, Sendable {
  /// The indexes of the dimensions that group, none twice; none for one aggregate of everything selected. The last one
  /// varies fastest.
  public var dimensions: [Int]
  /// The observations that any of these selects, each counted once; at least one selection.
  public var selections: [Selection]
  /// The index of the measure whose rules say what numbers come to; nil for all observations, whatever they measure. Of
  /// several measures these have no sum, but are counted.
  public var measure: Int?
  /// Of the sources that give a number for the same, the one that stands first here counts, and others do not; sources
  /// that are not named follow in the order of the dataset. Empty for the rule that the measure has for sources.
  public var preferredSources: [Int]

  /// - Parameters:
  ///   - dimensions: the indexes of those that group; none for one aggregate.
  ///   - selections: each observation that any of them selects is counted once.
  ///   - measure: the index of the measure; nil for all observations, whatever they measure.
  ///   - preferredSources: codes of the source, those that count before others first.
  public init(
    by dimensions: [Int], where selections: [Selection] = [.all], measure: Int? = nil,
    preferring preferredSources: [Int] = []
  ) {
    self.dimensions = dimensions
    self.selections = selections
    self.measure = measure
    self.preferredSources = preferredSources
  }

  /// More cells than this are refused: nobody reads them, and they would fill the memory.
  public static let maximumCellCount = 1 << 24
}
