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
  let totals: [ReconciledTotal]
  let interruption: Interruption

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
    guard let difference = total.difference, difference != 0, let sum = total.computed.sum else { return [] }
    var found = try inStatement(total, sum: sum)
    found += try inScope(statedTotals[total.index].scope, difference: difference)
    // The order of slips is kept among candidates that unsettle equally much.
    return found.enumerated().sorted { a, b in
      (a.element.unsettles.isEmpty ? 0 : 1, a.element.slip.rawValue, a.offset)
        < (b.element.unsettles.isEmpty ? 0 : 1, b.element.slip.rawValue, b.offset)
    }.map(\.element)
  }

  /// The stated total itself, unless another one repeats it for the same observations.
  private func inStatement(_ total: ReconciledTotal, sum: Int64) throws -> [Candidate] {
    guard let stated = total.stated.number, let slip = Slip.ofCopying(sum, printed: stated) else { return [] }
    let same = try engine.statedTotals(covering: statedTotals[total.index].scope, interruption)
    if same.contains(where: { $0 != total.index && statedTotals[$0].value == total.stated }) { return [] }
    return [Candidate(subject: .statedTotal(total.index), number: sum, slip: slip, unsettles: [])]
  }

  private func inScope(_ scope: Selection, difference: Int64) throws -> [Candidate] {
    let rows = try engine.store.rows(where: [scope], limit: Self.maximumScope + 1, interruption)
    if rows.count > Self.maximumScope { return [] }
    let neighbours = try Neighbours(of: scope, in: engine, interruption)
    var bySlip: [Slip: [(row: Int, number: Int64)]] = [:]
    for row in rows {
      for (slip, number) in slips(row, difference: difference, neighbours) {
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
          unsettles: changesTheCell ? totalsUnsettled(byChanging: row) : [])
      }
    }
  }

  /// The slips by which this observation alone would explain the difference, and the number that would be right.
  private func slips(_ row: Int, difference: Int64, _ neighbours: Neighbours) -> [(Slip, Int64)] {
    let value = columns.value(row).number
    guard columns.role(row) == .counted else {
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

  private func totalsUnsettled(byChanging row: Int) -> [Int] {
    let codes = columns.codes(row)
    return totals.filter { $0.status == .agrees && statedTotals[$0.index].scope.contains(codes) }.map(\.index)
  }
}

/// The numbers that stand next to each other: of the places before and after in the same list, and of the other codes
/// of the breakdown for the same place.
private struct Neighbours {
  private let engine: ColumnarEngine
  private var lists: [[Int]: [Int]] = [:]
  private var lines: [[Int]: [Int]] = [:]

  init(of scope: Selection, in engine: ColumnarEngine, _ interruption: Interruption) throws {
    self.engine = engine
    let wide = scope.lifting(engine.model.placeIndex).lifting(engine.model.breakdownIndex)
    let rows = try engine.store.rows(
      where: [wide], roles: [.counted], limit: CorrectionSearch.maximumScope * 4, interruption)
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
