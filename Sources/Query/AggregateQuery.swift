public import Model

/// Asks what observations come to.
public struct AggregateQuery: Hashable, Sendable {
  /// The indexes of the dimensions that group, none twice; none for one aggregate of everything selected. The last one
  /// varies fastest.
  public var dimensions: [Int]
  /// The observations that any of these selects, each counted once; at least one selection.
  public var selections: [Selection]

  /// - Parameters:
  ///   - dimensions: the indexes of those that group; none for one aggregate.
  ///   - selections: each observation that any of them selects is counted once.
  public init(by dimensions: [Int], where selections: [Selection] = [.all]) {
    self.dimensions = dimensions
    self.selections = selections
  }

  /// More cells than this are refused: nobody reads them, and they would fill the memory.
  public static let maximumCellCount = 1 << 24
}
