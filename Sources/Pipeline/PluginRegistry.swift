internal import Base
public import ExternalPlugins
public import ReportKit
internal import YAML

/// The plugins that pipelines can be made of, by name.
public struct PluginRegistry: Sendable {
  /// Shipped ones first.
  public let reports: [any ReportPlugin]
  /// Shipped ones first.
  public let transforms: [any TransformPlugin]
  /// In the order in which formats are offered.
  public let exporters: [any ExporterPlugin]
  /// Runs those that are executables.
  public let host: PluginHost

  /// - Parameters:
  ///   - exporters: in the order in which formats are offered.
  ///   - host: runs the plugins that are executables.
  public init(
    reports: [any ReportPlugin], transforms: [any TransformPlugin], exporters: [any ExporterPlugin],
    host: PluginHost = PluginHost()
  ) {
    self.reports = reports
    self.transforms = transforms
    self.exporters = exporters
    self.host = host
  }

  /// Those plugins and these. A name that is there already, among plugins of whatever kind, is reported.
  func adding(_ manifests: [ExternalManifest], problems: ProblemCollector) -> PluginRegistry {
    var reports = reports
    var transforms = transforms
    var exporters = exporters
    let shipped = stepNames + exporters.map(\.manifest.name)
    var owners = Dictionary(shipped.map { ($0, "comes with musterd") }, uniquingKeysWith: { first, _ in first })
    if let first = manifests.first, !host.canStart { problems.report(first.name.problem(LauncherProgram.absence)) }
    for manifest in manifests {
      let name = manifest.name
      if let owner = owners[name.value] {
        problems.report(name.problem("there is another plugin named \"\(name.value)\": it \(owner)"))
        continue
      }
      owners[name.value] = "is at \(name.place)"
      switch manifest.kind {
      case .report: if let plugin = ExternalReportPlugin(manifest, on: host) { reports.append(plugin) }
      case .transform: transforms.append(ExternalTransformPlugin(manifest, on: host))
      case .exporter: exporters.append(ExternalExporterPlugin(manifest, on: host))
      }
    }
    return PluginRegistry(reports: reports, transforms: transforms, exporters: exporters, host: host)
  }

  /// The report plugin of that name; nil when there is none.
  public func report(named name: String) -> (any ReportPlugin)? {
    reports.first { $0.manifest.name == name }
  }

  /// The transform of that name; nil when there is none.
  public func transform(named name: String) -> (any TransformPlugin)? {
    transforms.first { $0.manifest.name == name }
  }

  /// The exporter of that name; nil when there is none.
  public func exporter(named name: String) -> (any ExporterPlugin)? {
    exporters.first { $0.manifest.name == name }
  }

  /// The names that may stand in a pipeline.
  var stepNames: [String] {
    [StepConfiguration.select] + reports.map(\.manifest.name) + transforms.map(\.manifest.name)
  }
}
