import Model
import Query

/// The plainest evaluation of the rules of MODEL.md, row by row, for the engine to be held against. It shares no code with
/// the engine: `Aggregate` is only the shape of its answers.
struct Oracle {
  struct Row {
    /// One for each dimension, that of the measures included.
    var codes: [Int]
    var number: Int64?
    var reason = 0
    var role: Role
    /// The index of the row that this one is a part of.
    var whole: Int?
    var bounds: (lower: Int64?, upper: Int64?)?
  }

  struct Codes {
    var count: Int
    /// For each way in which codes are contained, by code what directly contains it.
    var ways: [[Int?]] = []
    var aggregates: Set<Int> = []
    /// By code what it is a part of.
    var wholes: [Int?]
    var isTime = false
  }

  struct Measure {
    var code: Int?
    var rules: [AggregationRule]
    var decimals: Int
    var ratio: (of: Int, per: Int, times: Int64)?
  }

  var dimensions: [Codes]
  var rows: [Row]
  var measures: [Measure]
  var measureDimension: Int?
  var source: Int?
  var panel: [Int]
  var nilReasons: Set<Int>
  var reasonCount: Int

  // MARK: - Answers

  /// By the codes of the grouping dimensions; every combination of them.
  func answer(_ query: AggregateQuery) -> [[Int]: Aggregate] {
    if let index = query.measure, let ratio = measures[index].ratio {
      var (of, per) = (query, query)
      (of.measure, per.measure) = (ratio.of, ratio.per)
      let (dividends, divisors) = (answer(of), answer(per))
      return dividends.reduce(into: [:]) { result, entry in
        let divisor = divisors[entry.key] ?? .empty
        result[entry.key] = self.ratio(of: entry.value, per: divisor, measures[index], query)
      }
    }
    let question = Question(query, self)
    let combinations = Self.combinations(query.dimensions.map { Array(0..<dimensions[$0].count) })
    return combinations.reduce(into: [:]) { $0[$1] = question.cell($1) }
  }

  private func ratio(of: Aggregate, per: Aggregate, _ measure: Measure, _ query: AggregateQuery) -> Aggregate {
    var result = Aggregate()
    result.observations = of.observations + per.observations
    result.numbers = of.numbers + per.numbers
    result.nils = of.nils + per.nils
    result.absent = of.absent + per.absent
    result.ofWhich = of.ofWhich + per.ofWhich
    result.contested = of.contested + per.contested
    result.missing = (0..<reasonCount).map { reason in
      [of, per].reduce(0) { $0 + ($1.missing.isEmpty ? 0 : $1.missing[reason]) }
    }
    result.notAdditive = of.notAdditive ?? per.notAdditive
    let ends = [of.periods, per.periods].compactMap(\.self).flatMap { [$0.lowerBound, $0.upperBound] }
    if let first = ends.min(), let last = ends.max() { result.periods = first...last }
    result.parts.numbers = of.parts.numbers + per.parts.numbers
    result.parts.missing = of.parts.missing + per.parts.missing
    result.parts.overlap = of.parts.overlap || per.parts.overlap
    guard let ratio = measure.ratio else { return result }
    // What becomes one thing above the line and another below it is no ratio.
    let uneven = dimensions.indices.first { index in
      let codes = (0..<dimensions[index].count).filter { code in
        query.selections.contains { $0[index]?.contains(code) ?? true }
      }
      return index != measureDimension && !query.dimensions.contains(index) && codes.count > 1
        && measures[ratio.of].rules[index] != measures[ratio.per].rules[index]
    }
    if let uneven, result.observations > 0 {
      result.notAdditive = result.notAdditive ?? uneven
      if per.sum == 0, of.sum != nil, of.notAdditive == nil, per.notAdditive == nil { result.isUndefined = true }
      return result
    }
    guard let dividend = of.sum, let divisor = per.sum else { return result }
    if divisor == 0 {
      result.isUndefined = true
      return result
    }
    var (above, below) = (dividend * Int128(ratio.times), divisor)
    for _ in 0..<(measure.decimals + measures[ratio.per].decimals) { above *= 10 }
    for _ in 0..<measures[ratio.of].decimals { below *= 10 }
    result.sum = Self.rounded(above, over: below)
    result.estimates = of.estimates + per.estimates
    if result.estimates > 0 {
      func bound(_ dividend: Int128?, _ divisor: Int128?) -> Int128? {
        guard let dividend, let divisor, dividend >= 0, divisor > 0 else { return nil }
        // The same units as of the sum.
        return Self.rounded(
          dividend * Int128(ratio.times) * Self.power(measure.decimals + measures[ratio.per].decimals),
          over: divisor * Self.power(measures[ratio.of].decimals))
      }
      result.lower = bound(of.estimates > 0 ? of.lower : of.sum, per.estimates > 0 ? per.upper : per.sum)
      result.upper = bound(of.estimates > 0 ? of.upper : of.sum, per.estimates > 0 ? per.lower : per.sum)
    }
    return result
  }

