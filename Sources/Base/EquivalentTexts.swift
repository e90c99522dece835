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

/// Where two texts differ, such as `U+00E9` and `U+0065 U+0301`: at most eight scalars of each, and `nothing` of one that has
/// none there.
private func differingScalars(_ text: String, _ other: String) -> (String, String) {
  var (own, others) = (Array(text.unicodeScalars)[...], Array(other.unicodeScalars)[...])
  // Of equivalent texts each side shows something; of others one may have nothing where the other has a blank.
  let least = text == other ? 1 : 0
  while own.count > least, others.count > least, own.first == others.first {
    own.removeFirst()
    others.removeFirst()
  }
  while own.count > least, others.count > least, own.last == others.last {
    own.removeLast()
    others.removeLast()
  }
  func spelled(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    let names = scalars.prefix(8).map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    if names.isEmpty { return "nothing" }
    return names.joined(separator: " ") + (scalars.count > 8 ? " …" : "")
  }
  return (spelled(own), spelled(others))
}

/// What of a list somebody may have meant by a text that is not in it, and where it differs if that is hard to see: the same
/// text for Unicode in other characters, or one that differs in case, in blanks and in what is not seen alone. Else as
/// `didYouMean`.
public func nearMiss(_ text: String, among known: some Sequence<String>) -> String {
  if let other = known.first(where: { $0 == text && !hasSameBytes($0, text) }) {
    let (own, others) = differingScalars(text, other)
    return "; \(quoted(other)) is the same text in other characters (\(own), and there \(others))"
  }
  let alike = known.lazy.compactMap { other in Likeness(text, other).map { (other, $0) } }.first { _ in true }
  guard let (other, likeness) = alike else { return didYouMean(text, among: known) }
  let (own, others) = differingScalars(text, other)
  return "; did you mean \(quoted(other))? It differs in \(likeness.words) alone (\(own), and there \(others))"
}

/// In what two texts differ that are the same but for case, blanks and what is not seen.
private struct Likeness {
  let words: String

  /// Nil for texts that differ in more, or in nothing.
  init?(_ text: String, _ other: String) {
    var (own, others) = (Self.seen(text), Self.seen(other))
    var differsInCase = false
    while true {
      let (a, b) = (own.next(), others.next())
      guard let a, let b else {
        guard a == nil, b == nil else { return nil }
        break
      }
      if a == b { continue }
      guard a.properties.lowercaseMapping == b.properties.lowercaseMapping else { return nil }
      differsInCase = true
    }
    let differsInBlanks = !Self.blanks(text).elementsEqual(Self.blanks(other))
    switch (differsInCase, differsInBlanks) {
    case (true, true): words = "case and blanks"
    case (true, false): words = "case"
    case (false, true): words = "blanks"
    case (false, false): return nil
    }
  }

  private static func seen(_ text: String) -> some IteratorProtocol<Unicode.Scalar> {
    text.unicodeScalars.lazy.filter { !isBlank($0) }.makeIterator()
  }

  /// Every blank, and how many scalars that are none stand before it.
  private static func blanks(_ text: String) -> [Int] {
    var result: [Int] = []
    var position = 0
    for scalar in text.unicodeScalars {
      if isBlank(scalar) { result += [position, Int(scalar.value)] } else { position += 1 }
    }
    return result
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .format
      || scalar.properties.generalCategory == .control
  }
}
