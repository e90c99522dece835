import Base

extension Dimension {
  /// The codes that an item means; at least one.
  public func codes(of item: SelectionTerm.Item) throws(ItemError) -> CodeSet {
    switch item {
    case .under(let code): return try contents(of: code)
    case .code(let text):
      guard let code = codes.index(of: text) else { throw unknown(text) }
      return [code]
    case .text(let text):
      if let code = codes.index(of: text) { return [code] }
      if let end = try end(text) { return [end] }
      // Bytes are compared: to a String, a mark that follows makes another character of the colon.
      if text.utf8.starts(with: SelectionTerm.under.utf8) {
        return try contents(of: String(decoding: text.utf8.dropFirst(SelectionTerm.under.utf8.count), as: UTF8.self))
      }
      if let range = try range(text) { return range }
      throw unknown(text)
    }
  }

  /// Whether an item is a range, which takes time to read.
  func isRange(_ item: SelectionTerm.Item) -> Bool {
    guard case .text(let text) = item, codes.index(of: text) == nil else { return false }
    return !splits(of: text).isEmpty
  }

  // MARK: - Periods

  /// The code that `latest` or `first` stands for; nil for any other text.
  private func end(_ text: String) throws(ItemError) -> Int? {
    guard text == SelectionTerm.latest || text == SelectionTerm.first else { return nil }
    guard isTime else {
      throw .unusable(item: text, message: "\(id) has no code \"\(text)\", nor periods of which one is the \(text)")
    }
    if codes.count == 0 { throw .unusable(item: text, message: "\"\(text)\" selects nothing: \(id) has no codes") }
    return text == SelectionTerm.latest ? codes.count - 1 : 0
  }

  /// Both ends of a text for each place at which it may be a range; an end may be empty.
  private func splits(of text: String) -> [(from: String, to: String)] {
    let bytes = Array(text.utf8)
    let mark = Array(SelectionTerm.range.utf8)
    let places = bytes.indices.dropLast(mark.count - 1).lazy.filter {
      bytes[$0..<($0 + mark.count)].elementsEqual(mark)
    }
    // Of a text that is all points there is no need to look at each.
    return places.prefix(16).map {
      (String(decoding: bytes[..<$0], as: UTF8.self), String(decoding: bytes[($0 + mark.count)...], as: UTF8.self))
    }
  }

  /// The codes of a range; nil for a text that is none.
  private func range(_ text: String) throws(ItemError) -> CodeSet? {
    let splits = splits(of: text)
    guard let usual = splits.first else { return nil }
    func isKnown(_ end: String) -> Bool { end.isEmpty || codes.index(of: end) != nil }
    let known = splits.first { isKnown($0.from) && isKnown($0.to) }
    let (from, to) = known ?? usual
    guard isTime else {
      if known == nil { return nil }
      throw .unusable(
        item: text, message: "\(quoted(text)) is no range: the codes of \(id) are no periods; name those that are meant"
      )
    }
    if from.isEmpty, to.isEmpty {
      throw .unusable(
        item: text, message: "\(quoted(text)) has neither beginning nor end; write A..B, A.. or ..B")
    }
    let (lower, upper) = (try bound(from), try bound(to))
    let first = lower.map { bound in index { !bound.isAfter($0) } } ?? 0
    let end = upper.map { bound in index { bound.isBefore($0) } } ?? codes.count
    if first < end { return CodeSet(first..<end) }
    if let lower, let upper, upper.comesBefore(lower) {
      let turned = "\(quoted(to + SelectionTerm.range + from))"
      throw .unusable(item: text, message: "\(quoted(text)) ends before it begins; write \(turned)")
    }
    throw .unusable(item: text, message: "\(quoted(text)) selects nothing: \(extent)")
  }

  /// From where to where the codes go, in words.
  private var extent: String {
    guard let first = codes.ids.first, let last = codes.ids.last else { return "\(id) has no codes" }
    return "the codes of \(id) go from \(first) to \(last)"
  }

