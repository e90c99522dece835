/// Texts that Strings take for other characters than their readers do: each sign of ASCII with a mark behind it, which makes
/// one character of both.
package enum MarkedSigns {
  /// Of every sign that is neither letter, digit nor control, with an accent, a joiner and a variation selector behind it, at
  /// the beginning, in the middle and at the end of a text.
  package static let texts: [String] = signs.flatMap { sign in
    marks.flatMap { mark in ["\(sign)\(mark)", "a\(sign)\(mark)b\(sign)\(mark)", "\(sign)\(mark)1"] }
  }

  /// Those without a space at either end, which some formats do not keep.
  package static let wordTexts = texts.filter { $0.utf8.first != UInt8(ascii: " ") }

  private static let signs = (UInt8(0x20)...0x7E).map { Unicode.Scalar($0) }.filter {
    !("a"..."z").contains($0) && !("A"..."Z").contains($0) && !("0"..."9").contains($0)
  }
  private static let marks: [Unicode.Scalar] = ["\u{301}", "\u{200D}", "\u{FE0F}"]
}

/// Whether two texts are the same byte by byte, which Strings that are equal need not be.
package func areSameBytes(_ text: String?, _ other: String) -> Bool {
  text.map { $0.utf8.elementsEqual(other.utf8) } ?? false
}
