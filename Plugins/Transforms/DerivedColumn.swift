import ReportKit

/// Computes the cells of a new column, one row after the other.
protocol CellMaker {
  /// Whether `prepare` must have seen all rows before the first cell.
  static var needsAllRows: Bool { get }
  mutating func prepare(_ all: Batch) throws
  mutating func cell(_ batch: Batch, _ row: Int) throws -> Cell
  /// The cell in a total row, which is all that the batch has.
  func total(_ batch: Batch) throws -> Cell
}

extension CellMaker {
  static var needsAllRows: Bool { false }
  mutating func prepare(_ all: Batch) {}
  /// The usual case: a total of what is not added up would mean nothing.
  func total(_ batch: Batch) -> Cell { .empty }
}

/// A table with one more column.
struct DerivedBatches<Maker: CellMaker>: BatchStream {
  private var source: any BatchStream
  private let inputColumns: [Column]
  private let column: Column
  private let index: Int
  private var maker: Maker
  private var memory: StepMemory
  private var isDone = false
  private(set) var closingTotals: [TotalRow] = []

  var closingNotes: [Note] { source.closingNotes }

  init(_ table: Table, inserting column: Column, at index: Int, _ maker: Maker, memory: StepMemory) {
    source = table.batches
    inputColumns = table.columns
    self.column = column
    self.index = index
    self.maker = maker
    self.memory = memory
  }

  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    if Maker.needsAllRows {
      var batches: [Batch] = []
      while let batch = try await source.next() {
        try memory.hold(batch)
        batches.append(batch)
      }
      try end()
      guard let all = Batch(joining: batches) else { return nil }
      try maker.prepare(all)
      return try inserting(all)
    }
    if let batch = try await source.next() { return try inserting(batch) }
    try end()
    return nil
  }

  private mutating func inserting(_ batch: Batch) throws -> Batch {
    var cells: [Cell] = []
    cells.reserveCapacity(batch.count)
    for row in batch.indices { cells.append(try maker.cell(batch, row)) }
    return batch.inserting(cells, as: column, at: index)
  }

  private mutating func end() throws {
    isDone = true
    closingTotals = try source.closingTotals.map { total in
      var total = total
      let cell = try maker.total(Batch([total.row], columns: inputColumns))
      total.row.cells.insert(cell, at: index)
      return total
    }
  }
}

extension Table {
  /// With one more column, whose cells are made one by one.
  func inserting(_ column: Column, at index: Int, _ maker: some CellMaker, memory: StepMemory) -> Table {
    var result = self
    result.columns.insert(column, at: index)
    result.batches = DerivedBatches(self, inserting: column, at: index, maker, memory: memory)
    return result
  }

  /// What is wrong with a column that is to be computed with.
  func problems(ofNumbers index: Int, parameter: String, step: String) -> [ParameterError] {
    if columns[index].kind.isNumber { return [] }
    let message = "\(parameter) of \(step): \(columns[index].name) holds text, not numbers"
    return [ParameterError(parameter: parameter, message: message)]
  }

  /// What is wrong with the name of a new column.
  func problems(ofNewName name: String, step: String) -> [ParameterError] {
    let problem =
      Column.problem(ofName: name)
      ?? (columns.contains { $0.name == name } ? "there is a column \"\(name)\" already" : nil)
    return problem.map { [ParameterError(parameter: "as", message: "as of \(step): \($0)")] } ?? []
  }
}

/// One cell that another is computed from, with the observations behind it.
struct Part {
  var cell: Cell
  var provenance: [Selection]
  /// Whether the row and the column do not tell the observations.
  var isOwn: Bool

  init(_ batch: Batch, _ row: Int, _ column: Int, in columns: [Column]) {
    cell = batch.cell(row, column)
    isOwn = cell.provenance != nil
    provenance = batch.provenance(row, column, in: columns)
  }
}

extension Cell {
  /// What is computed from other cells: all that is said of them is said of it.
  ///
  /// - Parameter isTold: whether the new column tells the observations of all parts, unless a part has its own.
  init(_ value: Value, from parts: [Part], isTold: Bool = false) {
    self.init(value)
    for part in parts { notes += part.cell.notes.filter { !notes.contains($0) } }
    if parts.contains(where: { $0.cell.coverage != nil }) {
      coverage = Coverage(numbers: 0)
      for part in parts { part.cell.coverageAsAddend.map { coverage?.formUnion($0) } }
    }
    if parts.contains(where: { $0.cell.bounds != nil }) { bounds = .unknown }
    if isTold && !parts.contains(where: \.isOwn) { return }
    let all = parts.reduce(into: []) { $0.merge($1.provenance) }
    if !all.isEmpty { provenance = all }
  }
}

extension [Column] {
  /// The observations that count in one of the columns, where a single selection says so.
  func selection(ofAll indices: [Int]) -> Selection? {
    var all: [Selection] = []
    for index in indices {
      guard let selection = self[index].selection else { return nil }
      all.merge([selection])
    }
    return all.count == 1 ? all[0] : nil
  }
}

/// A number beyond those that a cell can hold, or beyond those that it can be computed with.
struct NumberOverflow: Error, CustomStringConvertible {
  var step: String
  var column: String

  var description: String { "\(step): a number for the column \(column) is beyond the numbers that a cell can hold" }
}

/// How a column of so many digits is spoken of.
func roundingPhrase(_ digits: Int) -> String {
  let place =
    digits == 0 ? "whole numbers" : digits == 1 ? "1 digit behind the point" : "\(digits) digits behind the point"
  return "rounded to \(place), half away from zero"
}
