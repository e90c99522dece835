/// Texts one behind the other with commas between them, as people write several into one. A text that has a comma in it or
/// begins with a double quote stands in double quotes, with those inside it doubled (RFC 4180).
public func commaSeparated(_ texts: some Sequence<String>) -> String {
  texts.map(commaSeparated).joined(separator: ",")
}

/// One text as `commaSeparated` writes it among others.
public func commaSeparated(_ text: String) -> String {
  if !text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) { return text }
  return "\"" + escapingScalars(text) { $0 == "\"" ? "\"\"" : nil } + "\""
}

/// What is wrong with the double quotes of a text.
public enum QuotingError: Error, Hashable, Sendable {
  /// The item that begins with this text has no quote at its end.
  case unclosed(String)
  /// There is a quote within an item that does not begin with one, or something behind its last one.
  case misplaced(String)
}

/// The texts in one that has commas between them, as `commaSeparated` writes it. Empty ones without quotes are left out.
public func splitCommaSeparated(_ text: some StringProtocol) throws(QuotingError) -> [String] {
  let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
  var items: [String] = []
  var rest = Array(text.utf8)[...]
  while let first = rest.first {
    let isQuoted = first == quote
    let whole = rest
    var item: [UInt8] = []
    var isClosed = !isQuoted
    if isQuoted { rest.removeFirst() }
    while let byte = rest.first, byte != comma || !isClosed {
      rest.removeFirst()
      if byte != quote {
        if isQuoted, isClosed { throw .misplaced(String(decoding: whole, as: UTF8.self)) }
        item.append(byte)
      } else if !isQuoted {
        throw .misplaced(String(decoding: whole, as: UTF8.self))
      } else if isClosed {
        // Two of them are one that is meant.
        item.append(quote)
        isClosed = false
      } else {
        isClosed = true
      }
    }
    if !isClosed { throw .unclosed(String(decoding: whole, as: UTF8.self)) }
    rest = rest.dropFirst()
    if isQuoted || !item.isEmpty { items.append(String(decoding: item, as: UTF8.self)) }
  }
  return items
}
