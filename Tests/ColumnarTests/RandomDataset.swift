import Base
import Columnar
import Model
import Query
import TestDatasets
import TestSupport

/// A random dataset on disk with random rules, and all that the oracle must know of it.
struct RandomDataset {
  let oracle: Oracle
  private let names: [String]
  private let folder: TemporaryDataset
  private let configuration: DatasetConfiguration

  private static func named(_ name: String) -> Located<String> {
    Located(name, file: "musterd.yaml", position: .file)
  }

  private static let marks = ["-", "", "x"]

  func load() async throws(ProblemList) -> ColumnarEngine {
    defer { withExtendedLifetime(folder) {} }
    return try await ColumnarEngine.load(configuration, threads: 1)
  }

  init(_ random: inout SplitMix) throws {
    func chance(_ percent: Int, _ random: inout SplitMix) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    folder = try TemporaryDataset()
    let dimensionCount = Int.random(in: 2...4, using: &random)
    var names = (0..<dimensionCount).map { "d\($0)" }
    let places = names.indices.shuffled(using: &random)
    let time = chance(60, &random) ? places[0] : nil
    let source = chance(40, &random) ? places[1] : nil
    if let time { names[time] = "year" }
    if let source { names[source] = "source" }

    // The code lists, and what contains what.
    var dimensions: [Oracle.Codes] = []
    var hierarchies: [HierarchyConfiguration] = []
    var parts: [(dimension: Located<String>, field: Located<String>)] = []
    for (dimension, name) in names.enumerated() {
      let count = Int.random(in: 2...5, using: &random)
      let ids = (0..<count).map { dimension == time ? "\(1990 + $0)" : "c\($0)" }
      let order = ids.indices.shuffled(using: &random)
      func above(_ code: Int, _ percent: Int, _ random: inout SplitMix) -> Int? {
        guard chance(percent, &random) else { return nil }
        return ids.indices.filter { order[$0] > order[code] }.randomElement(using: &random)
      }
      let (hasParents, hasParts) = (chance(35, &random), chance(25, &random))
      let columns = (0..<2).map { column in
        ids.indices.map { above($0, hasParents ? [60, 20][column] : 0, &random) }
      }
      let aggregates = Set(ids.indices.filter { _ in hasParents && chance(20, &random) })
      let wholes = ids.indices.map { above($0, hasParts ? 35 : 0, &random) }
      let lines = ids.indices.map { code in
        ([ids[code]] + columns.map { column in column[code].map { ids[$0] } ?? "" }
          + [aggregates.contains(code) ? "true" : "", wholes[code].map { ids[$0] } ?? ""]).joined(separator: ",") + "\n"
      }
      try folder.codeList("list_\(dimension)", "id,parent,other_parent,is_aggregate,whole\n" + lines.joined())
      dimensions.append(
        Oracle.Codes(
          count: count, ways: columns, aggregates: aggregates,
          wholes: wholes, isTime: dimension == time))
      if hasParents {
        var hierarchy = HierarchyConfiguration(dimension: Self.named(name))
        hierarchy.parents = [Self.named("parent"), Self.named("other_parent")]
        hierarchy.aggregate = Self.named("is_aggregate")
        hierarchies.append(hierarchy)
      }
      if hasParts { parts.append((Self.named(name), Self.named("whole"))) }
    }

    // The measures: one field, two of them, or the codes of a dimension.
    let kind = Int.random(in: 0..<3, using: &random)
    let indicator = kind == 2 ? places.last { $0 != time && $0 != source } : nil
    let fields = kind == 1 ? ["value", "other"] : ["value"]
    let decimals = fields.map { _ in chance(60, &random) ? 0 : Int.random(in: 1...3, using: &random) }
    let hasBounds = indicator == nil && chance(40, &random)
    var measures: [Oracle.Measure] = []
    var said: [MeasureConfiguration] = []
    let measureNames = indicator.map { (0..<dimensions[$0].count).map { "c\($0)" } } ?? fields
    let dimensionTotal = dimensionCount + (fields.count > 1 ? 1 : 0)
    for (index, name) in measureNames.enumerated() {
      var measure = MeasureConfiguration(name: Self.named(name))
      var rules = [AggregationRule](repeating: .sum, count: dimensionTotal)
      var entries: [(dimension: Located<String>, rule: AggregationRule)] = []
      for dimension in names.indices where dimension == time || chance(35, &random) {
        if dimension == indicator { continue }
        let rule =
          AggregationRule.allCases.filter { $0 != .none || chance(30, &random) }
          .randomElement(using: &random) ?? .sum
        rules[dimension] = rule
        entries.append((Self.named(names[dimension]), rule))
      }
      if let indicator { rules[indicator] = .none }
      measure.over = .each(entries)
      measure.decimals = indicator == nil ? decimals[index] : decimals[0]
      if hasBounds, index == 0 { measure.uncertain = (Self.named("low"), Self.named("high")) }
      said.append(measure)
      measures.append(
        Oracle.Measure(
          code: measureNames.count > 1 || indicator != nil ? index : nil, rules: rules,
          decimals: measure.decimals ?? 0))
    }
    if chance(50, &random) {
      var ratio = MeasureConfiguration(name: Self.named("rate"))
      let of = measureNames.indices.randomElement(using: &random) ?? 0
      let per = measureNames.indices.randomElement(using: &random) ?? 0
      ratio.ratioOf = Self.named(measureNames[of])
      ratio.ratioPer = Self.named(measureNames[per])
      ratio.times = [1, 7, 1000].randomElement(using: &random) ?? 1
      ratio.decimals = Int.random(in: 0...3, using: &random)
      said.append(ratio)
      measures.append(
        Oracle.Measure(
          code: nil, rules: Array(repeating: .none, count: dimensionTotal), decimals: ratio.decimals ?? 0,
          ratio: (of, per, ratio.times)))
    }

    // The rows: numbers, marks and what they are parts of.
    let nilReasons: Set<Int> = chance(50, &random) ? [2] : []
    var rows: [Oracle.Row] = []
    var csv = "id,\(names.joined(separator: ",")),role,part_of,\(fields.joined(separator: ","))"
    csv += hasBounds ? ",low,high\n" : "\n"
    var roles: [Role] = []
    for index in 0..<Int.random(in: 0...60, using: &random) {
      let codes = dimensions.map { Int.random(in: 0..<$0.count, using: &random) }
      let role =
        ([.counted, .counted, .counted, .counted, .ofWhich, .contested] as [Role])
        .randomElement(using: &random) ?? .counted
      roles.append(role)
      let whole = role == .ofWhich && index > 0 && chance(60, &random) ? Int.random(in: 0..<index, using: &random) : nil
      csv +=
        "o\(index),"
        + codes.indices.map { $0 == time ? "\(1990 + codes[$0])" : "c\(codes[$0])" }
        .joined(separator: ",")
      csv += ",\(role.name),\(whole.map { "o\($0)" } ?? "")"
      var bounds: (lower: Int64?, upper: Int64?)?
      for field in fields.indices {
        var row = Oracle.Row(
          codes: codes + (fields.count > 1 ? [field] : []), role: role,
          whole: whole.map { $0 * fields.count + field })
        if chance(25, &random) {
          row.reason = Int.random(in: 0..<3, using: &random)
          csv += "," + Self.marks[row.reason]
        } else {
          let number = chance(15, &random) ? 0 : Int64.random(in: -30...60, using: &random)
          let unit = (0..<decimals[field]).reduce(Int64(1)) { unit, _ in unit * 10 }
          row.number = number * unit
          csv += ",\(number)"
          if field == 0, hasBounds, chance(30, &random) {
            let lower = chance(75, &random) ? number - Int64.random(in: 0...9, using: &random) : nil
            let upper = chance(75, &random) ? number + Int64.random(in: 0...9, using: &random) : nil
            if lower != nil || upper != nil { bounds = (lower, upper) }
            row.bounds = bounds.map { ($0.lower.map { $0 * unit }, $0.upper.map { $0 * unit }) }
          }
        }
        rows.append(row)
      }
      if hasBounds {
        csv += [bounds?.lower, bounds?.upper].map { "," + ($0.map(String.init) ?? "") }.joined()
      }
      csv += "\n"
    }
    let number = #""type": "integer", "missingValues": ["-", "", "x"]"#
    try folder.table(
      "observations", csv,
      fields: ((["id"] + names + ["role", "part_of"]).map { "{\"name\": \"\($0)\"}" }
        + fields.map { "{\"name\": \"\($0)\", \(number)}" }
        + (hasBounds ? ["low", "high"].map { "{\"name\": \"\($0)\", \"type\": \"integer\"}" } : []))
        .joined(separator: ", "),
      schema: "\"primaryKey\": \"id\", \"foreignKeys\": ["
        + (names.indices.map { foreignKey(names[$0], "list_\($0)") } + [foreignKey("part_of", "")])
        .joined(separator: ", ") + "]")

    folder.repeated = .add
    var configuration = try folder.configuration(place: names[0], breakdown: names[1], measure: "value")
    configuration.measures = said
    configuration.indicator = indicator.map { Self.named(names[$0]) }
    configuration.time = time.map { Self.named(names[$0]) }
    configuration.hierarchies = hierarchies
    configuration.parts = parts
    if !nilReasons.isEmpty { configuration.nilMarks = [Self.named("x")] }
    var panel = time.flatMap { $0 == 0 ? nil : [0, $0] } ?? []
    if chance(70, &random) {
      panel = names.indices.filter { _ in chance(45, &random) }
      configuration.panel = panel.map { Self.named(names[$0]) }
    }
    if fields.count > 1 {
      dimensions.append(
        Oracle.Codes(count: fields.count, wholes: fields.map { _ in nil }))
    }
    self.names = names
    self.configuration = configuration
    oracle = Oracle(
      dimensions: dimensions, rows: rows, measures: measures,
      measureDimension: indicator ?? (fields.count > 1 ? dimensionCount : nil), source: source, panel: panel,
      nilReasons: nilReasons, reasonCount: Self.marks.count)
  }

  func question(_ random: inout SplitMix) -> AggregateQuery {
    let shape = oracle.dimensions.map(\.count)
    let grouping = shape.indices.shuffled(using: &random).prefix(
      Int.random(in: 0...min(3, shape.count), using: &random))
    let selections = (0..<(Int.random(in: 0..<3, using: &random) == 0 ? 2 : 1)).map { _ in
      var selection = Selection.all
      for dimension in shape.indices where Int.random(in: 0..<3, using: &random) == 0 {
        let share = Int.random(in: 1...4, using: &random)
        selection.restrict(
          dimension, to: CodeSet((0..<shape[dimension]).filter { _ in Int.random(in: 0..<5, using: &random) < share }))
      }
      return selection
    }
    let measure = Int.random(in: -1..<oracle.measures.count, using: &random)
    var preferred: [Int] = []
    if let source = oracle.source, Bool.random(using: &random) {
      preferred = Array((0..<shape[source]).shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)))
    }
    return AggregateQuery(
      by: Array(grouping), where: selections, measure: measure < 0 ? nil : measure, preferring: preferred)
  }
}
