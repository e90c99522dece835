internal import Base
internal import Model
internal import TabularPackage

/// Takes the observations out of the checked tables of a package.
struct ObservationReader {
  private let layout: DatasetLayout
  private let parts: DatasetParts
  private let package: Package
  private(set) var problems = ProblemList()

  init(layout: DatasetLayout, parts: DatasetParts, package: Package) {
    self.layout = layout
    self.parts = parts
    self.package = package
  }

  /// Nil when there are problems.
  mutating func read() -> ObservationStore? {
    guard let table = package.tables[layout.observations.name], let measure = table.integers(layout.measure.index)
    else { return nil }
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
    guard problems.isEmpty else { return nil }
    let shape = layout.dimensions.map { package.tables[$0.codeList.name]?.rowCount ?? 0 }
    let columns = ObservationColumns(
      count: table.rowCount, dimensions: codes, shape: shape, measure: measure,
      roles: layout.role.flatMap { table.codes($0.index) }, reasonCount: layout.measure.missingValues.count)
    return ObservationStore(
      columns: columns, caveatIndex: CaveatIndex(caveatPairs(), columns: columns),
      texts: ObservationTexts(
        table: table, id: layout.id?.index, measure: layout.measure.index, locus: layout.locus?.index,
        quote: layout.quote?.index),
      wholes: layout.partOf.map { table.sparseRowsReferred(byForeignKey: $0) } ?? [:], rowsInLedger: rowsInLedger())
  }

  private func caveatPairs() -> [(row: Int, caveat: Int)] {
    guard let part = parts.observationCaveats, let table = package.tables[part.resource.name],
      let caveats = parts.caveats, let observation = part.reference("observation", to: layout.observations),
      let caveat = part.reference("caveat", to: caveats.resource)
    else { return [] }
    return (0..<table.rowCount).compactMap { row in
      guard let target = table.rowReferred(byForeignKey: observation, inRow: row),
        let caveat = table.rowReferred(byForeignKey: caveat, inRow: row)
      else { return nil }
      return (target, caveat)
    }
  }

  /// The rows of the observations that the ledger of discrepancies names, ascending, each once.
  private func rowsInLedger() -> [Int] {
    guard let part = parts.discrepancyStatements, let table = package.tables[part.resource.name],
      let observation = part.reference("observation", to: layout.observations)
    else { return [] }
    let rows = (0..<table.rowCount).compactMap { table.rowReferred(byForeignKey: observation, inRow: $0) }
    return Set(rows).sorted()
  }
}
