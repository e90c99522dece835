package import ReportKit

/// Adds a column with the mean of several columns, over those that have a number in the row.
package struct Mean: TransformPlugin {
  package init() {}

  private static let of = Parameter<[Int]>.columns("of", "The columns of numbers")
  private static let name = Parameter<String>.text("as", "The name of the new column", default: "mean")
  private static let digits = Parameter.integer(
    "digits", "How many digits stand behind the point", in: 0...12, default: 1)

  package let manifest = Manifest(
    name: "mean",
    summary: "Adds a column with the mean of several columns; its coverage says how many of them have a number",
    of, name, digits)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let places = arguments[Self.of]
    let name = arguments[Self.name]
    let first = table.columns[places[0]]
    var errors: [ParameterError] = []
    for (index, place) in places.enumerated() {
      let column = table.columns[place]
      let problem: String? =
        if !column.kind.isNumber {
          "\(column.name) holds text, not numbers"
        } else if first.kind.isNumber && column.unit != first.unit {
          "\(column.name) counts \(column.unit ?? "nothing named"), and \(first.name) \(first.unit ?? "nothing named")"
        } else {
          nil
        }
      guard let problem else { continue }
      errors.append(
        ParameterError(
          parameter: "of", message: "of of mean: \(problem)", path: places.count == 1 ? [] : [.element(index)]))
    }
    errors += table.problems(ofNewName: name, step: manifest.name)
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    let digits = arguments[Self.digits]
    let names = places.map { table.columns[$0].name }.joined(separator: ", ")
    let column = Column(
      name: name, title: heading(name), kind: .decimal, unit: first.unit,
      summary: "The mean of those of \(names) that have a number, \(roundingPhrase(digits))",
      selection: table.columns.selection(ofAll: places))
    let maker = MeanMaker(
      columns: table.columns, places: places, digits: digits, name: name, isTold: column.selection != nil)
    return table.inserting(
      column, at: (places.max() ?? 0) + 1, maker, memory: StepMemory(step: manifest.name, within: limits))
  }
}

private struct MeanMaker: CellMaker {
  let columns: [Column]
  let places: [Int]
  let digits: Int
  let name: String
  let isTold: Bool

  func cell(_ batch: Batch, _ row: Int) throws -> Cell {
    let parts = places.map { Part(batch, row, $0, in: columns) }
    var sum = Cell.empty
    for part in parts {
      guard sum.add(part.cell) else { throw NumberOverflow(step: "mean", column: name) }
    }
    var result = Cell(sum.value, from: parts, isTold: isTold)
    result.coverage = coverage(parts)
    let numbers = parts.count { $0.cell.value.number != nil }
    // A mean of marks that mean nil is that mark, as their sum is.
    guard let number = sum.value.asDecimal else { return result }
    guard let mean = number.quotient(by: ExactDecimal(units: Int128(numbers), scale: 0), digits: digits) else {
      throw NumberOverflow(step: "mean", column: name)
    }
    result.value = .decimal(mean)
    return result
  }

  /// A column in which nothing was observed is missing from the mean too, since somebody has named it.
  private func coverage(_ parts: [Part]) -> Coverage? {
    let covered = parts.map(\.cell.coverageAsAddend)
    if covered.allSatisfy({ $0 == nil }) { return nil }
    var result = Coverage(numbers: 0)
    for part in covered {
      result.formUnion(part ?? Coverage(numbers: 0, lacks: [Coverage.Lack(reason: Coverage.noRow, count: 1)]))
    }
    return result.expected > 1 ? result : nil
  }
}
