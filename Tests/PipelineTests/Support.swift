import Base
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
  ],
  transforms: [
    Sort(), Top(), Where(), Columns(), Share(), Pivot(), Unpivot(), Change(), Ratio(), Index(), Mean(), Cumulate(),
    Rank(),
  ],
  exporters: [CSVExporter(), JSONExporter(), TableExporter()])

/// What a report comes to in a format.
func export(
  _ name: String, _ parameters: [String: String] = [:], as format: String, from generation: Generation
) async throws -> String {
  let request = try generation.request(report: name, parameters: parameters, format: format)
  let bytes = try await Delivery(of: generation).run(request, to: CollectedBytes()).sink.bytes
  return String(decoding: bytes, as: UTF8.self)
}

struct CollectedBytes: ByteSink {
  private(set) var blocks: [[UInt8]] = []
  var bytes: [UInt8] { blocks.flatMap { $0 } }

  mutating func write(_ block: [UInt8]) { blocks.append(block) }
}

/// What a report comes to, without a format.
func rows(
  of name: String, _ parameters: [String: String] = [:],
  where filter: [(dimension: String, codes: [String])] = [], from generation: Generation
) async throws -> CollectedRows {
  let request = try generation.request(report: name, parameters: parameters, where: filter)
  return try await Delivery(of: generation).run(request) { CollectedRows(of: $0) }
}

struct CollectedRows: TableSink {
  let answer: Answer
  /// As they were handed on.
  private(set) var batches: [Batch] = []
  private(set) var notes: [Note] = []
  private(set) var totals: [TotalRow] = []

  init(of answer: Answer) { self.answer = answer }

  var columns: [Column] { answer.header.columns }
  var rows: [Row] { batches.flatMap { Array($0.rows) } }

  mutating func take(_ batch: Batch) { batches.append(batch) }

  mutating func end(notes: [Note], totals: [TotalRow]) {
    self.notes = notes
    self.totals = totals
  }
}

/// The part of a configuration that names a sound dataset, so that what follows begins in line 12.
let harboursDataset = """
  dataset:
    package: \(harboursFolder)/datapackage.json
    observations: entries
    place: harbour
    breakdown: cargo
    measures: { ships: { over: { register: sum } } }
    role: kind
    label: label
    schemes: groupings
    blocs: groups
    bloc_members: group-members

  """

/// The problems of a configuration that begins with a sound dataset.
func configurationProblems(
  _ text: String, dataset: String = harboursDataset, other: [String: String] = [:]
) async throws -> [String] {
  let folder = try TemporaryFolder()
  try folder.write(dataset + text, to: "m.yaml")
  for (name, text) in other { try folder.write(text, to: name) }
  do {
    _ = try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped)
    return []
  } catch {
    return error.lines.map { $0.replacing("\(folder.path)/", with: "") }
  }
}
