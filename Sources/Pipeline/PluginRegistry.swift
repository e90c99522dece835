public import ReportKit

/// The plugins that pipelines can be made of, by name.
public struct PluginRegistry: Sendable {
  public let reports: [any ReportPlugin]
  public let transforms: [any TransformPlugin]
  /// In the order in which formats are offered.
  public let exporters: [any ExporterPlugin]

  public init(
    reports: [any ReportPlugin], transforms: [any TransformPlugin], exporters: [any ExporterPlugin]
  ) {
    self.reports = reports
    self.transforms = transforms
    self.exporters = exporters
  }

  public func report(named name: String) -> (any ReportPlugin)? {
    reports.first { $0.manifest.name == name }
  }

  public func transform(named name: String) -> (any TransformPlugin)? {
    transforms.first { $0.manifest.name == name }
  }

  public func exporter(named name: String) -> (any ExporterPlugin)? {
    exporters.first { $0.manifest.name == name }
  }

  /// The names that may stand in a pipeline.
  var stepNames: [String] {
    [StepConfiguration.select] + reports.map(\.manifest.name) + transforms.map(\.manifest.name)
  }
}
