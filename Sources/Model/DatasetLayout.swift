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
  package let measure: Field
  package let role: Field?
  package let locus: Field?
  package let quote: Field?
  /// The foreign key to the observation that another is a part of.
  package let partOf: Int?
  /// The key of an observation when it is one field.
  package let id: Field?

  package struct DimensionField {
    package let field: Field
    /// The index among the foreign keys of the observations.
    package let foreignKey: Int
    package let codeList: Resource
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
    let dimensions = Self.dimensions(of: observations, schema, in: descriptor)
    self.dimensions = dimensions
    let place = finder.dimension(configuration.place, among: dimensions, of: observations)
    let breakdown = finder.dimension(configuration.breakdown, among: dimensions, of: observations)
    if let place, place == breakdown {
      finder.report(configuration.breakdown, "the place and the breakdown are the same dimension")
    }
    source = finder.source(configuration.source, among: dimensions, of: observations)
    let measure = finder.measure(configuration.measure, in: schema, of: observations)
    role = finder.textField(configuration.role, usually: "role", in: schema, of: observations)
    locus = finder.field(configuration.locus, usually: "locus", in: schema, of: observations)
    quote = finder.field(configuration.quote, usually: "quote", in: schema, of: observations)
    finder.checkLabel(configuration.label, in: dimensions)
    partOf = schema.foreignKeys.firstIndex { $0.resource == observations.index && $0.fields.count == 1 }
    id = schema.primaryKey.count == 1 ? schema.fields[schema.primaryKey[0]] : nil
    guard let place, let breakdown, let measure, finder.problems.isEmpty else { return nil }
    self.place = place
    self.breakdown = breakdown
    self.measure = measure
  }

  /// The index of the field of a code list with the names of its codes.
  package func label(in schema: Schema) -> Int? {
    if let label = configuration.label { return schema.field(label.value)?.index }
    return (schema.field("name") ?? schema.field("title"))?.index
  }

  /// A dimension is a field with a foreign key of its own to the key of a code list.
  private static func dimensions(
    of observations: Resource, _ schema: Schema, in descriptor: PackageDescriptor
  ) -> [DimensionField] {
    schema.fields.compactMap { field in
      let foreignKey = schema.foreignKeys.firstIndex { key in
        key.fields == [field.index] && key.resource != observations.index
          && descriptor.resources[key.resource].schema?.primaryKey == key.referencedFields
      }
      guard let foreignKey else { return nil }
      let codeList = descriptor.resources[schema.foreignKeys[foreignKey].resource]
      return DimensionField(field: field, foreignKey: foreignKey, codeList: codeList)
    }
  }

  /// What to keep of the tables while they are read.
  package func requests(for parts: DatasetParts) -> [String: TableRequest] {
    var request = TableRequest()
    request.integers = [measure.name]
    request.required = Set(dimensions.map(\.field.name))
    if let role {
      request.vocabularies[role.name] = Role.allCases.map(\.name)
      request.required.insert(role.name)
    }
    var requests = [observations.name: request]
    for part in parts.all {
      requests[part.resource.name, default: TableRequest()].required.formUnion(part.requiredFields)
    }
    if let totals = parts.statedTotals {
      requests[totals.resource.name, default: TableRequest()].integers.insert(measure.name)
    }
    if let statements = parts.discrepancyStatements, statements.field("difference") != nil {
      requests[statements.resource.name, default: TableRequest()].integers.insert("difference")
    }
    return requests
  }
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

  mutating func measure(_ name: Located<String>, in schema: Schema, of resource: Resource) -> Field? {
    guard let field = schema.field(name.value) else {
      let known = schema.fields.filter { $0.type == .integer }.map(\.name)
      report(name, "\"\(resource.name)\" has no field \"\(name.value)\"\(didYouMean(name.value, among: known))")
      return nil
    }
    guard field.type == .integer else {
      report(name, "the measure \"\(name.value)\" must be an integer, not of type \"\(field.type.rawValue)\"")
      return nil
    }
    return field
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
    let known = dimensions.flatMap { $0.codeList.schema?.fields.map(\.name) ?? [] }
    if !known.contains(name.value) {
      report(name, "no code list has a field \"\(name.value)\"\(didYouMean(name.value, among: known))")
    }
  }
}
