internal import Base

/// A YAML scalar: its text as YAML reads it, and how it was written.
public struct Scalar: Hashable, Sendable {
  /// How a scalar was written, which decides whether it can be anything but text.
  package enum Style: Hashable, Sendable {
    case plain
    /// In single or double quotes.
    case quoted
    /// A block after `|` or `>`.
    case literal
  }

  /// The explicit tags that are honoured.
  package enum Tag: String, Hashable, Sendable, CaseIterable {
    case string = "!!str"
    case integer = "!!int"
    case float = "!!float"
    case boolean = "!!bool"
    case null = "!!null"
  }

  /// The text without quotes and escapes, and with lines folded, as YAML reads it.
  public var text: String
  package var style: Style
  package var tag: Tag?

  package init(text: String, style: Style, tag: Tag? = nil) {
    self.text = text
    self.style = style
    self.tag = tag
  }
}

/// What a scalar means by the core schema of YAML 1.2.2 (section 10.3), narrowed: see `Scalar.meaning`.
enum ScalarMeaning: Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// An integer that does not fit 64 bits.
  case hugeInteger
  case float
  case text
}

extension Scalar {
  /// Whether `null`, `~` or nothing is written, without quotes.
  public var isNull: Bool { meaning == .null }

  /// Quoted and block scalars are text unless a tag says otherwise. Of the plain ones only `true` and `false` are
  /// booleans, and integers are those of `WrittenInteger`: `010` is ten, where YAML 1.1 read eight; what that read into
  /// `yes`, `1_000` or `1:30` is text. Where a text or a code is wanted, every one of them is what is written: `010`.
  var meaning: ScalarMeaning {
    switch tag {
    case .string: .text
    case nil: style == .plain ? Self.plainMeaning(of: text) : .text
    case .integer, .float, .boolean, .null: Self.plainMeaning(of: text)
    }
  }

  /// Whether the text is of the kind that its tag claims.
  var fulfilsTag: Bool {
    switch (tag, meaning) {
    case (nil, _), (.string, _): true
    case (.integer, .integer), (.integer, .hugeInteger), (.boolean, .boolean), (.null, .null): true
    case (.float, .float), (.float, .integer), (.float, .hugeInteger): true
    default: false
    }
  }

  var summary: String {
    switch meaning {
    case .null: text.isEmpty ? "empty" : "null"
    case .boolean: "the boolean \(text)"
    case .integer, .hugeInteger: "the integer \(abbreviated(text))"
    case .float: "the number \(abbreviated(text))"
    case .text: "the text \(quoted(text))"
    }
  }

  private static func plainMeaning(of text: String) -> ScalarMeaning {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: return integerMeaning(of: text) ?? (isFloat(text) ? .float : .text)
    }
  }

  private static func integerMeaning(of text: String) -> ScalarMeaning? {
    switch WrittenInteger(text) {
    case .value(let value): .integer(value)
    case .tooLarge: .hugeInteger
    case nil: nil
    }
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, or infinity, or not a number.
  private static func isFloat(_ text: String) -> Bool {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let unsigned = String(rest) ?? ""
    if [".inf", ".Inf", ".INF"].contains(unsigned) || [".nan", ".NaN", ".NAN"].contains(text) { return true }

    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(fraction.count + 1)
      if whole.isEmpty, fraction.isEmpty { return false }
    } else if whole.isEmpty {
      return false
    }
    guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else { return rest.isEmpty }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
