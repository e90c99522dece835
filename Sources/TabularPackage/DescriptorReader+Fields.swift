import Base
import JSON

extension DescriptorReader {
  mutating func readField(
    _ object: JSONObject, index: Int, missingValues: [MissingValue], at path: [JSONPathStep]
  ) -> Field? {
    checkNames(
      object,
      known: ["name", "type", "format", "title", "constraints", "missingValues", "categories", "categoriesOrdered"],
      at: path)
    checkMisplaced(object, Self.constraintNames, belongs: "in the field's \"constraints\"", at: path)
    checkStrings(object, ["title", "description", "rdfType"], at: path)
    guard let nameValue = object["name"] else {
      report(path, "the field has no \"name\"")
      return nil
    }
    guard let name = string(nameValue, at: path + ["name"]) else { return nil }
    if name.isEmpty { report(path + ["name"], "the name is empty") }
    guard let type = readType(object, at: path) else { return nil }
    checkFormat(object, of: type, at: path)
    let trueValues = readTexts("trueValues", of: object, type: type, at: path) ?? ["true", "True", "TRUE", "1"]
    let falseValues = readTexts("falseValues", of: object, type: type, at: path) ?? ["false", "False", "FALSE", "0"]
    if let text = trueValues.first(where: { text in falseValues.contains { hasSameBytes($0, text) } }) {
      report(path, "\(quoted(text)) is both true and false by \"trueValues\" and \"falseValues\"")
    }
    let reader = CellReader(type: type, trueValues: trueValues, falseValues: falseValues)
    checkExample(object, reader: reader, at: path)
    var constraints = readConstraints(object, of: type, reader: reader, at: path)
    let categories = readCategories(object, of: type, at: path)
    if let categories { restrict(&constraints, to: categories, at: path) }
    let areOrdered = bool("categoriesOrdered", of: object, at: path) ?? false
    if object["categoriesOrdered"] != nil, object["categories"] == nil {
      report(path + ["categoriesOrdered"], "\"categoriesOrdered\" without \"categories\"")
    }
    return Field(
      index: index, name: name, title: object["title"]?.stringValue, description: object["description"]?.stringValue,
      type: type, constraints: constraints, categories: categories ?? [], categoriesAreOrdered: areOrdered,
      missingValues: readMissingValues(object, at: path) ?? missingValues, properties: object, trueValues: trueValues,
      falseValues: falseValues)
  }

  private mutating func readType(_ object: JSONObject, at path: [JSONPathStep]) -> FieldType? {
    guard object["type"] != nil else { return .string }
    guard let text = string("type", of: object, at: path) else { return nil }
    if let type = FieldType(rawValue: text) { return type }
    let known = FieldType.allCases.map(\.rawValue)
    let others = ["datetime", "time", "duration", "object", "array", "list", "geopoint", "geojson"]
    if others.contains(text) {
      report(path + ["type"], "type \(quoted(text)) is not supported; supported are \(known.joined(separator: ", "))")
    } else {
      report(path + ["type"], "unknown type \(quoted(text))" + hint(text, known))
    }
    return nil
  }

  private mutating func checkFormat(_ object: JSONObject, of type: FieldType, at path: [JSONPathStep]) {
    if let format = string("format", of: object, at: path), format != "default" {
      report(path + ["format"], "format \(quoted(format)) of \(type.described) is not supported")
    }
    let isNumber = type == .integer || type == .number
    if isApplied("bareNumber", of: object, to: type, isNumber, at: path),
      bool("bareNumber", of: object, at: path) == false
    {
      report(path + ["bareNumber"], "\"bareNumber\": false is not supported")
    }
    if isApplied("groupChar", of: object, to: type, isNumber, at: path),
      let text = string("groupChar", of: object, at: path), !text.isEmpty
    {
      report(path + ["groupChar"], "\"groupChar\" is not supported")
    }
    if isApplied("decimalChar", of: object, to: type, isNumber, at: path),
      let text = string("decimalChar", of: object, at: path), text != "."
    {
      report(path + ["decimalChar"], "\"decimalChar\" other than \".\" is not supported")
    }
    // Of arrays and lists, which are no types that are supported.
    for name in ["arrayItem", "itemType", "delimiter"] { _ = isApplied(name, of: object, to: type, false, at: path) }
  }

  /// Whether a property is there that the type has; one that it does not have is reported.
  private mutating func isApplied(
    _ name: String, of object: JSONObject, to type: FieldType, _ isApplicable: Bool, at path: [JSONPathStep]
  ) -> Bool {
    guard let value = object[name], value != .null else { return false }
    if !isApplicable { report(path + [.member(name)], "\"\(name)\" does not apply to \(type.described)") }
    return isApplicable
  }

  private mutating func checkExample(_ object: JSONObject, reader: CellReader, at path: [JSONPathStep]) {
    guard let value = object["example"], value != .null else { return }
    guard let text = value.cellText, reader.type == .any || reader.read(text) != nil else {
      report(path + ["example"], "the \"example\" is not \(reader.type.described): \(value.text)")
      return
    }
  }

  private mutating func readTexts(
    _ name: String, of object: JSONObject, type: FieldType, at path: [JSONPathStep]
  ) -> [String]? {
    guard isApplied(name, of: object, to: type, type == .boolean, at: path), let value = object[name],
      let elements = array(value, at: path + [.member(name)])
    else { return nil }
    if elements.isEmpty {
      report(path + [.member(name)], "\"\(name)\" is empty")
      return nil
    }
    let texts = elements.enumerated().compactMap { index, element in
      string(element, at: path + [.member(name), .element(index)])
    }
    return texts.count == elements.count ? texts : nil
  }
}

