internal import Base
internal import JSON
internal import TabularPackage

extension ModelReader {
  /// Where each row gives several numbers, a dimension tells them apart.
  ///
  /// - Returns: the index of the dimension whose codes are measures; nil where there is one measure alone.
  mutating func appendMeasureDimension() -> Int? {
    if let indicator = layout.indicator { return indicator }
    guard layout.measures.count > 1 else { return nil }
    let names = layout.measures.map { $0.configuration?.name.value ?? $0.field.name }
    let titles = layout.measures.map {
      $0.configuration?.title ?? $0.field.title ?? $0.configuration?.name.value ?? $0.field.name
    }
    dimensions.append(
      Dimension(
        id: DatasetLayout.measureDimension, title: "Measure",
        codes: CodeList(resource: layout.observations.name, ids: names, names: titles)))
    return dimensions.count - 1
  }

  mutating func readMissingReasons() {
    for measure in layout.measures {
      for missing in measure.field.missingValues { _ = reasonIndex(of: missing) }
    }
    for mark in layout.configuration.nilMarks
    where !missingReasons.contains(where: { hasSameBytes($0.value, mark.value) }) {
      let known = missingReasons.map { quoted($0.value) }.joined(separator: ", ")
      report(
        mark,
        "\(quoted(mark.value)) is no missing value of the measure; there are: \(known.isEmpty ? "none" : known)")
    }
  }

  func isNil(_ mark: String) -> Bool {
    layout.configuration.nilMarks.contains { hasSameBytes($0.value, mark) }
  }

  /// The measures in the order of the dataset, then the ratios.
  mutating func readMeasures(measureIndex: Int?) -> [Measure] {
    let before = problems.total
    var stored = layout.indicator == nil ? fieldMeasures(measureIndex) : codeMeasures(layout.indicator ?? 0)
    for configuration in layout.configuration.measures where configuration.ratioOf != nil {
      if let ratio = ratio(configuration, of: stored) { stored.append(ratio) }
    }
    var names: Set<String> = []
    for measure in stored where !names.insert(measure.name).inserted {
      problems.append(
        layout.configuration.package.problem("there are two measures \"\(measure.name)\"; give one another name"))
    }
    return problems.total == before ? stored : []
  }

  private mutating func fieldMeasures(_ measureIndex: Int?) -> [Measure] {
    let table = table(layout.observations)
    let stated = parts.statedTotals.flatMap { self.table($0.resource) }
    return layout.measures.enumerated().map { index, measure in
      let (field, said) = (measure.field, measure.configuration)
      // As many digits as any of its numbers have, if nobody says it.
      let own =
        [measure.field, measure.bounds?.lower, measure.bounds?.upper].compactMap { $0?.index }
        .map { table?.decimals($0) ?? 0 }.max() ?? 0
      let totals = parts.statedTotals?.field(field.name).flatMap { stated?.decimals($0) } ?? 0
      return Measure(
        name: said?.name.value ?? field.name, title: said?.title ?? field.title ?? said?.name.value ?? field.name,
        description: field.description, unit: said?.unit ?? field.properties["unit"]?.stringValue,
        decimals: said?.decimals ?? max(own, totals),
        rules: rules(said?.over, of: said?.name ?? layout.configuration.measure ?? layout.configuration.package),
        code: measureIndex.map { _ in index })
    }
  }

  /// The codes of a dimension, whose list may have the fields `unit`, `decimals`, `description` and `over_` with the name of
  /// a dimension.
  private mutating func codeMeasures(_ indicator: Int) -> [Measure] {
    let dimension = dimensions[indicator]
    let said = layout.configuration.measures.filter { $0.ratioOf == nil }
    let column = layout.measures.first
    let fieldDecimals = column.flatMap { table(layout.observations)?.decimals($0.field.index) } ?? 0
    for measure in said where dimension.codes.index(of: measure.name.value) == nil {
      report(
        measure.name,
        "\"\(measure.name.value)\" is no code of \"\(dimension.id)\"\(nearMiss(measure.name.value, among: dimension.codes.ids))"
      )
    }
    return dimension.codes.ids.enumerated().map { code, id in
      let own = said.first { $0.name.value == id }
      func text(_ name: String) -> String? { dimension.codes.attribute(name)?[code] }
      return Measure(
        name: id, title: own?.title ?? dimension.codes.names[code], description: text("description"),
        unit: own?.unit ?? text("unit"),
        decimals: own?.decimals ?? text("decimals").flatMap { Int($0) }.map { min(max($0, 0), 18) } ?? fieldDecimals,
        rules: own?.over.map { rules($0, of: own?.name ?? layout.configuration.package) }
          ?? listedRules(indicator, code, named: id),
        code: code)
    }
  }

