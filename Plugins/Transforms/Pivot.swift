package import ReportKit

/// Turns rows into columns: rows that are equal but for two columns become one row.
///
/// The columns must be known before the first row is. So the texts that become columns are listed, unless their column
/// has a closed list of values, as one with the codes of a dimension has.
package struct Pivot: TransformPlugin {
  package init() {}

  private static let names = Parameter.column("names", "The column whose texts become columns")
  private static let values = Parameter.column("values", "The column whose cells stand in them")
  private static let into = Parameter.texts(
    "into",
    "Which texts become columns, in this order; all of them if nothing is said and their column has a closed list")

  package let manifest = Manifest(
    name: "pivot", summary: "Turns rows into columns: one column for each text of a column, with the cells of another",
    names, values, into)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let shape = try PivotShape(
      table.columns, names: arguments[Self.names], values: arguments[Self.values], into: arguments[Self.into])
    var result = table
    result.columns = shape.columns
    result.batches = PivotedBatches(
      source: table.batches, shape: shape, showsAllRows: table.showsAllRows,
      memory: StepMemory(step: manifest.name, within: limits))
    return result
  }
}

/// Which column goes where.
struct PivotShape {
  let columns: [Column]
  let input: [Column]
  let names: Int
  let values: Int
  /// The texts that become columns.
  let texts: [String]
  /// The columns by which rows are told apart.
  let kept: [Int]
  /// Before which of the kept ones the new ones stand.
  let position: Int

  init(_ input: [Column], names: Int, values: Int, into: [String]?) throws(ParameterErrors) {
    self.input = input
    self.names = names
    self.values = values
    kept = input.indices.filter { $0 != names && $0 != values }
    position = kept.count { $0 < names }
    let (name, value) = (input[names], input[values])
    var errors: [ParameterError] = []
    if name.kind != .text {
      errors.append(
        ParameterError(parameter: "names", message: "names of pivot: \(name.name) holds numbers, not texts"))
    }
    if names == values {
      errors.append(ParameterError(parameter: "values", message: "values of pivot must be another column than names"))
    }
    // A text is found in either form that Unicode takes for the same; in rows it stands as the list of values has it.
    let listed = name.values?.map(\.text)
    texts = into?.map { text in listed?.first { $0 == text } ?? text } ?? listed ?? []
    if texts.isEmpty, errors.isEmpty {
      errors.append(
        ParameterError(
          parameter: "into",
          message: "pivot needs the parameter \"into\": the texts of \(name.name) are not known before the rows are"))
    }
    for (index, text) in texts.enumerated() {
      if let known = name.values?.map(\.text), !known.contains(text) {
        errors.append(
          ParameterError(parameter: "into", unknown: name.name, name: text, among: known, path: [.element(index)]))
      } else if kept.contains(where: { input[$0].name == text }) {
        errors.append(
          ParameterError(
            parameter: into == nil ? "names" : "into", message: "pivot: there is a column \"\(text)\" already",
            path: into == nil ? [] : [.element(index)]))
      }
    }
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    var result = kept.map { index in
      var column = input[index]
      // One cell stands for those of several rows.
      column.total = .none
      return column
    }
    result.insert(
      contentsOf: texts.map { text in
        var column = value
        column.name = text
        column.title = name.values?.first { $0.text == text }?.title ?? text
        column.summary = "\(value.title) where \(name.name) is \(text)"
        return column
      }, at: position)
    columns = result
  }

  /// The place of the column that a row's cell goes to, by the bytes of its text; nil when it goes to none.
  func place(of row: Row) -> Int? {
    guard case .text(let text) = row[names].value else { return nil }
    return texts.firstIndex { $0.utf8.elementsEqual(text.utf8) }
  }
}

private struct PivotedBatches: BatchStream {
  private var source: any BatchStream
  private let shape: PivotShape
  private let showsAllRows: Bool
  private var memory: StepMemory
  private var isDone = false
  private var leftOutCount = 0
  private var leavesTotalsOut = false
  private var sums: MergedRow
  private(set) var closingTotals: [TotalRow] = []

