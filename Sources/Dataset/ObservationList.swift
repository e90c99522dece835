import TabularPackage

/// The observations of a snapshot, by row from 0, in the order of the file.
///
/// Codes, values and roles are in memory. Texts of a large dataset are read from its file again when they are asked
/// for.
public struct ObservationList: Sendable {
  let columns: ObservationColumns
  let caveatIndex: CaveatIndex
  private let table: Table
  private let fields: TextFields
  private let wholes: [Int: Int]

  /// The indexes of the fields that are read as texts.
  struct TextFields: Sendable {
    let id: Int?
    let measure: Int
    let locus: Int?
    let quote: Int?

    var all: [Int] { [id, measure, locus, quote].compactMap { $0 } }
  }

  /// - Parameter wholes: by row, the row of the observation that it is a part of.
  init(
    columns: ObservationColumns, caveatIndex: CaveatIndex, table: Table, fields: TextFields, wholes: [Int: Int]
  ) {
    self.columns = columns
    self.caveatIndex = caveatIndex
    self.table = table
    self.fields = fields
    self.wholes = wholes
  }

  public var count: Int { columns.count }

  /// Whether the dataset has a field for the key of an observation, its place in the source, and its words there.
  public var hasIDs: Bool { fields.id != nil }
  public var hasLoci: Bool { fields.locus != nil }
  public var hasQuotes: Bool { fields.quote != nil }
  /// Whether any observation says what it is a part of.
  public var hasParts: Bool { !wholes.isEmpty }

  /// The rows of observations that are parts of others, ascending, with the rows of those.
  var partsAndWholes: [(part: Int, whole: Int)] {
    wholes.sorted { $0.key < $1.key }.map { (part: $0.key, whole: $0.value) }
  }

  /// A code for each dimension of the snapshot.
  public func codes(ofRow row: Int) -> [Int] { columns.codes(row) }

  public func code(ofRow row: Int, in dimension: Int) -> Int { columns.dimensions[dimension][row] }
  public func value(ofRow row: Int) -> ObservedValue { columns.value(row) }
  public func role(ofRow row: Int) -> Role { columns.role(row) }
  /// The indexes of the caveats of an observation, ascending.
  public func caveats(ofRow row: Int) -> [Int] { caveatIndex.caveats(ofRow: row) }

  /// One observation with its texts.
  ///
  /// - Throws: `FileChanged` of TabularPackage when the file of a large dataset changed since it was loaded.
  public func observation(atRow row: Int) throws -> Observation {
    try observation(row, texts: table.rows(row..<row + 1)[0])
  }

  /// Observations with their texts, in the order of the rows. Ascending rows are read fastest.
  ///
  /// - Throws: as `observation(atRow:)`.
  public func observations(atRows rows: some Sequence<Int>) throws -> [Observation] {
    // Rows that are asked for together often lie together.
    let span = 64
    let wanted = fields.all
    var held = 0..<0
    var texts: [TableRow] = []
    return try rows.map { row in
      if !held.contains(row) {
        held = row / span * span..<min(count, (row / span + 1) * span)
        texts = try table.rows(held, fields: wanted)
      }
      return observation(row, texts: texts[row - held.lowerBound])
    }
  }

  /// The rows from `start` on that are selected and have one of those roles, ascending, and at most `limit` of them.
  public func rows(
    where selection: Selection = .all, roles: Set<Role> = Set(Role.allCases), from start: Int = 0, limit: Int = .max
  ) throws(CancellationError) -> [Int] {
    let isWanted = Role.allCases.map(roles.contains)
    let restricted = selection.restrictions.map { restriction in
      (
        column: columns.dimensions[restriction.dimension],
        isAllowed: (0..<columns.shape[restriction.dimension]).map(restriction.codes.contains)
      )
    }
    var rows: [Int] = []
    for row in max(0, start)..<max(count, start) {
      if rows.count >= limit { break }
      if row % 65_536 == 0, Task.isCancelled { throw CancellationError() }
      guard isWanted[Int(columns.role(row).rawValue)] else { continue }
      if restricted.allSatisfy({ $0.isAllowed[$0.column[row]] }) { rows.append(row) }
    }
    return rows
  }

  private func observation(_ row: Int, texts: TableRow) -> Observation {
    Observation(
      row: row, id: fields.id.flatMap { texts[$0] }, codes: columns.codes(row), value: columns.value(row),
      printed: texts.printed(fields.measure) ?? "", role: columns.role(row), locus: fields.locus.flatMap { texts[$0] },
      quote: fields.quote.flatMap { texts[$0] }, partOf: wholes[row], caveats: caveatIndex.caveats(ofRow: row))
  }
}
