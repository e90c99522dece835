internal import Base
internal import ExternalPlugins
public import Model
public import ReportKit

extension Generation {
  /// The request that names describe.
  ///
  /// - Parameters:
  ///   - parameters: values of the report's parameters by name, in place of what the configuration sets.
  ///   - filter: what is looked at of what the report selects.
  ///   - format: the name of an exporter; nil for rows without a format.
  ///   - formatParameters: values of the exporter's parameters by name.
  public func request(
    report name: String, parameters: [String: String] = [:],
    where filter: [SelectionTerm] = [], format: String? = nil,
    formatParameters: [String: String] = [:]
  ) throws(RequestError) -> ResultRequest {
    let report = try find(report: name)
    let arguments: Arguments
    do {
      arguments = try report.arguments(texts(parameters))
    } catch {
      throw .parameter(error.errors[0])
    }
    let selection: Selection
    do {
      selection = try model.selection(filter, errorLimit: 1)
    } catch {
      throw .selection(error.errors[0])
    }
    if let format { _ = try find(format: format) }
    return ResultRequest(
      report: report.name, arguments: arguments, filter: selection,
      format: format.map { ResultRequest.Format($0, texts(formatParameters)) })
  }

  /// The request that asks for the codes that an answer says it was narrowed to.
  public func request(
    report name: String, parameters: [String: String] = [:], where filter: [(dimension: String, codes: [String])],
    format: String? = nil, formatParameters: [String: String] = [:]
  ) throws(RequestError) -> ResultRequest {
    try request(
      report: name, parameters: parameters,
      where: filter.map { SelectionTerm($0.dimension, items: $0.codes.map(SelectionTerm.Item.code)) }, format: format,
      formatParameters: formatParameters)
  }

  /// The report of that name, or the error that tells the nearest one.
  public func find(report name: String) throws(RequestError) -> CompiledReport {
    if let report = report(named: name) { return report }
    throw .noSuchReport(name, suggestions: suggestions(for: name, among: reports.map(\.name)))
  }

  /// The exporter of that name, or the error that tells which there are.
  public func find(format name: String) throws(RequestError) -> any ExporterPlugin {
    if let exporter = registry.exporter(named: name) { return exporter }
    throw .noSuchFormat(name, known: registry.exporters.map(\.manifest.name))
  }

  /// Whether programs of others take part in the answer. They may take long or fail, which nobody else is to notice.
  public func runsExternalPlugins(for request: ResultRequest) -> Bool {
    configuration.plugins.contains { manifest in
      let name = manifest.name.value
      return request.format?.name == name || report(named: request.report)?.usesPlugin(named: name) == true
    }
  }

  private func texts(_ parameters: [String: String]) -> [(name: String, input: ParameterInput)] {
    parameters.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }
  }
}
