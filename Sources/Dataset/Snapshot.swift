public import Diagnostics

/// A dataset as it was at one moment: immutable, and shared by everybody who asks.
public final class Snapshot: Sendable {
  public let name: String
  public let title: String
  /// `sha256:` and the digest of the descriptor and every resource's file, their names included.
  public let revision: String
  /// In the order of the fields of the observations.
  public let dimensions: [Dimension]
  public let placeIndex: Int
  public let breakdownIndex: Int
  public let measure: Measure
  /// In the order of the measure's `missingValues`.
  public let missingReasons: [MissingReason]
  public let schemes: [Scheme]
  public let caveats: [Caveat]
  public let statedTotals: [StatedTotal]
  public let discrepancies: [Discrepancy]
  public let observations: ObservationList

  /// Reads a data package and everything in it.
  ///
  /// - Parameter threads: how many threads parse; by default as many as there are cores.
  /// - Throws: every problem of the configuration, the descriptor and the data, in a fixed order.
  public static func load(_ configuration: DatasetConfiguration, threads: Int? = nil) throws(ProblemList) -> Snapshot {
    throw ProblemList()
  }

  public var place: Dimension { dimensions[placeIndex] }
  public var breakdown: Dimension { dimensions[breakdownIndex] }

  /// The index of the dimension with that id.
  public func dimension(_ id: String) throws(UnknownName) -> Int {
    throw UnknownName(kind: "dimension", name: id, suggestions: [])
  }

  /// The index of the scheme with that id.
  public func scheme(_ id: String) throws(UnknownName) -> Int {
    throw UnknownName(kind: "scheme", name: id, suggestions: [])
  }

  /// Computes what the selected observations come to, for every combination of codes of some dimensions.
  ///
  /// - Throws: `AggregationError`, or `CancellationError` when the task was cancelled.
  public func aggregate(
    by dimensions: [Int], where selection: Selection = .all, method: AggregationMethod = .automatic
  ) throws -> Aggregation {
    throw AggregationError.noCube(cells: nil)
  }

  private init() throws(ProblemList) { throw ProblemList() }
}
