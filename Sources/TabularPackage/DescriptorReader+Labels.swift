import Base
import JSON

// MARK: - Missing values and categories

extension DescriptorReader {
  mutating func readMissingValues(_ object: JSONObject, at path: [JSONPathStep]) -> [MissingValue]? {
    guard let value = object["missingValues"] else { return nil }
    let path = path + ["missingValues"]
    guard let elements = array(value, at: path) else { return nil }
    if version == .one, elements.contains(where: { $0.objectValue != nil }) {
      report(path, "missing values with labels need version 2 of the standard (\"$schema\")")
    }
    let values = readLabelled(elements, each: "missing value", at: path)
    if values.count > MissingValue.maximumCount {
      report(path, "more than \(MissingValue.maximumCount) missing values are not supported")
    }
    return values.map { MissingValue(value: $0.value, label: $0.label) }
  }

  /// The list of a field of text; nil when it has none that could be read.
  mutating func readCategories(
    _ object: JSONObject, of type: FieldType, at path: [JSONPathStep]
  ) -> [Category]? {
    guard let value = object["categories"] else { return nil }
    let path = path + ["categories"]
    if version == .one {
      report(path, "\"categories\" needs version 2 of the standard (\"$schema\")")
      return nil
    }
    guard type == .string else {
      let isSupported =
        type == .integer ? "of an integer is not supported; use" : "does not apply to \(type.described); use"
      report(path, "\"categories\" \(isSupported) the constraint \"enum\"")
      return nil
    }
    guard let elements = array(value, at: path) else { return nil }
    if elements.isEmpty { report(path, "\"categories\" allows nothing") }
    let values = readLabelled(elements, each: "category", refusesRepeated: true, at: path)
    return values.isEmpty ? nil : values.map { Category(value: $0.value, label: $0.label) }
  }

  /// A text must be a category; with the constraint `enum` it must be one of those that are both.
  mutating func restrict(_ constraints: inout Constraints, to categories: [Category], at path: [JSONPathStep]) {
    // Compared by bytes, as the cells will be.
    let known = Set(categories.map { Array($0.value.utf8) })
    var allowed: Set<[UInt8]>?
    if let texts = constraints.enumeration?.texts {
      for (index, text) in texts.enumerated() where !known.contains(Array(text.utf8)) {
        report(
          path + ["constraints", "enum", .element(index)],
          "\(quoted(text)) of \"enum\" is none of the categories" + nearMiss(text, among: categories.map(\.value)))
      }
      allowed = Set(texts.map { Array($0.utf8) })
    }
    let texts = categories.map(\.value).filter { allowed?.contains(Array($0.utf8)) ?? true }
    constraints.enumeration = Constraints.Enumeration(values: Set(texts.map { .string($0) }), texts: texts)
  }

  /// Plain texts, or in version 2 objects with a value and a label, but not both kinds.
  private mutating func readLabelled(
    _ elements: [JSONValue], each noun: String, refusesRepeated: Bool = false, at path: [JSONPathStep]
  ) -> [(value: String, label: String?)] {
    var values: [(value: String, label: String?)] = []
    // By the texts, not by their bytes: a mark or a category is looked up by its text later on.
    var seen: Set<String> = []
    var labels: Set<String> = []
    let hasObjects = elements.contains { $0.objectValue != nil }
    for (index, element) in elements.enumerated() {
      let path = path + [.element(index)]
      guard hasObjects else {
        guard let text = string(element, at: path) else { continue }
        if !seen.insert(text).inserted, refusesRepeated {
          report(path, repeated(noun, text, among: values))
        } else {
          values.append((text, nil))
        }
        continue
      }
      guard let entry = object(element, at: path) else { continue }
      guard entry["value"] != nil else {
        report(path, "the \(noun) has no \"value\"")
        continue
      }
      guard let text = string("value", of: entry, at: path) else { continue }
      let label = string("label", of: entry, at: path)
      if !seen.insert(text).inserted {
        report(path + ["value"], repeated(noun, text, among: values))
      } else if let label, !labels.insert(label).inserted {
        report(path + ["label"], "the label \(quoted(label)) is used twice")
      } else {
        values.append((text, label))
      }
    }
    return values
  }

  /// What is wrong with a text that is there already, be it with other bytes.
  private func repeated(_ noun: String, _ text: String, among values: [(value: String, label: String?)]) -> String {
    let other = values.first { $0.value == text }?.value
    if let other, !hasSameBytes(other, text) { return EquivalentTexts.message(text, other, "of the list") }
    return "the \(noun) \(quoted(text)) is listed twice"
  }
}

extension MissingValue {
  /// Their number in the list must fit a byte of a column.
  static let maximumCount = 250
}
