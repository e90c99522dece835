internal import Base
internal import Model
internal import TabularPackage

/// Finds counted numbers that stand for the same (MODEL, rule 5): two rows for one cell, or numbers of several sources
/// for one, where the dataset does not say which source counts.
struct RepetitionSearch {
  private let layout: DatasetLayout
  private let model: ModelContents
  private let store: ObservationStore
  private let fanOut: Int

  init(layout: DatasetLayout, model: ModelContents, store: ObservationStore, fanOut: Int) {
    self.layout = layout
    self.model = model
    self.store = store
    self.fanOut = fanOut
  }

  func problems() -> ProblemList {
    var problems = ProblemList()
    let configuration = layout.configuration
    if configuration.repeated == .error, !keyTellsCells {
      for (row, first) in repeatedRows(without: nil) {
        problems.append(
          problem(
            row,
            "a second counted number for \(words(row)); the first is in row \(number(first)). Make one contested, or say "
              + "repeated: add where each row is an event of its own"))
      }
    }
    if problems.isEmpty, let source = layout.source, configuration.preferredSources.isEmpty,
      !configuration.saysRule(over: layout.dimensions[source].field.name), configuration.repeated == .error
    {
      for (row, first) in repeatedRows(without: source) {
        problems.append(
          problem(
            row,
            "a second source gives a number for \(words(row, without: source)); the first is in row \(number(first)). Say "
              + "prefer: [source, source] if one counts, over: { \(layout.dimensions[source].field.name): sum } if they add up, "
              + "or make one contested"))
      }
    }
    return problems
  }

  /// Whether the primary key says already that no two rows have the same codes.
  private var keyTellsCells: Bool {
    let key = Set(layout.schema.primaryKey)
    return !key.isEmpty && key.isSubset(of: layout.dimensions.map(\.field.index))
  }

  /// Each row with a number for which an earlier one has one, and the first of these.
  private func repeatedRows(without dimension: Int?) -> [(row: Int, first: Int)] {
    let columns = store.columns
    guard let grid = SparseGrid(shape: columns.shape) else { return [] }
    let dimensions = columns.dimensions.indices.filter { $0 != dimension }
      .map { (column: columns.dimensions[$0], stride: grid.strides[$0]) }
    func key(_ row: Int) -> Int128 { dimensions.reduce(0) { $0 + Int128($1.column[row]) * $1.stride } }
    let rows = (0..<columns.count).lazy.filter { columns.role($0) == .counted && columns.reasons.base[$0] == 0 }
    // Of many rows hardly any repeats another: a list of eight bytes for each tells which to look at.
    var hashes = Array(rows.map { Self.hash(key($0)) })
    hashes.sort()
    let repeated = Set(hashes.indices.dropFirst().lazy.filter { hashes[$0] == hashes[$0 - 1] }.map { hashes[$0] })
    if repeated.isEmpty { return [] }
    hashes = []
    var seen: [Int128: Int] = [:]
    var found: [(row: Int, first: Int)] = []
    for row in rows {
      let key = key(row)
      if !repeated.contains(Self.hash(key)) { continue }
      if let first = seen[key] {
        found.append((row, first))
      } else {
        seen[key] = row
      }
    }
    return found
  }

  /// Different keys may share one, which only costs a look at both.
  private static func hash(_ key: Int128) -> UInt64 {
    let key = UInt128(truncatingIfNeeded: key)
    return UInt64(truncatingIfNeeded: key) ^ (UInt64(truncatingIfNeeded: key >> 64) &* 0x9E37_79B9_7F4A_7C15)
  }

  private func words(_ row: Int, without dimension: Int? = nil) -> String {
    let codes = store.columns.codes(row)
    return model.dimensions.indices.filter { $0 != dimension }
      .map { model.dimensions[$0].codes.names[codes[$0]] }.joined(separator: ", ")
  }

  private func number(_ row: Int) -> Int { row / fanOut + (layout.observations.dialect.hasHeader ? 2 : 1) }

  private func problem(_ row: Int, _ message: String) -> Problem {
    Problem(
      file: layout.observations.displayPath,
      position: .row(number(row), field: layout.measures[row % fanOut].field.name), message: message)
  }
}

extension DatasetConfiguration {
  /// Whether every measure says what it does over a dimension.
  fileprivate func saysRule(over dimension: String) -> Bool {
    let stored = measures.filter { $0.ratioOf == nil }
    return !stored.isEmpty
      && stored.allSatisfy { measure in
        switch measure.over {
        case .all?: true
        case .each(let entries)?: entries.contains { $0.dimension.value == dimension }
        case nil: false
        }
      }
  }
}
