import ReportKit
import TestSupport
import Testing
import TransformPlugins

/// A total that is not what its words say.
private struct WrongTotal: Error {
  var message: String
}

/// Follows a pipeline from table to table, and checks the totals of each.
private struct TotalAudit {
  /// Columns whose totals are no sums, such as ratios.
  private var notSums: Set<String> = []
  private var ratios: [String: (of: String, per: String)] = [:]
  /// The column of values beside each column of names.
  private var values: [String: String] = [:]
  /// The tables of which a total said that it covers all of their rows.
  private var claims: [(title: String, table: Contents)] = []
  var sums = 0
  var claimed = 0
  var quotients = 0

  mutating func check(_ step: RandomPipeline.Step, from before: Contents, to after: Contents) throws {
    if let made = step.made {
      // A share of a total, and a ratio of two, are what they say; of anything else there is no total at all.
      notSums.insert(made)
      if step.plugin is Ratio { ratios[made] = (step.parts[0], step.parts[1]) }
      try checkThatNothingSpoiledHasANumber(step, before, after)
    }
    if step.plugin is Unpivot { values["\(step.inputs[1].1.text)"] = step.inputs[2].1.text }
    if step.plugin is Pivot, notSums.contains(step.inputs[1].1.text), case .list(let into) = step.inputs[2].1 {
      for name in into where !before.columns.contains(where: { $0.name == name.text }) { notSums.insert(name.text) }
    }
    for total in before.totals where total.rowCount == nil {
      let title = total.title + Self.words(before.covered(by: total).count)
      claims.append((title, before))
    }
    try after.requireEachTotalOnce()
    for total in after.totals { try check(total, in: after) }
  }

  private static func words(_ count: Int) -> String { count == 1 ? " of 1 row" : " of all \(count) rows" }

  private mutating func check(_ total: TotalRow, in table: Contents) throws {
    let covered = table.covered(by: total)
    for (index, column) in table.columns.enumerated() where total.row[index].value.asDecimal != nil {
      if column.kind == .text { throw WrongTotal(message: "a number in \(column.name)") }
      let member = table.members(of: total).first { values[$0.column] == column.name }?.text
      if notSums.contains(column.name) || member.map({ notSums.contains($0) }) == true {
        try checkQuotient(column.name, total, in: table)
        continue
      }
      guard let rowCount = total.rowCount else {
        if total.title != "Total" { throw WrongTotal(message: "the title is \(total.title)") }
        let cells = covered.map { $0[index] }
        // A row that stands for several has none in a column that does not add, and the total covers them all the same.
        if cells.contains(where: { $0.value == .missing(.restOfWhatDoesNotAdd) }) { continue }
        try require(total.row[index], isSumOf: cells, "of \(column.name)")
        sums += 1
        continue
      }
      if !total.title.hasSuffix(Self.words(rowCount)) { throw WrongTotal(message: "the title is \(total.title)") }
      let isTrue = claims.contains { claim in
        claim.title == total.title
          && claim.table.cells(column.name, table.members(of: total), values).map { cells in
            (try? require(total.row[index], isSumOf: cells, "")) != nil
          } == true
      }
      if !isTrue { throw WrongTotal(message: "\(total.title) of \(column.name) is of no table before") }
      claimed += 1
    }
  }

  private func require(_ total: Cell, isSumOf cells: [Cell], _ what: String) throws {
    let (sum, own) = (Sum(of: cells), Sum(of: [total]))
    if sum.spoiler != nil { throw WrongTotal(message: "a total \(what) of what does not add: \(cells.map(\.value))") }
    if sum.units != own.units {
      throw WrongTotal(message: "\(total.value) \(what) is not the sum of \(cells.map(\.value))")
    }
    if sum.lacks != own.lacks || sum.numbers != own.numbers, cells.count > 1 || total.coverage != nil {
      throw WrongTotal(message: "coverage \(total.coverage?.words ?? "none") \(what) is not that of \(cells)")
    }
  }

  private mutating func checkQuotient(_ name: String, _ total: TotalRow, in table: Contents) throws {
    guard let parts = ratios[name], let own = table.number(name, total),
      let dividend = table.number(parts.of, total), let divisor = table.number(parts.per, total)
    else { return }
    // |ratio * divisor - dividend| is at most half of the last of three digits, times the divisor.
    let error = (own.units * divisor.tenThousandths - dividend.tenThousandths * 1000).magnitude
    if 2 * error > divisor.tenThousandths.magnitude {
      throw WrongTotal(message: "\(own) is not the quotient of \(dividend) and \(divisor)")
    }
    quotients += 1
  }

