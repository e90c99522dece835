/// Makes the bytes by which keys are compared: equal keys, equal bytes.
///
/// A single field of text is its own key. Anything else is written by its value, so that an integer key 7 is found
/// when it is written 07, and every part says its length, so that no two keys run together.
struct KeyBuilder: Sendable {
  struct Part: Sendable {
    let column: Int
    /// Of the field.
    let name: String
    let reader: CellReader
    let missing: MissingTexts
  }

  let parts: [Part]
  let isPlain: Bool
  /// Whether a key of which a part is missing is none at all, as with the constraint `unique` and `uniqueKeys`, which are
  /// those of SQL; a primary and a foreign key may lack a part.
  var needsEveryPart = false

  enum Outcome {
    case key
    /// No part has a value, or one has none where every part needs one.
    case missing
    /// A part is not of its type; that was reported elsewhere.
    case invalid
  }

  init(parts: [Part]) {
    self.parts = parts
    isPlain = parts.count == 1 && parts[0].reader.type.keyFamily == .string
  }

  /// Replaces `key` with the key of the record at hand.
  func build(_ key: inout [UInt8], from contents: inout CellContents) -> Outcome {
    key.removeAll(keepingCapacity: true)
    var hasValue = false
    for part in parts {
      let (start, count) = contents.content(part.column)
      if part.missing.view.index(of: start, count: count) >= 0 {
        if needsEveryPart { return .missing }
        key.append(0)
        continue
      }
      hasValue = true
      let text = UnsafeBufferPointer(start: start, count: count)
      if isPlain {
        key.append(contentsOf: text)
      } else if part.reader.type.keyFamily == .string {
        append(text, tag: 1, to: &key)
      } else if let value = part.reader.read(text) {
        append(value, to: &key)
      } else {
        return .invalid
      }
    }
    return hasValue ? .key : .missing
  }

  private func append(_ text: some Collection<UInt8>, tag: UInt8, to key: inout [UInt8]) {
    key.append(tag)
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count)) { key.append(contentsOf: $0) }
    key.append(contentsOf: text)
  }

  private func append(_ value: CellValue, to key: inout [UInt8]) {
    switch value {
    case .string(let text): append(text.utf8, tag: 1, to: &key)
    case .integer(let value): append(value, tag: 2, to: &key)
    case .date(let value): append(Int64(value), tag: 3, to: &key)
    case .boolean(let value): append(value ? 1 : 0, tag: 4, to: &key)
    case .number(let value): append(value.canonicalText.utf8, tag: 5, to: &key)
    }
  }

  private func append(_ value: Int64, tag: UInt8, to key: inout [UInt8]) {
    key.append(tag)
    withUnsafeBytes(of: value) { key.append(contentsOf: $0) }
  }
}

extension DecimalNumber {
  /// The same for equal numbers.
  var canonicalText: String {
    let sign = isNegative ? "-" : ""
    switch kind {
    case .notANumber: return "nan"
    case .infinite: return sign + "inf"
    case .finite: return "\(sign)\(String(decoding: digits, as: UTF8.self))e\(exponent)"
    }
  }
}
