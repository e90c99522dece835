package import ReportKit

/// Adds a column with what percentage of a column's sum each row is.
///
/// Shares are exact quotients of integers, rounded once. By default each is rounded by itself, half away from zero, as
/// statistical offices do: equal numbers have equal shares, and the shares need not add up to 100, which a note says.
/// `largest_remainder` makes them add up: every share is rounded down, and what is missing goes in units of the last
/// digit to those that lost most, the earlier row first.
package struct Share: TransformPlugin {
  package init() {}

  private static let counted = Parameter.column("of", "The column of numbers")
  private static let name = Parameter<String?>.text(
    "as", "The name of the new column; that of the other one and \"_share\" if nothing is said")
  private static let digits = Parameter.integer(
    "digits", "How many digits stand behind the point", in: 0...6, default: 1)
  private static let rounding = Parameter.choice(
    "rounding",
    "half_away: each share by itself, a half away from zero, so that they need not add up to 100; "
      + "largest_remainder: so that they add up to 100",
    default: ShareRounding.halfAway)

  package let manifest = Manifest(
    name: "share", summary: "Adds a column with what percentage of a column's sum over all rows each row is",
    counted, name, digits, rounding)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let index = arguments[Self.counted]
    let counted = table.columns[index]
    let name = counted.name
    let newName = arguments[Self.name] ?? "\(name)_share"
    var errors: [ParameterError] = []
    if !counted.kind.isNumber {
      errors.append(ParameterError(parameter: "of", message: "of of share: \(name) holds text, not numbers"))
    } else if counted.total == .none {
      errors.append(
        ParameterError(parameter: "of", message: "of of share: the numbers of \(name) cannot be added up to a total"))
    }
    if let problem = Column.problem(ofName: newName) {
      errors.append(ParameterError(parameter: "as", message: "as of share: \(problem)"))
    } else if table.columns.contains(where: { $0.name == newName }) {
      errors.append(ParameterError(parameter: "as", message: "as of share: there is a column \"\(newName)\" already"))
    }
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    let digits = arguments[Self.digits]
    let rounding = arguments[Self.rounding]
    var column = counted
    column.name = newName
    column.title = "\(counted.title), %"
    column.kind = .decimal
    column.unit = "percent"
    column.summary = "Percent of the sum of \(name) over all rows, rounded to \(rounding.phrase(digits))"
    // Rounded by themselves, they add up to something else than the share of their sum.
    column.total = rounding == .largestRemainder ? .sum : .none

    var result = table
    result.columns.insert(column, at: index + 1)
    result.batches = ShareBatches(
      source: table.batches, name: name, index: index, digits: digits, rounding: rounding,
      memory: StepMemory(step: manifest.name, within: limits))
    return result
  }
}

enum ShareRounding: String, CaseIterable {
  case halfAway = "half_away"
  case largestRemainder = "largest_remainder"

  func phrase(_ digits: Int) -> String {
    let place =
      digits == 0 ? "whole percents" : digits == 1 ? "1 digit behind the point" : "\(digits) digits behind the point"
    return switch self {
    case .halfAway: "\(place), each by itself and half away from zero; they need not add up to 100"
    case .largestRemainder: "\(place) by the largest remainder; they add up to 100"
    }
  }
}

private struct ShareBatches: BatchStream {
  private var source: any BatchStream
  /// Of the column that the shares are of.
  private let name: String
  private let index: Int
  private let digits: Int
  private let rounding: ShareRounding
  private var memory: StepMemory
  private var isDone = false
  private var shares = Shares()
  private var rowCount = 0
  private var hasCaveats = false
  /// Of the sum, where a number has one of its own.
  private var coverage: Coverage?

  init(
    source: any BatchStream, name: String, index: Int, digits: Int, rounding: ShareRounding, memory: StepMemory
  ) {
    self.source = source
    self.name = name
    self.index = index
    self.digits = digits
    self.rounding = rounding
    self.memory = memory
  }

  mutating func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var batches: [Batch] = []
    while let batch = try await source.next() {
      try memory.hold(batch)
      batches.append(batch)
    }
    guard let all = Batch(joining: batches) else { return nil }
    shares = try Shares(of: all.columns[index], digits: digits, rounding: rounding)
    rowCount = all.count
    if !all.annotations.isEmpty { try lookAtAnnotations(all) }
    // A share stands on the observations that its number stands on.
    return all.inserting(shares.column, at: index + 1, annotatedAs: index)
  }

  /// What is said of one number is said of the sum.
  private mutating func lookAtAnnotations(_ all: Batch) throws {
    hasCaveats = all.indices.contains { row in
      guard let annotation = all.annotations[row, index] else { return false }
      return annotation.notes.contains { $0.kind == .caveat } || annotation.bounds != nil
    }
    guard all.indices.contains(where: { all.annotations[$0, index]?.coverage != nil }) else { return }
    var coverage = Coverage(numbers: 0)
    for row in all.indices { all.cell(row, index).coverageAsAddend.map { coverage.formUnion($0) } }
    self.coverage = coverage
  }

  var closingNotes: [Note] {
    if let spoiler = shares.spoiler {
      return source.closingNotes + [
        Note(
          .scope, "There are no shares of \(name), since one of its numbers is missing from the sum: \(spoiler.label)")
      ]
    }
    guard let sum = shares.sum else { return source.closingNotes }
    var text =
      "Shares of \(name) are percentages of \(sum), its sum over \(rowCount == 1 ? "the row" : "all \(rowCount) rows")"
    if shares.missingCount > 0 {
      text += ", of which \(shares.missingCount) \(shares.missingCount == 1 ? "has" : "have") no number"
    }
    if let coverage, !coverage.isComplete { text += "; that sum has \(coverage.words)" }
    text += "; they are rounded to \(rounding.phrase(digits))"
    if hasCaveats { text += ". What is said of one of these numbers bears on every share" }
    return source.closingNotes + [Note(.scope, text)]
  }

  /// The sum is 100 percent. A total of something else, such as of rows that an earlier step left out, has no share.
  var closingTotals: [TotalRow] {
    source.closingTotals.map { total in
      var total = total
      let value = total.row[index].value
      let share: Cell.Value =
        switch value {
        case .missing: value
        default: shares.shareOfTotal(value, digits: digits)
        }
      var cell = total.row[index]
      cell.value = share
      // They are in the units of the number.
      if cell.bounds != nil { cell.bounds = .unknown }
      total.row.cells.insert(cell, at: index + 1)
      return total
    }
  }
}

/// The percentages of a column, in 128-bit integers.
private struct Shares {
  /// A row without a number keeps the reason why.
  private(set) var column = ColumnVector.decimals([], .none)
  /// Nil when there is no number at all.
  private(set) var sum: ExactDecimal?
  private(set) var missingCount = 0
  /// Why there is no sum, where a row lacks a number that it ought to have.
  private(set) var spoiler: Missing?

  static let ofZero = Missing(symbol: "…", label: "share of a total of zero")
  static let ofOtherTotal = Missing(symbol: "…", label: "not the sum that the shares are of")

  init() {}

  init(of column: ColumnVector, digits: Int, rounding: ShareRounding) throws(ShareOverflow) {
    let rows = 0..<column.count
    let scale = rows.reduce(0) { max($0, column[$1].asDecimal?.scale ?? 0) }
    var present: [Int] = []
    var numbers: [Int128] = []
    var total: Int128 = 0
    for row in rows {
      guard let number = try column[row].asDecimal?.shareUnits(atScale: scale) else {
        // A mark that means nil lacks nothing.
        if column[row].number == nil { missingCount += 1 }
        spoiler = spoiler ?? column[row].spoiler
        continue
      }
      let (next, overflows) = total.addingReportingOverflow(number)
      if overflows { throw ShareOverflow() }
      total = next
      present.append(row)
      numbers.append(number)
    }
    if let spoiler {
      self.column = column.replacing(present, with: present.map { _ in .missing(spoiler) })
      return
    }
    if present.isEmpty {
      self.column = column.replacing([], withDecimals: [])
      return
    }
    sum = ExactDecimal(units: total, scale: scale)
    if total == 0 {
      self.column = column.replacing(present, with: present.map { _ in .missing(Self.ofZero) })
      return
    }
    let percents = try Self.percents(numbers, of: total, digits: digits, rounding: rounding)
    self.column = column.replacing(
      present, withDecimals: percents.map { ExactDecimal(units: $0, scale: digits) })
  }

  func shareOfTotal(_ value: Cell.Value, digits: Int) -> Cell.Value {
    if let spoiler { return .missing(spoiler) }
    guard let sum, let decimal = value.asDecimal, decimal.isSameNumber(as: sum) else {
      return .missing(Self.ofOtherTotal)
    }
    if sum.units == 0 { return .missing(Self.ofZero) }
    return .decimal(ExactDecimal(units: (0..<digits).reduce(100) { units, _ in units * 10 }, scale: digits))
  }

  /// In units of the last digit.
  private static func percents(
    _ numbers: [Int128], of total: Int128, digits: Int, rounding: ShareRounding
  ) throws(ShareOverflow) -> [Int128] {
    let whole = (0..<digits).reduce(Int128(100)) { units, _ in units * 10 }
    guard let divisor = Int128(exactly: total.magnitude) else { throw ShareOverflow() }
    var quotients: [Int128] = []
    var remainders: [Int128] = []
    for number in numbers {
      let (dividend, overflows) = number.multipliedReportingOverflow(by: total < 0 ? -whole : whole)
      if overflows { throw ShareOverflow() }
      // Rounded down, so that no remainder is negative.
      var (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
      if remainder < 0 { (quotient, remainder) = (quotient - 1, remainder + divisor) }
      quotients.append(quotient)
      remainders.append(remainder)
    }
    switch rounding {
    case .halfAway:
      for index in numbers.indices {
        let isUp =
          quotients[index] < 0
          ? remainders[index] > divisor - remainders[index]
          : remainders[index] >= divisor - remainders[index]
        if isUp { quotients[index] += 1 }
      }
    case .largestRemainder:
      var lacking = whole
      for quotient in quotients {
        let (difference, overflows) = lacking.subtractingReportingOverflow(quotient)
        if overflows { throw ShareOverflow() }
        lacking = difference
      }
      let order = remainders.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
      for index in order.prefix(Int(lacking)) { quotients[index] += 1 }
    }
    return quotients
  }
}

/// A sum or share beyond the numbers that a cell can hold.
private struct ShareOverflow: Error, CustomStringConvertible {
  var description: String {
    "share: the sum of the column, or a share of it, is beyond the numbers that a cell can hold"
  }
}

extension ColumnVector {
  /// With other values in the rows that have numbers.
  fileprivate func replacing(_ present: [Int], withDecimals decimals: [ExactDecimal]) -> ColumnVector {
    switch self {
    case .integers(_, let gaps), .decimals(_, let gaps):
      var values = [ExactDecimal](repeating: ExactDecimal(units: 0, scale: 0), count: count)
      for (row, decimal) in zip(present, decimals) { values[row] = decimal }
      return .decimals(values, gaps)
    case .texts, .codes, .mixed:
      return replacing(present, with: decimals.map { .decimal($0) })
    }
  }

  fileprivate func replacing(_ present: [Int], with values: [Cell.Value]) -> ColumnVector {
    var result = (0..<count).map { self[$0] }
    for (row, value) in zip(present, values) { result[row] = value }
    return .mixed(result)
  }
}

extension ExactDecimal {
  fileprivate func shareUnits(atScale wanted: Int) throws(ShareOverflow) -> Int128 {
    guard let units = units(atScale: wanted) else { throw ShareOverflow() }
    return units
  }
}
