import Base
import JSON
import TabularPackage

/// What a snapshot consists of, apart from the names that come straight from the descriptor.
struct SnapshotContents {
  let dimensions: [Dimension]
  let measure: Measure
  let missingReasons: [MissingReason]
  let schemes: [Scheme]
  let caveats: [Caveat]
  let statedTotals: [StatedTotal]
  let discrepancies: [Discrepancy]
  let printedTables: [PrintedTable]
  let observations: ObservationList
}

/// Turns the checked tables of a package into a dataset, and finds what only a dataset can have wrong.
struct SnapshotReader {
  let layout: DatasetLayout
  let parts: DatasetParts
  let package: Package
  var problems = ProblemList()

  private var dimensions: [Dimension] = []
  private(set) var missingReasons: [MissingReason] = []

  init(layout: DatasetLayout, parts: DatasetParts, package: Package) {
    self.layout = layout
    self.parts = parts
    self.package = package
  }

  /// Nil when there are problems.
  mutating func read() -> SnapshotContents? {
    do {
      dimensions = try layout.dimensions.map { field throws(FileChanged) in try readDimension(field) }
      missingReasons = layout.measure.missingValues.map { MissingReason(value: $0.value, label: $0.label) }
      let caveats = try readCaveats()
      let statedTotals = try readStatedTotals()
      guard let observations = try readObservations() else { return nil }
      return SnapshotContents(
        dimensions: dimensions, measure: measure, missingReasons: missingReasons, schemes: try readSchemes(),
        caveats: caveats, statedTotals: statedTotals, discrepancies: try readDiscrepancies(),
        printedTables: try readPrintedTables(), observations: observations)
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

  // MARK: - Observations

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

  private mutating func readObservations() throws(FileChanged) -> ObservationList? {
    guard let table = table(layout.observations), let measure = table.integers(layout.measure.index) else { return nil }
    var codes: [CodeColumn] = []
    for dimension in layout.dimensions {
      guard let column = table.rowsReferred(byForeignKey: dimension.foreignKey) else {
        problems.append(
          Problem(
            file: dimension.codeList.displayPath,
            message: "the file is too large to be the code list of the dimension \"\(dimension.field.name)\""))
        continue
      }
      codes.append(column)
    }
    guard codes.count == layout.dimensions.count else { return nil }
    let columns = ObservationColumns(
      count: table.rowCount, dimensions: codes, shape: dimensions.map(\.codes.count), measure: measure,
      roles: layout.role.flatMap { table.codes($0.index) }, reasonCount: layout.measure.missingValues.count)
    let wholes = layout.partOf.map { table.sparseRowsReferred(byForeignKey: $0) } ?? [:]
    return ObservationList(
      columns: columns, caveatIndex: CaveatIndex(caveatPairs(), columns: columns), table: table,
      fields: ObservationList.TextFields(
        id: layout.id?.index, measure: layout.measure.index, locus: layout.locus?.index, quote: layout.quote?.index),
      wholes: wholes)
  }

  private func caveatPairs() -> [(row: Int, caveat: Int)] {
    guard let part = parts.observationCaveats, let table = table(part.resource), let caveats = parts.caveats,
      let observation = part.reference("observation", to: layout.observations),
      let caveat = part.reference("caveat", to: caveats.resource)
    else { return [] }
    return (0..<table.rowCount).compactMap { row in
      guard let target = table.rowReferred(byForeignKey: observation, inRow: row),
        let caveat = table.rowReferred(byForeignKey: caveat, inRow: row)
      else { return nil }
      return (target, caveat)
    }
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
    let (blocs, blocIndexes) = try readBlocs(schemeCount: table.rowCount)
    let members = try readMembers(schemeCount: table.rowCount, blocIndexes: blocIndexes)
    let asOf = part.field("as_of")
    let basis = part.field("basis")
    var schemes: [Scheme] = []
    try table.forEachRow { index, row in
      schemes.append(
        Scheme(
          id: row[id] ?? "", title: row[title] ?? row[id] ?? "", asOf: asOf.flatMap { row[$0] },
          basis: basis.flatMap { row[$0] }, blocs: blocs[index], blocOfPlace: members[index].map(\.bloc),
          basisOfPlace: members[index].map(\.basis)))
    }
    return schemes
  }

  /// The blocs of each scheme, and where each id is among them.
  private func readBlocs(
    schemeCount: Int
  ) throws(FileChanged) -> (blocs: [[Scheme.Bloc]], indexes: [[String: Int]]) {
    var blocs = [[Scheme.Bloc]](repeating: [], count: schemeCount)
    var indexes = [[String: Int]](repeating: [:], count: schemeCount)
    guard let part = parts.blocs, let table = table(part.resource), let schemes = parts.schemes,
      let reference = part.reference("scheme", to: schemes.resource), let id = part.field("id")
    else { return (blocs, indexes) }
    let label = part.field(layout.configuration.label?.value ?? "name")
    try table.forEachRow { index, row in
      guard let scheme = table.rowReferred(byForeignKey: reference, inRow: index) else { return }
      let blocID = row[id] ?? ""
      indexes[scheme][blocID] = blocs[scheme].count
      blocs[scheme].append(Scheme.Bloc(id: blocID, name: label.flatMap { row[$0] } ?? blocID))
    }
    return (blocs, indexes)
  }

  private mutating func readMembers(
    schemeCount: Int, blocIndexes: [[String: Int]]
  ) throws(FileChanged) -> [[(bloc: Int?, basis: String?)]] {
    let none: (bloc: Int?, basis: String?) = (nil, nil)
    let places = dimensions[layout.place].codes.count
    var members = [[(bloc: Int?, basis: String?)]](repeating: Array(repeating: none, count: places), count: schemeCount)
    let place = layout.dimensions[layout.place]
    guard let part = parts.blocMembers, let table = table(part.resource), let schemes = parts.schemes,
      let schemeReference = part.reference("scheme", to: schemes.resource),
      let placeReference = part.reference(place.field.name, to: place.codeList), let bloc = part.field("bloc")
    else { return members }
    let basis = part.field("basis")
    var rows: [(bloc: String?, basis: String?)] = []
    try table.forEachRow { _, row in rows.append((row[bloc], basis.flatMap { row[$0] })) }
    for (index, row) in rows.enumerated() {
      guard let scheme = table.rowReferred(byForeignKey: schemeReference, inRow: index),
        let place = table.rowReferred(byForeignKey: placeReference, inRow: index), let id = row.bloc
      else { continue }
      guard let bloc = blocIndexes[scheme][id] else {
        let hint = didYouMean(id, among: blocIndexes[scheme].keys.sorted())
        report(part.resource, row: index, field: "bloc", "the scheme has no bloc \"\(id)\"\(hint)")
        continue
      }
      members[scheme][place] = (bloc, row.basis)
    }
    return members
  }

  // MARK: - Discrepancies

  private func readDiscrepancies() throws(FileChanged) -> [Discrepancy] {
    guard let part = parts.discrepancies, let table = table(part.resource), let id = part.field("id"),
      let title = part.field("title")
    else { return [] }
    let (statements, differences) = discrepancyStatements(count: table.rowCount)
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
  ) -> (statements: [[Discrepancy.Statement]], differences: [[Int: Int64]]?) {
    var statements = [[Discrepancy.Statement]](repeating: [], count: count)
    guard let part = parts.discrepancyStatements, let table = table(part.resource),
      let discrepancies = parts.discrepancies,
      let reference = part.reference("discrepancy", to: discrepancies.resource)
    else { return (statements, nil) }
    let told = part.field("difference").flatMap { table.integers($0) }
    var differences = told.map { _ in [[Int: Int64]](repeating: [:], count: count) }
    let observation = part.reference("observation", to: layout.observations)
    let total = parts.statedTotals.flatMap { part.reference("stated_total", to: $0.resource) }
    for row in 0..<table.rowCount {
      guard let discrepancy = table.rowReferred(byForeignKey: reference, inRow: row) else { continue }
      if let observation = observation.flatMap({ table.rowReferred(byForeignKey: $0, inRow: row) }) {
        statements[discrepancy].append(.observation(observation))
      }
      if let total = total.flatMap({ table.rowReferred(byForeignKey: $0, inRow: row) }) {
        statements[discrepancy].append(.statedTotal(total))
        if let told, told.reason(ofRow: row) == 0 { differences?[discrepancy][total] = told[row] }
      }
    }
    return (statements, differences)
  }
}
