package import ReportKit

/// Adds a column with how a column of numbers differs from the row before, or from a row that is the base.
package struct Change: TransformPlugin {
  package init() {}

  private static let of = Parameter.column("of", "The column of numbers")
  private static let kind = Parameter.choice(
    "kind", "difference: in the units of the column, exact; percent: of the number that it is compared with",
    default: ChangeKind.difference)
  private static let base = Parameter<String?>.text(
    "base", "A text of the row that all rows are compared with; each is compared with the row before if nothing is said"
  )
  private static let by = Parameter.optionalColumn(
    "by", "A column whose texts part the rows: only rows with the same text are compared")
  private static let name = Parameter<String?>.text(
    "as", "The name of the new column; that of the other one and \"_change\" if nothing is said")
  private static let digits = Parameter.integer(
    "digits", "How many digits of percent stand behind the point", in: 0...12, default: 1)

  package let manifest = Manifest(
    name: "change",
    summary:
      "Adds a column with the change of a column, as a difference or in percent: to the row before, or to a base",
    of, kind, base, by, name, digits)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let (index, by, kind, base) = (arguments[Self.of], arguments[Self.by], arguments[Self.kind], arguments[Self.base])
    let counted = table.columns[index]
    let name = arguments[Self.name] ?? "\(counted.name)_change"
    let errors = table.problems(ofNumbers: index, groups: by, newName: name, step: manifest.name)
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    let digits = arguments[Self.digits]
    let other = base.map { "the row \($0)" } ?? "the row before"
    let isPercent = kind == .percent
    let column = Column(
      name: name, title: "\(counted.title), change\(isPercent ? " in %" : "")",
      kind: isPercent ? .decimal : counted.kind, unit: isPercent ? "percent" : counted.unit,
      summary: "How \(counted.name) differs from \(other)\(table.columns.phrase(ofGroups: by))"
        + (isPercent ? ", in percent of it, \(roundingPhrase(digits))" : ""))
    let memory = StepMemory(step: manifest.name, within: limits)
    let comparison = Comparison(columns: table.columns, index: index, kind: kind, digits: digits, name: name)
    if let base {
      let maker = BaseMaker(step: manifest.name, text: base, by: by, comparison: comparison)
      return table.inserting(column, at: index + 1, maker, memory: memory)
    }
    let maker = PreviousMaker(by: by, comparison: comparison, memory: memory)
    return table.inserting(column, at: index + 1, maker, memory: memory)
  }
}

enum ChangeKind: String, CaseIterable {
  case difference, percent
}

/// Adds a column with each number in percent of the base's: an index, the base being 100.
package struct Index: TransformPlugin {
  package init() {}

  private static let of = Parameter.column("of", "The column of numbers")
  private static let base = Parameter<String?>.text(
    "base", "A text of the row that is 100; it is the first row if nothing is said")
  private static let by = Parameter.optionalColumn(
    "by", "A column whose texts part the rows: each text has a base of its own")
  private static let name = Parameter<String?>.text(
    "as", "The name of the new column; that of the other one and \"_index\" if nothing is said")
  private static let digits = Parameter.integer(
    "digits", "How many digits stand behind the point", in: 0...12, default: 1)

  package let manifest = Manifest(
    name: "index", summary: "Adds a column with a column as an index: the number of a base row is 100", of, base, by,
    name, digits)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let (index, by, base) = (arguments[Self.of], arguments[Self.by], arguments[Self.base])
    let counted = table.columns[index]
    let name = arguments[Self.name] ?? "\(counted.name)_index"
    let errors = table.problems(ofNumbers: index, groups: by, newName: name, step: manifest.name)
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    let digits = arguments[Self.digits]
    let other = base.map { "the row \($0)" } ?? "the first row"
    let column = Column(
      name: name, title: "\(counted.title), \(base ?? "first row") = 100", kind: .decimal, unit: "index",
      summary: "\(counted.name), where that of \(other) is 100\(table.columns.phrase(ofGroups: by)); "
        + roundingPhrase(digits))
    let maker = BaseMaker(
      step: manifest.name, text: base, by: by,
      comparison: Comparison(columns: table.columns, index: index, kind: nil, digits: digits, name: name))
    return table.inserting(
      column, at: index + 1, maker, memory: StepMemory(step: manifest.name, within: limits))
  }
}

