/// Where two texts differ, such as `U+00E9` and `U+0065 U+0301`: at most eight scalars of each, and `nothing` of one that has
/// none there.
func differingScalars(_ text: String, _ other: String) -> (String, String) {
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
  if let other = known.first(where: { isSameInOtherCharacters($0, text) }), let words = hiddenDifference(text, other) {
    return "; \(quoted(other)) \(words)"
  }
  let alike = known.lazy.compactMap { other in hiddenDifference(text, other).map { (other, $0) } }.first { _ in true }
  guard let (other, words) = alike else { return didYouMean(text, among: known) }
  return "; did you mean \(quoted(other))? It \(words)"
}

/// Where two texts differ that are hard to tell apart, such as `differs in case alone (U+0062, and there U+0042)` or `is the
/// same text in other characters (U+0065 U+0301, and there U+00E9)`; nil for those that differ in more, or in nothing.
public func hiddenDifference(_ text: String, _ other: String) -> String? {
  if hasSameBytes(text, other) { return nil }
  let words: String
  if text == other {
    words = "is the same text in other characters"
  } else if let likeness = Likeness(text, other) {
    words = "differs in \(likeness.words) alone"
  } else {
    return nil
  }
  let (own, others) = differingScalars(text, other)
  return "\(words) (\(own), and there \(others))"
}

private func isSameInOtherCharacters(_ text: String, _ other: String) -> Bool {
  text == other && !hasSameBytes(text, other)
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
