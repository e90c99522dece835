import Base

/// What is done with the cells in one column of the file. Free of references: it is looked at for every cell.
struct CellPlan {
  enum Operation {
    /// The file has a column that is no field.
    case ignore
    /// Any text will do.
    case text
    /// A text that is looked up, and the row found is kept as one, two or four bytes.
    case code8, code16, code32
    /// A text that is looked up only to see whether it is allowed.
    case word
    case integer
    /// A number that is kept as a multiple of its last digit.
    case number
    /// A text that gets a code when it is first met.
    case open
    /// A type or constraints that need a closer look.
    case general
  }

  var operation: Operation
  var field: Int
  var isRequired: Bool
  var isKey: Bool
  var missing: MissingTexts.View
  /// Whether a missing value may look like a value.
  var looksForMissingFirst = true
  var keys: KeyIndex.View?
  var codes: UnsafeMutableRawPointer?
  var integers: UnsafeMutablePointer<Int64>?
  var reasons: UnsafeMutablePointer<UInt8>?
  var minimum = Int64.min
  var maximum = Int64.max
  /// How many digits behind the point are kept.
  var decimals = 0
  var allowsPoint = false
  /// Nil with codes that need no more than two bytes.
  var wideCodes: UnsafeMutablePointer<UInt32>?
}

extension Field {
  /// Whether a text is right if it is in the vocabulary asked for, or else among the keys referred to, or else in the
  /// field's own list.
  func isDecided(byVocabulary words: [String]?, _ keys: KeyIndex?) -> Bool {
    guard constraints.isBeyondRequired else { return true }
    guard constraints.hasOnlyEnumeration, let allowed = constraints.allowedTexts else { return false }
    if let words { return Set(words.map { ExactText($0) }).isSubset(of: allowed.map { ExactText($0) }) }
    return keys == nil
  }
}

extension Constraints {
  var hasOnlyEnumeration: Bool {
    var others = self
    others.enumeration = nil
    return !others.isBeyondRequired
  }

  /// Whether there is something to check besides a value being there. Uniqueness is checked for all rows at once.
  var isBeyondRequired: Bool {
    minLength != nil || maxLength != nil || minimum != nil || maximum != nil || exclusiveMinimum != nil
      || exclusiveMaximum != nil || enumeration != nil || pattern != nil
  }

  /// The least and the greatest integer that the bounds allow.
  var integerRange: (minimum: Int64, maximum: Int64) {
    var range = (minimum: Int64.min, maximum: Int64.max)
    if case .integer(let value)? = minimum?.value { range.minimum = value }
    if case .integer(let value)? = maximum?.value { range.maximum = value }
    if case .integer(let value)? = exclusiveMinimum?.value {
      if value == .max { return (.max, .min) }
      range.minimum = max(range.minimum, value + 1)
    }
    if case .integer(let value)? = exclusiveMaximum?.value {
      if value == .min { return (.max, .min) }
      range.maximum = min(range.maximum, value - 1)
    }
    return range
  }
}
