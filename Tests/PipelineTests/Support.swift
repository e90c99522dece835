import Base
import Dataset
import ExporterPlugins
import Pipeline
import ReportKit
import ReportPlugins
import TestSupport
import Testing
import TransformPlugins

let shipped = PluginRegistry(
  reports: [
    CountrySummary(), BlocAggregate(), BreakdownReport(), SourceTables(), ObservationsReport(),
    ReconciliationReport(), ClassificationDiff(), CitationsReport(),
  ], transforms: [Sort(), Top(), Where(), Columns(), Share(), Pivot(), Unpivot()],
  exporters: [CSVExporter(), JSONExporter(), TableExporter()])

/// What a report comes to in a format.
func export(
  _ name: String, _ parameters: [String: String] = [:], as format: String, from generation: Generation
) async throws -> String {
  let report = try #require(generation.report(named: name))
  let exporter = try #require(generation.registry.exporter(named: format))
  let query = try report.query(parameters: parameters)
  var table = try report.table(for: query)
  let header = report.exportHeader(for: query, columns: table.columns)
  var encoder = try exporter.encoder(
    for: header, arguments: exporter.manifest.check([], in: generation.dataset).get())
  var bytes: [UInt8] = []
  encoder.begin(into: &bytes)
  while let rows = try await table.rows.next() { try await encoder.encode(rows, into: &bytes) }
  try await encoder.finish(
    notes: table.notes + table.rows.closingNotes, totals: table.rows.closingTotals, into: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// The part of a configuration that names a sound dataset, so that what follows begins in line 12.
let harboursDataset = """
  dataset:
    package: \(harboursFolder)/datapackage.json
    observations: entries
    place: harbour
    breakdown: cargo
    measure: ships
    role: kind
    label: label
    schemes: groupings
    blocs: groups
    bloc_members: group-members

  """

/// The problems of a configuration that begins with a sound dataset.
func configurationProblems(
  _ text: String, dataset: String = harboursDataset, other: [String: String] = [:]
) throws -> [String] {
  let folder = try TemporaryFolder()
  try folder.write(dataset + text, to: "m.yaml")
  for (name, text) in other { try folder.write(text, to: name) }
  do {
    _ = try Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    return []
  } catch {
    return error.lines.map { $0.replacing("\(folder.path)/", with: "") }
  }
}
