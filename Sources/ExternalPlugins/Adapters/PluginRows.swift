internal import Base
internal import JSON
internal import ReportKit

/// The rows that a report or transform writes.
///
/// Notes are contagious: one on a row that was read is on the row that comes from it, whether the plugin passes it on or
/// not, and so is the reason why a number is missing, and what the numbers that were read lack. Where the plugin does not say which rows a row comes from, they are
/// on the table.
struct PluginRows: BatchStream {
  private let manifest: ExternalManifest
  private let host: PluginHost
  private let header: [UInt8]
  private let inputColumns: [Column]
  private let inputNames: [String]
  private let columns: [Column]
  private var input: any BatchStream
  private var given = GivenRows()
  /// What is kept of the rows given counts against it; nil where there is no limit.
  private var memory: StepMemory?
  private var run: PluginRun?
  private var isDone = false
  private var output: OutputLines
  private var isHeaderWritten = false
  private var carried = CarriedNotes()

  /// - Parameters:
  ///   - input: the rows that the plugin is given, with the columns `inputColumns`.
  ///   - columns: of what it writes.
  init(
    _ manifest: ExternalManifest, on host: PluginHost, arguments: Arguments, input: any BatchStream,
    inputColumns: [Column], columns: [Column], memory: StepMemory? = nil
  ) {
    self.manifest = manifest
    self.host = host
    self.input = input
    self.memory = memory
    header =
      FrameHeader(
        plugin: manifest.name.value, parameters: arguments.values, columns: inputColumns.map { FrameColumn($0) }
      ).json.bytes + [UInt8(ascii: "\n")]
    self.inputColumns = inputColumns
    inputNames = inputColumns.map(\.name)
    self.columns = columns
    output = OutputLines(columns: columns)
  }

  var closingNotes: [Note] { output.notes + carried.lost + input.closingNotes }

  var closingTotals: [TotalRow] { input.closingTotals }

  mutating func next() async throws -> Batch? {
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
        if let batch = try batch(of: output.take(bytes)) { return batch }
      }
      isDone = true
      let last = try batch(of: output.finish())
      run.succeed()
      self.run = nil
      return last
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
    guard let batch = try await input.next() else { return nil }
    let first = given.count
    let kept = given.add(batch)
    try memory?.hold(kept)
    carried.give(kept)
    for row in batch.indices { batch.writeFrameRow(row, number: first + row, columns: inputNames, to: &bytes) }
    return bytes
  }

  /// Nil where there is no row.
  private mutating func batch(of rows: [FrameRow]) throws(OutputError) -> Batch? {
    if rows.isEmpty { return nil }
    var builder = BatchBuilder(columns: columns)
    for row in rows { builder.append(try self.row(row)) }
    return builder.batch
  }

  private mutating func row(_ row: FrameRow) throws(OutputError) -> Row {
    for source in row.sources where source >= given.count {
      throw OutputError(problem: "\"@rows\" names the row \(source), and \(given.count) were given")
    }
    var cells = row.cells
    if row.sources.isEmpty { carried.comesFromAnywhere = true }
    var marked: [Int: [Cell]] = [:]
    for source in row.sources {
      for (column, cell) in given.marks(of: source) {
        carry(cell, ofInputColumn: column, into: &cells)
        marked[column, default: []].append(cell)
      }
    }
    for (column, read) in marked.sorted(by: { $0.key < $1.key }) where inputColumns[column].kind.isNumber {
      carryCoverage(of: read, andOthers: row.sources.count - read.count, ofInputColumn: column, into: &cells)
    }
    for cell in cells { carried.take(cell.remarks) }
    return Row(cells, provenance: row.sources.flatMap { given.provenance(of: $0) })
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
      if let provenance = cell.provenance {
        cells[same].provenance = (cells[same].provenance ?? []).merging(provenance)
      }
    }
    let targets = same.map { [$0] } ?? numbersOfRow
    for note in cell.notes where !cells.contains(where: { $0.notes.contains(note) }) {
      for target in targets { cells[target].notes.append(note) }
    }
  }

  /// What a note may be about when no column has the name.
  private var numbersOfRow: [Int] {
    let numbers = columns.indices.filter { columns[$0].kind.isNumber }
    return numbers.isEmpty ? Array(columns.indices.prefix(1)) : numbers
  }

  /// Adds what the numbers lack that were read for the row, unless the plugin tells the coverage itself.
  ///
  /// - Parameters:
  ///   - marked: the cells of the column of which something is to be said.
  ///   - count: how many others were read, each a number of which nothing is to be said.
  private func carryCoverage(
    of marked: [Cell], andOthers count: Int, ofInputColumn column: Int, into cells: inout [Cell]
  ) {
    var coverage = Coverage(numbers: count)
    for cell in marked { if let more = cell.coverageAsAddend { coverage.formUnion(more) } }
    let isEstimated = marked.contains { $0.bounds != nil }
    if coverage.isComplete, !isEstimated { return }
    guard let same = columns.firstIndex(where: { $0.name == inputNames[column] }) else {
      // The numbers of the row may be made of it in any way: it is told in words.
      for remark in Cell(.missing(nil), coverage: coverage, bounds: isEstimated ? Bounds(lower: nil, upper: nil) : nil)
        .remarks
      {
        let note = Note(.coverage, "\(inputColumns[column].title): \(remark.text)")
        for target in numbersOfRow where !cells[target].notes.contains(note) { cells[target].notes.append(note) }
      }
      return
    }
    // A missing number that is passed on alone has its reason, and no more to say.
    let isOne = marked.count + count == 1
    if let only = marked.first, isOne, only.coverage == nil, only.value == cells[same].value {
      if cells[same].bounds == nil { cells[same].bounds = only.bounds }
      return
    }
    if cells[same].coverage == nil, !coverage.isComplete { cells[same].coverage = coverage }
    if cells[same].bounds == nil, isEstimated {
      // Of another number than that which was read, nobody knows the bounds.
      let isSame = isOne && marked.first?.value == cells[same].value
      cells[same].bounds = isSame ? marked.first?.bounds : Bounds(lower: nil, upper: nil)
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

  /// Takes in what is said of the rows, in their order.
  mutating func give(_ batch: Batch) {
    let annotated = batch.annotations.columns
    if annotated.isEmpty { return }
    for row in batch.indices {
      for column in annotated {
        for note in batch.remarks(row, column) where isGiven.insert(note).inserted { given.append(note) }
      }
    }
  }

  mutating func take(_ notes: [Note]) {
    taken.formUnion(notes)
  }

  /// Those that no cell has and some row may come from.
  var lost: [Note] { comesFromAnywhere ? given.filter { !taken.contains($0) } : [] }
}
