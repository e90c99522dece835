internal import Base
internal import Model
internal import TabularPackage

/// Takes the observations out of the checked tables of a package, and finds what only observations can have wrong.
///
/// A row that gives numbers of several measures is one observation for each of them.
struct ObservationReader {
  private let layout: DatasetLayout
  private let parts: DatasetParts
  private let package: Package
  private let model: ModelContents
  private(set) var problems = ProblemList()

  init(layout: DatasetLayout, parts: DatasetParts, package: Package, model: ModelContents) {
    self.layout = layout
    self.parts = parts
    self.package = package
    self.model = model
  }

  /// How many observations a row gives.
  private var fanOut: Int { layout.measures.count }

  /// Nil when there are problems.
  mutating func read() -> ObservationStore? {
    guard let table = package.tables[layout.observations.name] else { return nil }
    var codes: [CodeColumn] = []
    for dimension in layout.dimensions {
      let column =
        dimension.list.flatMap { table.rowsReferred(byForeignKey: $0.foreignKey) } ?? table.codes(dimension.field.index)
      guard let column else {
        let file = dimension.codeList ?? layout.observations
        report(
          file, "the file is too large to be the code list of the dimension \"\(dimension.field.name)\"")
        continue
      }
      codes.append(column)
    }
    guard problems.isEmpty, let numbers = readNumbers(table) else { return nil }
    let roles = layout.role.flatMap { table.codes($0.index) }
    guard var columns = columns(codes, numbers, roles, rowCount: table.rowCount) else {
      report(layout.observations, "there is not enough memory for its columns")
      return nil
    }
    for (index, reason) in model.missingReasons.enumerated() where reason.isNil {
      columns.nilReasons.append(UInt8(truncatingIfNeeded: index + 1))
    }
    let wholes = layout.partOf.map { table.sparseRowsReferred(byForeignKey: $0) } ?? [:]
    let store = ObservationStore(
      columns: columns, caveatIndex: CaveatIndex(caveatPairs(), columns: columns),
      texts: ObservationTexts(
        table: table, id: layout.id?.index, measures: layout.measures.map(\.field.index), names: measureNames,
        locus: layout.locus?.index, quote: layout.quote?.index),
      wholes: fannedOut(wholes), rowsInLedger: rowsInLedger(), estimates: readEstimates(table))
    let search = RepetitionSearch(layout: layout, model: model, store: store, fanOut: fanOut)
    problems.append(contentsOf: search.problems())
    return problems.isEmpty ? store : nil
  }

  private mutating func report(_ resource: Resource, _ message: String) {
    problems.append(Problem(file: resource.displayPath, message: message))
  }

  private var measureNames: [String] { fanOut > 1 ? model.measures.prefix(fanOut).map(\.name) : [] }

  /// The rows of the table as numbers of observations.
  private func fannedOut(_ rows: [Int: Int]) -> [Int: Int] {
    if fanOut == 1 { return rows }
    return Dictionary(
      uniqueKeysWithValues: rows.flatMap { row, target in
        (0..<fanOut).map { (row * fanOut + $0, target * fanOut + $0) }
      })
  }

  // MARK: - Numbers

  /// By field of the measures.
  private mutating func readNumbers(_ table: Table) -> [IntegerColumn]? {
    layout.measures.map { table.integers($0.field.index) }.reduce([]) { columns, column in
      columns.flatMap { columns in column.map { columns + [$0] } }
    }
  }

  private mutating func columns(
    _ codes: [CodeColumn], _ numbers: [IntegerColumn], _ roles: CodeColumn?, rowCount: Int
  ) -> ObservationColumns? {
    let shape = model.dimensions.map(\.codes.count)
    let reasonCount = model.missingReasons.count
    let table = package.tables[layout.observations.name]
    let decimals = layout.measures.map { table?.decimals($0.field.index) ?? 0 }
    if fanOut == 1, layout.indicator == nil, decimals[0] == model.measures[0].decimals {
      return ObservationColumns(
        count: rowCount, dimensions: codes, shape: shape, values: numbers[0].values, reasons: numbers[0].reasons,
        roles: roles, reasonCount: reasonCount)
    }
    // Numbers of several fields, or in several units, are copied into one column.
    let count = rowCount * fanOut
    guard let values = ColumnStorage<Int64>(capacity: count), let reasons = ColumnStorage<UInt8>(capacity: count)
    else { return nil }
    for (index, column) in numbers.enumerated() {
      let field = layout.measures[index].field
      let reasonOf = field.missingValues.map { missing in
        UInt8(truncatingIfNeeded: (model.missingReasons.firstIndex { $0.value == missing.value } ?? 0) + 1)
      }
      for row in 0..<rowCount {
        let target = row * fanOut + index
        let reason = column.reason(ofRow: row)
        if reason > 0 {
          reasons.base[target] = reasonOf[Int(reason) - 1]
          continue
        }
        let measure = layout.indicator.flatMap { model.measure(ofCode: codes[$0][row]) } ?? model.measures[index]
        if let number = rescaled(column[row], from: decimals[index], to: measure.decimals) {
          values.base[target] = number
        } else {
          reportDigits(row, field, measure)
        }
      }
    }
    if fanOut == 1 {
      return ObservationColumns(
        count: count, dimensions: codes, shape: shape, values: values, reasons: reasons, roles: roles,
        reasonCount: reasonCount)
    }
    var dimensions = codes.compactMap { $0.repeated(fanOut, count: rowCount) }
    if let measure = CodeColumn(count: count, targetCount: fanOut, { $0 % fanOut }) { dimensions.append(measure) }
    let repeatedRoles = roles.flatMap { $0.repeated(fanOut, count: rowCount) }
    guard dimensions.count == shape.count, (repeatedRoles == nil) == (roles == nil) else { return nil }
    return ObservationColumns(
      count: count, dimensions: dimensions, shape: shape, values: values, reasons: reasons, roles: repeatedRoles,
      reasonCount: reasonCount)
  }

