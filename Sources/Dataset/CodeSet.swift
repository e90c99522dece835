/// A set of codes of one dimension, kept as bits.
public struct CodeSet: Hashable, Sendable {
  private var words: [UInt64] = []

  public init() {}

  public init(_ codes: some Sequence<Int>) {
    for code in codes { insert(code) }
  }

  public var isEmpty: Bool { words.isEmpty }
  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  public func contains(_ code: Int) -> Bool {
    code >= 0 && code >> 6 < words.count && words[code >> 6] >> UInt64(code & 63) & 1 == 1
  }

  /// Negative codes are no codes and are ignored.
  public mutating func insert(_ code: Int) {
    guard code >= 0 else { return }
    while words.count <= code >> 6 { words.append(0) }
    words[code >> 6] |= 1 << UInt64(code & 63)
  }

  public mutating func formIntersection(_ other: CodeSet) {
    words.removeLast(Swift.max(0, words.count - other.words.count))
    for index in words.indices { words[index] &= other.words[index] }
    trim()
  }

  public func intersection(_ other: CodeSet) -> CodeSet {
    var result = self
    result.formIntersection(other)
    return result
  }

  public mutating func formUnion(_ other: CodeSet) {
    while words.count < other.words.count { words.append(0) }
    for index in other.words.indices { words[index] |= other.words[index] }
  }

  /// Equal sets have equal words: none of them ends in zeros.
  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
  }
}

extension CodeSet: Sequence {
  /// The codes in ascending order.
  public func makeIterator() -> Iterator { Iterator(words: words) }

  public struct Iterator: IteratorProtocol {
    let words: [UInt64]
    var index = 0
    var taken: UInt64 = 0

    public mutating func next() -> Int? {
      while index < words.count {
        let rest = words[index] & ~taken
        if rest != 0 {
          taken |= rest & (~rest + 1)
          return index << 6 + rest.trailingZeroBitCount
        }
        index += 1
        taken = 0
      }
      return nil
    }
  }
}

extension CodeSet: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}