  init(source: any BatchStream, shape: PivotShape, showsAllRows: Bool, memory: StepMemory) {
    self.source = source
    self.shape = shape
    self.showsAllRows = showsAllRows
    self.memory = memory
    sums = MergedRow(columns: shape.columns)
  }

  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var gathered = GatheredRows(shape)
    while let batch = try await source.next() {
      try memory.hold(batch)
      for row in batch.rows {
        if let place = shape.place(of: row) { try gathered.add(row, at: place) } else { leftOutCount += 1 }
      }
    }
    let rows = gathered.rows
    for row in rows { try sums.add(row) }
    try makeTotals()
    return rows.isEmpty ? nil : Batch(rows, columns: shape.columns)
  }

  var closingNotes: [Note] {
    var notes = source.closingNotes
    let name = shape.input[shape.names].name
    if leavesTotalsOut {
      notes.append(Note(.scope, "Totals are left out, since they are of no single \(name)"))
    }
    if leftOutCount > 0 {
      let texts = shape.texts.joined(separator: ", ")
      let rows = leftOutCount == 1 ? "1 row is" : "\(leftOutCount) rows are"
      notes.append(Note(.scope, "\(rows) left out: \(name) is none of \(texts)"))
    }
    return notes
  }

  /// Totals by name become totals of the columns, those with the same title in one row. In place of others, which are of
  /// no single column, the columns are added up anew, if they are covered by what is here.
  private mutating func makeTotals() throws {
    var named: [(total: TotalRow, rows: GatheredRows)] = []
    var others: [TotalRow] = []
    for var total in source.closingTotals {
      guard shape.input[shape.names].tellsTotals, let place = shape.place(of: total.row) else {
        others.append(total)
        continue
      }
      // Of a number that stays beside the new columns, this total is one of several.
      for index in shape.kept where shape.input[index].kind.isNumber { total.row[index] = .empty }
      let index = named.firstIndex {
        $0.total.kind == total.kind && $0.total.title == total.title && !$0.rows.has(total.row, at: place)
      }
      if index == nil { named.append((total, GatheredRows(shape))) }
      try named[index ?? named.count - 1].rows.add(total.row, at: place)
    }
    let computed = others.filter { $0.kind == .computed }
    // Without a row nothing is added up.
    if let first = computed.first, sums.rowCount > 0, showsAllRows, leftOutCount == 0,
      computed.allSatisfy({ $0.rowCount == nil }), shape.input[shape.values].total == .sum
    {
      closingTotals.append(TotalRow(.computed, title: first.title, row: sums.row).titled(in: shape.columns))
      leavesTotalsOut = computed.count < others.count
    } else {
      leavesTotalsOut = !others.isEmpty
    }
    for (total, rows) in named {
      closingTotals += rows.rows.map { row in
        var total = total
        total.row = row
        return total.titled(in: shape.columns)
      }
    }
  }
}

/// Rows by their kept cells, in the order of first appearance.
private struct GatheredRows {
  private let shape: PivotShape
  private(set) var rows: [Row] = []
  private var indexes: [[Cell.Value]: Int] = [:]

  init(_ shape: PivotShape) {
    self.shape = shape
  }

  /// Whether something stands already where that row would.
  func has(_ row: Row, at place: Int) -> Bool {
    guard let index = indexes[shape.kept.map { row[$0].value }] else { return false }
    return rows[index][shape.position + place] != Self.nothing
  }

  private static let nothing = Cell(.missing(nil), provenance: [])

  mutating func add(_ row: Row, at place: Int) throws {
    let key = shape.kept.map { row[$0].value }
    let index = indexes[key] ?? rows.count
    if index == rows.count {
      indexes[key] = index
      var cells = key.map { Cell($0) }
      cells.insert(contentsOf: shape.texts.map { _ in Self.nothing }, at: shape.position)
      rows.append(Row(cells))
    }
    for (offset, kept) in shape.kept.enumerated() {
      let target = offset < shape.position ? offset : offset + shape.texts.count
      rows[index][target].merge(whatIsSaidOf: row, at: kept, in: shape.input)
    }
    let target = shape.position + place
    var cell = row[shape.values]
    cell.provenance = row.provenance(at: shape.values, in: shape.input)
    if rows[index][target] == Self.nothing {
      rows[index][target] = cell
    } else if shape.input[shape.values].total == .sum {
      guard rows[index][target].add(cell) else {
        throw TotalOverflow(column: shape.input[shape.values].name)
      }
      rows[index][target].provenance = (rows[index][target].provenance ?? []).merging(cell.provenance ?? [])
    } else {
      throw PivotConflict(
        row: key.map(\.description).filter { !$0.isEmpty }.joined(separator: ", "), text: shape.texts[place],
        values: shape.input[shape.values].name)
    }
    rows[index].provenance.merge(row.provenance)
  }
}

extension Cell {
  /// Takes what stands behind a cell of the same value.
  fileprivate mutating func merge(whatIsSaidOf row: Row, at column: Int, in columns: [Column]) {
    let other = row[column]
    notes += other.notes.filter { !notes.contains($0) }
    // The same number with another coverage is another number: what is said of it is said.
    if coverage != nil && other.coverage != nil && coverage != other.coverage
      || bounds != nil && other.bounds != nil && bounds != other.bounds
    {
      notes += other.remarks.filter { !remarks.contains($0) }
    }
    coverage = coverage ?? other.coverage
    bounds = bounds ?? other.bounds
    guard columns[column].selection != nil || row[column].provenance != nil else { return }
    provenance = (provenance ?? []).merging(row.provenance(at: column, in: columns))
  }
}

/// Two rows would stand in one cell, and may not be added up.
private struct PivotConflict: Error, CustomStringConvertible {
  var row: String
  var text: String
  var values: String

  var description: String {
    "pivot: there are two rows for \(text) of \(row.isEmpty ? "the only row" : row), and \(values) cannot be added up"
  }
}
