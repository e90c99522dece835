/// The values of one column in a batch.
public enum ColumnVector: Sendable {
  case texts([String], Gaps)
  /// Each the place of its text in a list that many batches share.
  case codes([UInt32], of: TextList, Gaps)
  case integers([Int64], Gaps)
  case decimals([ExactDecimal], Gaps)
  /// Values of several kinds, where a step made them one by one.
  case mixed([Cell.Value])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .texts(let values, _): values.count
    case .codes(let values, of: _, _): values.count
    case .integers(let values, _): values.count
    case .decimals(let values, _): values.count
    case .mixed(let values): values.count
    }
  }

  /// The value of a row, missing where there is a gap.
  public subscript(row: Int) -> Cell.Value {
    switch self {
    case .texts(let values, let gaps): gaps[row] ?? .text(values[row])
    case .codes(let values, of: let list, let gaps): gaps[row] ?? .text(list.texts[Int(values[row])])
    case .integers(let values, let gaps): gaps[row] ?? .integer(values[row])
    case .decimals(let values, let gaps): gaps[row] ?? .decimal(values[row])
    case .mixed(let values): values[row]
    }
  }
}

extension ColumnVector {
  /// Whether any value may be missing.
  package var mayHaveGaps: Bool {
    if case .mixed = self { true } else { !gaps.isEmpty }
  }

  /// Whether any value is missing for a reason that can be told.
  public var hasReasons: Bool {
    switch self {
    case .texts(_, let gaps), .codes(_, of: _, let gaps), .integers(_, let gaps), .decimals(_, let gaps):
      gaps.reasons.contains { $0 != nil }
    case .mixed: true
    }
  }
}

/// Where a column has no value, and why.
public struct Gaps: Sendable {
  /// By row 0 where there is a value, else the place of the reason in `reasons`, plus one; empty where every row has a
  /// value.
  public private(set) var codes: [UInt8]
  /// Nil where nothing was observed at all. At most 255.
  public private(set) var reasons: [Missing?]

  /// Every row has a value.
  public static let none = Gaps(codes: [], reasons: [])

  /// - Parameters:
  ///   - codes: by row 0, or the place in `reasons` plus one; empty where every row has a value.
  ///   - reasons: at most 255, nil where nothing was observed at all.
  public init(codes: [UInt8], reasons: [Missing?]) {
    self.codes = codes
    self.reasons = reasons
  }

  /// The missing value of a row; nil where there is a value.
  @inline(__always)
  public subscript(row: Int) -> Cell.Value? {
    hasGap(row) ? .missing(reasons[Int(codes[row]) - 1]) : nil
  }

  /// Whether every row has a value.
  public var isEmpty: Bool { codes.isEmpty }

  /// Whether the row has no value.
  @inline(__always)
  func hasGap(_ row: Int) -> Bool { !codes.isEmpty && codes[row] != 0 }

  func gathering(_ rows: [Int]) -> Gaps {
    codes.isEmpty ? self : Gaps(codes: rows.map { codes[$0] }, reasons: reasons)
  }

  /// Whether there is no value in the row.
  @inline(__always)
  public func contains(_ row: Int) -> Bool { !codes.isEmpty && codes[row] != 0 }

  /// The gaps of several columns, one below the other; nil when there are too many reasons for one list.
  init?(joining parts: [(gaps: Gaps, count: Int)]) {
    codes = []
    reasons = []
    if parts.allSatisfy(\.gaps.isEmpty) { return }
    for (gaps, count) in parts {
      if gaps.isEmpty {
        codes += repeatElement(0, count: count)
        continue
      }
      var places: [UInt8] = [0]
      for reason in gaps.reasons {
        let place = reasons.firstIndex(of: reason) ?? reasons.count
        if place >= 255 { return nil }
        if place == reasons.count { reasons.append(reason) }
        places.append(UInt8(place + 1))
      }
      codes += gaps.codes.lazy.map { places[Int($0)] }
    }
  }
}

/// Texts that columns refer to by place, such as the ids of a code list. Made once, and shared.
public final class TextList: Sendable {
  /// By place.
  public let texts: [String]

  /// - Parameter texts: by place, which is what columns hold.
  public init(_ texts: [String]) {
    self.texts = texts
  }
}

extension ColumnVector {
  func gathering(_ rows: [Int]) -> ColumnVector {
    switch self {
    case .texts(let values, let gaps): .texts(rows.map { values[$0] }, gaps.gathering(rows))
    case .codes(let values, of: let list, let gaps): .codes(rows.map { values[$0] }, of: list, gaps.gathering(rows))
    case .integers(let values, let gaps): .integers(rows.map { values[$0] }, gaps.gathering(rows))
    case .decimals(let values, let gaps): .decimals(rows.map { values[$0] }, gaps.gathering(rows))
    case .mixed(let values): .mixed(rows.map { values[$0] })
    }
  }

  /// The values of several columns, one below the other.
  init(joining parts: [ColumnVector]) {
    if let gaps = Gaps(joining: parts.map { ($0.gaps, $0.count) }) {
      if let values = joined(parts.map(\.texts)) {
        self = .texts(values, gaps)
        return
      } else if let list = parts.first?.list, let values = joined(parts.map { $0.codes(of: list) }) {
        self = .codes(values, of: list, gaps)
        return
      } else if let values = joined(parts.map(\.integers)) {
        self = .integers(values, gaps)
        return
      } else if let values = joined(parts.map(\.decimals)) {
        self = .decimals(values, gaps)
        return
      }
    }
    self = .mixed(parts.flatMap { part in (0..<part.count).map { part[$0] } })
  }

  private var gaps: Gaps {
    switch self {
    case .texts(_, let gaps), .codes(_, of: _, let gaps), .integers(_, let gaps), .decimals(_, let gaps): gaps
    case .mixed: .none
    }
  }

  private var texts: [String]? { if case .texts(let values, _) = self { values } else { nil } }
  private var integers: [Int64]? { if case .integers(let values, _) = self { values } else { nil } }
  private var decimals: [ExactDecimal]? { if case .decimals(let values, _) = self { values } else { nil } }
  private var list: TextList? { if case .codes(_, of: let list, _) = self { list } else { nil } }

  private func codes(of list: TextList) -> [UInt32]? {
    if case .codes(let values, of: let own, _) = self, own === list { values } else { nil }
  }

  /// About how many bytes of memory the values take.
  var estimatedByteCount: Int {
    switch self {
    case .texts(let values, let gaps):
      values.reduce(gaps.codes.count) { $0 + MemoryLayout<String>.stride + $1.estimatedByteCount }
    case .codes(let values, of: _, let gaps): values.count * 4 + gaps.codes.count
    case .integers(let values, let gaps): values.count * 8 + gaps.codes.count
    case .decimals(let values, let gaps): values.count * MemoryLayout<ExactDecimal>.stride + gaps.codes.count
    case .mixed(let values):
      values.reduce(0) { sum, value in
        let text = if case .text(let text) = value { text.estimatedByteCount } else { 0 }
        return sum + MemoryLayout<Cell.Value>.stride + text
      }
    }
  }
}

/// All values, one list behind the other; nil when there is a list missing.
private func joined<Value>(_ lists: [[Value]?]) -> [Value]? {
  if lists.contains(where: { $0 == nil }) { return nil }
  return Array(lists.lazy.compactMap(\.self).joined())
}
