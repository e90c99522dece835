package import Base
package import TabularPackage

/// Which resources and fields of a package play which part, by the configuration and by the usual names.
package struct DatasetLayout {
  package let configuration: DatasetConfiguration
  package let descriptor: PackageDescriptor
  package let observations: Resource
  package let schema: Schema
  package let dimensions: [DimensionField]
  package let place: Int
  package let breakdown: Int
  package let source: Int?
  /// The periods; nil where the observations have none.
  package let time: Int?
  /// The dimension whose codes are measures; nil where fields are.
  package let indicator: Int?
  /// The fields with numbers: one, or several of which each row gives one observation each.
  package let measures: [MeasureField]
  package let role: Field?
  package let locus: Field?
  package let quote: Field?
  /// The foreign key to the observation that another is a part of.
  package let partOf: Int?
  /// The key of an observation when it is one field.
  package let id: Field?

  /// The name of the dimension that tells the measures of several fields apart; it stands behind the others.
  package static let measureDimension = "measure"

  package struct DimensionField {
    package let field: Field
    /// The index among the foreign keys of the observations, and the list; nil for a field that has its own codes.
    package let list: (foreignKey: Int, codeList: Resource)?

    package var codeList: Resource? { list?.codeList }
  }

  /// A field with numbers, and the fields with the bounds of those that are estimates.
  package struct MeasureField {
    package let field: Field
    package let bounds: (lower: Field, upper: Field)?
    package let configuration: MeasureConfiguration?
  }

  /// Nil when something is missing, which is then among the problems.
  package init?(
    _ configuration: DatasetConfiguration, _ descriptor: PackageDescriptor, into problems: inout ProblemList
  ) {
    self.configuration = configuration
    self.descriptor = descriptor
    var finder = LayoutFinder(descriptor: descriptor)
    defer { problems.append(contentsOf: finder.problems) }
    guard let (observations, schema) = finder.table(configuration.observations, usually: "observations") else {
      if configuration.observations == nil {
        finder.report("the package has no resource \"observations\", and the configuration names no other")
      }
      return nil
    }
    self.observations = observations
    self.schema = schema
    // What is wrong with them is told behind what is wrong with the dimensions, of which they are none.
    var fields = LayoutFinder(descriptor: descriptor)
    let measures = fields.measures(configuration, in: schema, of: observations)
    self.measures = measures
    role = fields.textField(configuration.role, usually: "role", in: schema, of: observations)
    locus = fields.field(configuration.locus, usually: "locus", in: schema, of: observations)
    quote = fields.field(configuration.quote, usually: "quote", in: schema, of: observations)
    id = schema.primaryKey.count == 1 ? schema.fields[schema.primaryKey[0]] : nil
    var others = Set([role, locus, quote, id].compactMap { $0?.index })
    for measure in measures {
      others.formUnion([measure.field, measure.bounds?.lower, measure.bounds?.upper].compactMap { $0?.index })
    }
    let dimensions = Self.dimensions(of: observations, schema, in: descriptor, configuration, without: others)
    self.dimensions = dimensions
    let place = finder.dimension(configuration.place, among: dimensions, of: observations)
    let breakdown =
      measures.count > 1 && configuration.breakdown.value == Self.measureDimension
      ? dimensions.count : finder.dimension(configuration.breakdown, among: dimensions, of: observations)
    if let place, place == breakdown {
      finder.report(configuration.breakdown, "the place and the breakdown are the same dimension")
    }
    source = finder.source(configuration.source, among: dimensions, of: observations)
    time = finder.time(configuration.time, among: dimensions, of: observations)
    indicator = configuration.indicator.flatMap { finder.dimension($0, among: dimensions, of: observations) }
    finder.problems.append(contentsOf: fields.problems)
    finder.checkLabel(configuration.label, in: dimensions)
    partOf = schema.foreignKeys.firstIndex { $0.resource == observations.index && $0.fields.count == 1 }
    guard let place, let breakdown, !measures.isEmpty, finder.problems.isEmpty else { return nil }
    self.place = place
    self.breakdown = breakdown
  }

  /// The index of the field of a code list with the names of its codes.
  package func label(in schema: Schema) -> Int? {
    if let label = configuration.label { return schema.field(label.value)?.index }
    return (schema.field("name") ?? schema.field("title"))?.index
  }

  /// A dimension is a field with a foreign key of its own to the key of a code list, or a field whose own type lists or
  /// orders its codes. The source may be any text.
  private static func dimensions(
    of observations: Resource, _ schema: Schema, in descriptor: PackageDescriptor, _ names: DatasetConfiguration,
    without others: Set<Int>
  ) -> [DimensionField] {
    schema.fields.compactMap { field in
      let foreignKey = schema.foreignKeys.firstIndex { key in
        key.fields == [field.index] && key.resource != observations.index
          && descriptor.resources[key.resource].schema?.primaryKey == key.referencedFields
      }
      if let foreignKey {
        let codeList = descriptor.resources[schema.foreignKeys[foreignKey].resource]
        return DimensionField(field: field, list: (foreignKey, codeList))
      }
      if others.contains(field.index) { return nil }
      let isSource = field.type == .string && field.name == names.source?.value ?? "source"
      return isSource || field.hasOwnCodes ? DimensionField(field: field, list: nil) : nil
    }
  }

  /// What to keep of the tables while they are read.
  package func requests(for parts: DatasetParts) -> [String: TableRequest] {
    var request = TableRequest()
    for measure in measures {
      request.decimals[measure.field.name] = .some(decimals(of: measure))
      for bound in [measure.bounds?.lower, measure.bounds?.upper].compactMap(\.self) {
        request.decimals[bound.name] = .some(decimals(of: measure))
      }
    }
    request.required = Set(dimensions.map(\.field.name))
    request.openVocabularies = Set(dimensions.filter { $0.list == nil }.map(\.field.name))
    if let role {
      request.vocabularies[role.name] = Role.allCases.map(\.name)
      request.required.insert(role.name)
    }
    var requests = [observations.name: request]
    for part in parts.all {
      requests[part.resource.name, default: TableRequest()].required.formUnion(part.requiredFields)
    }
    if let totals = parts.statedTotals {
      for measure in measures where totals.field(measure.field.name) != nil {
        requests[totals.resource.name, default: TableRequest()].decimals[measure.field.name] =
          .some(decimals(of: measure))
      }
    }
    if let statements = parts.discrepancyStatements, statements.field("difference") != nil {
      requests[statements.resource.name, default: TableRequest()].integers.insert("difference")
    }
    return requests
  }

  /// What the numbers of a field are read with; nil for as many as they need.
  private func decimals(of measure: MeasureField) -> Int? {
    if indicator == nil { return measure.configuration?.decimals ?? (measure.field.type == .integer ? 0 : nil) }
    return nil
  }
}

