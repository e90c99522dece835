public import Base
import TabularPackage

/// A dataset as it was at one moment: immutable, and shared by everybody who asks.
public final class Snapshot: Sendable {
  public let name: String
  public let title: String
  public let description: String?
  /// `sha256:` and the digest of the descriptor and of every resource's file, their names included.
  public let revision: String
  /// In the order of the fields of the observations.
  public let dimensions: [Dimension]
  public let placeIndex: Int
  public let breakdownIndex: Int
  /// The dimension that is the document in which a number is printed.
  public let sourceIndex: Int?
  public let measure: Measure
  /// First those of the measure, in the order of its `missingValues`, then further ones of the stated totals.
  public let missingReasons: [MissingReason]
  public let schemes: [Scheme]
  public let caveats: [Caveat]
  public let statedTotals: [StatedTotal]
  public let discrepancies: [Discrepancy]
  /// In the order of the dataset.
  public let printedTables: [PrintedTable]
  public let observations: ObservationList

  let cube: Cube?
  let threads: Int

  /// Reads a data package and everything in it.
  ///
  /// - Parameter threads: how many threads parse and scan; by default as many as there are cores.
  /// - Throws: every problem of the configuration, the descriptor and the data, in a fixed order.
  public static func load(_ configuration: DatasetConfiguration, threads: Int? = nil) throws(ProblemList) -> Snapshot {
    let threads = max(1, threads ?? coreCount)
    var problems = ProblemList()
    let descriptor = PackageDescriptor.read(configuration.package.value, into: &problems)
    guard let descriptor else { throw problems }
    let layout = DatasetLayout(configuration, descriptor, into: &problems)
    let parts = layout.map { DatasetParts($0, into: &problems) }
    var requests: [String: TableRequest] = [:]
    if let layout, let parts { requests = layout.requests(for: parts) }
    let package = descriptor.loadTables(requests: requests, threads: threads, into: &problems)
    guard let layout, let parts, problems.isEmpty else { throw problems }
    var reader = SnapshotReader(layout: layout, parts: parts, package: package)
    let contents = reader.read()
    guard let contents, reader.problems.isEmpty else { throw reader.problems }
    return Snapshot(contents, of: package, in: layout, threads: threads)
  }

  private init(_ contents: SnapshotContents, of package: Package, in layout: DatasetLayout, threads: Int) {
    name = package.descriptor.name ?? ""
    title = package.descriptor.title ?? name
    description = package.descriptor.description
    revision = package.revision
    dimensions = contents.dimensions
    placeIndex = layout.place
    breakdownIndex = layout.breakdown
    sourceIndex = layout.source
    measure = contents.measure
    missingReasons = contents.missingReasons
    schemes = contents.schemes
    caveats = contents.caveats
    statedTotals = contents.statedTotals
    discrepancies = contents.discrepancies
    printedTables = contents.printedTables
    observations = contents.observations
    self.threads = threads
    cube = Self.makeCube(contents.observations.columns, threads: threads)
  }

  public var place: Dimension { dimensions[placeIndex] }
  public var breakdown: Dimension { dimensions[breakdownIndex] }
  public var source: Dimension? { sourceIndex.map { dimensions[$0] } }

  /// The index of the dimension with that id.
  public func dimension(_ id: String) throws(UnknownName) -> Int {
    guard let index = dimensions.firstIndex(where: { $0.id == id }) else {
      throw UnknownName(kind: "dimension", name: id, suggestions: suggestions(for: id, among: dimensions.map(\.id)))
    }
    return index
  }

  /// The index of the scheme with that id.
  public func scheme(_ id: String) throws(UnknownName) -> Int {
    guard let index = schemes.firstIndex(where: { $0.id == id }) else {
      throw UnknownName(kind: "scheme", name: id, suggestions: suggestions(for: id, among: schemes.map(\.id)))
    }
    return index
  }
}
