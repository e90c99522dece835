package import ReportKit

/// Adds a column with the rank of each row by a column of numbers.
package struct Rank: TransformPlugin {
  package init() {}

  private static let of = Parameter.column("of", "The column of numbers")
  private static let descending = Parameter.boolean(
    "descending", "Whether the largest number is the first", default: true)
  private static let name = Parameter<String?>.text(
    "as", "The name of the new column; that of the other one and \"_rank\" if nothing is said")

  package let manifest = Manifest(
    name: "rank",
    summary: "Adds a column with the rank of each row by a column; equal numbers share one, and none has none",
    of, descending, name)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let index = arguments[Self.of]
    let counted = table.columns[index]
    let name = arguments[Self.name] ?? "\(counted.name)_rank"
    let errors =
      table.problems(ofNumbers: index, parameter: "of", step: manifest.name)
      + table.problems(ofNewName: name, step: manifest.name)
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    let isDescending = arguments[Self.descending]
    let column = Column(
      name: name, title: "\(counted.title), rank", kind: .integer,
      summary: "The place of the row by \(counted.name), the \(isDescending ? "largest" : "smallest") first; equal "
        + "numbers share a place",
      selection: counted.selection)
    return table.inserting(
      column, at: index + 1, RankMaker(columns: table.columns, index: index, isDescending: isDescending),
      memory: StepMemory(step: manifest.name, within: limits))
  }
}

private struct RankMaker: CellMaker {
  static let needsAllRows = true

  let columns: [Column]
  let index: Int
  let isDescending: Bool
  /// By row; 0 for one without a number.
  private var ranks: [Int] = []

  init(columns: [Column], index: Int, isDescending: Bool) {
    self.columns = columns
    self.index = index
    self.isDescending = isDescending
  }

  mutating func prepare(_ all: Batch) {
    let numbered = all.indices.compactMap { row in all.value(row, index).number.map { (row: row, number: $0) } }
    let sorted = numbered.sorted { a, b in
      if a.number.isSameNumber(as: b.number) { return a.row < b.row }
      return (a.number < b.number) != isDescending
    }
    ranks = Array(repeating: 0, count: all.count)
    for (place, entry) in sorted.enumerated() {
      let isTie = place > 0 && sorted[place - 1].number.isSameNumber(as: entry.number)
      ranks[entry.row] = isTie ? ranks[sorted[place - 1].row] : place + 1
    }
  }

  /// It stands on the observations that its number stands on, and what is said of that bears on it.
  func cell(_ batch: Batch, _ row: Int) -> Cell {
    let part = Part(batch, row, index, in: columns)
    return Cell(ranks[row] == 0 ? part.cell.value.asReason : .integer(Int64(ranks[row])), from: [part], isTold: true)
  }
}
