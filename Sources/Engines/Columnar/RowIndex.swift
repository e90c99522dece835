internal import Model
internal import TabularPackage

/// Which rows have which codes, so that a selection of few rows is found without looking at all others.
///
/// It takes four bytes for each observation and dimension, and some twenty for each observation: 4 MB for 100,000
/// observations of five dimensions. A dataset of more than some millions of observations has none.
struct RowIndex: Sendable {
  let columns: ObservationColumns
  private let lists: [CodeList]
  private let combinations: CombinationIndex?

  /// With more observations times dimensions than this, an index is not worth its room.
  private static let maximumEntryCount = 1 << 25

  /// Nil for a dataset that is too large.
  init?(_ columns: ObservationColumns) {
    let dimensions = max(1, columns.dimensions.count)
    guard columns.count <= Self.maximumEntryCount / dimensions else { return nil }
    self.columns = columns
    lists = zip(columns.dimensions, columns.shape).map { CodeList($0, codeCount: $1, rowCount: columns.count) }
    combinations = CombinationIndex(columns)
  }

  /// The rows that a selection selects, whatever their role, ascending.
  ///
  /// - Parameter known: what was found out about sets of codes before.
  func rows(where selection: Selection, _ known: inout ResolvedCodes) -> [UInt32] {
    var terms: [Term] = []
    for restriction in selection.restrictions {
      let codes = known.codes(restriction, count: columns.shape[restriction.dimension])
      if codes.count == columns.shape[restriction.dimension] { continue }
      let list = lists[restriction.dimension]
      let rowCount = codes.reduce(0) { $0 + list.rows(ofCode: $1).count }
      if rowCount == 0 { return [] }
      terms.append(Term(dimension: restriction.dimension, codes: codes, rowCount: rowCount, restriction.codes))
    }
    terms.sort { ($0.rowCount, $0.dimension) < ($1.rowCount, $1.dimension) }
    guard let shortest = terms.first else { return (0..<columns.count).map { UInt32(truncatingIfNeeded: $0) } }
    // To look a combination up takes as long as to look at some rows.
    let limit = shortest.rowCount / 8
    if let rows = combinations?.rows(terms.map { ($0.dimension, $0.codes) }, ifFewerThan: limit) { return rows }
    var rows: [UInt32] = []
    rows.reserveCapacity(shortest.rowCount)
    for code in shortest.codes { rows.append(contentsOf: lists[shortest.dimension].rows(ofCode: code)) }
    for term in terms.dropFirst() { keep(term, &rows, &known) }
    if shortest.codes.count > 1 { rows.sort() }
    return rows
  }

  private struct Term {
    let dimension: Int
    let codes: [Int]
    let rowCount: Int
    let set: CodeSet

    init(dimension: Int, codes: [Int], rowCount: Int, _ set: CodeSet) {
      self.dimension = dimension
      self.codes = codes
      self.rowCount = rowCount
      self.set = set
    }
  }

  private func keep(_ term: Term, _ rows: inout [UInt32], _ known: inout ResolvedCodes) {
    let column = columns.dimensions[term.dimension]
    let only = term.codes.count == 1 ? term.codes[0] : nil
    let mask = only == nil ? known.isAllowed(term.dimension, term.set, count: columns.shape[term.dimension]) : []
    switch column.width {
    case 1: keep(column.base.assumingMemoryBound(to: UInt8.self), only, mask, &rows)
    case 2: keep(column.base.assumingMemoryBound(to: UInt16.self), only, mask, &rows)
    default: keep(column.base.assumingMemoryBound(to: UInt32.self), only, mask, &rows)
    }
  }

  private func keep<Code: FixedWidthInteger>(
    _ codes: UnsafePointer<Code>, _ only: Int?, _ mask: [Bool], _ rows: inout [UInt32]
  ) {
    let kept = rows.withUnsafeMutableBufferPointer { rows in
      var kept = 0
      if let only {
        let only = Code(truncatingIfNeeded: only)
        for row in rows where codes[Int(row)] == only {
          rows[kept] = row
          kept += 1
        }
      } else {
        mask.withUnsafeBufferPointer { mask in
          for row in rows where mask[Int(truncatingIfNeeded: codes[Int(row)])] {
            rows[kept] = row
            kept += 1
          }
        }
      }
      return kept
    }
    rows.removeLast(rows.count - kept)
  }
}

/// The rows of a dimension, ordered by their codes.
private struct CodeList: Sendable {
  /// Where the rows of each code begin, and at last where they end.
  private let starts: [UInt32]
  private let rows: [UInt32]

  init(_ column: CodeColumn, codeCount: Int, rowCount: Int) {
    var starts = [UInt32](repeating: 0, count: codeCount + 1)
    for row in 0..<rowCount { starts[column[row] + 1] += 1 }
    for code in 0..<codeCount { starts[code + 1] += starts[code] }
    var next = starts
    var rows = [UInt32](repeating: 0, count: rowCount)
    for row in 0..<rowCount {
      let code = column[row]
      rows[Int(next[code])] = UInt32(truncatingIfNeeded: row)
      next[code] += 1
    }
    self.starts = starts
    self.rows = rows
  }

  /// Ascending.
  func rows(ofCode code: Int) -> ArraySlice<UInt32> { rows[Int(starts[code])..<Int(starts[code + 1])] }
}

