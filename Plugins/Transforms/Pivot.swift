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
      memory: StepMemory(step: manifest.name, limit: limits.memory))
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
    texts = into ?? name.values?.map(\.text) ?? []
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

  /// The place of the column that a row's cell goes to; nil when it goes to none.
  func place(of row: Row) -> Int? {
    guard case .text(let text) = row[names].value else { return nil }
    return texts.firstIndex(of: text)
  }
}

private struct PivotedBatches: BatchStream {
  private var source: any BatchStream
  private let shape: PivotShape
  private let showsAllRows: Bool
  private var memory: StepMemory
  private var isDone = false
  private var leftOutCount = 0
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
    closingTotals = try totals()
    return rows.isEmpty ? nil : Batch(rows, columns: shape.columns)
  }

  var closingNotes: [Note] {
    guard leftOutCount > 0 else { return source.closingNotes }
    let texts = shape.texts.joined(separator: ", ")
    return source.closingNotes + [
      Note(
        .scope,
        "\(leftOutCount) \(leftOutCount == 1 ? "row is" : "rows are") left out: "
          + "\(shape.input[shape.names].name) is none of \(texts)")
    ]
  }

  /// Totals by name become totals of the columns. A computed total of all names is computed anew, if all that it covers
  /// is here; a stated one is of no single column.
  private func totals() throws -> [TotalRow] {
    var result: [TotalRow] = []
    var named: [(total: TotalRow, rows: GatheredRows)] = []
    for total in source.closingTotals {
      if let place = shape.place(of: total.row) {
        let index = named.firstIndex { $0.total.kind == total.kind && $0.total.title == total.title }
        if index == nil { named.append((total, GatheredRows(shape))) }
        try named[index ?? named.count - 1].rows.add(total.row, at: place)
      } else if total.kind == .computed, showsAllRows, leftOutCount == 0,
        shape.input[shape.values].total == .sum
      {
        result.append(TotalRow(.computed, title: total.title, row: sums.row).titled(in: shape.columns))
      }
    }
    for (total, rows) in named {
      result += rows.rows.map { TotalRow(total.kind, title: total.title, row: $0).titled(in: shape.columns) }
    }
    return result
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

  mutating func add(_ row: Row, at place: Int) throws {
    let key = shape.kept.map { row[$0].value }
    let index = indexes[key] ?? rows.count
    if index == rows.count {
      indexes[key] = index
      var cells = key.map { Cell($0) }
      cells.insert(contentsOf: shape.texts.map { _ in Cell(.missing(nil), provenance: []) }, at: shape.position)
      rows.append(Row(cells))
    }
    for (offset, kept) in shape.kept.enumerated() {
      let target = offset < shape.position ? offset : offset + shape.texts.count
      rows[index][target].merge(notesAndProvenanceOf: row, at: kept, in: shape.input)
    }
    let target = shape.position + place
    let cell = Cell(
      row[shape.values].value, notes: row[shape.values].notes,
      provenance: row.provenance(at: shape.values, in: shape.input))
    if rows[index][target] == Cell(.missing(nil), provenance: []) {
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
  fileprivate mutating func merge(notesAndProvenanceOf row: Row, at column: Int, in columns: [Column]) {
    notes += row[column].notes.filter { !notes.contains($0) }
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
