package import Base
import JSON
package import TabularPackage

/// What a model consists of, apart from the names that come straight from the descriptor.
package struct ModelContents {
  package let dimensions: [Dimension]
  let timeIndex: Int?
  package let measureIndex: Int?
  package let measures: [Measure]
  let panel: [Int]
  package let missingReasons: [MissingReason]
  let schemes: [Scheme]
  let caveats: [Caveat]
  package var statedTotals: [StatedTotal]
  let discrepancies: [Discrepancy]
  let printedTables: [PrintedTable]
  let observationFields: ObservationFields
  /// The codes of sources that count before others.
  let preferredSources: [Int]
}

/// Turns the checked tables of a package into the model of a dataset, and finds what only a dataset can have wrong.
package struct ModelReader {
  let layout: DatasetLayout
  let parts: DatasetParts
  let package: Package
  package internal(set) var problems = ProblemList()

  var dimensions: [Dimension] = []
  var missingReasons: [MissingReason] = []
  var measures: [Measure] = []

  package init(layout: DatasetLayout, parts: DatasetParts, package: Package) {
    self.layout = layout
    self.parts = parts
    self.package = package
  }

  /// Nil when there are problems.
  package mutating func read() -> ModelContents? {
    do {
      for field in layout.dimensions { dimensions.append(try readDimension(field)) }
      let measureIndex = appendMeasureDimension()
      readMissingReasons()
      measures = readMeasures(measureIndex: measureIndex)
      if measures.isEmpty { return nil }
      let caveats = try readCaveats()
      let schemes = try readSchemes()
      let statedTotals = try readStatedTotals(schemes)
      let contents = ModelContents(
        dimensions: dimensions, timeIndex: layout.time, measureIndex: measureIndex, measures: measures,
        panel: readPanel(), missingReasons: missingReasons, schemes: schemes, caveats: caveats,
        statedTotals: statedTotals, discrepancies: try readDiscrepancies(), printedTables: try readPrintedTables(),
        observationFields: observationFields, preferredSources: readPreferredSources())
      return problems.isEmpty ? contents : nil
    } catch {
      problems.append(Problem(file: error.path, message: "the file changed while it was being read"))
      return nil
    }
  }

  func table(_ resource: Resource?) -> Table? { resource.flatMap { package.tables[$0.name] } }

  mutating func report(_ resource: Resource, row: Int, field: String, _ message: String) {
    let position = Problem.Position.row(number(ofRow: row, of: resource), field: field)
    problems.append(Problem(file: resource.displayPath, position: position, message: message))
  }

  /// As people count rows: from 1, and the header is one.
  func number(ofRow row: Int, of resource: Resource) -> Int { row + (resource.dialect.hasHeader ? 2 : 1) }

  mutating func report(_ name: Located<String>, _ message: String, details: [String] = []) {
    problems.append(name.problem(message, details: details))
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
        // A row that gives several numbers is named with all of them.
        let names = layout.measures.count > 1 ? measures.filter { $0.ratio == nil }.map { "\(key)/\($0.name)" } : [key]
        statements[discrepancy] += names.map { .observation(ObservationKey($0)) }
      }
      if let total = total.flatMap({ table.rowReferred(byForeignKey: $0, inRow: row) }) {
        statements[discrepancy].append(.statedTotal(total))
        if let told, told.reason(ofRow: row) == 0 { differences?[discrepancy][total] = told[row] }
      }
    }
    return (statements, differences)
  }
}
