public import ReportKit

/// An executable as a transform.
public struct ExternalTransformPlugin: TransformPlugin {
  public let external: ExternalManifest
  private let host: PluginHost

  public init(_ manifest: ExternalManifest, on host: PluginHost) {
    external = manifest
    self.host = host
  }

  public var manifest: Manifest { external.manifest }

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
    let input = TableInput(
      table, outputColumns: columns, memory: StepMemory(step: manifest.name, limit: limits.memory))
    var result = Table(
      columns: columns,
      rows: PluginRows(external, on: host, arguments: arguments, input: input, columns: columns), notes: table.notes)
    // Nobody knows what it leaves out.
    result.showsAllRows = false
    return result
  }
}

/// The rows of the table that a transform is given.
private struct TableInput: PluginInput {
  let columns: [Column]
  private var rows: any RowStream
  /// The columns of the plugin's output, by which totals go through.
  private let outputColumns: [Column]
  private var kept: [(origins: [Selection], marks: [Int: Cell])] = []
  private var memory: StepMemory

  init(_ table: Table, outputColumns: [Column], memory: StepMemory) {
    self.memory = memory
    columns = table.columns
    self.outputColumns = outputColumns
    rows = table.rows
  }

  var closingNotes: [Note] { rows.closingNotes }

  var closingTotals: [TotalRow] {
    let places = outputColumns.map { column in
      columns.firstIndex { $0.name == column.name && $0.kind == column.kind && $0.unit == column.unit }
    }
    return rows.closingTotals.map { total in
      TotalRow(
        total.kind, title: total.title,
        row: Row(places.map { $0.map { total.row[$0] } ?? .empty }, origins: total.row.origins))
    }
  }

  mutating func next() async throws -> [FrameRow]? {
    guard let batch = try await rows.next() else { return nil }
    for row in batch {
      var marks: [Int: Cell] = [:]
      for (index, cell) in row.cells.enumerated() where cell.isMarked { marks[index] = cell }
      // What stands behind the rows is kept until the plugin has said which of them it used.
      try memory.hold([Row(Array(marks.values), origins: row.origins)])
      kept.append((row.origins, marks))
    }
    return batch.map { FrameRow($0.cells) }
  }

  func origins(of row: Int) -> [Selection] { kept[row].origins }
  func marks(of row: Int) -> [Int: Cell] { kept[row].marks }
}

extension Cell {
  fileprivate var isMarked: Bool {
    switch value {
    case .missing(_?), .decimal: true
    default: !notes.isEmpty || origins != nil
    }
  }
}
