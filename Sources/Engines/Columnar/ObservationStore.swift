internal import Base
internal import Model
internal import Posix
internal import Query
internal import TabularPackage

/// The observations of a dataset, by row from 0, in the order of the file. Rows are of this engine alone: whoever asks
/// gets keys.
struct ObservationStore: Sendable {
  let columns: ObservationColumns
  let caveatIndex: CaveatIndex
  let texts: ObservationTexts
  /// By row, the row of the observation that it is a part of.
  let wholes: [Int: Int]
  /// Those that the ledger of discrepancies names, ascending.
  let rowsInLedger: [Int]
  /// By row the bounds of a number that is an estimate; nil where nobody can say.
  let estimates: [Int: (lower: Int64?, upper: Int64?)]
  /// Parts of a whole that has several of them, with the row of the whole, in the order of the dataset.
  let partsOfOneWhole: [(row: Int, whole: Int)]

  init(
    columns: ObservationColumns, caveatIndex: CaveatIndex, texts: ObservationTexts, wholes: [Int: Int],
    rowsInLedger: [Int], estimates: [Int: (lower: Int64?, upper: Int64?)] = [:]
  ) {
    self.columns = columns
    self.caveatIndex = caveatIndex
    self.texts = texts
    self.wholes = wholes
    self.rowsInLedger = rowsInLedger
    self.estimates = estimates
    // A part of a part is one of the same whole, and what is itself a part overlaps with its parts.
    var wholeOfPart: [Int: Int] = [:]
    for part in wholes.keys where columns.role(part) == .ofWhich {
      var root = part
      var steps = 0
      while let whole = wholes[root], steps < wholes.count {
        root = whole
        steps += 1
      }
      wholeOfPart[part] = root
      if columns.role(root) == .ofWhich { wholeOfPart[root] = root }
    }
    let siblings = Dictionary(grouping: wholeOfPart, by: \.value).values.filter { $0.count > 1 }
    partsOfOneWhole = siblings.joined().map { ($0.key, $0.value) }.sorted { $0.row < $1.row }
  }

  var hasEstimates: Bool { !estimates.isEmpty }

  var count: Int { columns.count }

  /// Whether all texts are at hand and few rows have to be looked at.
  var isSmall: Bool { texts.isInMemory && count <= 1 << 14 }

  /// The rows from `start` on that any of the selections selects and that have one of those roles, ascending, and at
  /// most `limit` of them.
  func rows(
    where selections: [Selection] = [.all], roles: Set<Role> = Set(Role.allCases), from start: Int = 0,
    limit: Int = .max, _ interruption: Interruption
  ) throws(CancellationError) -> [Int] {
    let isWanted = Role.allCases.map(roles.contains)
    let filter = selections.contains(.all) ? nil : RowFilter(anyOf: selections, in: columns)
    var rows: [Int] = []
    let start = max(0, start)
    for first in stride(from: start, to: count, by: Self.portion) {
      if rows.count >= limit { break }
      try interruption.check()
      let portion = first..<min(count, first + Self.portion)
      for row in filter?.selected(of: portion) ?? Array(portion) where isWanted[Int(columns.role(row).rawValue)] {
        if rows.count >= limit { break }
        rows.append(row)
      }
    }
    return rows
  }

  /// How many rows are looked at together.
  private static let portion = 1 << 12

  /// - Throws: `FileChanged` of TabularPackage when the file of a large dataset changed since it was loaded.
  func batch(_ rows: [Int], _ wanted: ObservationQuery.Texts) throws -> ObservationBatch {
    let texts = try self.texts.columns(ofRows: rows, wanted)
    return ObservationBatch(
      codes: columns.dimensions.map { column in rows.map { UInt32(truncatingIfNeeded: column[$0]) } },
      values: rows.map { columns.reasons.base[$0] == 0 ? columns.values.base[$0] : 0 },
      reasons: rows.map { columns.reasons.base[$0] }, roles: rows.map(columns.role), keys: texts.keys,
      printed: texts.printed, loci: texts.loci, quotes: texts.quotes, wholes: try wholes(ofRows: rows),
      caveats: caveatIndex.isEmpty ? [:] : sparse(rows) { caveatIndex.caveats(ofRow: $0) })
  }

  /// The observations in these rows, with all their texts, by row.
  func observations(_ rows: [Int]) throws -> [Int: Observation] {
    let batch = try batch(rows, .all)
    return Dictionary(zip(rows, batch.indices).map { ($0, batch[$1]) }, uniquingKeysWith: { first, _ in first })
  }

  private func wholes(ofRows rows: [Int]) throws -> [Int: ObservationKey] {
    if wholes.isEmpty { return [:] }
    let targets = Set(rows.compactMap { wholes[$0] }).sorted()
    if targets.isEmpty { return [:] }
    let keys = Dictionary(uniqueKeysWithValues: zip(targets, try texts.keys(ofRows: targets)))
    var found: [Int: ObservationKey] = [:]
    for (index, row) in rows.enumerated() { found[index] = wholes[row].flatMap { keys[$0] } }
    return found
  }

  private func sparse(_ rows: [Int], _ caveats: (Int) -> [Int]) -> [Int: [Int]] {
    var found: [Int: [Int]] = [:]
    for (index, row) in rows.enumerated() {
      let caveats = caveats(row)
      if !caveats.isEmpty { found[index] = caveats }
    }
    return found
  }
}
