public import Base
public import Dataset
internal import ExternalPlugins
internal import ReportKit
internal import YAML

/// Everything that answers come from: configuration, dataset and reports that were loaded together. It never changes;
/// a reload makes a new one.
public final class Generation: Sendable {
  /// Counts from 1.
  public let number: Int
  public let configuration: Configuration
  public let dataset: Snapshot
  /// In alphabetical order of their names.
  public let reports: [CompiledReport]
  /// In the order of the configuration.
  public let exports: [CompiledExport]
  public let registry: PluginRegistry

  /// Loads the configuration file at `path` and all that it names.
  ///
  /// - Throws: every problem of configuration, dataset and reports, in the order of the files.
  public static func load(
    number: Int = 1, path: String, registry: PluginRegistry
  ) throws(ProblemList) -> Generation {
    let problems = ProblemCollector()
    guard let configuration = Configuration.load(path: path, problems: problems) else { throw problems.problems }

    let dataset: Snapshot?
    var dataProblems = ProblemList()
    do {
      dataset = try Snapshot.load(configuration.dataset)
    } catch {
      dataset = nil
      dataProblems = error
    }
    let registry = registry.adding(configuration.plugins, problems: problems)
    let compiler = Compiler(
      registry: registry, dataset: dataset, limits: StepLimits(memory: configuration.limits.stepMemory),
      problems: problems)
    let reports = configuration.reports.compactMap { compiler.compile($0) }
    let exports = compiler.compile(
      configuration.exports.exports, reports: reports, names: configuration.reports.map(\.name.value))

    // What is wrong in the configuration comes first: it may be the cause of the rest.
    var all = problems.problems
    all.append(contentsOf: dataProblems)
    guard all.isEmpty, let dataset else { throw all }
    registry.host.setLimits(running: configuration.limits.plugins, waiting: configuration.limits.pluginQueue)
    return Generation(
      number: number, configuration: configuration, dataset: dataset,
      reports: reports.sorted { $0.name < $1.name }, exports: exports, registry: registry)
  }

  private init(
    number: Int, configuration: Configuration, dataset: Snapshot, reports: [CompiledReport], exports: [CompiledExport],
    registry: PluginRegistry
  ) {
    self.number = number
    self.configuration = configuration
    self.dataset = dataset
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

  public func report(named name: String) -> CompiledReport? {
    reports.first { $0.name == name }
  }

  /// Such as `dataset memorandum with 58 observations, 2 reports`.
  public var summary: String {
    "dataset \(dataset.name) with \(dataset.observations.count) observations, \(reports.count) reports"
  }
}
