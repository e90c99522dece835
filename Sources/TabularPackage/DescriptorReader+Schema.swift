import Base
import JSON

/// A schema whose foreign keys are not resolved yet.
struct SchemaDraft {
  let fields: [Field]
  let fieldsMatch: Schema.FieldsMatch
  let primaryKey: [Int]
  let uniqueKeys: [[Int]]
  let foreignKeys: [ForeignKeyDraft]
}

struct ForeignKeyDraft {
  let fields: [Int]
  let resource: String
  let referencedFields: [(name: String, path: [JSONPathStep])]
  let path: [JSONPathStep]
}

extension DescriptorReader {
  mutating func readSchema(
    _ resource: JSONObject, name: String, path file: String?, at path: [JSONPathStep]
  ) -> SchemaDraft? {
    guard let value = resource["schema"] else {
      let isTable =
        file?.lowercased().hasSuffix(".csv") ?? false || resource["profile"] == "tabular-data-resource"
        || resource["type"] == "table"
      if isTable { report(path, "the table \(quoted(name)) has no \"schema\"") }
      return nil
    }
    let path = path + ["schema"]
    if value.stringValue != nil {
      report(path, "a schema in a file of its own is not supported")
      return nil
    }
    guard let schema = object(value, at: path) else { return nil }
    let known = ["fields", "primaryKey", "uniqueKeys", "foreignKeys", "missingValues", "fieldsMatch"]
    checkNames(schema, known: known, at: path)
    checkStrings(schema, ["name", "title", "description", "$schema"], at: path)
    let missingValues = readMissingValues(schema, at: path) ?? [MissingValue(value: "", label: nil)]
    guard let listed = schema["fields"] else {
      report(path, "the schema has no \"fields\"")
      return nil
    }
    guard let listed = array(listed, at: path + ["fields"]) else { return nil }
    if listed.isEmpty {
      report(path + ["fields"], "\"fields\" is empty")
      return nil
    }
    var fields: [Field] = []
    var indexes: [String: Int] = [:]
    for (index, value) in listed.enumerated() {
      let path = path + ["fields", .element(index)]
      guard let object = object(value, at: path),
        let field = readField(object, index: fields.count, missingValues: missingValues, at: path)
      else { continue }
      if let first = indexes[field.name] {
        report(path + ["name"], "field \(quoted(field.name)) is already defined as field \(first + 1)")
        continue
      }
      indexes[field.name] = index
      fields.append(field)
    }
    // With a field that could not be read the names below would be reported for no reason of their own.
    guard fields.count == listed.count else { return nil }
    return SchemaDraft(
      fields: fields, fieldsMatch: readFieldsMatch(schema, at: path),
      primaryKey: readPrimaryKey(schema, among: fields, at: path),
      uniqueKeys: readUniqueKeys(schema, among: fields, at: path),
      foreignKeys: readForeignKeys(schema, among: fields, at: path))
  }

  private mutating func readFieldsMatch(_ schema: JSONObject, at path: [JSONPathStep]) -> Schema.FieldsMatch {
    // The standard's text has a string, its JSON Schema a list of one.
    var property = schema
    if let listed = schema["fieldsMatch"]?.arrayValue, listed.count == 1 { property["fieldsMatch"] = listed[0] }
    guard let text = string("fieldsMatch", of: property, at: path) else { return .exact }
    if let match = Schema.FieldsMatch(rawValue: text) { return match }
    let known = Schema.FieldsMatch.allCases.map(\.rawValue)
    report(path + ["fieldsMatch"], "unknown \"fieldsMatch\" \(quoted(text))" + hint(text, known))
    return .exact
  }

  /// The nearest of the known names, or all of them.
  func hint(_ name: String, _ known: [String]) -> String {
    let nearest = didYouMean(name, among: known)
    return nearest.isEmpty ? "; known are \(known.joined(separator: ", "))" : nearest
  }

  /// A property that holds one name or several, with the place of each.
  private mutating func names(
    _ value: JSONValue, at path: [JSONPathStep]
  ) -> [(name: String, path: [JSONPathStep])]? {
    if let name = value.stringValue { return [(name, path)] }
    guard let elements = value.arrayValue else {
      report(path, "\(described(path)) must be a string or an array of strings, not \(value.kind)")
      return nil
    }
    var names: [(String, [JSONPathStep])] = []
    for (index, element) in elements.enumerated() {
      let path = path + [.element(index)]
      guard let name = string(element, at: path) else { return nil }
      names.append((name, path))
    }
    return names
  }

  private mutating func fieldIndexes(
    _ value: JSONValue, among fields: [Field], purpose: String, at path: [JSONPathStep]
  ) -> [Int]? {
    guard let names = names(value, at: path) else { return nil }
    var indexes: [Int] = []
    for (name, path) in names {
      guard let field = fields.first(where: { $0.name == name }) else {
        report(path, "\(purpose) names the unknown field \(quoted(name))\(didYouMean(name, among: fields.map(\.name)))")
        continue
      }
      if indexes.contains(field.index) {
        report(path, "\(purpose) names the field \(quoted(name)) twice")
        continue
      }
      indexes.append(field.index)
    }
    if names.isEmpty { report(path, "\(purpose) names no field") }
    return indexes.count == names.count && !names.isEmpty ? indexes : nil
  }