  private mutating func reportDigits(_ row: Int, _ field: Field, _ measure: Measure) {
    problems.append(
      Problem(
        file: layout.observations.displayPath,
        position: .row(row + (layout.observations.dialect.hasHeader ? 2 : 1), field: field.name),
        message:
          "the number has more digits behind the point than the measure \"\(measure.name)\", which has "
          + "\(measure.decimals), or is too large for them"))
  }

  /// By observation the bounds of a number that is an estimate.
  private mutating func readEstimates(_ table: Table) -> [Int: (lower: Int64?, upper: Int64?)] {
    var estimates: [Int: (lower: Int64?, upper: Int64?)] = [:]
    for (index, measure) in layout.measures.enumerated() {
      guard let bounds = measure.bounds, let lower = table.integers(bounds.lower.index),
        let upper = table.integers(bounds.upper.index), let column = table.integers(measure.field.index)
      else { continue }
      for row in 0..<table.rowCount {
        func bound(_ column: IntegerColumn, _ field: Field) -> Int64? {
          if column.reason(ofRow: row) > 0 { return nil }
          return rescaled(column[row], from: table.decimals(field.index), to: model.measures[index].decimals)
        }
        let (least, most) = (bound(lower, bounds.lower), bound(upper, bounds.upper))
        if least == nil, most == nil { continue }
        if column.reason(ofRow: row) > 0 {
          reportBounds(row, bounds.lower, "there are bounds of a number that is missing")
          continue
        }
        let number = rescaled(
          column[row], from: table.decimals(measure.field.index), to: model.measures[index].decimals)
        if let number, (least.map { $0 > number } ?? false) || (most.map { $0 < number } ?? false) {
          reportBounds(row, bounds.lower, "the number does not lie between its bounds")
        }
        estimates[row * fanOut + index] = (least, most)
      }
    }
    return estimates
  }

  private mutating func reportBounds(_ row: Int, _ field: Field, _ message: String) {
    problems.append(
      Problem(
        file: layout.observations.displayPath,
        position: .row(row + (layout.observations.dialect.hasHeader ? 2 : 1), field: field.name), message: message))
  }

  // MARK: - What other tables say of observations

  private func caveatPairs() -> [(row: Int, caveat: Int)] {
    guard let part = parts.observationCaveats, let table = package.tables[part.resource.name],
      let caveats = parts.caveats, let observation = part.reference("observation", to: layout.observations),
      let caveat = part.reference("caveat", to: caveats.resource)
    else { return [] }
    return (0..<table.rowCount).flatMap { row -> [(row: Int, caveat: Int)] in
      guard let target = table.rowReferred(byForeignKey: observation, inRow: row),
        let caveat = table.rowReferred(byForeignKey: caveat, inRow: row)
      else { return [] }
      return (0..<fanOut).map { (target * fanOut + $0, caveat) }
    }
  }

  /// The observations that the ledger of discrepancies names, ascending, each once.
  private func rowsInLedger() -> [Int] {
    guard let part = parts.discrepancyStatements, let table = package.tables[part.resource.name],
      let observation = part.reference("observation", to: layout.observations)
    else { return [] }
    let rows = (0..<table.rowCount).compactMap { table.rowReferred(byForeignKey: observation, inRow: $0) }
    return Set(rows).sorted().flatMap { row in (0..<fanOut).map { row * fanOut + $0 } }
  }
}

extension ModelContents {
  fileprivate func measure(ofCode code: Int) -> Measure? { measures.first { $0.code == code } }
}
