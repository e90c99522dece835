/// How many of the numbers that belong in a sum it has, and why the others lack.
///
/// A cell of one number alone has none: a number is one of one, a missing value none of one, and a cell in which nothing
/// was observed none of none.
public struct Coverage: Hashable, Sendable {
  /// Numbers that lack for one reason.
  public struct Lack: Hashable, Sendable {
    /// Such as `none printed`.
    public var reason: String
    /// How many.
    public var count: Int

    /// - Parameter reason: such as `none printed`.
    public init(reason: String, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// The numbers that are in the sum.
  public var numbers: Int
  /// Each reason once.
  public private(set) var lacks: [Lack]

  /// - Parameters:
  ///   - numbers: that are in the sum.
  ///   - lacks: why others are not; a reason that stands twice is put together.
  public init(numbers: Int, lacks: [Lack] = []) {
    self.numbers = numbers
    self.lacks = []
    for lack in lacks { add(lack) }
  }

  /// How many numbers there should be.
  public var expected: Int { lacks.reduce(numbers) { Self.sum($0, $1.count) } }
  /// Whether none lacks.
  public var isComplete: Bool { lacks.isEmpty }

  /// Such as `139 of 167 numbers; 28 withheld`.
  public var words: String {
    (["\(numbers) of \(expected) numbers"] + lacks.map { "\($0.count) \($0.reason)" }).joined(separator: "; ")
  }

  /// Takes in what another, disjoint sum has and lacks.
  public mutating func formUnion(_ other: Coverage) {
    numbers = Self.sum(numbers, other.numbers)
    for lack in other.lacks { add(lack) }
  }

  private mutating func add(_ lack: Lack) {
    if lack.count == 0 { return }
    if let index = lacks.firstIndex(where: { $0.reason == lack.reason }) {
      lacks[index].count = Self.sum(lacks[index].count, lack.count)
    } else {
      lacks.append(lack)
    }
  }

  /// A plugin may tell any counts, in as many rows as it likes: a sum that there is no room for is the greatest.
  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? .max : sum
  }

  /// The reason where a row should be and is none.
  public static let noRow = "without a row"
}

/// Between what a number lies that is, or contains, an estimate.
public struct Bounds: Hashable, Sendable {
  /// Nil where nobody can say.
  public var lower: ExactDecimal?
  /// Nil where nobody can say.
  public var upper: ExactDecimal?

  /// - Parameters:
  ///   - lower: nil where nobody can say, as `upper`.
  public init(lower: ExactDecimal?, upper: ExactDecimal?) {
    self.lower = lower
    self.upper = upper
  }

  /// There are estimates, and nobody can say between what the number lies.
  public static let unknown = Bounds(lower: nil, upper: nil)

  /// Such as `includes estimates: from 280 to 410`.
  public var words: String {
    let limits =
      switch (lower, upper) {
      case (let lower?, let upper?): ": from \(lower) to \(upper)"
      case (let lower?, nil): ": at least \(lower)"
      case (nil, let upper?): ": at most \(upper)"
      case (nil, nil): ""
      }
    return "includes estimates" + limits
  }
}
