/// A set of codes of one dimension, kept as bits. One of a single code, which each observation has for each dimension,
/// takes no memory of its own.
public struct CodeSet: Hashable, Sendable {
  /// The number of the first word that has codes, that word, and those behind it, the last of which has codes: so that
  /// equal sets are equal.
  private var start = 0
  private var word: UInt64 = 0
  private var rest: [UInt64] = []

  /// No code at all.
  public init() {}

  /// These codes, in any order; negative ones are ignored.
  public init(_ codes: some Sequence<Int>) {
    for code in codes { insert(code) }
  }

  /// All codes of a range, a word of bits at a time; negative ones are ignored.
  public init(_ codes: Range<Int>) {
    let codes = codes.clamped(to: 0..<Int.max)
    guard !codes.isEmpty else { return }
    for number in codes.lowerBound >> 6...(codes.upperBound - 1) >> 6 {
      let bits = codes.clamped(to: number << 6..<(number + 1) << 6)
      insert((UInt64.max >> UInt64(64 - bits.count)) << UInt64(bits.lowerBound & 63), at: number)
    }
  }

  /// Whether there is no code in it.
  public var isEmpty: Bool { word == 0 }
  /// The number of codes.
  public var count: Int { rest.reduce(word.nonzeroBitCount) { $0 + $1.nonzeroBitCount } }

  /// Constant time; false for a negative code.
  public func contains(_ code: Int) -> Bool {
    code >= 0 && self[word: code >> 6] >> UInt64(code & 63) & 1 == 1
  }

  /// Negative codes are no codes and are ignored.
  public mutating func insert(_ code: Int) {
    if code >= 0 { insert(1 << UInt64(code & 63), at: code >> 6) }
  }

  /// Adds all codes of another set.
  public mutating func formUnion(_ other: CodeSet) {
    for number in other.words where other[word: number] != 0 { insert(other[word: number], at: number) }
  }

  /// Keeps the codes that another set has too.
  public mutating func formIntersection(_ other: CodeSet) { self = intersection(other) }

  /// The codes that both sets have.
  public func intersection(_ other: CodeSet) -> CodeSet {
    var result = CodeSet()
    for number in words.clamped(to: other.words) {
      let common = self[word: number] & other[word: number]
      if common != 0 { result.insert(common, at: number) }
    }
    return result
  }

  /// The codes that the other set does not have.
  public func subtracting(_ other: CodeSet) -> CodeSet {
    var result = CodeSet()
    for number in words {
      let rest = self[word: number] & ~other[word: number]
      if rest != 0 { result.insert(rest, at: number) }
    }
    return result
  }

  /// The numbers of the words that may have codes.
  private var words: Range<Int> { start..<(isEmpty ? start : start + 1 + rest.count) }

  private subscript(word number: Int) -> UInt64 {
    let index = number - start
    if index == 0 { return word }
    return index > 0 && index <= rest.count ? rest[index - 1] : 0
  }

  /// - Parameter bits: at least one.
  private mutating func insert(_ bits: UInt64, at number: Int) {
    if isEmpty {
      (start, word) = (number, bits)
    } else if number == start {
      word |= bits
    } else if number > start {
      while rest.count < number - start { rest.append(0) }
      rest[number - start - 1] |= bits
    } else {
      rest = Array(repeating: 0, count: start - number - 1) + [word] + rest
      (start, word) = (number, bits)
    }
  }
}

extension CodeSet: Sequence {
  /// The codes in ascending order.
  public func makeIterator() -> Iterator { Iterator(set: self, number: start, bits: word) }

  /// Gives the codes in ascending order.
  public struct Iterator: IteratorProtocol {
    fileprivate let set: CodeSet
    fileprivate var number: Int
    /// Those of that word that are still to come.
    fileprivate var bits: UInt64

    /// The next greater code; nil at the end.
    public mutating func next() -> Int? {
      while bits == 0 {
        number += 1
        if !set.words.contains(number) { return nil }
        bits = set[word: number]
      }
      defer { bits &= bits - 1 }
      return number << 6 + bits.trailingZeroBitCount
    }
  }
}

extension CodeSet: ExpressibleByArrayLiteral {
  /// These codes, in any order.
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}
