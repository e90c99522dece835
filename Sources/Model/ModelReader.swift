package import Base
import JSON
package import TabularPackage

/// What a model consists of, apart from the names that come straight from the descriptor.
package struct ModelContents {
  let dimensions: [Dimension]
  let measure: Measure
  let missingReasons: [MissingReason]
  let schemes: [Scheme]
  let caveats: [Caveat]
  let statedTotals: [StatedTotal]
  let discrepancies: [Discrepancy]
  let printedTables: [PrintedTable]
  let observationFields: ObservationFields
}

/// Turns the checked tables of a package into the model of a dataset, and finds what only a dataset can have wrong.
package struct ModelReader {
  let layout: DatasetLayout
  let parts: DatasetParts
  let package: Package
  package private(set) var problems = ProblemList()

  private var dimensions: [Dimension] = []
  private(set) var missingReasons: [MissingReason] = []

  package init(layout: DatasetLayout, parts: DatasetParts, package: Package) {
    self.layout = layout
    self.parts = parts
    self.package = package
  }

  /// Nil when there are problems.
  package mutating func read() -> DatasetModel? {
    do {
      dimensions = try layout.dimensions.map { field throws(FileChanged) in try readDimension(field) }
      missingReasons = layout.measure.missingValues.map { MissingReason(value: $0.value, label: $0.label) }
      let caveats = try readCaveats()
      let statedTotals = try readStatedTotals()
      let contents = ModelContents(
        dimensions: dimensions, measure: measure, missingReasons: missingReasons, schemes: try readSchemes(),
        caveats: caveats, statedTotals: statedTotals, discrepancies: try readDiscrepancies(),
        printedTables: try readPrintedTables(), observationFields: observationFields)
      return problems.isEmpty ? DatasetModel(contents, of: layout, revision: package.revision) : nil
    } catch {
      problems.append(Problem(file: error.path, message: "the file changed while it was being read"))
      return nil
    }
  }

  func table(_ resource: Resource?) -> Table? { resource.flatMap { package.tables[$0.name] } }

  mutating func report(_ resource: Resource, row: Int, field: String, _ message: String) {
    let number = row + (resource.dialect.hasHeader ? 2 : 1)
    problems.append(Problem(file: resource.displayPath, position: .row(number, field: field), message: message))
  }

  // MARK: - Dimensions and measure

  private var measure: Measure {
    let field = layout.measure
    return Measure(
      name: field.name, title: field.title ?? field.name, description: field.description,
      unit: field.properties["unit"]?.stringValue)
  }

  private func readDimension(_ dimension: DatasetLayout.DimensionField) throws(FileChanged) -> Dimension {
    let resource = dimension.codeList
    var ids: [String] = []
    var names: [String] = []
    var attributes: [String: [String?]] = [:]
    var attributeNames: [String] = []
    if let table = table(resource) {
      let key = table.schema.primaryKey[0]
      let label = layout.label(in: table.schema)
      let others = table.schema.fields.filter { $0.index != key }
      attributeNames = others.map(\.name)
      try table.forEachRow { _, row in
        let id = row[key] ?? ""
        ids.append(id)
        names.append(label.flatMap { row[$0] } ?? id)
        for field in others { attributes[field.name, default: []].append(row[field.index]) }
      }
    }
    return Dimension(
      id: dimension.field.name, title: dimension.field.title ?? resource.title ?? dimension.field.name,
      description: dimension.field.description,
      codes: CodeList(
        resource: resource.name, ids: ids, names: names, attributeNames: attributeNames, attributes: attributes))
  }

  private var observationFields: ObservationFields {
    let parts = layout.partOf.flatMap { index in
      table(layout.observations).map { $0.sparseRowsReferred(byForeignKey: index) }
    }
    return ObservationFields(
      hasIDs: layout.id != nil, hasParts: parts?.isEmpty == false, hasLoci: layout.locus != nil,
      hasQuotes: layout.quote != nil)
  }

  private func readCaveats() throws(FileChanged) -> [Caveat] {
    guard let part = parts.caveats, let table = table(part.resource), let id = part.field("id"),
      let text = part.field("text")
    else { return [] }
    var caveats: [Caveat] = []
    try table.forEachRow { _, row in caveats.append(Caveat(id: row[id] ?? "", text: row[text] ?? "")) }
    return caveats
  }

  // MARK: - Stated totals

  private mutating func readStatedTotals() throws(FileChanged) -> [StatedTotal] {
    guard let part = parts.statedTotals, let table = table(part.resource), let id = part.field("id"),
      let measure = part.schema.field(layout.measure.name), let values = table.integers(measure.index)
    else { return [] }
    let scopes = try readScopes(count: table.rowCount)
    let source = part.field(layout.configuration.source?.value ?? "source")
    let locus = part.field(layout.configuration.locus?.value ?? "locus")
    let quote = part.field(layout.configuration.quote?.value ?? "quote")
    let printed = (0..<table.rowCount).map { row in
      let reason = Int(values.reason(ofRow: row))
      return reason == 0
        ? ObservedValue.number(values[row]) : .missing(reason: reasonIndex(of: measure.missingValues[reason - 1]))
    }
    var totals: [StatedTotal] = []
    try table.forEachRow { index, row in
      totals.append(
        StatedTotal(
          id: row[id] ?? "", value: printed[index],
          source: source.flatMap { row[$0] }, locus: locus.flatMap { row[$0] }, quote: quote.flatMap { row[$0] },
          scope: scopes[index]))
    }
    return totals
  }

  private mutating func reasonIndex(of missing: MissingValue) -> Int {
    let known = missingReasons.firstIndex { reason in
      reason.value == missing.value && (missing.label == nil || missing.label == reason.label)
    }
    if let known { return known }
    missingReasons.append(MissingReason(value: missing.value, label: missing.label))
    return missingReasons.count - 1
  }

  /// For each stated total the observations that it claims to sum: several codes of a dimension are alternatives, and
  /// a dimension that is not named is not restricted.
  private mutating func readScopes(count: Int) throws(FileChanged) -> [Selection] {
    var scopes = [Selection](repeating: .all, count: count)
    guard let part = parts.statedTotalScopes, let table = table(part.resource), let totals = parts.statedTotals,
      let reference = part.reference("stated_total", to: totals.resource), let dimensionField = part.field("dimension"),
      let codeField = part.field("code")
    else { return scopes }
    var allowed = [[Int: CodeSet]](repeating: [:], count: count)
    var rows: [(dimension: String?, code: String?)] = []
    try table.forEachRow { _, row in rows.append((row[dimensionField], row[codeField])) }
    for (index, row) in rows.enumerated() {
      // What is required was checked while the table was read.
      guard let total = table.rowReferred(byForeignKey: reference, inRow: index), let id = row.dimension,
        let code = row.code, let dimension = findDimension(id, in: part.resource, row: index)
      else { continue }
      do throws(UnknownName) {
        allowed[total][dimension, default: CodeSet()].insert(try dimensions[dimension].code(code))
      } catch {
        report(part.resource, row: index, field: "code", error.description)
      }
    }
    for (index, sets) in allowed.enumerated() {
      for (dimension, codes) in sets { scopes[index].restrict(dimension, to: codes) }
    }
    return scopes
  }

  private mutating func findDimension(_ id: String, in resource: Resource, row: Int) -> Int? {
    if let index = dimensions.firstIndex(where: { $0.id == id }) { return index }
    let known = dimensions.map(\.id)
    report(resource, row: row, field: "dimension", "unknown dimension \"\(id)\"\(didYouMean(id, among: known))")
    return nil
  }

  // MARK: - Schemes

  private mutating func readSchemes() throws(FileChanged) -> [Scheme] {
    guard let part = parts.schemes, let table = table(part.resource), let id = part.field("id"),
      let title = part.field("title")
    else { return [] }
    let (groups, groupIndexes) = try readGroups(schemeCount: table.rowCount)
    let members = try readMembers(schemeCount: table.rowCount, groupIndexes: groupIndexes)
    let asOf = part.field("as_of")
    let basis = part.field("basis")
    var schemes: [Scheme] = []
    try table.forEachRow { index, row in
      schemes.append(
        Scheme(
          id: row[id] ?? "", title: row[title] ?? row[id] ?? "", asOf: asOf.flatMap { row[$0] },
          basis: basis.flatMap { row[$0] }, groups: groups[index], groupOfPlace: members[index].map(\.group),
          basisOfPlace: members[index].map(\.basis)))
    }
    return schemes
  }

  /// The groups of each scheme, and where each id is among them.
  private func readGroups(
    schemeCount: Int
  ) throws(FileChanged) -> (groups: [[Scheme.Group]], indexes: [[String: Int]]) {
    var groups = [[Scheme.Group]](repeating: [], count: schemeCount)
    var indexes = [[String: Int]](repeating: [:], count: schemeCount)
    guard let part = parts.groups, let table = table(part.resource), let schemes = parts.schemes,
      let reference = part.reference("scheme", to: schemes.resource), let id = part.field("id")
    else { return (groups, indexes) }
    let label = part.field(layout.configuration.label?.value ?? "name")
    try table.forEachRow { index, row in
      guard let scheme = table.rowReferred(byForeignKey: reference, inRow: index) else { return }
      let groupID = row[id] ?? ""
      indexes[scheme][groupID] = groups[scheme].count
      groups[scheme].append(Scheme.Group(id: groupID, name: label.flatMap { row[$0] } ?? groupID))
    }
    return (groups, indexes)
  }

  private mutating func readMembers(
    schemeCount: Int, groupIndexes: [[String: Int]]
  ) throws(FileChanged) -> [[(group: Int?, basis: String?)]] {
    let none: (group: Int?, basis: String?) = (nil, nil)
    let places = dimensions[layout.place].codes.count
    var members = [[(group: Int?, basis: String?)]](
      repeating: Array(repeating: none, count: places), count: schemeCount)
    let place = layout.dimensions[layout.place]
    guard let part = parts.groupMembers, let table = table(part.resource), let schemes = parts.schemes,
      let schemeReference = part.reference("scheme", to: schemes.resource),
      let placeReference = part.reference(place.field.name, to: place.codeList), let group = part.field("bloc")
    else { return members }
    let basis = part.field("basis")
    var rows: [(group: String?, basis: String?)] = []
    try table.forEachRow { _, row in rows.append((row[group], basis.flatMap { row[$0] })) }
    for (index, row) in rows.enumerated() {
      guard let scheme = table.rowReferred(byForeignKey: schemeReference, inRow: index),
        let place = table.rowReferred(byForeignKey: placeReference, inRow: index), let id = row.group
      else { continue }
      guard let group = groupIndexes[scheme][id] else {
        let hint = didYouMean(id, among: groupIndexes[scheme].keys.sorted())
        report(part.resource, row: index, field: "bloc", "the scheme has no bloc \"\(id)\"\(hint)")
        continue
      }
      members[scheme][place] = (group, row.basis)
    }
    return members
  }

  // MARK: - Discrepancies

  private func readDiscrepancies() throws(FileChanged) -> [Discrepancy] {
    guard let part = parts.discrepancies, let table = table(part.resource), let id = part.field("id"),
      let title = part.field("title")
    else { return [] }
    let (statements, differences) = try discrepancyStatements(count: table.rowCount)
    let explanation = part.field("explanation")
    var discrepancies: [Discrepancy] = []
    try table.forEachRow { index, row in
      discrepancies.append(
        Discrepancy(
          id: row[id] ?? "", title: row[title] ?? "", explanation: explanation.flatMap { row[$0] },
          statements: statements[index], differences: differences?[index]))
    }
    return discrepancies
  }

  /// The statements of each discrepancy, and by stated total the differences that it tells, where the table has any.
  private func discrepancyStatements(
    count: Int
  ) throws(FileChanged) -> (statements: [[Discrepancy.Statement]], differences: [[Int: Int64]]?) {
    var statements = [[Discrepancy.Statement]](repeating: [], count: count)
    guard let part = parts.discrepancyStatements, let table = table(part.resource),
      let discrepancies = parts.discrepancies,
      let reference = part.reference("discrepancy", to: discrepancies.resource)
    else { return (statements, nil) }
    let told = part.field("difference").flatMap { table.integers($0) }
    var differences = told.map { _ in [[Int: Int64]](repeating: [:], count: count) }
    let observation = part.reference("observation", to: layout.observations).flatMap { _ in part.field("observation") }
    let total = parts.statedTotals.flatMap { part.reference("stated_total", to: $0.resource) }
    try table.forEachRow { row, texts in
      guard let discrepancy = table.rowReferred(byForeignKey: reference, inRow: row) else { return }
      if let key = observation.flatMap({ texts[$0] }) {
        statements[discrepancy].append(.observation(ObservationKey(key)))
      }
      if let total = total.flatMap({ table.rowReferred(byForeignKey: $0, inRow: row) }) {
        statements[discrepancy].append(.statedTotal(total))
        if let told, told.reason(ofRow: row) == 0 { differences?[discrepancy][total] = told[row] }
      }
    }
    return (statements, differences)
  }
}
