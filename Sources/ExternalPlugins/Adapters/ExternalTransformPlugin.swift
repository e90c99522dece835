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
          guard let same = table.columns.first(where: { $0.name == column.name }) else { return column }
          column.selection = same.selection
          column.tellsTotals = same.tellsTotals && same.kind == column.kind
          return column
        }
      }
    let counts = RowCounts(columns: table.columns)
    let rows = PluginRows(
      external, on: host, arguments: arguments, input: TableInput(table, outputColumns: columns, counts),
      inputColumns: table.columns, columns: columns, memory: StepMemory(step: manifest.name, within: limits))
    var result = Table(columns: columns, batches: CountedRows(rows: rows, counts: counts), notes: table.notes)
    // Nobody knows what it leaves out.
    result.showsAllRows = false
    return result
  }
}

/// How many rows the program was given, and how many it has written.
private final class RowCounts {
  /// None of those that it was given counts as shown: nobody knows which of them it writes.
  var given: ShownRows
  var writtenCount = 0

  init(columns: [Column]) { given = ShownRows(columns: columns) }
}

/// The rows that a transform writes.
private struct CountedRows: BatchStream {
  var rows: PluginRows
  let counts: RowCounts

  var closingNotes: [Note] { rows.closingNotes }
  var closingTotals: [TotalRow] { rows.closingTotals }

  mutating func next() async throws -> Batch? {
    let batch = try await rows.next()
    counts.writtenCount += batch?.count ?? 0
    return batch
  }
}

/// The rows of the table that a transform is given.
private struct TableInput: BatchStream {
  private var source: any BatchStream
  /// For each column of the plugin's output the one of the table that it is.
  private let places: [Int?]
  /// The columns that tell totals apart, and that the output does not have.
  private let lostTellers: [Int]
  private let counts: RowCounts

  init(_ table: Table, outputColumns: [Column], _ counts: RowCounts) {
    source = table.batches
    self.counts = counts
    places = outputColumns.map { column in
      table.columns.firstIndex { $0.name == column.name && $0.kind == column.kind && $0.unit == column.unit }
    }
    lostTellers = table.columns.indices.filter { [places] in table.columns[$0].tellsTotals && !places.contains($0) }
  }

  var closingNotes: [Note] { source.closingNotes }

  /// Totals go through by the columns that do. Where the rows become others in number, they say how many they cover.
  var closingTotals: [TotalRow] {
    let isSameCount = counts.writtenCount == counts.given.total.all
    let totals = isSameCount ? source.closingTotals : counts.given.telling(source.closingTotals)
    return totals.compactMap { total in
      // Nothing would tell any more which rows it covers.
      if lostTellers.contains(where: { total.row[$0].value.isText(otherThan: total.title) }) { return nil }
      var total = total
      total.row = Row(places.map { $0.map { total.row[$0] } ?? .empty }, provenance: total.row.provenance)
      return total
    }
  }

  mutating func next() async throws -> Batch? {
    guard let batch = try await source.next() else { return nil }
    counts.given.count(batch, shown: [])
    return batch
  }
}
