public import ReportKit

/// An executable as a transform.
public struct ExternalTransformPlugin: TransformPlugin {
  /// What the program says of itself.
  public let external: ExternalManifest
  private let host: PluginHost

  /// - Parameters:
  ///   - manifest: of a transform.
  ///   - host: what gives its processes their turns and keeps count of them.
  public init(_ manifest: ExternalManifest, on host: PluginHost) {
    external = manifest
    self.host = host
  }

  /// The name, the summary and the parameters.
  public var manifest: Manifest { external.manifest }

  /// The table that the program makes of this one. The program is started when the first row is read, and what goes
  /// wrong with it is thrown there, as a `PluginFailure`.
  public func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let columns =
      switch external.columns {
      case .same: table.columns
      // A column that goes through keeps what counts in it.
      case .list(let columns):
        columns.map { column in
          var column = column
          column.selection = table.columns.first { $0.name == column.name }?.selection
          return column
        }
      }
    let rows = PluginRows(
      external, on: host, arguments: arguments, input: TableInput(table, outputColumns: columns),
      inputColumns: table.columns, columns: columns, memory: StepMemory(step: manifest.name, limit: limits.memory))
    var result = Table(columns: columns, batches: rows, notes: table.notes)
    // Nobody knows what it leaves out.
    result.showsAllRows = false
    return result
  }
}

/// The rows of the table that a transform is given.
private struct TableInput: BatchStream {
  private var source: any BatchStream
  /// For each column of the plugin's output the one of the table that it is.
  private let places: [Int?]

  init(_ table: Table, outputColumns: [Column]) {
    source = table.batches
    places = outputColumns.map { column in
      table.columns.firstIndex { $0.name == column.name && $0.kind == column.kind && $0.unit == column.unit }
    }
  }

  var closingNotes: [Note] { source.closingNotes }

  /// Totals go through by the columns that do.
  var closingTotals: [TotalRow] {
    source.closingTotals.map { total in
      TotalRow(
        total.kind, title: total.title,
        row: Row(places.map { $0.map { total.row[$0] } ?? .empty }, provenance: total.row.provenance))
    }
  }

  mutating func next() async throws -> Batch? { try await source.next() }
}