  private static func power(_ count: Int) -> Int128 { (0..<count).reduce(1) { power, _ in power * 10 } }

  /// Half away from zero.
  static func rounded(_ above: Int128, over below: Int128) -> Int128 {
    let (a, b) = (abs(above), abs(below))
    let quotient = (2 * a + b) / (2 * b)
    return (above < 0) == (below < 0) ? quotient : -quotient
  }

  static func combinations(_ choices: [[Int]]) -> [[Int]] {
    choices.reduce([[]]) { heads, codes in heads.flatMap { head in codes.map { head + [$0] } } }
  }

  // MARK: - Hierarchies

  /// Whether `code` lies in `other` at any depth.
  private func lies(_ code: Int, in other: Int, _ dimension: Int) -> Bool {
    dimensions[dimension].ways.compactMap { $0[code] }.contains { $0 == other || lies($0, in: other, dimension) }
  }

  /// Whether one way puts each of the codes somewhere, and none below another.
  private func areSiblings(_ codes: Set<Int>, _ dimension: Int) -> Bool {
    dimensions[dimension].ways.contains { way in
      codes.allSatisfy { code in
        var above: [Int] = []
        var next = way[code]
        while let current = next, !above.contains(current) {
          above.append(current)
          next = way[current]
        }
        return !above.isEmpty && codes.isDisjoint(with: above)
      }
    }
  }

  /// What adds up of the codes that are allowed; nil where nothing does.
  fileprivate func addends(_ allowed: Set<Int>, _ dimension: Int) -> Set<Int>? {
    let list = dimensions[dimension]
    let wholes = allowed.filter { list.wholes[$0] == nil }
    if wholes.isEmpty { return allowed.count > 1 ? nil : allowed }
    if wholes.count == 1 { return wholes }
    func contents(_ code: Int) -> [Int] { (0..<list.count).filter { lies($0, in: code, dimension) } }
    func isContainer(_ code: Int) -> Bool { !contents(code).isEmpty || list.aggregates.contains(code) }
    let rest = wholes.filter { code in
      let contents = contents(code)
      if !contents.isEmpty { return !contents.contains(where: wholes.contains) }
      return !list.aggregates.contains(code) || wholes.allSatisfy(isContainer)
    }
    if areSiblings(rest, dimension) { return rest }
    if rest.count > 1, rest.contains(where: { isContainer($0) && contents($0).isEmpty }) { return nil }
    for one in rest {
      for other in rest where one < other && contents(one).contains(where: contents(other).contains) { return nil }
    }
    return rest
  }
}

/// A question, and what is to be looked at for it.
private struct Question {
  let oracle: Oracle
  let query: AggregateQuery
  let measure: Oracle.Measure?
  /// By dimension, the codes that count; nil for all that are selected.
  var addends: [Set<Int>?] = []
  var notAdditive: Int?
  /// Dimensions with their codes, those that count before others first.
  var picks: [(dimension: Int, order: [Int])] = []
  var reductions: [(dimension: Int, rule: AggregationRule)] = []

  init(_ query: AggregateQuery, _ oracle: Oracle) {
    self.query = query
    self.oracle = oracle
    let stored = oracle.measures.filter { $0.ratio == nil }
    measure = query.measure.map { oracle.measures[$0] } ?? (stored.count == 1 ? stored[0] : nil)
    for dimension in oracle.dimensions.indices {
      addends.append(nil)
      if dimension == oracle.measureDimension, let code = measure?.code {
        addends[dimension] = [code]
        continue
      }
      if query.dimensions.contains(dimension) { continue }
      var codes = Set(
        (0..<oracle.dimensions[dimension].count).filter { code in
          query.selections.contains { $0[dimension]?.contains(code) ?? true }
        })
      if codes.count < 2 { continue }
      guard let adding = oracle.addends(codes, dimension) else {
        notAdditive = notAdditive ?? dimension
        continue
      }
      codes = adding
      addends[dimension] = adding
      if codes.count < 2 { continue }
      let ascending = Array(0..<oracle.dimensions[dimension].count)
      if dimension == oracle.source, !query.preferredSources.isEmpty {
        let order = query.preferredSources + ascending.filter { !query.preferredSources.contains($0) }
        picks.insert((dimension, order), at: 0)
        continue
      }
      let rule = measure?.rules[dimension] ?? (dimension == oracle.measureDimension ? .none : .sum)
      switch rule {
      case .sum: break
      case .none: notAdditive = notAdditive ?? dimension
      case .last: picks.append((dimension, ascending.reversed()))
      case .first: picks.append((dimension, ascending))
      case .mean, .max, .min: reductions.append((dimension, rule))
      }
    }
  }