  private mutating func readPrimaryKey(
    _ schema: JSONObject, among fields: [Field], at path: [JSONPathStep]
  ) -> [Int] {
    guard let value = schema["primaryKey"], value != .array([]) else { return [] }
    return fieldIndexes(value, among: fields, purpose: "the primary key", at: path + ["primaryKey"]) ?? []
  }

  private mutating func readUniqueKeys(
    _ schema: JSONObject, among fields: [Field], at path: [JSONPathStep]
  ) -> [[Int]] {
    guard let value = schema["uniqueKeys"] else { return [] }
    let path = path + ["uniqueKeys"]
    if version == .one {
      report(path, "\"uniqueKeys\" needs version 2 of the standard (\"$schema\")")
      return []
    }
    guard let listed = array(value, at: path) else { return [] }
    if listed.isEmpty { report(path, "\"uniqueKeys\" is empty") }
    var keys: [[Int]] = []
    for (index, value) in listed.enumerated() {
      let path = path + [.element(index)]
      guard let names = array(value, at: path),
        let key = fieldIndexes(.array(names), among: fields, purpose: "the unique key", at: path)
      else { continue }
      if let first = keys.firstIndex(where: { Set($0) == Set(key) }) {
        report(path, "the unique key is the same as unique key \(first + 1)")
        continue
      }
      keys.append(key)
    }
    return keys
  }

  private mutating func readForeignKeys(
    _ schema: JSONObject, among fields: [Field], at path: [JSONPathStep]
  ) -> [ForeignKeyDraft] {
    guard let value = schema["foreignKeys"], let listed = array(value, at: path + ["foreignKeys"]) else { return [] }
    return listed.enumerated().compactMap { index, value in
      let path = path + ["foreignKeys", .element(index)]
      guard let object = object(value, at: path) else { return nil }
      return readForeignKey(object, among: fields, at: path)
    }
  }

  private mutating func readForeignKey(
    _ object: JSONObject, among fields: [Field], at path: [JSONPathStep]
  ) -> ForeignKeyDraft? {
    checkNames(object, known: ["fields", "reference"], at: path)
    guard let own = object["fields"] else {
      report(path, "the foreign key has no \"fields\"")
      return nil
    }
    let ownIndexes = fieldIndexes(own, among: fields, purpose: "the foreign key", at: path + ["fields"])
    guard let reference = object["reference"] else {
      report(path, "the foreign key has no \"reference\"")
      return nil
    }
    guard let reference = self.object(reference, at: path + ["reference"]) else { return nil }
    checkNames(reference, known: ["resource", "fields"], at: path + ["reference"])
    let resource = reference["resource"] == nil ? "" : string("resource", of: reference, at: path + ["reference"])
    guard let referenced = reference["fields"] else {
      report(path + ["reference"], "the reference has no \"fields\"")
      return nil
    }
    guard let names = names(referenced, at: path + ["reference", "fields"]), let ownIndexes, let resource else {
      return nil
    }
    if names.count != ownIndexes.count {
      report(
        path + ["reference", "fields"],
        "a foreign key of \(counted(ownIndexes.count, "field")) refers to \(counted(names.count, "field"))")
      return nil
    }
    return ForeignKeyDraft(fields: ownIndexes, resource: resource, referencedFields: names, path: path)
  }

  mutating func resolveForeignKeys(of index: Int, in drafts: [ResourceDraft]) -> [ForeignKey] {
    guard let schema = drafts[index].schema else { return [] }
    return schema.foreignKeys.compactMap { draft in
      // The empty name is the table itself.
      let target = draft.resource.isEmpty ? index : drafts.firstIndex { $0.name == draft.resource }
      guard let target else {
        let known = drafts.map(\.name)
        report(
          draft.path + ["reference", "resource"],
          "the foreign key refers to the unknown resource \(quoted(draft.resource))"
            + didYouMean(draft.resource, among: known))
        return nil
      }
      guard let targetFields = drafts[target].schema?.fields else {
        if !drafts[target].isBroken {
          report(
            draft.path + ["reference", "resource"], "the resource \(quoted(drafts[target].name)) is not a table")
        }
        return nil
      }
      return resolve(draft, from: schema.fields, to: targetFields, of: drafts[target].name, at: target)
    }
  }

  private mutating func resolve(
    _ draft: ForeignKeyDraft, from fields: [Field], to targetFields: [Field], of name: String, at target: Int
  ) -> ForeignKey? {
    var referenced: [Int] = []
    for (own, (fieldName, path)) in zip(draft.fields, draft.referencedFields) {
      guard let field = targetFields.first(where: { $0.name == fieldName }) else {
        report(
          path,
          "the foreign key refers to the unknown field \(quoted(fieldName)) of \(quoted(name))"
            + didYouMean(fieldName, among: targetFields.map(\.name)))
        continue
      }
      if field.type.keyFamily != fields[own].type.keyFamily {
        report(
          path,
          "the foreign key compares \(quoted(fields[own].name)), \(fields[own].type.described), with "
            + "\(quoted(fieldName)), \(field.type.described)")
        continue
      }
      referenced.append(field.index)
    }
    guard referenced.count == draft.fields.count else { return nil }
    return ForeignKey(fields: draft.fields, resource: target, referencedFields: referenced)
  }
}

extension FieldType {
  /// Values of types in the same family can be equal.
  var keyFamily: FieldType { self == .any ? .string : self }

  var described: String {
    switch self {
    case .integer: "an integer"
    case .any: "a value of any type"
    default: "a \(rawValue)"
    }
  }
}

func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }
