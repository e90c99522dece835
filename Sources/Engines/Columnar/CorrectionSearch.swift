internal import Base
internal import Model
internal import Posix
internal import Query

/// Looks for the one number that could explain why a stated total differs from its sum.
///
/// A slip is named only when hardly any numbers of the scope could be the result of it: what fits many explains none of
/// them. Candidates that would make another stated total disagree stand behind those that would not.
struct CorrectionSearch {
  let engine: ColumnarEngine
  private let sums: StatedSums
  private let agreeing: AgreeingTotals

  init(engine: ColumnarEngine, totals: [ReconciledTotal], sums: StatedSums, interruption: Interruption) {
    self.engine = engine
    self.sums = sums
    self.interruption = interruption
    agreeing = AgreeingTotals(totals.lazy.filter { $0.status == .agrees }.map(\.index), sums)
  }

  private let interruption: Interruption

  /// What may be wrong, before anybody outside hears of it.
  struct Candidate {
    enum Subject {
      case row(Int)
      /// The index in the model.
      case statedTotal(Int)
    }

    let subject: Subject
    let number: Int64
    let slip: Slip
    let unsettles: [Int]
  }

  private var statedTotals: [StatedTotal] { engine.model.statedTotals }
  private var columns: ObservationColumns { engine.store.columns }

  /// Of a scope with more observations than this no single one can be named with any confidence.
  static let maximumScope = 4096

  func candidates(for total: ReconciledTotal) throws -> [Candidate] {
    guard let difference = total.difference.flatMap({ Int64(exactly: $0) }), difference != 0,
      let sum = total.sum.flatMap({ Int64(exactly: $0) })
    else { return [] }
    try interruption.check()
    var found = try inStatement(total, sum: sum)
    found += try inScope(total, difference: difference)
    // The order of slips is kept among candidates that unsettle equally much.
    return found.enumerated().sorted { a, b in
      (a.element.unsettles.isEmpty ? 0 : 1, a.element.slip.rawValue, a.offset)
        < (b.element.unsettles.isEmpty ? 0 : 1, b.element.slip.rawValue, b.offset)
    }.map(\.element)
  }

  /// The stated total itself, unless another one repeats it for the same observations.
  private func inStatement(_ total: ReconciledTotal, sum: Int64) throws -> [Candidate] {
    guard let stated = total.stated.number, let slip = Slip.ofCopying(sum, printed: stated) else { return [] }
    let same = try sums.totals(covering: sums.measured(statedTotals[total.index]))
    if same.contains(where: { $0 != total.index && statedTotals[$0].value == total.stated }) { return [] }
    return [Candidate(subject: .statedTotal(total.index), number: sum, slip: slip, unsettles: [])]
  }

  private func inScope(_ total: ReconciledTotal, difference: Int64) throws -> [Candidate] {
    let scope = sums.measured(statedTotals[total.index])
    let rows = try sums.rows(where: scope, limit: Self.maximumScope + 1)
    if rows.count > Self.maximumScope { return [] }
    let addends = sums.addends(of: statedTotals[total.index]) ?? Set(rows.filter { columns.role($0) == .counted })
    let neighbours = try Neighbours(of: scope, in: engine, sums)
    var bySlip: [Slip: [(row: Int, number: Int64)]] = [:]
    for row in rows {
      for (slip, number) in slips(row, isAdded: addends.contains(row), difference: difference, neighbours) {
        bySlip[slip, default: []].append((row, number))
      }
    }
    return Slip.allCases.flatMap { slip -> [Candidate] in
      let fitting = bySlip[slip] ?? []
      if fitting.count > slip.maximumFits { return [] }
      return fitting.map { row, number in
        let changesTheCell = columns.value(row).number != number
        return Candidate(
          subject: .row(row), number: number, slip: slip,
          unsettles: changesTheCell ? agreeing.totals(containing: columns.codes(row)) : [])
      }
    }
  }

  /// The slips by which this observation alone would explain the difference, and the number that would be right.
  private func slips(
    _ row: Int, isAdded: Bool, difference: Int64, _ neighbours: Neighbours
  ) -> [(Slip, Int64)] {
    let value = columns.value(row).number
    guard isAdded else {
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
}

/// The stated totals that agree, by what they cover.
private struct AgreeingTotals {
  private struct Place: Hashable {
    let dimension: Int
    let code: Int
  }

  private let scopes: [Int: Selection]
  /// Each total under the codes of the one dimension that it restricts most.
  private var totals: [Place: [Int]] = [:]
  /// Those that restrict none.
  private var everywhere: [Int] = []

  init(_ indexes: some Sequence<Int>, _ sums: StatedSums) {
    let model = sums.engine.model
    var scopes: [Int: Selection] = [:]
    for index in indexes {
      let scope = sums.added(of: model.statedTotals[index])
      scopes[index] = scope
      let narrowest = scope.restrictions.min { a, b in
        a.codes.count * model.dimensions[b.dimension].codes.count
          < b.codes.count * model.dimensions[a.dimension].codes.count
      }
      guard let narrowest else {
        everywhere.append(index)
        continue
      }
      for code in narrowest.codes {
        totals[Place(dimension: narrowest.dimension, code: code), default: []].append(index)
      }
    }
    self.scopes = scopes
  }

  /// Those whose scope has these codes, ascending.
  func totals(containing codes: [Int]) -> [Int] {
    let found = codes.enumerated().flatMap { totals[Place(dimension: $0, code: $1)] ?? [] }
      .filter { scopes[$0]?.contains(codes) ?? false }
    return everywhere.isEmpty ? found.sorted() : (found + everywhere).sorted()
  }
}

/// The numbers that stand next to each other: of the places before and after in the same list, and of the other codes
/// of the breakdown for the same place.
private struct Neighbours {
  private let engine: ColumnarEngine
  private var lists: [[Int]: [Int]] = [:]
  private var lines: [[Int]: [Int]] = [:]

  init(of scope: Selection, in engine: ColumnarEngine, _ sums: StatedSums) throws {
    self.engine = engine
    let wide = scope.lifting(engine.model.placeIndex).lifting(engine.model.breakdownIndex)
    let rows = try sums.rows(where: wide, roles: [.counted], limit: CorrectionSearch.maximumScope * 4)
    for row in rows {
      lists[key(row, without: engine.model.placeIndex), default: []].append(row)
      lines[key(row, without: engine.model.breakdownIndex), default: []].append(row)
    }
  }

  private func key(_ row: Int, without dimension: Int) -> [Int] {
    var codes = engine.store.columns.codes(row)
    codes[dimension] = -1
    return codes
  }

  func hold(_ number: Int64, nextTo row: Int) -> Bool {
    var rows = lines[key(row, without: engine.model.breakdownIndex)] ?? []
    let list = lists[key(row, without: engine.model.placeIndex)] ?? []
    if let position = list.firstIndex(of: row) {
      if position > 0 { rows.append(list[position - 1]) }
      if position + 1 < list.count { rows.append(list[position + 1]) }
    }
    return rows.contains { $0 != row && engine.store.columns.value($0) == .number(number) }
  }
}