  /// Whether any selection allows these codes of these dimensions, and all of them are addends.
  private func allows(_ codes: [Int], of dimensions: [Int]) -> Bool {
    query.selections.contains { selection in
      zip(dimensions, codes).allSatisfy { selection[$0]?.contains($1) ?? true }
    } && zip(dimensions, codes).allSatisfy { addends[$0]?.contains($1) ?? true }
  }

  func cell(_ codes: [Int]) -> Aggregate {
    let all = oracle.rows.indices.filter { row in
      allows(oracle.rows[row].codes, of: Array(oracle.dimensions.indices))
        && query.dimensions.map { oracle.rows[row].codes[$0] } == codes
    }
    let counted = all.map { oracle.rows[$0] }.filter { $0.role == .counted }
    var result = Aggregate()
    result.observations = counted.count
    result.contested = all.count { oracle.rows[$0].role == .contested }
    addParts(all.filter { oracle.rows[$0].role == .ofWhich }, to: &result)
    if notAdditive != nil || !picks.isEmpty || !reductions.isEmpty, result.parts.numbers + result.parts.missing > 0 {
      // Parts of what does not add do not add either.
      result.parts.sum = nil
      result.parts.overlap = true
    }
    result.absent = absent(codes, hasRows: !counted.isEmpty)
    var entries = counted.map { Entry($0, oracle) }
    if let notAdditive {
      if !counted.isEmpty { result.notAdditive = notAdditive }
      Entry.sum(entries, codes: []).count(in: &result)
      return result
    }
    for pick in picks { entries = picked(entries, pick.dimension, pick.order) }
    var rest = reductions
    while let rule = rest.first?.rule {
      let kept = query.dimensions + rest.map(\.dimension)
      let sums = Entry.groups(entries, by: kept).map { Entry.sum($0, codes: $0[0].codes) }
      rest.removeAll { $0.rule == rule }
      let left = query.dimensions + rest.map(\.dimension)
      entries = Entry.groups(sums, by: left).map { Entry.reduced($0, rule) }
    }
    let total = Entry.sum(entries, codes: [])
    total.count(in: &result)
    result.periods = total.periods
    result.sum = total.numbers > 0 ? total.sum : nil
    result.estimates = total.estimates
    if total.estimates > 0 { (result.lower, result.upper) = (total.lower, total.upper) }
    return result
  }

  /// Of each series the first code, in that order, that has a number.
  private func picked(_ entries: [Entry], _ dimension: Int, _ order: [Int]) -> [Entry] {
    let others = oracle.dimensions.indices.filter { $0 != dimension }
    return Entry.groups(entries, by: others).map { series in
      let codes = order.compactMap { code in
        let same = series.filter { $0.codes[dimension] == code }
        return same.isEmpty ? nil : Entry.sum(same, codes: same[0].codes)
      }
      var one = codes.first { $0.numbers > 0 } ?? codes[0]
      if one.numbers == 0 {
        let reason = one.missing.firstIndex { $0 > 0 }
        one.missing = one.missing.indices.map { $0 == reason ? 1 : 0 }
      } else if oracle.dimensions[dimension].isTime {
        one.periods = one.codes[dimension]...one.codes[dimension]
      }
      one.codes[dimension] = 0
      return one
    }
  }

  private func addParts(_ parts: [Int], to result: inout Aggregate) {
    func root(_ row: Int) -> Int { oracle.rows[row].whole.map(root) ?? row }
    let numbers = parts.compactMap { row -> Int128? in
      let part = oracle.rows[row]
      return part.number.map { Int128($0) } ?? (oracle.nilReasons.contains(part.reason) ? 0 : nil)
    }
    result.ofWhich = parts.count
    result.parts.numbers = numbers.count
    result.parts.missing = parts.count - numbers.count
    result.parts.overlap = Set(parts.map(root)).count < parts.count
    if !numbers.isEmpty, !result.parts.overlap { result.parts.sum = numbers.reduce(0, +) }
  }