/// What becomes of a number and the one that it is compared with.
private struct Comparison {
  let columns: [Column]
  let index: Int
  /// Nil for an index.
  let kind: ChangeKind?
  let digits: Int
  /// Of the new column.
  let name: String

  func part(_ batch: Batch, _ row: Int) -> Part { Part(batch, row, index, in: columns) }

  /// - Parameters:
  ///   - base: nil where there is no such row.
  ///   - isSame: whether it is the row itself.
  func cell(_ part: Part, to base: Part?, isSame: Bool = false, called other: String) throws -> Cell {
    guard let number = part.cell.value.number else { return Cell(part.cell.value.asReason, from: [part]) }
    guard let base else { return Cell(.missing(Missing(symbol: "…", label: "there is no \(other)")), from: [part]) }
    let parts = isSame ? [part] : [part, base]
    guard let basis = base.cell.value.number else {
      let reason = if case .missing(let reason?) = base.cell.value { reason } else { nil as Missing? }
      let kind = base.cell.value.spoiler?.kind ?? .noNumber
      let label = "the \(other) has no number" + (reason.map { ": \($0.label)" } ?? "")
      return Cell(.missing(Missing(symbol: "…", label: label, kind: kind)), from: parts)
    }
    return Cell(try value(number, to: basis, called: other), from: parts)
  }

  private func value(_ number: ExactDecimal, to basis: ExactDecimal, called other: String) throws -> Cell.Value {
    let overflow = NumberOverflow(step: kind == nil ? "index" : "change", column: name)
    guard let difference = kind == nil ? number : number.subtracting(basis) else { throw overflow }
    if kind == .difference {
      return difference.scale == 0 ? Cell.Value(units: difference.units, decimals: 0) : .decimal(difference)
    }
    // A percentage of less than nothing would be read with the wrong sign.
    if basis.units <= 0 {
      return .missing(Missing(symbol: "…", label: "the \(other) is \(basis.units == 0 ? "0" : "less than 0")"))
    }
    guard let percent = difference.quotient(by: basis, times: 100, digits: digits) else { throw overflow }
    return .decimal(percent)
  }
}

private struct PreviousMaker: CellMaker {
  let by: Int?
  let comparison: Comparison
  /// Counts the rows before, one for each group.
  var memory: StepMemory
  private var previous: [Cell.Value: Part] = [:]

  init(by: Int?, comparison: Comparison, memory: StepMemory) {
    self.by = by
    self.comparison = comparison
    self.memory = memory
  }

  mutating func cell(_ batch: Batch, _ row: Int) throws -> Cell {
    let group = BaseRows.group(batch, row, by)
    let part = comparison.part(batch, row)
    let before = previous.updateValue(part, forKey: group)
    if before == nil { try memory.hold(Row([part.cell], provenance: part.provenance)) }
    return try comparison.cell(part, to: before, called: "row before")
  }
}

private struct BaseMaker: CellMaker {
  static let needsAllRows = true

  let step: String
  let text: String?
  let by: Int?
  let comparison: Comparison
  private var bases: BaseRows?

  init(step: String, text: String?, by: Int?, comparison: Comparison) {
    self.step = step
    self.text = text
    self.by = by
    self.comparison = comparison
  }

  mutating func prepare(_ all: Batch) throws {
    bases = try BaseRows(all, text: text, by: by, step: step)
  }

  func cell(_ batch: Batch, _ row: Int) throws -> Cell {
    let base = bases?.row(for: row, in: batch)
    return try comparison.cell(
      comparison.part(batch, row), to: base.map { comparison.part(batch, $0) }, isSame: base == row,
      called: text.map { "row \($0)" } ?? "first row")
  }
}
