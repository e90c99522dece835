package import Base
package import TabularPackage

/// The tables beside the observations that a package has, each with what `DatasetTable` demands.
package struct DatasetParts {
  /// A table with the fields that its part needs.
  package struct Part {
    package let resource: Resource
    package let schema: Schema
    /// Fields without which a row says nothing.
    package fileprivate(set) var requiredFields: Set<String>
    /// What the fields are called that `DatasetTable` knows.
    fileprivate let knownFields: Set<String>

    /// Of a field that is among those of the `DatasetTable`; nil where this table has none of that name.
    package func field(_ name: String) -> Int? {
      assert(knownFields.contains(name), "\(name) of \(resource.name) is read, but not declared")
      return schema.field(name)?.index
    }

    /// The foreign key of one field to the key of another table.
    package func reference(_ field: String, to resource: Resource) -> Int? {
      guard let index = self.field(field) else { return nil }
      return schema.foreignKeys.firstIndex { key in
        key.fields == [index] && key.resource == resource.index
          && key.referencedFields == resource.schema?.primaryKey
      }
    }
  }

  private var parts: [DatasetTable: Part] = [:]

  package var schemes: Part? { parts[.schemes] }
  package var groups: Part? { parts[.blocs] }
  package var groupMembers: Part? { parts[.blocMembers] }
  package var statedTotals: Part? { parts[.statedTotals] }
  package var statedTotalScopes: Part? { parts[.statedTotalScopes] }
  package var caveats: Part? { parts[.caveats] }
  package var observationCaveats: Part? { parts[.observationCaveats] }
  package var discrepancies: Part? { parts[.discrepancies] }
  package var discrepancyStatements: Part? { parts[.discrepancyStatements] }
  package var printedTables: Part? { parts[.printedTables] }
  package var printedTableRows: Part? { parts[.printedTableRows] }
  package var printedTableColumns: Part? { parts[.printedTableColumns] }

  package var all: [Part] { DatasetTable.allCases.compactMap { parts[$0] } }

  package init(_ layout: DatasetLayout, into problems: inout ProblemList) {
    var finder = PartFinder(of: layout)
    // Measures that are fields have no code list that a printed table could refer to.
    let skipped: Set<DatasetTable> =
      layout.dimensions.indices.contains(layout.breakdown)
      ? [] : [.printedTables, .printedTableRows, .printedTableColumns]
    let tables = DatasetTable.allCases.filter { !skipped.contains($0) }
    for table in tables { parts[table] = finder.part(table) }
    for table in tables {
      finder.requireReferences(of: table, parts)
      if table == .blocMembers, groupMembers != nil, groups == nil {
        finder.report("there are members of blocs, but no blocs")
      }
    }
    problems.append(contentsOf: finder.problems)
  }
}

private struct PartFinder {
  private let layout: DatasetLayout
  private var finder: LayoutFinder

  init(of layout: DatasetLayout) {
    self.layout = layout
    finder = LayoutFinder(descriptor: layout.descriptor)
  }

  var problems: ProblemList { finder.problems }

  mutating func report(_ message: String) { finder.report(message) }

  /// A table that has what its part needs; nil where the package has none.
  mutating func part(_ table: DatasetTable) -> DatasetParts.Part? {
    let configured = layout.configuration[keyPath: table.configurationPath]
    guard let (resource, schema) = finder.table(configured, usually: table.rawValue) else { return nil }
    let before = problems.total
    var key: [String] = []
    var required: Set<String> = []
    for field in table.fields {
      let names = names(of: field)
      let other = substitutes(of: field, in: table, schema).first
      switch field.use {
      case .key:
        guard let name = other.flatMap({ self.names(of: $0).first }) ?? names.first else { continue }
        key.append(name)
        required.insert(name)
        if other == nil { demand(names, in: resource, schema) }
      case .furtherKey:
        // What is so from a day on may be told apart by that day, or by anything else that is read.
        guard let name = names.first, schema.field(name) != nil else { continue }
        let known = Set(table.fields.flatMap { self.names(of: $0) })
        key += schema.primaryKey.map { schema.fields[$0].name }.filter { known.contains($0) && !key.contains($0) }
      case .required:
        if other != nil { continue }
        demand(names, in: resource, schema)
        // Of several measures a row may have some.
        if field.content == .text { required.formUnion(names) }
      case .optional, .instead: break
      }
      checkType(field, names, in: resource, schema)
    }
    if !key.isEmpty, problems.total == before, Set(schema.primaryKey.map { schema.fields[$0].name }) != Set(key) {
      report("the primary key of \"\(resource.name)\" must be \(key.joined(separator: ", "))")
    }
    if problems.total > before { return nil }
    return DatasetParts.Part(
      resource: resource, schema: schema, requiredFields: required,
      knownFields: Set(table.fields.flatMap { names(of: $0) }))
  }

