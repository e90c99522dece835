/// A classification of the codes of a dimension into groups, which may lie in other groups.
public struct Scheme: Sendable {
  /// A class of codes, such as an alliance.
  public struct Group: Hashable, Sendable {
    /// The group's key, which is unique in its scheme.
    public let id: String
    /// For people.
    public let name: String
    /// The index of the group that it lies in; nil for an outermost one.
    public let parent: Int?

    package init(id: String, name: String, parent: Int? = nil) {
      self.id = id
      self.name = name
      self.parent = parent
    }
  }

  /// That a code is in a group, for as long as it was.
  public struct Membership: Hashable, Sendable {
    /// The code of the dimension.
    public let code: Int
    /// The index of the group.
    public let group: Int
    /// Why it is in the group, where the dataset says so.
    public let basis: String?
    /// The days from which and to which it was, both included; nil where it always was.
    public let validity: Validity?

    package init(code: Int, group: Int, basis: String? = nil, validity: Validity? = nil) {
      self.code = code
      self.group = group
      self.basis = basis
      self.validity = validity
    }
  }

  /// The scheme's key, which is unique.
  public let id: String
  /// For people.
  public let title: String
  /// The day for which the classification holds, as the dataset writes it.
  public let asOf: String?
  /// What the classification goes by; nil where the dataset does not say it.
  public let basis: String?
  /// The index of the dimension whose codes it groups.
  public let dimension: Int
  /// What a group is called, in the words of the dataset, from the outermost level on: such as `Region`, `Subregion`.
  public let levels: [String]
  /// In the order of the dataset, each behind the group that it lies in.
  public let groups: [Group]
  /// In the order of the dataset.
  public let memberships: [Membership]
  /// For each code the index of its group on the day of the scheme; nil for a code that it does not classify then.
  public let groupOfCode: [Int?]

  package init(
    id: String, title: String, asOf: String? = nil, basis: String? = nil, dimension: Int, levels: [String],
    groups: [Group], memberships: [Membership], codeCount: Int
  ) {
    self.id = id
    self.title = title
    self.asOf = asOf
    self.basis = basis
    self.dimension = dimension
    self.levels = levels
    self.groups = groups
    self.memberships = memberships
    let day = asOf.flatMap { CalendarDay($0) }
    var groupOfCode = [Int?](repeating: nil, count: codeCount)
    for membership in memberships where membership.validity?.holds(on: day) ?? true {
      groupOfCode[membership.code] = groupOfCode[membership.code] ?? membership.group
    }
    self.groupOfCode = groupOfCode
  }

  /// The group of a code on the day of the scheme.
  public func group(of code: Int) -> Int? { groupOfCode.indices.contains(code) ? groupOfCode[code] : nil }

  /// Why a code is in its group, where the dataset says so.
  public func basis(of code: Int) -> String? {
    memberships.first { $0.code == code && $0.group == group(of: code) }?.basis
  }

  /// Whether the group is the other one or lies in it, at any depth.
  public func isGroup(_ group: Int, within other: Int) -> Bool {
    var next: Int? = group
    while let current = next {
      if current == other { return true }
      next = groups[current].parent
    }
    return false
  }

  /// How many groups a group lies in.
  public func depth(of group: Int) -> Int {
    sequence(first: group) { groups[$0].parent }.reduce(-1) { depth, _ in depth + 1 }
  }

  /// Whether any code changes its group with time.
  public var isOfItsTime: Bool { memberships.contains { $0.validity != nil } }
}

/// From one day to another, both included.
public struct Validity: Hashable, Sendable {
  /// Nil where it began before all records.
  public let from: CalendarDay?
  /// Nil where it goes on.
  public let to: CalendarDay?

  package init(from: CalendarDay?, to: CalendarDay?) {
    self.from = from
    self.to = to
  }

  /// Whether it holds on that day; on a day that nobody names, whether it goes on.
  public func holds(on day: CalendarDay?) -> Bool {
    guard let day else { return to == nil }
    return (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
  }

  /// How it stands to a period: it covers all of it, some of it, or nothing.
  public func coverage(of period: ClosedRange<CalendarDay>) -> Coverage {
    if let from, from > period.upperBound { return .none }
    if let to, to < period.lowerBound { return .none }
    let coversStart = from.map { $0 <= period.lowerBound } ?? true
    let coversEnd = to.map { $0 >= period.upperBound } ?? true
    return coversStart && coversEnd ? .whole : .part
  }

  /// How much of a period is covered.
  public enum Coverage: Hashable, Sendable { case whole, part, none }
}

/// A day of the proleptic Gregorian calendar.
public struct CalendarDay: Hashable, Comparable, Sendable {
  /// Years, months and days as one ascending number.
  private let ordinal: Int

  init(year: Int, month: Int, day: Int) {
    ordinal = (year * 12 + month - 1) * 31 + day - 1
  }

  /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the first day of what is longer. Nil for anything else.
  public init?(_ text: String) {
    guard let period = CalendarDay.period(text) else { return nil }
    self = period.lowerBound
  }

  /// Earlier comes first.
  public static func < (a: CalendarDay, b: CalendarDay) -> Bool { a.ordinal < b.ordinal }

  /// The days of a year `YYYY`, a month `YYYY-MM` or a day `YYYY-MM-DD`; nil for anything else.
  public static func period(_ text: String) -> ClosedRange<CalendarDay>? {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } && part.utf8.count <= 9 ? Int(part) : nil
    }
    guard numbers.count == parts.count, let first = numbers.first, parts.count <= 3 else { return nil }
    let year = isNegative ? -first : first
    guard numbers.count > 1 else {
      return CalendarDay(year: year, month: 1, day: 1)...CalendarDay(year: year, month: 12, day: 31)
    }
    guard (1...12).contains(numbers[1]) else { return nil }
    guard numbers.count > 2 else {
      return CalendarDay(year: year, month: numbers[1], day: 1)...CalendarDay(year: year, month: numbers[1], day: 31)
    }
    guard (1...31).contains(numbers[2]) else { return nil }
    let day = CalendarDay(year: year, month: numbers[1], day: numbers[2])
    return day...day
  }
}
