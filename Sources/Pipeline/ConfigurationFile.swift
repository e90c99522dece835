internal import Base
internal import ExternalPlugins
internal import Model
public import YAML

/// What the main file of a configuration says by itself, and the files that it names.
struct ConfigurationFile {
  var listen: Located<String>?
  var dataset: DatasetConfiguration?
  var include: Node?
  var plugins: Node?
  var reports: [ReportConfiguration] = []
  var exports = ExportsConfiguration()
  var access = AccessConfiguration()
  var limits = Configuration.Limits()
}

extension ConfigurationFile {
  static var keys: [any ReadableKey<Self>] {
    [listen, dataset, include, plugins, reports, exports, access, limits]
  }

  static var listen: MappingKey<Self, Located<String>?> {
    MappingKey(
      "listen", "address", .located(.name), default: .value(Configuration.defaultAddress),
      "Where to listen when neither an activator's socket nor --listen says it", \.listen)
  }
  static var dataset: MappingKey<Self, DatasetConfiguration?> {
    MappingKey(
      "dataset", "mapping", .value(as: DatasetConfiguration.self), default: .required,
      "Which parts of a data package play which part", \.dataset)
  }
  static var include: MappingKey<Self, Node?> {
    MappingKey(
      "include", "path, or list of paths", .node, default: .none,
      "Further files with reports; the last part of a path may hold *", \.include)
  }
  static var plugins: MappingKey<Self, Node?> {
    MappingKey(
      "plugins", "path, or list of paths", .node, default: .none,
      "Manifests of external plugins; the last part of a path may hold *", \.plugins)
  }
  static var reports: MappingKey<Self, [ReportConfiguration]> {
    MappingKey(
      "reports", "mapping of names to reports", .reports, default: .none, "Reports by name; also in included files",
      \.reports)
  }
  static var exports: MappingKey<Self, ExportsConfiguration> {
    MappingKey(
      "exports", "mapping", .value(), default: .none,
      "Files that are written on request; in included files the exports alone, without directory and locks",
      \.exports)
  }
  static var access: MappingKey<Self, AccessConfiguration> {
    MappingKey("access", "mapping", .value(), default: .words("as below"), "Who may do what", \.access)
  }
  static var limits: MappingKey<Self, Configuration.Limits> {
    MappingKey(
      "limits", "mapping", .value(), default: .words("as below"), "How much the daemon takes upon itself", \.limits)
  }
}

extension ConfigurationFile {
  /// Adds the reports and exports of the files that it includes.
  mutating func include(relativeTo path: String, problems: ProblemCollector) {
    guard let include else { return }
    let (reports, exports) = (Self.reports, Self.exports.name)
    for file in includedFiles(include, label: quoted(Self.include.name), relativeTo: path, problems: problems) {
      guard let node = loadYAML(path: file, problems: problems),
        let map = MappingReader(node, of: "the included file", keys: [reports.name, exports], problems: problems)
      else { continue }
      let included = map.optional(exports, .exports, default: [])
      if let first = included.first, self.exports.directory == nil {
        let key = quoted(ExportsConfiguration.directory.name)
        problems.report(first.name.problem("the exports lack the key \(key) in \(path)"))
      }
      self.exports.exports += included
      self.reports +=
        (map[exports] == nil
          ? map.required(reports.name, reports.reader) : map.optional(reports.name, reports.reader)) ?? []
    }
  }

  /// The manifests that it names.
  func manifests(relativeTo path: String, problems: ProblemCollector) -> [ExternalManifest] {
    guard let plugins else { return [] }
    let files = includedFiles(plugins, label: quoted(Self.plugins.name), relativeTo: path, problems: problems)
    return files.compactMap { file in
      loadYAML(path: file, problems: problems).flatMap { ExternalManifest(from: $0, problems: problems) }
    }
  }
}

extension Configuration {
  /// Every key that a configuration may have, mapping by mapping.
  public static var keyTables: [KeyTable] {
    [
      KeyTable("The file", ConfigurationFile.keys), KeyTable("dataset", DatasetConfiguration.keys),
    ] + DatasetConfiguration.nestedKeyTables + [
      KeyTable("reports: NAME", ReportConfiguration.keys), KeyTable("exports", ExportsConfiguration.keys),
      KeyTable("exports: NAME", ExportConfiguration.keys), KeyTable("access", AccessConfiguration.keys),
      KeyTable("access: RIGHT", AccessConfiguration.Grant.keys), KeyTable("limits", Limits.keys),
    ]
  }

  /// What a configuration says of measures and codes: the keys of `dataset` for it, and of the mappings in them.
  public static var ruleTables: [KeyTable] {
    [KeyTable("dataset", DatasetConfiguration.rules)] + DatasetConfiguration.nestedKeyTables
  }
}