  /// At least one of the fields.
  private mutating func demand(_ names: [String], in resource: Resource, _ schema: Schema) {
    guard let first = names.first, !names.contains(where: { schema.field($0) != nil }) else { return }
    let hint = didYouMean(first, among: schema.fields.map(\.name))
    report("the resource \"\(resource.name)\" needs a field \"\(first)\"\(hint)")
  }

  private mutating func checkType(
    _ field: DatasetTable.Field, _ names: [String], in resource: Resource, _ schema: Schema
  ) {
    let types: [FieldType]
    switch field.content {
    case .integer: types = [.integer]
    case .number: types = [.integer, .number]
    case .text, .wholeNumber, .day: return
    }
    for name in names {
      guard let field = schema.field(name), !types.contains(field.type) else { continue }
      report("the field \"\(name)\" of \"\(resource.name)\" must be an integer")
    }
  }

  // MARK: - What fields are called

  /// As this dataset calls the field; several for measures, none where the dataset has nothing of the kind.
  private func names(of field: DatasetTable.Field) -> [String] {
    let configuration = layout.configuration
    switch field.name {
    case .named(let name): return [name]
    case .place, .breakdown, .indicator: return dimension(field.name).map { [$0.field.name] } ?? []
    case .source:
      // Totals name their source, too, where observations have no dimension of it.
      if let source = dimension(.source) { return [source.field.name] }
      return field.reference == nil ? [configuration.source?.value ?? "source"] : []
    case .measure: return layout.measures.map(\.field.name)
    case .locus: return [configuration.locus?.value ?? "locus"]
    case .quote: return [configuration.quote?.value ?? "quote"]
    case .label: return [configuration.label?.value ?? "name"]
    }
  }

  private func dimension(_ name: DatasetTable.Name) -> DatasetLayout.DimensionField? {
    let index: Int? =
      switch name {
      case .place: layout.place
      case .breakdown: layout.breakdown
      case .source: layout.source
      case .indicator: layout.indicator
      case .named, .measure, .locus, .quote, .label: nil
      }
    return index.flatMap { layout.dimensions.indices.contains($0) ? layout.dimensions[$0] : nil }
  }

  /// The fields that the table has in the place of another: where that is in the key, only where it is not there.
  private func substitutes(
    of field: DatasetTable.Field, in table: DatasetTable, _ schema: Schema
  ) -> [DatasetTable.Field] {
    if field.use == .key, names(of: field).contains(where: { schema.field($0) != nil }) { return [] }
    return table.fields.filter { other in
      other.replaces(field) && names(of: other).contains { schema.field($0) != nil }
    }
  }

  // MARK: - Foreign keys

  mutating func requireReferences(of table: DatasetTable, _ parts: [DatasetTable: DatasetParts.Part]) {
    guard let part = parts[table] else { return }
    for field in table.fields {
      guard let reference = field.reference else { continue }
      guard let name = names(of: field).first else {
        // What the configuration does not name.
        report(
          "the resource \"\(part.resource.name)\" needs a dimension that is the source; the configuration names it "
            + "with \"source\"")
        continue
      }
      let isReplaced = table.fields.contains { other in
        other.replaces(field) && names(of: other).contains { part.field($0) != nil }
      }
      if isReplaced || part.field(name) == nil { continue }
      switch reference {
      case .table(let target): require(part, name, toReferTo: parts[target]?.resource, target.words)
      case .observations: require(part, name, toReferTo: layout.observations, layout.observations.name)
      case .codeList:
        guard let dimension = dimension(field.name) else { continue }
        if let list = dimension.codeList {
          require(part, name, toReferTo: list, list.name)
        } else {
          report("\(table.words) need a code list of the dimension \"\(name)\", which has none")
        }
      }
    }
  }

  private mutating func require(
    _ part: DatasetParts.Part, _ field: String, toReferTo target: Resource?, _ name: String
  ) {
    guard let target else {
      return report("the resource \"\(part.resource.name)\" needs \(name), which the package lacks")
    }
    if part.reference(field, to: target) == nil {
      report(
        "the field \"\(field)\" of \"\(part.resource.name)\" needs a foreign key to the primary key of "
          + "\"\(target.name)\"")
    }
  }
}
