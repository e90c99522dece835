internal import Base
public import ReportKit

/// An export that has been checked against the reports, the exporters and the dataset.
public struct CompiledExport: Sendable {
  public let name: String
  public let file: String
  /// How many of the versions before are kept.
  public let keep: Int
  public let request: ExportRequest
}

/// What an exported file is made of.
public struct ExportRequest: Sendable {
  public let report: CompiledReport
  public let query: ReportQuery
  public let exporter: any ExporterPlugin
  /// The exporter's parameters that are set.
  let formatInputs: [(name: String, input: ParameterInput)]
}

extension ExportRequest {
  /// A table, what an exporter is told of it, and the exporter's state.
  public struct Job {
    public var table: Table
    public var header: ExportHeader
    public var encoder: any TableEncoder
  }

  /// Nothing is computed before the table's rows are read.
  ///
  /// - Throws: `ParameterError` or `ParameterErrors`, only when the request did not come from a configuration.
  public func begin() throws -> Job {
    let table = try report.table(for: query)
    let header = report.exportHeader(for: query, columns: table.columns)
    let arguments = try formatArguments(columns: table.columns)
    return Job(
      table: table, header: header, encoder: try exporter.encoder(for: header, arguments: arguments))
  }

  /// Everything that the exporter goes by, in the order of its manifest.
  public func formatTexts(columns: [Column]) throws(ParameterErrors) -> [(name: String, value: String)] {
    let arguments = try formatArguments(columns: columns)
    return exporter.manifest.parameters.compactMap { parameter in
      arguments.values[parameter.name].map { (parameter.name, $0.description) }
    }
  }

  private func formatArguments(columns: [Column]) throws(ParameterErrors) -> Arguments {
    try exporter.manifest.check(inputs: formatInputs, in: report.dataset, columns: columns).get()
  }
}

extension Generation {
  /// What was once asked for, as far as there still is such a thing; nil where the report or the exporter is gone.
  ///
  /// Throws `QueryError` when the report or the dataset has changed too much.
  public func request(
    report: String, parameters: [String: String], where narrowing: [(dimension: String, codes: [String])],
    exporter: String, formatParameters: [String: String]
  ) throws -> ExportRequest? {
    guard let report = self.report(named: report), let exporter = registry.exporter(named: exporter) else {
      return nil
    }
    return ExportRequest(
      report: report, query: try report.query(parameters: parameters, where: narrowing), exporter: exporter,
      formatInputs: formatParameters.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
  }

  public func export(named name: String) -> CompiledExport? {
    exports.first { $0.name == name }
  }
}
