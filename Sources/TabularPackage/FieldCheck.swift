import Base

/// Checks one cell against the type and the constraints of its field.
final class FieldCheck: Sendable {
  let field: Field
  let missing: MissingTexts
  private let reader: CellReader
  /// The allowed texts of a text field.
  let allowed: KeyIndex?

  init(_ field: Field) {
    self.field = field
    missing = MissingTexts(field.missingValues)
    reader = CellReader(field)
    if field.type.keyFamily == .string, let texts = field.constraints.allowedTexts {
      let index = KeyIndex(expecting: texts.count)
      for (row, text) in texts.enumerated() { index.insert(Array(text.utf8), row: row) }
      allowed = index
    } else {
      allowed = nil
    }
  }

  /// What is wrong with a text that is not missing. Sixteen bytes behind it may be read.
  func problems(of text: UnsafeBufferPointer<UInt8>) -> [String] {
    var problems: [String] = []
    let constraints = field.constraints
    if field.type.keyFamily == .string {
      if constraints.minLength != nil || constraints.maxLength != nil {
        let length = text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        if let least = constraints.minLength, length < least {
          problems.append("\(quote(text)) is shorter than \(counted(least, "character"))")
        }
        if let most = constraints.maxLength, length > most {
          problems.append("\(quote(text)) is longer than \(counted(most, "character"))")
        }
      }
      if let pattern = constraints.pattern, !pattern.matches(text) {
        problems.append("\(quote(text)) does not match the pattern \(quoted(pattern.source, escapingBackslash: false))")
      }
      if let allowed, let start = text.baseAddress, allowed.view.row(of: start, count: text.count) < 0 {
        problems.append(notAllowed(text))
      }
      return problems
    }
    guard let value = reader.read(text) else { return [typeProblem(text)] }
    func check(_ bound: Constraints.Bound?, _ isBeyond: (CellValue, CellValue) -> Bool, _ words: String) {
      guard let bound, isBeyond(value, bound.value) || value.isNotANumber else { return }
      problems.append("\(quote(text)) is \(words) \(bound.text)")
    }
    check(constraints.minimum, { $0.isLess(than: $1) }, "below the minimum")
    check(constraints.maximum, { $1.isLess(than: $0) }, "above the maximum")
    check(constraints.exclusiveMinimum, { !$1.isLess(than: $0) }, "not above")
    check(constraints.exclusiveMaximum, { !$0.isLess(than: $1) }, "not below")
    if let enumeration = constraints.enumeration, !enumeration.values.contains(value) {
      problems.append(notAllowed(text))
    }
    return problems
  }

  func typeProblem(_ text: UnsafeBufferPointer<UInt8>) -> String {
    switch field.type {
    case .integer where parseInteger(text) == .tooLarge:
      "\(quote(text)) is beyond the range of a 64-bit integer"
    case .integer: "\(quote(text)) is not an integer"
    case .date: "\(quote(text)) is not a date (YYYY-MM-DD)"
    case .year: "\(quote(text)) is not a year (YYYY)"
    case .yearmonth: "\(quote(text)) is not a yearmonth (YYYY-MM)"
    case .boolean:
      "\(quote(text)) is not a boolean (\((field.trueValues + field.falseValues).joined(separator: ", ")))"
    default: "\(quote(text)) is not \(field.type.described)"
    }
  }

  private func notAllowed(_ text: UnsafeBufferPointer<UInt8>) -> String {
    notOneOf(field.constraints.allowedTexts ?? [], text: String(decoding: text, as: UTF8.self))
  }

  private func quote(_ text: UnsafeBufferPointer<UInt8>) -> String { quoted(String(decoding: text, as: UTF8.self)) }
}

/// Says that a text is none of a list, with the nearest of it, or with all of it when it is short.
func notOneOf(_ known: [String], text: String) -> String {
  let nearest = nearMiss(text, among: known)
  if !nearest.isEmpty || known.count > 12 { return "\(quoted(text)) is not one of the allowed values\(nearest)" }
  return "\(quoted(text)) is not one of \(known.map { quoted($0) }.joined(separator: ", "))"
}

extension CellValue {
  fileprivate var isNotANumber: Bool {
    if case .number(let value) = self { value.kind == .notANumber } else { false }
  }
}