  private func checkThatNothingSpoiledHasANumber(
    _ step: RandomPipeline.Step, _ before: Contents, _ after: Contents
  ) throws {
    guard let made = step.made, let index = after.columns.firstIndex(where: { $0.name == made }) else { return }
    let parts = step.parts.compactMap { name in before.columns.firstIndex { $0.name == name } }
    for (old, new) in zip(before.rows + before.totals.map(\.row), after.rows + after.totals.map(\.row))
    where parts.contains(where: { old[$0].value.spoiler != nil }) && new[index].value.asDecimal != nil {
      throw WrongTotal(message: "a number of \(made) in \(new.cells.map(\.value)), computed from what is none")
    }
  }
}

extension Missing {
  fileprivate static let restOfWhatDoesNotAdd = Missing(symbol: "×", label: "cannot be added up", kind: .notAdditive)
}

extension ParameterInput {
  fileprivate var text: String { if case .text(let text) = self { text } else { "" } }
}

extension Contents {
  fileprivate func index(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

  fileprivate func number(_ name: String, _ total: TotalRow) -> ExactDecimal? {
    index(name).flatMap { total.row[$0].value.number }
  }

  /// What the words of a total say beside its title: which rows it is about.
  fileprivate func members(of total: TotalRow) -> [(column: String, text: String)] {
    columns.indices.compactMap { index in
      guard columns[index].tellsTotals, case .text(let text) = total.row[index].value, text != total.title else {
        return nil
      }
      return (columns[index].name, text)
    }
  }

  fileprivate func covered(by total: TotalRow) -> [Row] { rows(of: members(of: total)) }

  private func rows(of members: [(column: String, text: String)]) -> [Row] {
    rows.filter { row in
      members.allSatisfy { member in index(member.column).map { row[$0].value == .text(member.text) } ?? true }
    }
  }

  /// The cells of this table that stand behind a total of a later one; nil when there are none.
  fileprivate func cells(
    _ name: String, _ members: [(column: String, text: String)], _ values: [String: String]
  ) -> [Cell]? {
    // A column of values, made later: of the column that the words name.
    if let later = members.first(where: { values[$0.column] == name && index($0.column) == nil }) {
      return cells(later.text, members.filter { $0.column != later.column }, values)
    }
    if let index = index(name) { return rows(of: members).map { $0[index] } }
    // A text of a column here that became a column later.
    for (names, value) in values {
      guard let column = index(names), rows.contains(where: { $0[column].value == .text(name) }) else { continue }
      if let cells = cells(value, members + [(names, name)], values) { return cells }
    }
    return nil
  }

  fileprivate func requireEachTotalOnce() throws {
    var known: Set<[Cell.Value]> = []
    for total in totals {
      let texts =
        [.text(total.title)] + total.row.cells.map(\.value).filter { if case .text = $0 { true } else { false } }
      if !known.insert(texts).inserted { throw WrongTotal(message: "there are two totals \(texts)") }
    }
  }
}

@Suite("Whatever the pipeline, a total is what its rows and its words say")
struct RandomPipelineTests {
  @Test func anyPipelineOverAnyTable() async throws {
    var (sums, claimed, quotients) = (0, 0, 0)
    for seed in 0..<4000 {
      var pipeline = RandomPipeline(seed: seed)
      var audit = TotalAudit()
      var contents = pipeline.contents()
      var steps: [String] = []
      do {
        for _ in 0..<pipeline.int(1...4) {
          guard let step = pipeline.step(for: contents) else { continue }
          let table: Table
          do {
            table = try await apply(step.plugin, inputs: step.inputs, to: pipeline.table(contents))
          } catch is Refusal {
            continue
          }
          steps.append(step.description)
          let after: Contents
          do {
            after = try await Contents(table)
          } catch  where "\(error)".contains("pivot: there are two rows") {
            break
          }
          try audit.check(step, from: contents, to: after)
          contents = after
        }
      } catch {
        Issue.record("seed \(seed): \(error)\nafter \(steps.joined(separator: "\n      "))\n\(contents.text)")
        return
      }
      sums += audit.sums
      claimed += audit.claimed
      quotients += audit.quotients
    }
    // Enough of each were looked at.
    #expect(sums > 4000 && claimed > 1000 && quotients > 100, "\(sums), \(claimed), \(quotients)")
  }
}
