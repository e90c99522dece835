import ExporterPlugins
import Pipeline
import ReportPlugins
import TransformPlugins

extension PluginRegistry {
  /// Every plugin that comes with the daemon.
  static let shipped = PluginRegistry(
    reports: [
      CountrySummary(), BlocAggregate(), BreakdownReport(), SourceTables(), ObservationsReport(),
      ReconciliationReport(), ClassificationDiff(), CitationsReport(),
    ],
    transforms: [
      Sort(), Top(), Where(), Columns(), Share(), Pivot(), Unpivot(), Change(), Ratio(), Index(), Mean(), Cumulate(),
      Rank(),
    ],
    exporters: [
      CSVExporter(), JSONExporter(), NDJSONExporter(), TableExporter(), MarkdownExporter(), HTMLExporter(),
      SVGExporter(), DataPackageExporter(), XLSXExporter(),
    ])
}
