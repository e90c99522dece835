internal import Base
public import ReportKit

/// An executable as a report.
public struct ExternalReportPlugin: ReportPlugin {
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

  public var manifest: Manifest { external.manifest }

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    var dimensions: [Int] = []
    for name in query.dimensions {
      do {
        dimensions.append(try request.dataset.dimension(name.value))
      } catch {
        throw ParameterError(
          parameter: "",
          message: "\(external.name.value) wants rows of the dataset: \(name.problem(error.description))",
          suggestions: error.suggestions)
      }
    }
    let input: any PluginInput =
      switch query.unit {
      case .observations: ObservationInput(request, dimensions: dimensions, roles: query.roles)
      case .aggregates: AggregateInput(request, dimensions: dimensions)
      }
    return Table(
      columns: columns,
      rows: PluginRows(external, on: host, arguments: request.arguments, input: input, columns: columns))
  }
}

/// How many rows are written at once.
private let batchSize = 512

private func inputColumns(_ dimensions: [Int], of dataset: Snapshot) -> [Column] {
  dimensions.map { index in
    let dimension = dataset.dimensions[index]
    return Column(name: dimension.id, title: dimension.title, kind: .text, summary: dimension.description)
  } + [
    Column(
      name: dataset.measure.name, title: dataset.measure.title, kind: .integer,
      unit: dataset.measure.unit ?? dataset.measure.name, summary: dataset.measure.description)
  ]
}

extension Snapshot {
  fileprivate func codeCells(_ codes: [Int], of dimensions: [Int]) -> [Cell] {
    zip(dimensions, codes).map { .text(self.dimensions[$0].codes.ids[$1]) }
  }

  fileprivate func selection(_ codes: [Int], of dimensions: some Sequence<Int>, in selection: Selection) -> Selection {
    zip(dimensions, codes).reduce(selection) { $0.restricting($1.0, to: [$1.1]) }
  }
}

/// One row for each observation: codes, the number, and the role.
private struct ObservationInput: PluginInput {
  let columns: [Column]
  private let request: ReportRequest
  private let dimensions: [Int]
  private let roles: Set<Role>
  private var rows: [Int]?
  private var position = 0

  init(_ request: ReportRequest, dimensions: [Int], roles: Set<Role>) {
    self.request = request
    self.dimensions = dimensions
    self.roles = roles
    columns =
      inputColumns(dimensions, of: request.dataset) + [Column(name: "role", title: "Role", kind: .text)]
  }

  var closingNotes: [Note] { [] }

  mutating func next() async throws -> [FrameRow]? {
    let rows = try self.rows ?? request.dataset.observations.rows(where: request.selection, roles: roles)
    self.rows = rows
    guard position < rows.count else { return nil }
    let batch = rows[position..<min(rows.count, position + batchSize)]
    position += batch.count
    return batch.map { frameRow($0) }
  }

  private func frameRow(_ row: Int) -> FrameRow {
    let observations = request.dataset.observations
    let codes = dimensions.map { observations.code(ofRow: row, in: $0) }
    return FrameRow(
      request.dataset.codeCells(codes, of: dimensions) + [cell(row), .text(observations.role(ofRow: row).name)])
  }

  /// The number of an observation.
  private func cell(_ row: Int) -> Cell {
    let dataset = request.dataset
    let notes = dataset.observations.caveats(ofRow: row).map { Note(.caveat, dataset.caveats[$0].text) }
    return switch dataset.observations.value(ofRow: row) {
    case .number(let number): Cell(.integer(number), notes: notes)
    case .missing(let reason): Cell(.missing(Missing(dataset.missingReasons[reason])), notes: notes)
    }
  }

  func origins(of row: Int) -> [Selection] {
    let all = request.dataset.dimensions.indices
    let codes = all.map { request.dataset.observations.code(ofRow: rows?[row] ?? 0, in: $0) }
    return [request.dataset.selection(codes, of: all, in: request.selection)]
  }

  func marks(of row: Int) -> [Int: Cell] { [dimensions.count: cell(rows?[row] ?? 0)] }
}

/// One row for each combination of codes that has counted observations.
private struct AggregateInput: PluginInput {
  let columns: [Column]
  private let request: ReportRequest
  private let dimensions: [Int]
  private var aggregation: Aggregation?
  /// The cells of the aggregation that make rows, as far as they have been asked for.
  private var cells: [Int] = []
  private var position = 0

  init(_ request: ReportRequest, dimensions: [Int]) {
    self.request = request
    self.dimensions = dimensions
    columns = inputColumns(dimensions, of: request.dataset)
  }

  var closingNotes: [Note] { [] }

  mutating func next() async throws -> [FrameRow]? {
    let aggregation = try self.aggregation ?? request.dataset.aggregate(by: dimensions, where: request.selection)
    self.aggregation = aggregation
    var batch: [FrameRow] = []
    while position < aggregation.count, batch.count < batchSize {
      let aggregate = aggregation[cell: position]
      if aggregate.observations > 0 {
        let codes = aggregation.codes(ofCell: position)
        batch.append(
          FrameRow(request.dataset.codeCells(codes, of: dimensions) + [Cell(aggregate, in: request.dataset)]))
        cells.append(position)
      }
      position += 1
    }
    return batch.isEmpty ? nil : batch
  }

  func origins(of row: Int) -> [Selection] {
    guard let aggregation else { return [] }
    let codes = aggregation.codes(ofCell: cells[row])
    return [request.dataset.selection(codes, of: dimensions, in: request.selection)]
  }

  func marks(of row: Int) -> [Int: Cell] {
    guard let aggregation else { return [:] }
    return [dimensions.count: Cell(aggregation[cell: cells[row]], in: request.dataset)]
  }
}