// MARK: - Constraints

extension DescriptorReader {
  private static let constraintNames = [
    "required", "unique", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength",
    "maxLength", "pattern", "jsonSchema",
  ]

  /// Which constraints a type has (Table Schema, "Constraints").
  private func constraintNames(of type: FieldType) -> [String] {
    let common = ["required", "unique", "enum"]
    switch type {
    case .string: return common + ["minLength", "maxLength", "pattern"]
    case .integer, .number, .date, .year, .yearmonth:
      return common + ["minimum", "maximum"] + (version == .one ? [] : ["exclusiveMinimum", "exclusiveMaximum"])
    case .boolean, .any: return common
    }
  }

  private mutating func readConstraints(
    _ field: JSONObject, of type: FieldType, reader: CellReader, at path: [JSONPathStep]
  ) -> Constraints {
    var constraints = Constraints()
    guard let value = field["constraints"] else { return constraints }
    let path = path + ["constraints"]
    guard let object = object(value, at: path) else { return constraints }
    let allowed = constraintNames(of: type)
    for name in object.names where !allowed.contains(name) {
      let path = path + [.member(name)]
      if name.hasPrefix("exclusive"), version == .one, Self.constraintNames.contains(name) {
        report(path, "the constraint \"\(name)\" needs version 2 of the standard (\"$schema\")")
      } else if Self.constraintNames.contains(name) {
        report(path, "the constraint \"\(name)\" does not apply to \(type.described)")
      } else {
        report(path, "unknown constraint \(quoted(name))\(didYouMean(name, among: allowed))")
      }
    }
    constraints.required = bool("required", of: object, at: path) ?? false
    constraints.unique = bool("unique", of: object, at: path) ?? false
    constraints.minimum = readBound("minimum", of: object, reader: reader, at: path)
    constraints.maximum = readBound("maximum", of: object, reader: reader, at: path)
    constraints.exclusiveMinimum = readBound("exclusiveMinimum", of: object, reader: reader, at: path)
    constraints.exclusiveMaximum = readBound("exclusiveMaximum", of: object, reader: reader, at: path)
    constraints.minLength = count("minLength", of: object, at: path)
    constraints.maxLength = count("maxLength", of: object, at: path)
    constraints.pattern = readPattern(object, at: path)
    constraints.enumeration = readEnumeration(object, reader: reader, at: path)
    checkAllowsSomething(constraints, at: path)
    return constraints
  }

  /// Bounds between which nothing lies allow no value.
  private mutating func checkAllowsSomething(_ constraints: Constraints, at path: [JSONPathStep]) {
    if let least = constraints.minLength, let most = constraints.maxLength, most < least {
      report(path + ["maxLength"], "\"maxLength\" \(most) is less than \"minLength\" \(least)")
    }
    let lower = [("minimum", constraints.minimum, false), ("exclusiveMinimum", constraints.exclusiveMinimum, true)]
    let upper = [("maximum", constraints.maximum, false), ("exclusiveMaximum", constraints.exclusiveMaximum, true)]
    for (lowerName, least, isAbove) in lower {
      for (upperName, most, isBelow) in upper {
        guard let least, let most else { continue }
        let isBare = (isAbove || isBelow) && most.value == least.value
        guard isBare || most.value.isLess(than: least.value) else { continue }
        report(
          path + [.member(upperName)],
          "no value is between \"\(lowerName)\" \(least.text) and \"\(upperName)\" \(most.text)")
      }
    }
  }

  private mutating func readBound(
    _ name: String, of object: JSONObject, reader: CellReader, at path: [JSONPathStep]
  ) -> Constraints.Bound? {
    guard let value = object[name] else { return nil }
    guard let text = value.cellText, let cell = reader.read(text) else {
      report(
        path + [.member(name)], "the constraint \"\(name)\" is not \(reader.type.described): \(value.text)")
      return nil
    }
    return Constraints.Bound(value: cell, text: text)
  }

  private mutating func readEnumeration(
    _ object: JSONObject, reader: CellReader, at path: [JSONPathStep]
  ) -> Constraints.Enumeration? {
    guard let value = object["enum"], let elements = array(value, at: path + ["enum"]) else { return nil }
    if elements.isEmpty { report(path + ["enum"], "the constraint \"enum\" allows nothing") }
    var texts: [String] = []
    var values: Set<CellValue> = []
    for (index, element) in elements.enumerated() {
      guard let text = element.cellText, let cell = reader.read(text) else {
        report(
          path + ["enum", .element(index)],
          "element \(index + 1) of \"enum\" is not \(reader.type.described): \(element.text)")
        continue
      }
      if !values.insert(cell).inserted {
        report(path + ["enum", .element(index)], "\(quoted(text)) of \"enum\" is listed twice")
      }
      texts.append(text)
    }
    return Constraints.Enumeration(values: values, texts: texts)
  }

  private mutating func readPattern(_ object: JSONObject, at path: [JSONPathStep]) -> Pattern? {
    guard let source = string("pattern", of: object, at: path) else { return nil }
    do {
      return try Pattern(source)
    } catch {
      report(
        path + ["pattern"],
        "bad pattern \(quoted(source, escapingBackslash: false)) at character \(error.character): \(error.message)")
      return nil
    }
  }
}

extension JSONValue {
  /// How a constant of a constraint or an example would stand in a cell.
  var cellText: String? {
    switch self {
    case .string(let text): text
    case .integer, .double: text
    case .bool(let value): value ? "true" : "false"
    default: nil
    }
  }
}
