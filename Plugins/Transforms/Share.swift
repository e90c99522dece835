public import ReportKit

/// Adds a column with what percentage of a column's sum each row is.
///
/// Shares are exact quotients of integers, rounded once. By default each is rounded by itself, half away from zero, as
/// statistical offices do: equal numbers have equal shares, and the shares need not add up to 100, which a note says.
/// `largest_remainder` makes them add up: every share is rounded down, and what is missing goes in units of the last
/// digit to those that lost most, the earlier row first.
public struct Share: TransformPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "share", summary: "Adds a column with what percentage of a column's sum over all rows each row is",
    parameters: [
      Parameter(name: "of", summary: "The column of numbers", kind: .column),
      Parameter(
        name: "as", summary: "The name of the new column; that of the other one and \"_share\" if nothing is said",
        kind: .text, default: .optional),
      Parameter(
        name: "digits", summary: "How many digits stand behind the point", kind: .integer(0...6),
        default: .value(.integer(1))),
      Parameter(
        name: "rounding",
        summary:
          "half_away: each share by itself, a half away from zero, so that they need not add up to 100; "
          + "largest_remainder: so that they add up to 100",
        kind: .choice(ShareRounding.allCases.map(\.rawValue)), default: .value(.text("half_away"))),
    ])

  public func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let name = arguments[text: "of"] ?? ""
    guard let index = table.columns.firstIndex(where: { $0.name == name }) else { return table }
    let counted = table.columns[index]
    let newName = arguments[text: "as"] ?? "\(name)_share"
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

    let digits = arguments[integer: "digits"] ?? 1
    let rounding = arguments[text: "rounding"].flatMap(ShareRounding.init) ?? .halfAway
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
    result.rows = ShareRows(
      source: table.rows, columns: table.columns, index: index, digits: digits, rounding: rounding,
      memory: StepMemory(step: manifest.name, limit: limits.memory))
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

private struct ShareRows: RowStream {
  private var source: any RowStream
  private let columns: [Column]
  private let index: Int
  private let digits: Int
  private let rounding: ShareRounding
  private var memory: StepMemory
  private var isDone = false
  private var shares = Shares()
  private var rowCount = 0
  private var hasCaveats = false

  init(
    source: any RowStream, columns: [Column], index: Int, digits: Int, rounding: ShareRounding, memory: StepMemory
  ) {
    self.source = source
    self.columns = columns
    self.index = index
    self.digits = digits
    self.rounding = rounding
    self.memory = memory
  }

  mutating func next() async throws -> [Row]? {
    if isDone { return nil }
    isDone = true
    var rows: [Row] = []
    while let batch = try await source.next() {
      try memory.hold(batch)
      rows += batch
    }
    shares = try Shares(of: rows.map { $0[index].value }, digits: digits, rounding: rounding)
    rowCount = rows.count
    hasCaveats = rows.contains { $0[index].notes.contains { $0.kind == .caveat } }
    for (offset, value) in shares.values.enumerated() {
      rows[offset].cells.insert(cell(value, in: rows[offset]), at: index + 1)
    }
    return rows.isEmpty ? nil : rows
  }

  /// The share stands on the observations that its number stands on.
  private func cell(_ value: Cell.Value, in row: Row) -> Cell {
    Cell(value, notes: row[index].notes, origins: row[index].origins)
  }

  var closingNotes: [Note] {
    guard let sum = shares.sum else { return source.closingNotes }
    let name = columns[index].name
    var text =
      "Shares of \(name) are percentages of \(sum), its sum over \(rowCount == 1 ? "the row" : "all \(rowCount) rows")"
    if shares.missingCount > 0 {
      text += ", of which \(shares.missingCount) \(shares.missingCount == 1 ? "has" : "have") no number"
    }
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
      total.row.cells.insert(cell(share, in: total.row), at: index + 1)
      return total
    }
  }
}

