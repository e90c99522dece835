/// The observations of a snapshot, by row, in the order of the file.
///
/// Codes, values and roles are in memory. Texts are read from the file again when an observation is asked for; that
/// fails when the file changed since it was loaded.
public struct ObservationList: Sendable {
  public let count: Int

  public func code(ofRow row: Int, in dimension: Int) -> Int { 0 }
  public func value(ofRow row: Int) -> ObservedValue { .number(0) }
  public func role(ofRow row: Int) -> Role { .counted }

  /// One observation with its texts.
  public func observation(atRow row: Int) throws -> Observation { throw CancellationError() }

  /// Observations with their texts, in the order of the rows. Ascending rows are read fastest.
  public func observations(atRows rows: some Sequence<Int>) throws -> [Observation] {
    try rows.map { try observation(atRow: $0) }
  }

  /// The rows that are selected and have one of those roles, ascending, and at most `limit` of them.
  public func rows(
    where selection: Selection = .all, roles: Set<Role> = Set(Role.allCases), limit: Int = .max
  ) throws(CancellationError) -> [Int] { [] }
}