  /// The rules in the code list's own fields, such as `over_year`.
  private mutating func listedRules(_ indicator: Int, _ code: Int, named id: String) -> [AggregationRule] {
    var rules = [AggregationRule?](repeating: nil, count: dimensions.count)
    let codes = dimensions[indicator].codes
    for (index, dimension) in dimensions.enumerated() {
      let name = codes.attribute("over_\(dimension.id)") == nil ? "over" : "over_\(dimension.id)"
      guard let text = codes.attribute(name)?[code], let list = layout.dimensions[indicator].codeList else { continue }
      if let rule = AggregationRule(rawValue: text) {
        rules[index] = rule
      } else {
        let known = AggregationRule.allCases.map(\.rawValue)
        report(
          list, row: code, field: name,
          "\(quoted(text)) is no rule of aggregation\(didYouMean(text, among: known)); there are: \(known.joined(separator: ", "))"
        )
      }
    }
    return completed(rules, of: layout.configuration.indicator ?? layout.configuration.package, named: id)
  }

  /// By dimension. A measure adds over what nobody speaks of, but not over time.
  private mutating func rules(_ over: OverConfiguration?, of name: Located<String>) -> [AggregationRule] {
    var rules = [AggregationRule?](repeating: nil, count: dimensions.count)
    switch over {
    case .all(let rule): rules = rules.map { _ in rule }
    case .each(let entries):
      for entry in entries {
        if let index = dimension(named: entry.dimension) { rules[index] = entry.rule }
      }
    case nil: break
    }
    return completed(rules, of: name, named: name.value)
  }

  private mutating func completed(
    _ rules: [AggregationRule?], of place: Located<String>, named name: String
  ) -> [AggregationRule] {
    if let time = layout.time, rules[time] == nil {
      let id = dimensions[time].id
      report(
        place,
        "the measure \"\(name)\" does not say what it does over \"\(id)\": write measures: { \(name): { over: { \(id): sum } } }",
        details: [
          "sum if the numbers of several periods add up, as births and exports do;",
          "last if they do not, as inhabitants and year-end stocks; or first, mean, max, min, none",
        ])
    }
    return rules.enumerated().map { index, rule in rule ?? (index == layout.indicator ? .none : .sum) }
  }

  private mutating func ratio(_ configuration: MeasureConfiguration, of stored: [Measure]) -> Measure? {
    func find(_ name: Located<String>?) -> Int? {
      guard let name else { return nil }
      if let index = stored.firstIndex(where: { $0.name == name.value && $0.ratio == nil }) {
        return index
      }
      report(name, "unknown measure \"\(name.value)\"\(didYouMean(name.value, among: stored.map(\.name)))")
      return nil
    }
    guard let of = find(configuration.ratioOf), let per = find(configuration.ratioPer) else { return nil }
    let title = configuration.title ?? configuration.name.value
    return Measure(
      name: configuration.name.value, title: title, unit: configuration.unit,
      decimals: configuration.decimals ?? 1, rules: dimensions.map { _ in .none },
      ratio: Measure.Ratio(of: of, per: per, times: configuration.times))
  }
}

/// The number in other units; nil when digits would be lost or it does not fit.
package func rescaled(_ number: Int64, from decimals: Int, to wanted: Int) -> Int64? {
  var result = number
  for _ in decimals..<max(decimals, wanted) {
    let (product, overflows) = result.multipliedReportingOverflow(by: 10)
    if overflows { return nil }
    result = product
  }
  for _ in wanted..<max(decimals, wanted) {
    guard result.isMultiple(of: 10) else { return nil }
    result /= 10
  }
  return result
}