/// The percentages of a column, in 128-bit integers: 64-bit numbers cannot overflow them.
private struct Shares {
  private(set) var values: [Cell.Value] = []
  /// Nil when there is no number at all.
  private(set) var sum: ExactDecimal?
  private(set) var missingCount = 0

  static let ofZero = Missing(symbol: "…", label: "share of a total of zero")
  static let ofOtherTotal = Missing(symbol: "…", label: "not the sum that the shares are of")

  init() {}

  init(of cells: [Cell.Value], digits: Int, rounding: ShareRounding) throws(ShareOverflow) {
    let scale = cells.reduce(0) { max($0, $1.decimal?.scale ?? 0) }
    var numbers: [Int128?] = []
    var total: Int128 = 0
    for cell in cells {
      guard let decimal = cell.decimal else {
        numbers.append(nil)
        continue
      }
      let number = try decimal.units(atScale: scale)
      let (next, overflows) = total.addingReportingOverflow(number)
      if overflows { throw ShareOverflow() }
      total = next
      numbers.append(number)
    }
    missingCount = numbers.count { $0 == nil }
    guard missingCount < numbers.count else {
      values = cells
      return
    }
    guard let units = Int64(exactly: total) else { throw ShareOverflow() }
    sum = ExactDecimal(units: units, scale: scale)
    if total == 0 {
      values = zip(cells, numbers).map { $1 == nil ? $0 : .missing(Self.ofZero) }
      return
    }
    let percents = try Self.percents(numbers.compactMap { $0 }, of: total, digits: digits, rounding: rounding)
    var next = percents.makeIterator()
    values = zip(cells, numbers).map { cell, number in
      number == nil ? cell : next.next().map { .decimal(ExactDecimal(units: $0, scale: digits)) } ?? cell
    }
  }

  func shareOfTotal(_ value: Cell.Value, digits: Int) -> Cell.Value {
    guard let sum, let decimal = value.decimal, !(decimal < sum), !(sum < decimal) else {
      return .missing(Self.ofOtherTotal)
    }
    if sum.units == 0 { return .missing(Self.ofZero) }
    return .decimal(ExactDecimal(units: (0..<digits).reduce(100) { units, _ in units * 10 }, scale: digits))
  }

  /// In units of the last digit.
  private static func percents(
    _ numbers: [Int128], of total: Int128, digits: Int, rounding: ShareRounding
  ) throws(ShareOverflow) -> [Int64] {
    let whole = (0..<digits).reduce(Int128(100)) { units, _ in units * 10 }
    let divisor = total < 0 ? -total : total
    var quotients: [Int128] = []
    var remainders: [Int128] = []
    for number in numbers {
      let (dividend, overflows) = (total < 0 ? -number : number).multipliedReportingOverflow(by: whole)
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
      let lacking = Int(whole - quotients.reduce(0, +))
      let order = remainders.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
      for index in order.prefix(lacking) { quotients[index] += 1 }
    }
    var result: [Int64] = []
    for quotient in quotients {
      guard let units = Int64(exactly: quotient) else { throw ShareOverflow() }
      result.append(units)
    }
    return result
  }
}

/// A sum or share beyond the numbers that a cell can hold.
private struct ShareOverflow: Error, CustomStringConvertible {
  var description: String { "share: the sum of the column, or a share of it, is beyond the range of a 64-bit integer" }
}

extension Cell.Value {
  fileprivate var decimal: ExactDecimal? {
    switch self {
    case .integer(let integer): ExactDecimal(units: integer, scale: 0)
    case .decimal(let decimal): decimal
    case .text, .missing: nil
    }
  }
}

extension ExactDecimal {
  fileprivate func units(atScale wanted: Int) throws(ShareOverflow) -> Int128 {
    var units = Int128(units)
    for _ in scale..<wanted {
      let (product, overflows) = units.multipliedReportingOverflow(by: 10)
      if overflows { throw ShareOverflow() }
      units = product
    }
    return units
  }
}
