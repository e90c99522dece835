import Base

/// The keys of a table that is not long, to tell what may have been meant by one that it lacks.
struct KnownKeys {
  private struct Key {
    /// As they are written.
    let texts: [String]
    let parts: [KeyBuilder.PartValue]
  }

  private let keys: [Key]

  /// Those of no table, or of a long one: then nothing is told.
  static let none = KnownKeys(keys: [])

  private init(keys: [Key]) { self.keys = keys }

  /// - Parameter rows: the cells of every row.
  init(_ rows: [[String]], _ builder: KeyBuilder) {
    keys = rows.compactMap { cells in
      let texts = builder.parts.compactMap { $0.column < cells.count ? cells[$0.column] : nil }
      guard texts.count == builder.parts.count else { return nil }
      let parts = zip(builder.parts, texts).map { $0.value(of: $1) }
      return parts.allSatisfy { $0 == .missing } ? nil : Key(texts: texts, parts: parts)
    }
  }

  /// What may have been meant by a key, from `; ` on, and in which field it differs; nothing where no key is near.
  ///
  /// - Parameters:
  ///   - texts: those of the key's fields.
  ///   - builder: that of the key, which tells what these texts are worth and how their fields are called.
  func hint(for texts: [String], of builder: KeyBuilder) -> String {
    if texts.count == 1 { return nearMiss(texts[0], among: keys.lazy.map { $0.texts[0] }) }
    let parts = zip(builder.parts, texts).map { $0.value(of: $1) }
    for key in keys {
      guard let differences = hiddenDifferences(parts, key.parts) else { continue }
      let told = zip(builder.parts, differences).compactMap { part, words in
        words.map { "\(quoted(part.name)) \($0)" }
      }
      return "; did you mean \(quotedKey(key.texts))? The field \(told.joined(separator: ", and the field "))"
    }
    return ""
  }

  /// For each field where it differs, nil where it does not; nil for keys that differ in what can be seen.
  private func hiddenDifferences(_ parts: [KeyBuilder.PartValue], _ known: [KeyBuilder.PartValue]) -> [String?]? {
    var differences: [String?] = []
    for (part, other) in zip(parts, known) {
      if part == other {
        differences.append(nil)
      } else if case .value(.string(let text)) = part, case .value(.string(let otherText)) = other,
        let words = hiddenDifference(text, otherText)
      {
        differences.append(words)
      } else {
        return nil
      }
    }
    return differences
  }
}

extension KeyBuilder {
  /// What a text is worth in a key.
  enum PartValue: Equatable {
    case missing
    case value(CellValue)
    /// It is not of its field's type.
    case invalid
  }
}

extension KeyBuilder.Part {
  fileprivate func value(of text: String) -> KeyBuilder.PartValue {
    if missing.contains(text) { return .missing }
    return reader.read(text).map { .value($0) } ?? .invalid
  }
}
