/// One number that may have been misprinted or added wrongly: changed so, it would settle the difference between a
/// stated total and its sum. It is a hint for an editor, and nothing follows it by itself.
public struct CorrectionCandidate: Hashable, Sendable {
  /// The number that may be wrong: an observation, or the stated total itself.
  public let statement: Discrepancy.Statement
  /// The number that would settle the difference; for a slip of the one who added, the number as it is.
  public let number: Int64
  public let slip: Slip
  /// Stated totals that agree now and would no longer, by their index.
  public let unsettles: [Int]

  public init(statement: Discrepancy.Statement, number: Int64, slip: Slip, unsettles: [Int]) {
    self.statement = statement
    self.number = number
    self.slip = slip
    self.unsettles = unsettles
  }
}

/// The ways in which people get single numbers wrong when they copy them (J. Verhoeff, Error Detecting Decimal Codes,
/// 1969, chapter 2) and when they add them up. The order is that of preference.
public enum Slip: Int, Sendable, CaseIterable {
  /// The sum takes a number in that is a part of others or contested.
  case addedPart
  /// The sum counts the number twice.
  case countedTwice
  /// The sum leaves the number out.
  case leftOut
  /// Two digits side by side have changed places.
  case transposedDigits
  /// The number lacks a digit.
  case droppedDigit
  /// The number has a digit too many.
  case addedDigit
  /// The number is that of the next place or column.
  case takenFromNeighbour
  /// One digit is another.
  case wrongDigit
  /// The source gives no number here.
  case missingNumber

  /// How the printed digits came from the right ones, when one slip explains it.
  public static func ofCopying(_ right: Int64, printed: Int64) -> Slip? {
    guard right >= 0, printed >= 0, right != printed else { return nil }
    let right = Array(String(right).utf8)
    let printed = Array(String(printed).utf8)
    if right.count == printed.count {
      let wrong = right.indices.filter { right[$0] != printed[$0] }
      if wrong.count == 1 { return .wrongDigit }
      let isTransposed =
        wrong.count == 2 && wrong[1] == wrong[0] + 1 && right[wrong[0]] == printed[wrong[1]]
        && right[wrong[1]] == printed[wrong[0]]
      return isTransposed ? .transposedDigits : nil
    }
    if right.count == printed.count + 1 { return lacksOneDigit(printed, of: right) ? .droppedDigit : nil }
    if right.count + 1 == printed.count { return lacksOneDigit(right, of: printed) ? .addedDigit : nil }
    return nil
  }

  /// How many numbers of a scope may fit before the slip explains nothing. Transposed digits differ by a multiple of
  /// nine with just these digits, which is rarely chance.
  var maximumFits: Int { self == .transposedDigits ? 2 : 1 }

  private static func lacksOneDigit(_ short: [UInt8], of long: [UInt8]) -> Bool {
    let common = zip(short, long).prefix { $0 == $1 }.count
    return short[common...].elementsEqual(long[(common + 1)...])
  }
}

/// Looks for the one number that could explain why a stated total differs from its sum.
///
/// A slip is named only when hardly any numbers of the scope could be the result of it: what fits many explains none of
/// them. Candidates that would make another stated total disagree stand behind those that would not.
struct CorrectionSearch {
  let dataset: Snapshot
  let totals: [ReconciledTotal]

  /// Of a scope with more observations than this no single one can be named with any confidence.
  static let maximumScope = 4096

  func candidates(for total: ReconciledTotal) throws -> [CorrectionCandidate] {
    guard let difference = total.difference, difference != 0, let sum = total.computed.sum else { return [] }
    var found = try inStatement(total, sum: sum)
    found += try inScope(dataset.statedTotals[total.index].scope, difference: difference)
    // The order of slips is kept among candidates that unsettle equally much.
    return found.enumerated().sorted { a, b in
      (a.element.unsettles.isEmpty ? 0 : 1, a.element.slip.rawValue, a.offset)
        < (b.element.unsettles.isEmpty ? 0 : 1, b.element.slip.rawValue, b.offset)
    }.map(\.element)
  }