  /// The first code of which something holds that holds of all behind it; the number of codes where it holds of none.
  private func index(_ holds: (RangeBound.Place) -> Bool) -> Int {
    var (low, high) = (0, codes.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(RangeBound.Place(code: middle, id: codes.ids[middle])) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Nil for an end that is open.
  private func bound(_ text: String) throws(ItemError) -> RangeBound? {
    if text.isEmpty { return nil }
    if let code = codes.index(of: text) { return .code(code) }
    if let code = try end(text) { return .code(code) }
    // A period in between can only be compared with codes that are as fine as it is.
    guard let period = Period(text), period.numbers.count <= periodDepth else { throw unknown(text) }
    return .period(period)
  }

  // MARK: - What contains others

  private func contents(of text: String) throws(ItemError) -> CodeSet {
    guard let code = codes.index(of: text) else { throw unknown(text) }
    func refusal(_ reason: String) -> ItemError {
      .unusable(item: text, message: "nothing is under \(quoted(text)): \(reason)")
    }
    guard let hierarchy else { throw refusal("the dataset does not say which codes of \(id) contain others") }
    if !hierarchy.descendants[code].isEmpty { return hierarchy.descendants[code] }
    if hierarchy.aggregates.contains(code) { throw refusal("it contains others, but the dataset does not say which") }
    throw refusal("it contains no other code of \(id)")
  }

  private func unknown(_ text: String) -> ItemError {
    let words = isTime ? [SelectionTerm.latest, SelectionTerm.first] : []
    return .unknown(UnknownName(kind: id, name: text, suggestions: suggestions(for: text, among: codes.ids + words)))
  }
}

/// Where a range begins or ends.
private enum RangeBound {
  case code(Int)
  case period(Period)

  /// Where a code stands.
  struct Place {
    var code: Int
    var id: String
  }

  /// Whether a range that begins here leaves the code out.
  func isAfter(_ place: Place) -> Bool {
    switch self {
    case .code(let code): code > place.code
    case .period(let period): period.compared(to: Period.numbers(of: place.id)) > 0
    }
  }

  /// Whether a range that ends here leaves the code out.
  func isBefore(_ place: Place) -> Bool {
    switch self {
    case .code(let code): code < place.code
    case .period(let period): period.compared(to: Period.numbers(of: place.id)) < 0
    }
  }

  /// Whether a range from the other one to this one would end before it begins.
  func comesBefore(_ other: RangeBound) -> Bool {
    switch (self, other) {
    case (.code(let code), .code(let other)): code < other
    case (.period(let period), .period(let other)): period.compared(to: other.numbers) < 0
    default: false
    }
  }
}

/// A year, alone or with what is within it, such as 2015 and 3 of `2015-03`.
struct Period: Hashable {
  let numbers: [Int]

  /// Nil for a text that is anything but numbers.
  init?(_ text: String) {
    numbers = Self.numbers(of: text)
    // A year before the first one has a sign.
    let parts = text.utf8.dropFirst(text.utf8.first == UInt8(ascii: "-") ? 1 : 0)
      .split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    if numbers.isEmpty || numbers.count != parts.count { return nil }
  }

  /// The numbers with which a text begins: 2015 of `2015-Q3`.
  static func numbers(of text: String) -> [Int] {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    var numbers: [Int] = []
    for part in text.utf8.dropFirst(isNegative ? 1 : 0).split(
      separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    {
      guard !part.isEmpty, part.count <= 9, part.allSatisfy({ (0x30...0x39).contains($0) }) else { break }
      let number = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      numbers.append(numbers.isEmpty && isNegative ? -number : number)
    }
    return numbers
  }

  /// Below 0 where this period lies before what the numbers say, 0 where one lies within the other, else above 0.
  func compared(to other: [Int]) -> Int {
    for (one, other) in zip(numbers, other) where one != other { return one < other ? -1 : 1 }
    return 0
  }
}