  private func absent(_ cell: [Int], hasRows: Bool) -> Int {
    let panel = oracle.panel
    if panel.isEmpty || !(hasRows || query.dimensions.allSatisfy(panel.contains)) { return 0 }
    let picked = Set(picks.map(\.dimension))
    var series: [[Int]: Bool] = [:]
    for codes in Oracle.combinations(panel.map { Array(0..<oracle.dimensions[$0].count) }) {
      guard allows(codes, of: panel),
        zip(query.dimensions, cell).allSatisfy({ pair in
          panel.firstIndex(of: pair.0).map { codes[$0] == pair.1 } ?? true
        })
      else { continue }
      let hasRow = oracle.rows.contains { row in
        row.role == .counted && panel.map { row.codes[$0] } == codes
          && (measure?.code == nil || oracle.measureDimension.map { row.codes[$0] } == measure?.code)
      }
      let key = zip(panel, codes).map { picked.contains($0) ? -1 : $1 }
      series[key] = (series[key] ?? false) || hasRow
    }
    return series.values.count { !$0 }
  }
}

/// One number, or what several came to.
private struct Entry {
  var codes: [Int]
  var sum: Int128 = 0
  var numbers = 0
  var nils = 0
  var missing: [Int]
  var estimates = 0
  /// Nil where it is open.
  var lower: Int128? = 0
  var upper: Int128? = 0
  var periods: ClosedRange<Int>?

  init(_ row: Oracle.Row, _ oracle: Oracle) {
    codes = row.codes
    missing = Array(repeating: 0, count: oracle.reasonCount)
    if let number = row.number {
      sum = Int128(number)
      numbers = 1
    } else if oracle.nilReasons.contains(row.reason) {
      (numbers, nils) = (1, 1)
    } else {
      missing[row.reason] = 1
    }
    (lower, upper) = (sum, sum)
    if let bounds = row.bounds {
      estimates = 1
      (lower, upper) = (bounds.lower.map { Int128($0) }, bounds.upper.map { Int128($0) })
    }
  }

  private init(codes: [Int]) {
    self.codes = codes
    missing = []
  }

  static func groups(_ entries: [Entry], by dimensions: [Int]) -> [[Entry]] {
    Array(Dictionary(grouping: entries) { entry in dimensions.map { entry.codes[$0] } }.values)
  }

  static func sum(_ entries: [Entry], codes: [Int]) -> Entry {
    var all = Entry(codes: codes)
    all.sum = entries.reduce(0) { $0 + $1.sum }
    all.numbers = entries.reduce(0) { $0 + $1.numbers }
    all.nils = entries.reduce(0) { $0 + $1.nils }
    all.missing = (entries.first?.missing ?? []).indices.map { reason in entries.reduce(0) { $0 + $1.missing[reason] } }
    all.estimates = entries.reduce(0) { $0 + $1.estimates }
    let (lowers, uppers) = (entries.compactMap(\.lower), entries.compactMap(\.upper))
    all.lower = lowers.count == entries.count ? lowers.reduce(0, +) : nil
    all.upper = uppers.count == entries.count ? uppers.reduce(0, +) : nil
    let ends = entries.compactMap(\.periods).flatMap { [$0.lowerBound, $0.upperBound] }
    if let first = ends.min(), let last = ends.max() { all.periods = first...last }
    return all
  }

  /// The mean, greatest or least of those that have a number.
  static func reduced(_ entries: [Entry], _ rule: AggregationRule) -> Entry {
    let present = entries.filter { $0.numbers > 0 }
    var all = sum(entries, codes: entries[0].codes)
    if present.isEmpty { return all }
    let (lowers, uppers) = (present.compactMap(\.lower), present.compactMap(\.upper))
    let hasLowers = lowers.count == present.count
    let hasUppers = uppers.count == present.count
    switch rule {
    case .mean:
      let count = Int128(present.count)
      all.sum = Oracle.rounded(present.reduce(0) { $0 + $1.sum }, over: count)
      all.lower = hasLowers ? Oracle.rounded(lowers.reduce(0, +), over: count) : nil
      all.upper = hasUppers ? Oracle.rounded(uppers.reduce(0, +), over: count) : nil
    case .max:
      // What is open below may still be less than another's bound.
      all.sum = present.map(\.sum).max() ?? 0
      all.lower = lowers.max()
      all.upper = hasUppers ? uppers.max() : nil
    case .min:
      all.sum = present.map(\.sum).min() ?? 0
      all.lower = hasLowers ? lowers.min() : nil
      all.upper = uppers.min()
    case .sum, .last, .first, .none: break
    }
    return all
  }

  func count(in result: inout Aggregate) {
    (result.numbers, result.nils, result.missing) = (numbers, nils, missing)
  }
}
