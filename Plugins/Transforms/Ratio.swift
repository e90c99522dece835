package import ReportKit

/// Adds a column with the quotient of two columns. A total row has the quotient of its two totals, since a sum of ratios
/// is none, and nor is their mean.
package struct Ratio: TransformPlugin {
  package init() {}

  private static let of = Parameter.column("of", "The column of numbers that are divided")
  private static let per = Parameter.column("per", "The column of numbers that they are divided by")
  private static let times = Parameter.integer(
    "times", "What the quotient is multiplied by: 100 for percent", in: 1...1_000_000_000_000, default: 1)
  private static let name = Parameter<String?>.text(
    "as", "The name of the new column; those of the two, joined by \"_per_\", if nothing is said")
  private static let digits = Parameter.integer(
    "digits", "How many digits stand behind the point", in: 0...12, default: 2)

  package let manifest = Manifest(
    name: "ratio",
    summary: "Adds a column with the quotient of two columns; in a total row it is the quotient of the totals",
    of, per, times, name, digits)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let (of, per) = (arguments[Self.of], arguments[Self.per])
    let (dividend, divisor) = (table.columns[of], table.columns[per])
    let name = arguments[Self.name] ?? "\(dividend.name)_per_\(divisor.name)"
    var errors = table.problems(ofNumbers: of, parameter: "of", step: manifest.name)
    errors += table.problems(ofNumbers: per, parameter: "per", step: manifest.name)
    if of == per {
      errors.append(ParameterError(parameter: "per", message: "per of ratio must be another column than of"))
    }
    errors += table.problems(ofNewName: name, step: manifest.name)
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    let times = arguments[Self.times]
    let digits = arguments[Self.digits]
    let factor = times == 1 ? "" : "\(times) "
    let column = Column(
      name: name, title: "\(dividend.title) per \(factor)\(divisor.title)", kind: .decimal,
      unit: Self.unit(dividend.unit, per: divisor.unit, times: times),
      summary: "\(dividend.name) per \(factor)\(divisor.name), \(roundingPhrase(digits)); in a total row that of the "
        + "totals",
      selection: table.columns.selection(ofAll: [of, per]))
    let maker = RatioMaker(
      columns: table.columns, of: of, per: per, times: times, digits: digits, name: name,
      isTold: column.selection != nil)
    return table.inserting(
      column, at: max(of, per) + 1, maker, memory: StepMemory(step: manifest.name, within: limits))
  }

  private static func unit(_ unit: String?, per other: String?, times: Int) -> String? {
    guard let unit, let other else { return nil }
    let factor = times == 1 ? "" : "\(times) "
    if unit != other { return "\(unit) per \(factor)\(other)" }
    return times == 1 ? nil : times == 100 ? "percent" : "per \(times)"
  }
}

private struct RatioMaker: CellMaker {
  let columns: [Column]
  let of: Int
  let per: Int
  let times: Int
  let digits: Int
  let name: String
  let isTold: Bool

  func cell(_ batch: Batch, _ row: Int) throws -> Cell {
    let parts = [of, per].map { Part(batch, row, $0, in: columns) }
    return Cell(try value(parts[0].cell.value, per: parts[1].cell.value), from: parts, isTold: isTold)
  }

  func total(_ batch: Batch) throws -> Cell { try cell(batch, 0) }

  private func value(_ dividend: Cell.Value, per divisor: Cell.Value) throws -> Cell.Value {
    guard let upper = dividend.number else { return dividend.asReason }
    guard let lower = divisor.number else { return divisor.asReason }
    if lower.units == 0 { return .missing(Missing(symbol: "…", label: "\(columns[per].name) is 0")) }
    guard let quotient = upper.quotient(by: lower, times: times, digits: digits) else {
      throw NumberOverflow(step: "ratio", column: name)
    }
    return .decimal(quotient)
  }
}

extension Cell.Value {
  /// Why it is no number, for what would be computed from it.
  var asReason: Cell.Value { if case .missing = self { self } else { .missing(nil) } }
}
