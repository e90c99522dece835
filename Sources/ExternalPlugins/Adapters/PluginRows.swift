internal import Diagnostics
internal import JSON
internal import ReportKit

/// The rows that a plugin is given, and what stands behind each.
protocol PluginInput {
  var columns: [Column] { get }
  /// Some rows, nil at the end.
  mutating func next() async throws -> [FrameRow]?
  /// The observations behind the row of that number.
  func origins(of row: Int) -> [Selection]
  /// The notes in the cells of the row of that number.
  func notes(of row: Int) -> [Note]
  /// Notes on the whole, known at the end.
  var closingNotes: [Note] { get }
}

/// The rows that a report or transform writes.
///
/// Notes are contagious: one on a row that was read is on the row that comes from it, and where the plugin does not say
/// so, on the table.
struct PluginRows: RowStream {
  private let manifest: ExternalManifest
  private let host: PluginHost
  private let header: [UInt8]
  private let inputNames: [String]
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
    output = OutputLines(columns: columns)
  }

  var closingNotes: [Note] { output.notes + carried.lost + input.closingNotes }

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
    for cell in row.cells { carried.take(cell.notes) }
    if row.sources.isEmpty {
      carried.comesFromAnywhere = true
    } else {
      for source in row.sources { carried.cite(input.notes(of: source)) }
    }
    return Row(row.cells, origins: row.sources.flatMap { input.origins(of: $0) })
  }
}

/// Which notes went in, and which came out.
private struct CarriedNotes {
  /// Whether there is a row that does not say where it comes from.
  var comesFromAnywhere = false
  private var given: [Note] = []
  private var cited: [Note] = []
  private var isGiven: Set<Note> = []
  private var isCited: Set<Note> = []
  private var taken: Set<Note> = []

  mutating func give(_ notes: [Note]) {
    for note in notes where isGiven.insert(note).inserted { given.append(note) }
  }

  mutating func cite(_ notes: [Note]) {
    for note in notes where isCited.insert(note).inserted { cited.append(note) }
  }

  mutating func take(_ notes: [Note]) {
    taken.formUnion(notes)
  }

  /// Those that must not get lost and have not come out in any cell.
  var lost: [Note] { (comesFromAnywhere ? given : cited).filter { !taken.contains($0) } }
}
