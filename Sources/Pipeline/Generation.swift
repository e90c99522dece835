public import Base
internal import Columnar
internal import ExternalPlugins
public import Model
internal import Posix
public import Query
internal import ReportKit
internal import YAML

/// Everything that answers come from: configuration, dataset and reports that were loaded together. It never changes;
/// a reload makes a new one.
public final class Generation: Sendable {
  /// Counts from 1.
  public let number: Int
  /// As it was read; limits and access are taken from it.
  public let configuration: Configuration
  /// Answers questions about the observations.
  public let engine: any QueryEngine
  /// In alphabetical order of their names.
  public let reports: [CompiledReport]
  /// In the order of the configuration.
  public let exports: [CompiledExport]
  /// Shipped plugins and those of the configuration.
  public let registry: PluginRegistry

  /// Loads the configuration file at `path` and all that it names.
  ///
  /// - Throws: every problem of configuration, dataset and reports, in the order of the files.
  public static func load(
    number: Int = 1, path: String, registry: PluginRegistry
  ) async throws(ProblemList) -> Generation {
    let (read, readingProblems) = await Self.read(path)
    let problems = ProblemCollector()
    problems.report(contentsOf: readingProblems)
    guard let configuration = read else { throw problems.problems }

    let engine: (any QueryEngine)?
    var dataProblems = ProblemList()
    do {
      engine = try await ColumnarEngine.load(configuration.dataset)
    } catch {
      engine = nil
      dataProblems = error
    }
    let registry = registry.adding(configuration.plugins, problems: problems)
    let compiler = Compiler(
      registry: registry, engine: engine, limits: StepLimits(configuration.limits),
      problems: problems)
    let reports = await compiler.compile(configuration.reports)
    let exports = await compiler.compile(
      configuration.exports.exports, reports: reports, names: configuration.reports.map(\.name.value))

    // What is wrong in the configuration comes first: it may be the cause of the rest.
    var all = problems.problems
    all.append(contentsOf: dataProblems)
    guard all.isEmpty, let engine else { throw all }
    registry.host.setLimits(running: configuration.limits.plugins, waiting: configuration.limits.pluginQueue)
    return Generation(
      number: number, configuration: configuration, engine: engine,
      reports: reports.sorted { $0.name < $1.name }, exports: exports, registry: registry)
  }

  /// The files of the configuration may lie on a disk that hangs, and names of users on a server.
  private static func read(_ path: String) async -> (Configuration?, ProblemList) {
    let result: Result<(Configuration?, ProblemList), Never> = await blocking {
      let problems = ProblemCollector()
      let configuration = Configuration.load(path: path, problems: problems)
      return .success((configuration, problems.problems))
    }
    return result.get()
  }

  private init(
    number: Int, configuration: Configuration, engine: any QueryEngine, reports: [CompiledReport],
    exports: [CompiledExport],
    registry: PluginRegistry
  ) {
    self.number = number
    self.configuration = configuration
    self.engine = engine
    self.reports = reports
    self.exports = exports
    self.registry = registry
  }

  /// Starts each external plugin that describes itself, and compares that with its manifest.
  public func checkPlugins() async throws {
    var problems = ProblemList()
    for manifest in configuration.plugins {
      for problem in try await manifest.checkDescription(on: registry.host) { problems.append(problem) }
    }
    await registry.host.settle()
    try problems.throwIfAny()
  }

  /// What the dataset is about.
  public var model: DatasetModel { engine.model }

  /// The report of that name; nil when there is none.
  public func report(named name: String) -> CompiledReport? {
    reports.first { $0.name == name }
  }

  /// Such as `dataset memorandum with 58 observations, 2 reports`.
  public var summary: String {
    "dataset \(model.name) with \(engine.observationCount) observations, \(reports.count) reports"
  }
}
