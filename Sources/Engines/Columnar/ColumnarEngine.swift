public import Base
public import Model
internal import Posix
public import Query
internal import TabularPackage

/// The engine in memory: coded columns, and where it is worth its room the cube of all sums. The default.
///
/// Texts of a dataset beyond a few MiB are read from its file again when they are asked for, on threads of the engine:
/// a disk that hangs holds up only who asks for what is on it.
public final class ColumnarEngine: QueryEngine {
  /// Read from the same package as the numbers, so that both are of one revision.
  public let model: DatasetModel
  let store: ObservationStore
  let cube: Cube?
  /// By measure of which combinations of the panel there are observations, once it was asked for.
  let panels = Locked([Int: PanelPresence]())
  /// Which rows have which codes, from when stated totals are first asked about; nil where there are too many.
  private let rowIndex = Lazily<RowIndex?>()
  private let coverageIndex = Lazily<CoverageIndex>()
  /// How many threads parse and scan.
  let threads: Int

  /// Reads a data package and everything in it.
  ///
  /// - Parameter threads: how many threads parse and scan; by default as many as there are cores.
  /// - Throws: every problem of the configuration, the descriptor and the data, in a fixed order.
  public static func load(
    _ configuration: DatasetConfiguration, threads: Int? = nil
  ) async throws(ProblemList) -> ColumnarEngine {
    let result: Result<ColumnarEngine, ProblemList> = await blocking {
      Result { () throws(ProblemList) in try read(configuration, threads: max(1, threads ?? coreCount)) }
    }
    return try result.get()
  }

  private static func read(
    _ configuration: DatasetConfiguration, threads: Int
  ) throws(ProblemList) -> ColumnarEngine {
    var problems = ProblemList()
    let descriptor = PackageDescriptor.read(configuration.package.value, into: &problems)
    guard let descriptor else { throw problems }
    let layout = DatasetLayout(configuration, descriptor, into: &problems)
    let parts = layout.map { DatasetParts($0, into: &problems) }
    var requests: [String: TableRequest] = [:]
    if let layout, let parts { requests = layout.requests(for: parts) }
    let package = descriptor.loadTables(requests: requests, threads: threads, into: &problems)
    guard let layout, let parts, problems.isEmpty else { throw problems }
    var modelReader = ModelReader(layout: layout, parts: parts, package: package)
    guard var contents = modelReader.read() else {
      problems.append(contentsOf: modelReader.problems)
      throw problems
    }
    var reader = ObservationReader(layout: layout, parts: parts, package: package, model: contents)
    guard let store = reader.read() else {
      problems.append(contentsOf: reader.problems)
      throw problems
    }
    do {
      contents.statedTotals += try store.totalsOfContainers(contents, layout)
    } catch {
      throw ProblemList([Problem(file: error.path, message: "the file changed while it was being read")])
    }
    return ColumnarEngine(
      DatasetModel(contents, of: layout, revision: package.revision), store, threads: threads)
  }

  private init(_ model: DatasetModel, _ store: ObservationStore, threads: Int) {
    self.model = model
    self.store = store
    self.threads = threads
    cube = Cube(of: store.columns, threads: threads)
  }

  /// All of the dataset, whatever their role.
  public var observationCount: Int { store.count }
  /// Whether what one selection comes to is answered from the cube.
  package var hasCube: Bool { cube != nil }

  /// In the order of the dataset, or sorted by codes with one number in memory for each observation.
  public func observations(_ query: ObservationQuery) -> any ObservationStream {
    StoredObservations(query, in: store)
  }

  /// Reads scopes through the index of rows; nil for a dataset that has none since it is too large.
  func scopeReader() -> ScopeReader? {
    rowIndex.value { RowIndex(store.columns) }.map { ScopeReader(self, $0) }
  }

  /// Which stated totals cover which rows; made once for all questions.
  func coverage(_ reader: ScopeReader) -> CoverageIndex { coverageIndex.value { CoverageIndex(reader) } }
}
