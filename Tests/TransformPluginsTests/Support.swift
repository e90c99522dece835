import Model
public import ReportKit
import Synchronization
import TestDatasets
import Testing
import TransformPlugins

extension ParameterInput: ExpressibleByStringLiteral {
  /// As a text in the configuration.
  public init(stringLiteral text: String) { self = .text(text) }
}

extension ParameterInput: ExpressibleByUnicodeScalarLiteral {}
extension ParameterInput: ExpressibleByExtendedGraphemeClusterLiteral {}

extension ParameterInput: ExpressibleByArrayLiteral {
  /// As a list in the configuration.
  public init(arrayLiteral elements: ParameterInput...) { self = .list(elements) }
}

extension ParameterInput: ExpressibleByDictionaryLiteral {
  /// As a mapping in the configuration.
  public init(dictionaryLiteral entries: (String, ParameterInput)...) {
    self = .mapping(entries.map { Entry($0.0, $0.1) })
  }
}

/// What is wrong with a step, in the order in which it is told.
struct Refusal: Error, Equatable {
  var messages: [String]
}

/// The table after a step, as a pipeline makes it: parameters checked against the manifest and the columns.
func apply(
  _ plugin: any TransformPlugin, _ inputs: KeyValuePairs<String, ParameterInput>, to table: Table,
  memory: Int = StepMemory.defaultLimit
) async throws -> Table {
  try await apply(plugin, inputs: inputs.map { ($0.key, $0.value) }, to: table, memory: memory)
}

func apply(
  _ plugin: any TransformPlugin, inputs: [(String, ParameterInput)], to table: Table,
  memory: Int = StepMemory.defaultLimit
) async throws -> Table {
  let model = try await Datasets.harbours.model
  let checked = plugin.manifest.check(
    inputs: inputs.map { (name: $0.0, input: $0.1) }, in: model, columns: table.columns)
  do {
    return try plugin.transform(table, arguments: checked.get(), limits: StepLimits(memory: memory))
  } catch {
    throw Refusal(messages: error.errors.map(\.message))
  }
}

/// What a table comes to, read to its end.
struct Contents {
  var columns: [Column]
  var rows: [Row]
  var notes: [String]
  var totals: [TotalRow]

  init(columns: [Column], rows: [Row], notes: [String], totals: [TotalRow]) {
    self.columns = columns
    self.rows = rows
    self.notes = notes
    self.totals = totals
  }

  init(_ table: Table) async throws {
    columns = table.columns
    rows = []
    var stream = table.batches
    while let batch = try await stream.next() {
      #expect(batch.count > 0, "a batch has at least one row")
      rows += batch.rows
    }
    notes = (table.notes + stream.closingNotes).map(\.text)
    totals = stream.closingTotals
  }

  /// One line a row, cells separated by `|`; below them totals with their kind before them.
  var text: [String] {
    rows.map(Self.line) + totals.map { "\($0.kind.rawValue): \(Self.line($0.row))" }
  }

  private static func line(_ row: Row) -> String {
    row.cells.map(\.value.description).joined(separator: "|")
  }

  /// The observations behind a cell.
  func provenance(_ row: Int, _ column: String) throws -> [Selection] {
    let index = try #require(columns.firstIndex { $0.name == column })
    return rows[row].provenance(at: index, in: columns)
  }
}

/// Batches that count how many of them were taken.
struct Batches: BatchStream {
  private var batches: [Batch]
  var closingNotes: [Note] = []
  var closingTotals: [TotalRow] = []
  private var taken: Counter

  init(
    _ batches: [[Row]], columns: [Column], closingNotes: [Note] = [], closingTotals: [TotalRow] = [],
    taken: Counter = Counter()
  ) {
    self.init(batches.map { Batch($0, columns: columns) }, taken: taken)
    self.closingNotes = closingNotes
    self.closingTotals = closingTotals
  }

  init(_ batches: [Batch], taken: Counter = Counter()) {
    self.batches = batches
    self.taken = taken
  }

  mutating func next() async throws -> Batch? {
    if batches.isEmpty { return nil }
    taken.add()
    return batches.removeFirst()
  }
}

final class Counter: Sendable {
  private let state = Mutex(0)

  var value: Int { state.withLock { $0 } }
  func add() { state.withLock { $0 += 1 } }
}

/// Rows are about one code each of the first dimension, columns about one of the second.
func place(_ code: Int) -> Selection { Selection.all.restricting(0, to: [code]) }
func kind(_ code: Int) -> Selection { Selection.all.restricting(1, to: [code]) }
func both(_ place: Int, _ kind: Int) -> Selection {
  Selection.all.restricting(0, to: [place]).restricting(1, to: [kind])
}

let dash = Missing(symbol: "–", label: "none printed")

/// Countries with a bloc and two numbers; germany has a caveat, japan a dash.
func countries(taken: Counter = Counter()) -> Table {
  let columns = [
    Column(name: "country", title: "Country", kind: .text),
    Column(
      name: "bloc", title: "Bloc", kind: .text,
      values: [Column.Value("east", title: "East"), Column.Value("west", title: "West")]),
    Column(
      name: "released", title: "Released", kind: .integer, unit: "persons", total: .sum, selection: kind(0)),
    Column(
      name: "remaining", title: "Remaining", kind: .integer, unit: "persons", total: .sum, selection: kind(1)),
  ]
  func row(_ code: Int, _ country: String, _ bloc: Cell, _ released: Cell, _ remaining: Cell) -> Row {
    Row([.text(country), bloc, released, remaining], provenance: [place(code)])
  }
  let batches = [
    [
      row(0, "poland", .text("east"), .integer(190), .integer(5)),
      row(1, "germany", .text("west"), Cell(.integer(5614), notes: [Note(.caveat, "As of July")]), .integer(0)),
    ],
    [row(2, "japan", .empty, .integer(16), Cell(.missing(dash)))],
    [row(3, "france", .text("west"), .integer(190), .integer(7))],
  ]
  let totals = [
    TotalRow(
      .computed, title: "Total",
      row: Row(
        [.text("Total"), .empty, Cell(.integer(6010), notes: [Note(.caveat, "As of July")]), .integer(12)],
        provenance: [.all])),
    TotalRow(
      .stated, title: "Stated", row: Row([.text("Stated"), .empty, .integer(6000), .empty], provenance: [.all])),
  ]
  return Table(
    columns: columns,
    batches: Batches(
      batches, columns: columns, closingNotes: [Note(.scope, "One number is left out")], closingTotals: totals,
      taken: taken),
    notes: [Note(.scope, "Blocs by treaty")])
}

/// A table of one column of numbers, `n`.
func numbers(_ values: [Int64?], batchSize: Int = 3) -> Table {
  let columns = [Column(name: "n", title: "N", kind: .integer, total: .sum)]
  let rows = values.map { Row([$0.map { Cell(.integer($0)) } ?? Cell(.missing(dash))]) }
  let batches = stride(from: 0, to: rows.count, by: batchSize).map { Array(rows[$0..<min($0 + batchSize, rows.count)]) }
  return Table(columns: columns, batches: Batches(batches, columns: columns))
}

/// A table of one column of numbers, `n`, of 128 bits.
func largestNumbers(_ values: [Int128]) -> Table {
  let columns = [Column(name: "n", title: "N", kind: .decimal, total: .sum)]
  let rows = values.map { Row([Cell(.decimal(ExactDecimal(units: $0, scale: 0)))]) }
  return Table(columns: columns, batches: Batches([rows], columns: columns))
}