extension Field {
  /// Whether the field's own type lists or orders its values, so that it needs no code list.
  fileprivate var hasOwnCodes: Bool {
    switch type {
    case .year, .yearmonth, .date: true
    case .string: hasClosedList
    case .integer, .number, .boolean, .any: false
    }
  }

  /// Whether it is a text with periods in the order of time.
  package var isPeriod: Bool { type == .year || type == .yearmonth || type == .date }
}

/// Finds resources and fields by name, and says what is wrong with a name where it was written.
struct LayoutFinder {
  let descriptor: PackageDescriptor
  var problems = ProblemList()

  init(descriptor: PackageDescriptor) { self.descriptor = descriptor }

  mutating func report(_ message: String) { problems.append(Problem(file: descriptor.path, message: message)) }

  mutating func report(_ name: Located<String>, _ message: String) { problems.append(name.problem(message)) }

  /// A table by its configured name, or by its usual one if there is such a table.
  mutating func table(_ name: Located<String>?, usually usual: String) -> (Resource, Schema)? {
    guard let name else {
      guard let resource = descriptor.resource(usual), let schema = resource.schema else { return nil }
      return (resource, schema)
    }
    guard let resource = descriptor.resource(name.value) else {
      let known = descriptor.resources.map(\.name)
      report(name, "the package has no resource \"\(name.value)\"\(didYouMean(name.value, among: known))")
      return nil
    }
    guard let schema = resource.schema else {
      report(name, "the resource \"\(name.value)\" is not a table")
      return nil
    }
    return (resource, schema)
  }

  mutating func dimension(
    _ name: Located<String>, among dimensions: [DatasetLayout.DimensionField], of resource: Resource
  ) -> Int? {
    if let index = dimensions.firstIndex(where: { $0.field.name == name.value }) { return index }
    let known = dimensions.map(\.field.name)
    let hint = didYouMean(name.value, among: known)
    if resource.schema?.field(name.value) != nil {
      report(name, "the field \"\(name.value)\" is no dimension: it has no foreign key to the key of a code list")
    } else {
      report(name, "\"\(resource.name)\" has no dimension \"\(name.value)\"\(hint)")
    }
    return nil
  }

