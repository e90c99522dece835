public import Base
public import ExternalPlugins
public import Model
public import YAML

/// What `musterd.yaml` and the files that it includes say.
public struct Configuration: Sendable {
  /// The path of the main file.
  public var file: String
  /// Where to listen when neither the command line nor an activator says it.
  public var listen: Located<String>?
  /// Where the numbers are, and which parts they play.
  public var dataset: DatasetConfiguration
  /// In written order, over all files.
  public var reports: [ReportConfiguration]
  /// The manifests of external plugins, in the order of the files.
  public var plugins: [ExternalManifest]
  /// Who may do what.
  public var access: AccessConfiguration
  /// The files that the daemon writes.
  public var exports: ExportsConfiguration
  /// How much the daemon takes upon itself.
  public var limits: Limits

  /// Where to listen when nobody says it.
  public static let defaultAddress = "unix:/run/musterd/org.muster.Reports"
}

/// A report as configured: a title and steps, not yet checked against plugins and data.
public struct ReportConfiguration: Sendable {
  /// In kebab-case, unique over all files.
  public var name: Located<String>
  /// The name where none is written.
  public var title: String
  /// Nil for that of the report plugin.
  public var summary: String?
  /// In written order; at least one.
  public var steps: [StepConfiguration]
}

/// One step of a pipeline: the name of a plugin, or `select`, with its parameters.
public struct StepConfiguration: Sendable {
  /// A plugin's name, or `select`.
  public var name: Located<String>
  /// Not checked against the plugin yet.
  public var parameters: Parameters

  /// What is written for a step.
  public enum Parameters: Sendable {
    /// Of a plugin: what is written behind its name.
    case node(Node?)
    /// Of `select`: what each dimension is narrowed to.
    case selection([Entry<SelectionConfiguration>])
  }

  /// The step that narrows the observations.
  public static let select = "select"
}

extension Configuration {
  /// Reads the main file and everything that it includes.
  ///
  /// - Returns: nil when too much is missing to go on; otherwise what could be read. It holds only when no problem was
  ///   reported.
  public static func load(path: String, problems: ProblemCollector) -> Configuration? {
    guard let node = loadYAML(path: path, problems: problems) else { return nil }
    let keys = ConfigurationFile.keys
    guard let map = MappingReader(node, of: "the configuration", keys: keys, problems: problems) else { return nil }
    // What is wrong with the dataset is told behind the problems of other files.
    let dataset = ConfigurationFile.dataset
    var main = ConfigurationFile()
    _ = map.read(keys.filter { $0.name != dataset.name }, into: &main)
    main.include(relativeTo: path, problems: problems)
    reportRepeatedNames(main.reports, problems: problems)
    let plugins = main.manifests(relativeTo: path, problems: problems)
    guard dataset.read(from: map, into: &main), let dataset = main.dataset else { return nil }
    return Configuration(
      file: path, listen: main.listen, dataset: dataset, reports: main.reports, plugins: plugins, access: main.access,
      exports: main.exports, limits: main.limits)
  }

  private static func reportRepeatedNames(_ reports: [ReportConfiguration], problems: ProblemCollector) {
    var first: [String: Located<String>] = [:]
    for report in reports {
      if let earlier = first[report.name.value] {
        problems.report(
          report.name.problem("the report \"\(report.name.value)\" is already defined at \(earlier.place)"))
      } else {
        first[report.name.value] = report.name
      }
    }
  }
}
