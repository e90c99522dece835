package import ReportKit

/// Adds a column with the running sum of a column, in the order of the table.
package struct Cumulate: TransformPlugin {
  package init() {}

  private static let of = Parameter.column("of", "The column of numbers, which must be one that adds up")
  private static let by = Parameter.optionalColumn(
    "by", "A column whose texts part the rows: each text has a running sum of its own")
  private static let name = Parameter<String?>.text(
    "as", "The name of the new column; that of the other one and \"_cumulated\" if nothing is said")

  package let manifest = Manifest(
    name: "cumulate", summary: "Adds a column with the running sum of a column, in the order of the rows", of, by, name)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let index = arguments[Self.of]
    let by = arguments[Self.by]
    let counted = table.columns[index]
    let name = arguments[Self.name] ?? "\(counted.name)_cumulated"
    var errors = table.problems(ofNumbers: index, parameter: "of", step: manifest.name)
    if errors.isEmpty, counted.total == .none {
      errors.append(
        ParameterError(parameter: "of", message: "of of cumulate: the numbers of \(counted.name) cannot be added up"))
    }
    errors += table.problems(ofGroups: by, of: index, step: manifest.name)
    errors += table.problems(ofNewName: name, step: manifest.name)
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    var column = counted
    column.name = name
    column.title = "\(counted.title), cumulated"
    column.summary = "The sum of \(counted.name) up to the row" + table.columns.phrase(ofGroups: by)
    // Each of its sums contains the ones before.
    column.total = .none
    column.values = nil
    let memory = StepMemory(step: manifest.name, within: limits)
    let maker = CumulateMaker(columns: table.columns, index: index, by: by, memory: memory)
    return table.inserting(column, at: index + 1, maker, memory: memory)
  }
}

private struct CumulateMaker: CellMaker {
  let columns: [Column]
  let index: Int
  let by: Int?
  /// Counts the running sums.
  var memory: StepMemory
  private var sums: [Cell.Value: Cell] = [:]

  init(columns: [Column], index: Int, by: Int?, memory: StepMemory) {
    self.columns = columns
    self.index = index
    self.by = by
    self.memory = memory
  }

  mutating func cell(_ batch: Batch, _ row: Int) throws -> Cell {
    let group = by.map { batch.value(row, $0) } ?? .missing(nil)
    var cell = batch.cell(row, index)
    cell.provenance = batch.provenance(row, index, in: columns)
    var sum = sums[group] ?? .empty
    if sums[group] == nil { try memory.hold(Row([cell])) }
    // Taken out, so that what it holds is not copied for every row.
    sums[group] = .empty
    let before = sum.provenance ?? []
    guard sum.add(cell) else { throw TotalOverflow(column: columns[index].name) }
    let provenance = before.merging(cell.provenance ?? [])
    sum.provenance = provenance.isEmpty ? nil : provenance
    sums[group] = sum
    return sum
  }
}