  /// The dimension of that name, or the usual one if there is such a dimension.
  mutating func source(
    _ name: Located<String>?, among dimensions: [DatasetLayout.DimensionField], of resource: Resource
  ) -> Int? {
    guard let name else { return dimensions.firstIndex { $0.field.name == "source" } }
    return dimension(name, among: dimensions, of: resource)
  }

  /// The fields with numbers, of which there is at least one unless there is a problem.
  mutating func measures(
    _ configuration: DatasetConfiguration, in schema: Schema, of resource: Resource
  ) -> [DatasetLayout.MeasureField] {
    let said = configuration.measures
    var wanted: [(name: Located<String>, said: MeasureConfiguration?)] = []
    if let measure = configuration.measure {
      wanted.append((measure, said.first { ($0.field ?? $0.name).value == measure.value }))
    }
    if configuration.indicator == nil {
      for measure in said where measure.ratioOf == nil {
        let name = measure.field ?? measure.name
        if !wanted.contains(where: { $0.name.value == name.value }) { wanted.append((name, measure)) }
      }
    }
    if wanted.isEmpty {
      report(configuration.package, "the dataset names no measure: write measure: the field with the numbers")
    }
    return wanted.compactMap { name, said in
      guard let field = measure(name, in: schema, of: resource) else { return nil }
      var bounds: (lower: Field, upper: Field)?
      if let uncertain = said?.uncertain {
        guard let lower = measure(uncertain.lower, in: schema, of: resource),
          let upper = measure(uncertain.upper, in: schema, of: resource)
        else { return nil }
        bounds = (lower, upper)
      }
      return DatasetLayout.MeasureField(field: field, bounds: bounds, configuration: said)
    }
  }

  private mutating func measure(_ name: Located<String>, in schema: Schema, of resource: Resource) -> Field? {
    guard let field = schema.field(name.value) else {
      let known = schema.fields.filter { $0.type == .integer || $0.type == .number }.map(\.name)
      report(name, "\"\(resource.name)\" has no field \"\(name.value)\"\(didYouMean(name.value, among: known))")
      return nil
    }
    guard field.type == .integer || field.type == .number else {
      report(
        name, "the measure \"\(name.value)\" must be an integer or a number, not of type \"\(field.type.rawValue)\"")
      return nil
    }
    return field
  }

  /// The dimension of that name, or the only one with a field of periods.
  mutating func time(
    _ name: Located<String>?, among dimensions: [DatasetLayout.DimensionField], of resource: Resource
  ) -> Int? {
    if let name { return dimension(name, among: dimensions, of: resource) }
    let found = dimensions.indices.filter { dimensions[$0].list == nil && dimensions[$0].field.isPeriod }
    if found.count > 1 {
      let names = found.map { "\"\(dimensions[$0].field.name)\"" }.joined(separator: ", ")
      report(
        "there are several dimensions of periods, \(names): the configuration names the one that is meant with \"time\""
      )
    }
    return found.first
  }

  mutating func field(
    _ name: Located<String>?, usually usual: String, in schema: Schema, of resource: Resource
  ) -> Field? {
    guard let name else { return schema.field(usual) }
    if let field = schema.field(name.value) { return field }
    let known = schema.fields.map(\.name)
    report(name, "\"\(resource.name)\" has no field \"\(name.value)\"\(didYouMean(name.value, among: known))")
    return nil
  }

  mutating func textField(
    _ name: Located<String>?, usually usual: String, in schema: Schema, of resource: Resource
  ) -> Field? {
    guard let field = field(name, usually: usual, in: schema, of: resource) else { return nil }
    if field.type == .string { return field }
    let message = "the field \"\(field.name)\" of \"\(resource.name)\" must be a string"
    if let name { report(name, message) } else { report(message) }
    return nil
  }

  /// A label that is named must be a field of a code list.
  mutating func checkLabel(_ name: Located<String>?, in dimensions: [DatasetLayout.DimensionField]) {
    guard let name else { return }
    let known = dimensions.flatMap { $0.codeList?.schema?.fields.map(\.name) ?? [] }
    if !known.contains(name.value) {
      report(name, "no code list has a field \"\(name.value)\"\(didYouMean(name.value, among: known))")
    }
  }
}
