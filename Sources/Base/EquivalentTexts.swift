/// Two texts of a list that Unicode takes for the same although their bytes differ (canonical equivalence, Unicode Standard
/// Annex 15), such as é as one character and as an e with an accent behind it.
///
/// As keys they must not stand side by side: nobody can see which of them is meant, and a String compares equal to both, so
/// that who asks for one would be given the other.
public struct EquivalentTexts: Hashable, Sendable {
  /// The index of the first of them.
  public let first: Int
  /// The index of the one that is equivalent to it.
  public let second: Int

  /// Those of a list, each with the first text to which it is equivalent; texts of the same bytes are none.
  public static func among(_ texts: some Collection<String>) -> [EquivalentTexts] {
    // Of texts that are all ASCII none is equivalent to another.
    if texts.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) { return [] }
    var known: [String: (index: Int, text: String)] = [:]
    var found: [EquivalentTexts] = []
    for (index, text) in texts.enumerated() {
      guard let first = known[text] else {
        known[text] = (index, text)
        continue
      }
      if !hasSameBytes(first.text, text) { found.append(EquivalentTexts(first: first.index, second: index)) }
    }
    return found
  }

  /// What is wrong with a text as the key of something, and what to do about it.
  ///
  /// - Parameters:
  ///   - place: where the other one stands, such as `in row 2`.
  public static func message(_ text: String, _ other: String, _ place: String) -> String {
    let (own, others) = differingScalars(text, other)
    return
      "\(quoted(text)) is the same text as \(quoted(other)) \(place), in other characters (\(own), and there \(others)):"
      + " nothing can tell them apart; remove one, or give it another name"
  }
}

/// Whether two texts are the same byte by byte; to a String, equivalent ones are equal, too.
public func hasSameBytes(_ text: String, _ other: String) -> Bool { text.utf8.elementsEqual(other.utf8) }