/// Finds rows by their codes in all dimensions at once.
private struct CombinationIndex: Sendable {
  private let columns: ObservationColumns
  /// By dimension how far apart the numbers of neighbouring combinations are.
  private let strides: [UInt64]
  /// The first row of a combination, plus one; 0 where there is none. A combination that finds its place taken goes to the
  /// next one.
  private let slots: [UInt32]
  /// The next row with the same codes, plus one; 0 where there is none.
  private let next: [UInt32]

  /// Nil where 64 bits cannot number all combinations.
  init?(_ columns: ObservationColumns) {
    var strides = [UInt64](repeating: 0, count: columns.shape.count)
    var count: UInt64 = 1
    for dimension in columns.shape.indices.reversed() {
      strides[dimension] = count
      let (product, overflows) = count.multipliedReportingOverflow(by: UInt64(max(1, columns.shape[dimension])))
      if overflows { return nil }
      count = product
    }
    self.columns = columns
    self.strides = strides
    var size = 16
    while size < columns.count * 2 { size *= 2 }
    var slots = [UInt32](repeating: 0, count: size)
    var next = [UInt32](repeating: 0, count: columns.count)
    var numbers = [UInt64](repeating: 0, count: columns.count)
    for (column, stride) in zip(columns.dimensions, strides) {
      for row in numbers.indices { numbers[row] &+= UInt64(truncatingIfNeeded: column[row]) &* stride }
    }
    // From the last row on, so that the rows of a combination are ascending.
    for row in numbers.indices.reversed() {
      var slot = Self.slot(of: numbers[row], in: size)
      while slots[slot] != 0, numbers[Int(slots[slot]) - 1] != numbers[row] { slot = (slot + 1) & (size - 1) }
      next[row] = slots[slot]
      slots[slot] = UInt32(truncatingIfNeeded: row + 1)
    }
    self.slots = slots
    self.next = next
  }

  /// The rows of all combinations of some codes in every dimension, ascending; nil where not every dimension is
  /// restricted, or where there are too many combinations.
  func rows(_ terms: [(dimension: Int, codes: [Int])], ifFewerThan limit: Int) -> [UInt32]? {
    guard terms.count == columns.shape.count(where: { $0 > 1 }) else { return nil }
    var count = 1
    for (_, codes) in terms {
      let (product, overflows) = count.multipliedReportingOverflow(by: codes.count)
      if overflows || product >= limit { return nil }
      count = product
    }
    var numbers: [UInt64] = [0]
    numbers.reserveCapacity(count)
    for (dimension, codes) in terms {
      let first = UInt64(truncatingIfNeeded: codes[0]) &* strides[dimension]
      let known = numbers.count
      for code in codes.dropFirst() {
        let step = UInt64(truncatingIfNeeded: code) &* strides[dimension]
        for index in 0..<known { numbers.append(numbers[index] &+ step) }
      }
      for index in 0..<known { numbers[index] &+= first }
    }
    var rows: [UInt32] = []
    for number in numbers {
      var row = firstRow(of: number)
      while row != 0 {
        rows.append(row - 1)
        row = next[Int(row) - 1]
      }
    }
    rows.sort()
    return rows
  }

  /// Plus one; 0 where there is none.
  private func firstRow(of number: UInt64) -> UInt32 {
    var slot = Self.slot(of: number, in: slots.count)
    while slots[slot] != 0, self.number(ofRow: Int(slots[slot]) - 1) != number { slot = (slot + 1) & (slots.count - 1) }
    return slots[slot]
  }

  private func number(ofRow row: Int) -> UInt64 {
    var number: UInt64 = 0
    for dimension in strides.indices {
      number &+= UInt64(truncatingIfNeeded: columns.dimensions[dimension][row]) &* strides[dimension]
    }
    return number
  }

  private static func slot(of number: UInt64, in size: Int) -> Int {
    Int(truncatingIfNeeded: mixed(number)) & (size - 1)
  }
}

/// The bits of a number so mixed that numbers side by side have nothing in common (the finalizer of SplitMix64).
@inline(__always)
func mixed(_ number: UInt64) -> UInt64 {
  var bits = number &+ 0x9E37_79B9_7F4A_7C15
  bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
  bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
  return bits ^ (bits >> 31)
}

/// What was found out about sets of codes, which many scopes share.
struct ResolvedCodes {
  private struct Key: Hashable {
    let dimension: Int
    let codes: CodeSet
  }

  private var lists: [Key: [Int]] = [:]
  private var masks: [Key: [Bool]] = [:]
  private var addends: [Key: CodeSet?] = [:]

  /// The codes that are allowed and that there are, ascending.
  fileprivate mutating func codes(_ restriction: Selection.Restriction, count: Int) -> [Int] {
    let key = Key(dimension: restriction.dimension, codes: restriction.codes)
    if let known = lists[key] { return known }
    let codes = restriction.codes.filter { $0 < count }
    lists[key] = codes
    return codes
  }

  fileprivate mutating func isAllowed(_ dimension: Int, _ codes: CodeSet, count: Int) -> [Bool] {
    let key = Key(dimension: dimension, codes: codes)
    if let known = masks[key] { return known }
    // Each is as long as its dimension: where all are different they are not worth their room.
    if masks.count >= 1024 { masks = [:] }
    let mask = (0..<count).map(codes.contains)
    masks[key] = mask
    return mask
  }

  /// Those of the codes whose numbers add up; nil where they do not.
  mutating func addends(among codes: CodeSet, _ dimension: Int, _ hierarchy: Hierarchy) -> CodeSet? {
    let key = Key(dimension: dimension, codes: codes)
    if let known = addends[key] { return known }
    let found = hierarchy.addends(among: codes)
    addends[key] = .some(found)
    return found
  }
}
