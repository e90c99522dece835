internal import Base
internal import JSON
internal import ReportKit

/// The rows that a plugin is given, and what stands behind each.
protocol PluginInput {
  var columns: [Column] { get }
  /// Some rows, nil at the end.
  mutating func next() async throws -> [FrameRow]?
  /// The observations behind the row of that number.
  func origins(of row: Int) -> [Selection]
  /// The cells of the row of that number that have notes, are missing for a reason, or are decimals, by the index of the
  /// column.
  func marks(of row: Int) -> [Int: Cell]
  /// Notes on the whole, known at the end.
  var closingNotes: [Note] { get }
  var closingTotals: [TotalRow] { get }
}

extension PluginInput {
  var closingTotals: [TotalRow] { [] }
}

/// The rows that a report or transform writes.
///
/// Notes are contagious: one on a row that was read is on the row that comes from it, whether the plugin passes it on or
/// not, and so is the reason why a number is missing. Where the plugin does not say which rows a row comes from, they are on the table.
struct PluginRows: RowStream {
  private let manifest: ExternalManifest
  private let host: PluginHost
  private let header: [UInt8]
  private let inputNames: [String]
  private let columns: [Column]
  private var input: any PluginInput
  private var run: PluginRun?
  private var isDone = false
  private var output: OutputLines
  private var isHeaderWritten = false
  private var givenCount = 0
  private var carried = CarriedNotes()

  init(
    _ manifest: ExternalManifest, on host: PluginHost, arguments: Arguments, input: any PluginInput, columns: [Column]
  ) {
    self.manifest = manifest
    self.host = host
    self.input = input
    header =
      FrameHeader(
        plugin: manifest.name.value, parameters: arguments.values, columns: input.columns.map { FrameColumn($0) }
      ).json.bytes + [UInt8(ascii: "\n")]
    inputNames = input.columns.map(\.name)
    self.columns = columns
    output = OutputLines(columns: columns)
  }

  var closingNotes: [Note] { output.notes + carried.lost + input.closingNotes }

  var closingTotals: [TotalRow] { input.closingTotals }

  mutating func next() async throws -> [Row]? {
    if isDone { return nil }
    let run: PluginRun
    if let current = self.run {
      run = current
    } else {
      run = try await PluginRun(manifest, on: host)
      self.run = run
    }
    do {
      while let bytes = try await run.output(from: { try await nextInput() }) {
        let rows = try output.take(bytes).map { try row($0) }
        if !rows.isEmpty { return rows }
      }
      isDone = true
      let rows = try output.finish().map { try row($0) }
      run.succeed()
      self.run = nil
      return rows.isEmpty ? nil : rows
    } catch let error as OutputError {
      isDone = true
      throw await run.refuse(error.message)
    }
  }

  private mutating func nextInput() async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    if !isHeaderWritten {
      isHeaderWritten = true
      return header
    }
    guard let rows = try await input.next() else { return nil }
    for row in rows {
      for cell in row.cells { carried.give(cell.notes) }
      FrameRow(row.cells, sources: [givenCount]).write(columns: inputNames, to: &bytes)
      givenCount += 1
    }
    return bytes
  }

  private mutating func row(_ row: FrameRow) throws(OutputError) -> Row {
    for source in row.sources where source >= givenCount {
      throw OutputError(problem: "\"@rows\" names the row \(source), and \(givenCount) were given")
    }
    var cells = row.cells
    if row.sources.isEmpty { carried.comesFromAnywhere = true }
    for source in row.sources {
      for (column, cell) in input.marks(of: source).sorted(by: { $0.key < $1.key }) {
        carry(cell, ofInputColumn: column, into: &cells)
      }
    }
    for cell in cells { carried.take(cell.notes) }
    return Row(cells, origins: row.sources.flatMap { input.origins(of: $0) })
  }

  /// Adds what the plugin did not pass on: notes, why a number is missing, and the digits of a decimal.
  private func carry(_ cell: Cell, ofInputColumn column: Int, into cells: inout [Cell]) {
    let same = columns.firstIndex { $0.name == inputNames[column] }
    if let same {
      switch (cells[same].value, cell.value) {
      case (.missing(nil), .missing): cells[same].value = cell.value
      // JSON has no digits behind the last one that counts: 12.50 comes back as 12.5.
      case (.decimal(let written), .decimal(let read)) where written.isSameNumber(as: read):
        cells[same].value = cell.value
      default: break
      }
      if let origins = cell.origins { cells[same].origins = (cells[same].origins ?? []).merging(origins) }
    }
    // A note may be about any number of the row when no column has the name.
    let numbers = columns.indices.filter { columns[$0].kind.isNumber }
    let targets = same.map { [$0] } ?? (numbers.isEmpty ? Array(columns.indices.prefix(1)) : numbers)
    for note in cell.notes where !cells.contains(where: { $0.notes.contains(note) }) {
      for target in targets { cells[target].notes.append(note) }
    }
  }
}

/// Which notes went in, and which came out.
private struct CarriedNotes {
  /// Whether there is a row that does not say where it comes from.
  var comesFromAnywhere = false
  private var given: [Note] = []
  private var isGiven: Set<Note> = []
  private var taken: Set<Note> = []

  mutating func give(_ notes: [Note]) {
    for note in notes where isGiven.insert(note).inserted { given.append(note) }
  }

  mutating func take(_ notes: [Note]) {
    taken.formUnion(notes)
  }

  /// Those that no cell has and some row may come from.
  var lost: [Note] { comesFromAnywhere ? given.filter { !taken.contains($0) } : [] }
}
