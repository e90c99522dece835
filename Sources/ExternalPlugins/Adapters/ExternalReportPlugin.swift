internal import Base
public import ReportKit

/// An executable as a report.
public struct ExternalReportPlugin: ReportPlugin {
  /// What the program says of itself.
  public let external: ExternalManifest
  private let query: ExternalManifest.Query
  private let columns: [Column]
  private let host: PluginHost

  /// Nil for the manifest of another kind.
  public init?(_ manifest: ExternalManifest, on host: PluginHost) {
    guard let query = manifest.query, case .list(let columns) = manifest.columns else { return nil }
    external = manifest
    self.query = query
    self.columns = columns.map { column in
      var column = column
      // All observations behind a row may count in its numbers: the plugin does not say which do.
      if column.kind.isNumber { column.selection = .all }
      return column
    }
    self.host = host
  }

  /// The name, the summary and the parameters.
  public var manifest: Manifest { external.manifest }

  /// The table that the program makes of the rows that it asks for. The program is started when the first row is read, and
  /// what goes wrong with it is thrown there, as a `PluginFailure`.
  public func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let model = request.model
    var dimensions: [Int] = []
    for name in query.dimensions {
      do {
        dimensions.append(try model.dimension(name.value))
      } catch {
        throw ParameterError(
          parameter: "",
          message: "\(external.name.value) wants rows of the dataset: \(name.problem(error.description))",
          suggestions: error.suggestions)
      }
    }
    var inputColumns = dimensions.map { index in
      let dimension = model.dimensions[index]
      return Column(name: dimension.id, title: dimension.title, kind: .text, summary: dimension.description)
    }
    inputColumns.append(
      Column(
        name: model.measures.count == 1 ? model.measure.name : "value",
        title: model.measures.count == 1 ? model.measure.title : "Value",
        kind: model.measures.contains { $0.decimals > 0 } ? .decimal : .integer,
        unit: model.measures.count == 1 ? model.measure.unitName : nil, summary: model.measure.description))
    let input: any BatchStream
    switch query.unit {
    case .observations:
      inputColumns.append(Column(name: "role", title: "Role", kind: .text))
      input = ObservationInput(request, dimensions: dimensions, roles: query.roles)
    case .aggregates:
      input = AggregateInput(request, dimensions: dimensions, columns: inputColumns)
    }
    return Table(
      columns: columns,
      batches: PluginRows(
        external, on: host, arguments: request.arguments, input: input, inputColumns: inputColumns, columns: columns))
  }
}