  /// The stated total itself, unless another one repeats it for the same observations.
  private func inStatement(_ total: ReconciledTotal, sum: Int64) throws -> [CorrectionCandidate] {
    guard let stated = total.stated.number, let slip = Slip.ofCopying(sum, printed: stated) else { return [] }
    let same = try dataset.statedTotals(covering: dataset.statedTotals[total.index].scope)
    if same.contains(where: { $0 != total.index && dataset.statedTotals[$0].value == total.stated }) { return [] }
    return [CorrectionCandidate(statement: .statedTotal(total.index), number: sum, slip: slip, unsettles: [])]
  }

  private func inScope(_ scope: Selection, difference: Int64) throws -> [CorrectionCandidate] {
    let observations = dataset.observations
    let rows = try observations.rows(where: scope, limit: Self.maximumScope + 1)
    if rows.count > Self.maximumScope { return [] }
    let neighbours = try Neighbours(of: scope, in: dataset)
    var bySlip: [Slip: [(row: Int, number: Int64)]] = [:]
    for row in rows {
      for (slip, number) in slips(row, difference: difference, neighbours) {
        bySlip[slip, default: []].append((row, number))
      }
    }
    return try Slip.allCases.flatMap { slip -> [CorrectionCandidate] in
      let fitting = bySlip[slip] ?? []
      if fitting.count > slip.maximumFits { return [] }
      return try fitting.map { row, number in
        let changesTheCell = observations.value(ofRow: row).number != number
        return CorrectionCandidate(
          statement: .observation(row), number: number, slip: slip,
          unsettles: changesTheCell ? try totalsUnsettled(byChanging: row) : [])
      }
    }
  }

  /// The slips by which this observation alone would explain the difference, and the number that would be right.
  private func slips(_ row: Int, difference: Int64, _ neighbours: Neighbours) -> [(Slip, Int64)] {
    let observations = dataset.observations
    let value = observations.value(ofRow: row).number
    guard observations.role(ofRow: row) == .counted else {
      return value == difference ? [(.addedPart, difference)] : []
    }
    guard let value else { return difference > 0 ? [(.missingNumber, difference)] : [] }
    let (right, overflows) = value.addingReportingOverflow(difference)
    var slips: [(Slip, Int64)] = []
    if value == difference { slips.append((.countedTwice, value)) }
    if value == 0 - difference { slips.append((.leftOut, value)) }
    if !overflows, right >= 0 {
      if let slip = Slip.ofCopying(right, printed: value) { slips.append((slip, right)) }
      if neighbours.hold(value, nextTo: row) { slips.append((.takenFromNeighbour, right)) }
    }
    return slips
  }

  private func totalsUnsettled(byChanging row: Int) throws -> [Int] {
    let codes = dataset.observations.codes(ofRow: row)
    return totals.filter { $0.status == .agrees && dataset.statedTotals[$0.index].scope.contains(codes) }.map(\.index)
  }
}

/// The numbers that stand next to each other: of the places before and after in the same list, and of the other codes
/// of the breakdown for the same place.
private struct Neighbours {
  private let dataset: Snapshot
  private var lists: [[Int]: [Int]] = [:]
  private var lines: [[Int]: [Int]] = [:]

  init(of scope: Selection, in dataset: Snapshot) throws {
    self.dataset = dataset
    let wide = scope.lifting(dataset.placeIndex).lifting(dataset.breakdownIndex)
    let rows = try dataset.observations.rows(
      where: wide, roles: [.counted], limit: CorrectionSearch.maximumScope * 4)
    for row in rows {
      lists[key(row, without: dataset.placeIndex), default: []].append(row)
      lines[key(row, without: dataset.breakdownIndex), default: []].append(row)
    }
  }

  private func key(_ row: Int, without dimension: Int) -> [Int] {
    var codes = dataset.observations.codes(ofRow: row)
    codes[dimension] = -1
    return codes
  }

  func hold(_ number: Int64, nextTo row: Int) -> Bool {
    var rows = lines[key(row, without: dataset.breakdownIndex)] ?? []
    let list = lists[key(row, without: dataset.placeIndex)] ?? []
    if let position = list.firstIndex(of: row) {
      if position > 0 { rows.append(list[position - 1]) }
      if position + 1 < list.count { rows.append(list[position + 1]) }
    }
    return rows.contains { $0 != row && dataset.observations.value(ofRow: $0) == .number(number) }
  }
}
