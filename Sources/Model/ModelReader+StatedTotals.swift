internal import Base
internal import TabularPackage

extension ModelReader {
  mutating func readStatedTotals(_ schemes: [Scheme]) throws(FileChanged) -> [StatedTotal] {
    guard let part = parts.statedTotals, let table = table(part.resource), let id = part.field("id") else { return [] }
    let scopes = try readScopes(count: table.rowCount, schemes)
    let limits = try measures.map { measure throws(FileChanged) in try readAgreementLimits(part, table, of: measure) }
    let source = part.field(layout.configuration.source?.value ?? "source")
    let locus = part.field(layout.configuration.locus?.value ?? "locus")
    let quote = part.field(layout.configuration.quote?.value ?? "quote")
    let printed = try readStatedValues(part, table)
    var totals: [StatedTotal] = []
    try table.forEachRow { index, row in
      for (measure, value) in printed[index] {
        totals.append(
          StatedTotal(
            id: row[id] ?? "", measure: measure, value: value, source: source.flatMap { row[$0] },
            locus: locus.flatMap { row[$0] }, quote: quote.flatMap { row[$0] }, scope: scopes[index],
            tolerance: limits[measure][index].tolerance, rounded: limits[measure][index].rounded))
      }
    }
    return totals
  }

  /// By row the measures that the row states, with their numbers. Of several measures a row may state some.
  private mutating func readStatedValues(
    _ part: DatasetParts.Part, _ table: Table
  ) throws(FileChanged) -> [[(measure: Int, value: ObservedValue)]] {
    var stated = [[(measure: Int, value: ObservedValue)]](repeating: [], count: table.rowCount)
    let measureOfRow = try readStatedMeasures(part, table)
    for (index, measure) in layout.measures.enumerated() {
      guard let field = part.schema.field(measure.field.name), let values = table.integers(field.index) else {
        continue
      }
      let decimals = table.decimals(field.index)
      for row in 0..<table.rowCount {
        guard let target = measureOfRow[row] ?? (layout.indicator == nil ? index : nil) else { continue }
        let reason = Int(values.reason(ofRow: row))
        if reason > 0 {
          let missing = field.missingValues[reason - 1]
          if missing.value.isEmpty, layout.measures.count > 1 { continue }
          stated[row].append((target, .missing(reason: reasonIndex(of: missing))))
        } else if let number = rescaled(values[row], from: decimals, to: measures[target].decimals) {
          stated[row].append((target, .number(number)))
        } else {
          report(
            part.resource, row: row, field: field.name,
            "the number has more digits behind the point than the measure \"\(measures[target].name)\", which has "
              + "\(measures[target].decimals)")
        }
      }
    }
    return stated
  }

  /// By row the measure that the field of the dimension of measures names; all nil where fields are measures.
  private mutating func readStatedMeasures(
    _ part: DatasetParts.Part, _ table: Table
  ) throws(FileChanged) -> [Int?] {
    var result = [Int?](repeating: nil, count: table.rowCount)
    guard let indicator = layout.indicator, let field = part.field(layout.dimensions[indicator].field.name) else {
      return result
    }
    var names: [String?] = []
    try table.forEachRow { _, row in names.append(row[field]) }
    for (row, name) in names.enumerated() {
      guard let name else { continue }
      let code = findCode(name, of: indicator, in: part.resource, row: row, field: dimensions[indicator].id)
      result[row] = code.flatMap { code in measures.firstIndex { $0.code == code } }
    }
    return result
  }

  mutating func reasonIndex(of missing: MissingValue) -> Int {
    let known = missingReasons.firstIndex { reason in
      hasSameBytes(reason.value, missing.value) && (missing.label == nil || missing.label == reason.label)
    }
    if let known { return known }
    missingReasons.append(
      MissingReason(value: missing.value, label: missing.label, isNil: isNil(missing.value)))
    return missingReasons.count - 1
  }
}
