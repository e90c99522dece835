package import Base
package import TabularPackage

/// The tables beside the observations: classifications, stated totals, caveats, the ledger of discrepancies and
/// the layout of printed tables.
package struct DatasetParts {
  /// A table with the fields that its part needs.
  package struct Part {
    package let resource: Resource
    package let schema: Schema
    /// Fields without which a row says nothing.
    package let requiredFields: Set<String>

    package func field(_ name: String) -> Int? { schema.field(name)?.index }

    /// The foreign key of one field to the key of another table.
    package func reference(_ field: String, to resource: Resource) -> Int? {
      guard let index = self.field(field) else { return nil }
      return schema.foreignKeys.firstIndex { key in
        key.fields == [index] && key.resource == resource.index
          && key.referencedFields == resource.schema?.primaryKey
      }
    }
  }

  package private(set) var schemes: Part?
  package private(set) var groups: Part?
  package private(set) var groupMembers: Part?
  package private(set) var statedTotals: Part?
  package private(set) var statedTotalScopes: Part?
  package private(set) var caveats: Part?
  package private(set) var observationCaveats: Part?
  package private(set) var discrepancies: Part?
  package private(set) var discrepancyStatements: Part?
  package private(set) var printedTables: Part?
  package private(set) var printedTableRows: Part?
  package private(set) var printedTableColumns: Part?

  package var all: [Part] {
    [
      schemes, groups, groupMembers, statedTotals, statedTotalScopes, caveats, observationCaveats, discrepancies,
      discrepancyStatements, printedTables, printedTableRows, printedTableColumns,
    ].compactMap { $0 }
  }

  package init(_ layout: DatasetLayout, into problems: inout ProblemList) {
    let names = layout.configuration
    let place = layout.dimensions[layout.place]
    var finder = PartFinder(layout: LayoutFinder(descriptor: layout.descriptor))
    schemes = finder.part(names.schemes, usually: "schemes", key: ["id"], fields: ["title"])
    groups = finder.part(names.groups, usually: "blocs", key: ["scheme", "id"], fields: [])
    groupMembers = finder.part(
      names.groupMembers, usually: "bloc_members", key: ["scheme", place.field.name], fields: ["bloc"])
    statedTotals = finder.part(
      names.statedTotals, usually: "stated_totals", key: ["id"], fields: [], integers: [layout.measure.name])
    statedTotalScopes = finder.part(
      names.statedTotalScopes, usually: "stated_total_scopes", key: nil, fields: ["stated_total", "dimension", "code"])
    caveats = finder.part(names.caveats, usually: "caveats", key: ["id"], fields: ["text"])
    observationCaveats = finder.part(
      names.observationCaveats, usually: "observation_caveats", key: nil, fields: ["observation", "caveat"])
    discrepancies = finder.part(names.discrepancies, usually: "discrepancies", key: ["id"], fields: ["title"])
    discrepancyStatements = finder.part(
      names.discrepancyStatements, usually: "discrepancy_statements", key: nil, fields: ["discrepancy"],
      optionalIntegers: ["difference"])
    findPrintedTables(layout, &finder)

    finder.require(groups, "scheme", toReferTo: schemes?.resource, "schemes")
    finder.require(groupMembers, "scheme", toReferTo: schemes?.resource, "schemes")
    finder.require(groupMembers, place.field.name, toReferTo: place.codeList, place.codeList.name)
    if groupMembers != nil, groups == nil { finder.layout.report("there are members of blocs, but no blocs") }
    finder.require(statedTotalScopes, "stated_total", toReferTo: statedTotals?.resource, "stated totals")
    finder.require(observationCaveats, "observation", toReferTo: layout.observations, layout.observations.name)
    finder.require(observationCaveats, "caveat", toReferTo: caveats?.resource, "caveats")
    finder.require(discrepancyStatements, "discrepancy", toReferTo: discrepancies?.resource, "discrepancies")
    if discrepancyStatements?.field("observation") != nil {
      finder.require(discrepancyStatements, "observation", toReferTo: layout.observations, layout.observations.name)
    }
    if discrepancyStatements?.field("stated_total") != nil {
      finder.require(discrepancyStatements, "stated_total", toReferTo: statedTotals?.resource, "stated totals")
    }
    problems.append(contentsOf: finder.layout.problems)
  }

  private mutating func findPrintedTables(_ layout: DatasetLayout, _ finder: inout PartFinder) {
    let names = layout.configuration
    let place = layout.dimensions[layout.place]
    let breakdown = layout.dimensions[layout.breakdown]
    let source = layout.source.map { layout.dimensions[$0] }
    printedTables = finder.part(
      names.printedTables, usually: "printed_tables", key: ["id"], fields: [source?.field.name].compactMap(\.self))
    printedTableRows = finder.part(
      names.printedTableRows, usually: "printed_table_rows", key: nil, fields: ["table", place.field.name])
    printedTableColumns = finder.part(
      names.printedTableColumns, usually: "printed_table_columns", key: nil, fields: ["table", breakdown.field.name])
    if let source {
      finder.require(printedTables, source.field.name, toReferTo: source.codeList, source.codeList.name)
    } else if let printedTables {
      finder.layout.report(
        "the resource \"\(printedTables.resource.name)\" needs a dimension that is the source; the configuration names it "
          + "with \"source\"")
    }
    for (part, dimension) in [(printedTableRows, place), (printedTableColumns, breakdown)] {
      finder.require(part, "table", toReferTo: printedTables?.resource, "printed tables")
      finder.require(part, dimension.field.name, toReferTo: dimension.codeList, dimension.codeList.name)
    }
  }
}

private struct PartFinder {
  var layout: LayoutFinder

  /// A table that has what its part needs.
  mutating func part(
    _ name: Located<String>?, usually usual: String, key: [String]?, fields: [String], integers: [String] = [],
    optionalIntegers: [String] = []
  ) -> DatasetParts.Part? {
    guard let (resource, schema) = layout.table(name, usually: usual) else { return nil }
    let before = layout.problems.total
    for field in (key ?? []) + fields + integers where schema.field(field) == nil {
      let hint = didYouMean(field, among: schema.fields.map(\.name))
      layout.report("the resource \"\(resource.name)\" needs a field \"\(field)\"\(hint)")
    }
    for name in integers + optionalIntegers {
      guard let field = schema.field(name), field.type != .integer else { continue }
      layout.report("the field \"\(name)\" of \"\(resource.name)\" must be an integer")
    }
    if let key, layout.problems.total == before, Set(schema.primaryKey.map { schema.fields[$0].name }) != Set(key) {
      layout.report("the primary key of \"\(resource.name)\" must be \(key.joined(separator: ", "))")
    }
    return layout.problems.total == before
      ? DatasetParts.Part(resource: resource, schema: schema, requiredFields: Set((key ?? []) + fields)) : nil
  }

  mutating func require(_ part: DatasetParts.Part?, _ field: String, toReferTo target: Resource?, _ name: String) {
    guard let part else { return }
    guard let target else {
      return layout.report("the resource \"\(part.resource.name)\" needs \(name), which the package lacks")
    }
    if part.reference(field, to: target) == nil {
      layout.report(
        "the field \"\(field)\" of \"\(part.resource.name)\" needs a foreign key to the primary key of "
          + "\"\(target.name)\"")
    }
  }
}
