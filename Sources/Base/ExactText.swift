/// A text that equals those of the same bytes of UTF-8 alone.
///
/// To a String, texts are equal that Unicode takes for the same (canonical equivalence, Unicode Standard Annex 15): é as one
/// character and as an e with an accent behind it. Where texts are keys, cells or records, they are two. As a property wrapper it
/// makes a type compare and hash that text so; as a type it is the key of dictionaries and sets.
@propertyWrapper
public struct ExactText: Hashable, Sendable {
  /// The text itself.
  public var wrappedValue: String

  /// - Parameter wrappedValue: the text itself.
  public init(wrappedValue: String) { self.wrappedValue = wrappedValue }

  /// - Parameter text: the text itself.
  public init(_ text: String) { wrappedValue = text }

  /// By the bytes.
  public static func == (a: ExactText, b: ExactText) -> Bool { hasSameBytes(a.wrappedValue, b.wrappedValue) }

  /// By the bytes, and one behind them that no text has.
  public func hash(into hasher: inout Hasher) {
    var text = wrappedValue
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(UInt8.max)
  }
}

extension ExactText: Codable {
  /// From the text alone.
  public init(from decoder: any Decoder) throws { self.init(try String(from: decoder)) }

  /// As the text alone.
  public func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

/// Whether two lists have the same texts in the same order, byte by byte.
public func hasSameBytes(_ texts: [String], _ others: [String]) -> Bool {
  texts.elementsEqual(others, by: hasSameBytes)
}
