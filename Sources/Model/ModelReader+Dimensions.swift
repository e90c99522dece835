internal import Base
internal import JSON
internal import TabularPackage

extension ModelReader {
  mutating func readDimension(_ dimension: DatasetLayout.DimensionField) throws(FileChanged) -> Dimension {
    let index = dimensions.count
    guard let resource = dimension.codeList else { return try ownDimension(dimension.field, at: index) }
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
      reportEquivalent(ids, rows: Array(ids.indices), of: resource, field: table.schema.fields[key].name)
    }
    let codes = CodeList(
      resource: resource.name, title: resource.title, ids: ids, names: names, attributeNames: attributeNames,
      attributes: attributes)
    return Dimension(
      id: dimension.field.name, title: dimension.field.title ?? resource.title ?? dimension.field.name,
      description: dimension.field.description, codes: codes, isTime: index == layout.time,
      hierarchy: readHierarchy(dimension.field.name, codes, of: resource))
  }

  /// A dimension whose field lists or orders its codes itself.
  private mutating func ownDimension(_ field: Field, at index: Int) throws(FileChanged) -> Dimension {
    let ids = table(layout.observations)?.vocabulary(field.index) ?? []
    try reportEquivalentOwn(ids, of: field)
    let labels = Dictionary(
      field.categories.map { ($0.value, $0.label) }, uniquingKeysWith: { first, _ in first })
    return Dimension(
      id: field.name, title: field.title ?? field.name, description: field.description,
      codes: CodeList(resource: layout.observations.name, ids: ids, names: ids.map { (labels[$0] ?? nil) ?? $0 }),
      isTime: index == layout.time)
  }

  // MARK: - Codes that cannot be told apart

  /// Reports each key to which another is equivalent.
  ///
  /// - Parameter rows: of each key.
  mutating func reportEquivalent(_ keys: [String], rows: [Int], of resource: Resource, field: String) {
    for pair in EquivalentTexts.among(keys) {
      let place = "in row \(number(ofRow: rows[pair.first], of: resource))"
      report(
        resource, row: rows[pair.second], field: field,
        EquivalentTexts.message(keys[pair.second], keys[pair.first], place))
    }
  }

  /// Reports codes that stand in no list, but in observations or in their descriptor.
  private mutating func reportEquivalentOwn(_ ids: [String], of field: Field) throws(FileChanged) {
    let pairs = EquivalentTexts.among(ids)
    guard !pairs.isEmpty, let table = table(layout.observations) else { return }
    var rows: [[UInt8]: Int] = [:]
    try table.forEachRow { index, row in
      guard let text = row[field.index], rows[Array(text.utf8)] == nil else { return }
      rows[Array(text.utf8)] = index
    }
    for pair in pairs {
      let (text, other) = (ids[pair.second], ids[pair.first])
      if let row = rows[Array(text.utf8)], let first = rows[Array(other.utf8)] {
        let place = "in row \(number(ofRow: first, of: layout.observations))"
        report(layout.observations, row: row, field: field.name, EquivalentTexts.message(text, other, place))
      } else {
        let message = "of the field \(quoted(field.name)), \(EquivalentTexts.message(text, other, "beside it"))"
        problems.append(Problem(file: layout.observations.displayPath, message: message))
      }
    }
  }

  // MARK: - What contains what

  private mutating func readHierarchy(_ id: String, _ codes: CodeList, of resource: Resource) -> Hierarchy? {
    let configuration = layout.configuration
    let said = configuration.hierarchies.filter { $0.dimension.value == id }
    let parts = configuration.parts.filter { $0.dimension.value == id }
    if said.isEmpty, parts.isEmpty { return nil }
    let before = problems.total
    let parents = said.flatMap(\.parents).map { references($0, codes, of: resource) }
    let wholes = parts.map { references($0.field, codes, of: resource) }
    var aggregates = CodeSet()
    for field in said.compactMap(\.aggregate) {
      guard let texts = attribute(field, codes, of: resource) else { continue }
      aggregates.formUnion(CodeSet(texts.indices.filter { ["true", "True", "TRUE", "1"].contains(texts[$0]) }))
    }
    for (field, parents) in zip(said.flatMap(\.parents), parents) { reportCircle(field, parents, codes, of: resource) }
    for (part, wholes) in zip(parts, wholes) { reportCircle(part.field, wholes, codes, of: resource) }
    guard problems.total == before else { return nil }
    return Hierarchy(
      parentColumns: parents, aggregates: aggregates,
      wholes: codes.ids.indices.map { code in wholes.lazy.compactMap { $0[code] }.first })
  }

  /// By code the code that a field of the list names; nil where it names none.
  private mutating func references(_ field: Located<String>, _ codes: CodeList, of resource: Resource) -> [Int?] {
    guard let texts = attribute(field, codes, of: resource) else { return codes.ids.map { _ in nil } }
    return texts.enumerated().map { row, text in
      guard let text, !text.isEmpty else { return nil }
      if let code = codes.index(ofKey: text) { return code }
      report(
        resource, row: row, field: field.value,
        "\(quoted(text)) is not in \(resource.name)\(nearMiss(text, among: codes.ids))")
      return nil
    }
  }

  mutating func attribute(_ field: Located<String>, _ codes: CodeList, of resource: Resource) -> [String?]? {
    if let texts = codes.attribute(field.value) { return texts }
    if codes.ids.isEmpty { return [] }
    let hint = didYouMean(field.value, among: codes.attributeNames)
    report(field, "\"\(resource.name)\" has no field \"\(field.value)\"\(hint)")
    return nil
  }

  /// A code that is below itself.
  private mutating func reportCircle(
    _ field: Located<String>, _ parents: [Int?], _ codes: CodeList, of resource: Resource
  ) {
    for code in parents.indices {
      var next = parents[code]
      var steps = 0
      while let current = next, current != code, steps <= parents.count {
        next = parents[current]
        steps += 1
      }
      if next == code {
        report(resource, row: code, field: field.value, "\(quoted(codes.ids[code])) lies in itself")
        return
      }
    }
  }

  // MARK: - The names of dimensions in the configuration

  /// Names of dimensions that there are not.
  mutating func checkNamedDimensions() {
    let configuration = layout.configuration
    // Others are told where they are used.
    let names = configuration.hierarchies.map(\.dimension) + configuration.parts.map(\.dimension)
    for name in names { _ = dimension(named: name) }
    for hierarchy in configuration.hierarchies {
      if let index = dimensions.firstIndex(where: { $0.id == hierarchy.dimension.value }),
        layout.dimensions.indices.contains(index), layout.dimensions[index].list == nil
      {
        report(hierarchy.dimension, "the dimension \"\(hierarchy.dimension.value)\" has no code list that could say it")
      }
    }
  }

  mutating func dimension(named name: Located<String>) -> Int? {
    if let index = dimensions.firstIndex(where: { $0.id == name.value }) { return index }
    report(name, "unknown dimension \"\(name.value)\"\(didYouMean(name.value, among: dimensions.map(\.id)))")
    return nil
  }

  /// By default every place should have a number in every period.
  mutating func readPanel() -> [Int] {
    checkNamedDimensions()
    guard let panel = layout.configuration.panel else {
      return layout.time.flatMap { $0 == layout.place ? nil : [layout.place, $0].sorted() } ?? []
    }
    return Set(panel.compactMap { dimension(named: $0) }).sorted()
  }

  mutating func readPreferredSources() -> [Int] {
    let names = layout.configuration.preferredSources
    guard let first = names.first else { return [] }
    guard let source = layout.source else {
      report(first, "the dataset has no source that could be preferred")
      return []
    }
    return names.compactMap { name in
      do throws(UnknownName) {
        return try dimensions[source].code(name.value)
      } catch {
        report(name, error.description)
        return nil
      }
    }
  }
}
