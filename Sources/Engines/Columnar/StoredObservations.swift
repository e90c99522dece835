internal import Base
internal import Model
internal import Posix
internal import Query
internal import TabularPackage

/// The observations that a query asks for, a few thousand at a time however many there are.
struct StoredObservations: ObservationStream {
  private let query: ObservationQuery
  private let store: ObservationStore
  private var position = Position.start

  private static let batchSize = 2048

  private enum Position {
    case start
    /// In the order of the dataset: the next row, and how many may still come.
    case row(Int, remaining: Int)
    /// What is still to come of rows that were found at once.
    case found(ArraySlice<Int>)
  }

  init(_ query: ObservationQuery, in store: ObservationStore) {
    self.query = query
    self.store = store
  }

  mutating func next() async throws -> ObservationBatch? {
    if case .found(let rows) = position, rows.isEmpty { return nil }
    let step: (batch: ObservationBatch?, position: Position)
    if store.isSmall {
      try Task.checkCancellation()
      step = try Self.step(query, store, position, Interruption())
    } else {
      RequestBeginning.end()
      step = try await blocking(isLeftWhenCancelled: true) { [query, store, position] in
        try Self.step(query, store, position, $0)
      }
    }
    position = step.position
    return step.batch
  }

  private static func step(
    _ query: ObservationQuery, _ store: ObservationStore, _ position: Position, _ interruption: Interruption
  ) throws -> (batch: ObservationBatch?, position: Position) {
    var position = position
    if case .start = position {
      position =
        query.order == .dataset && query.keys == nil
        ? .row(0, remaining: query.limit ?? .max) : .found(try found(query, store, interruption)[...])
    }
    let rows: [Int]
    switch position {
    case .start: rows = []
    case .row(let start, let remaining):
      rows = try store.rows(
        where: query.selections, roles: query.roles, from: start, limit: min(remaining, batchSize), interruption)
      position = rows.last.map { .row($0 + 1, remaining: remaining - rows.count) } ?? .found([])
    case .found(let rest):
      rows = Array(rest.prefix(batchSize))
      position = .found(rest.dropFirst(batchSize))
    }
    return (rows.isEmpty ? nil : try store.batch(rows, query.texts), position)
  }

  /// All rows of the answer, in its order.
  private static func found(
    _ query: ObservationQuery, _ store: ObservationStore, _ interruption: Interruption
  ) throws -> [Int] {
    var rows = try store.rows(where: query.selections, roles: query.roles, interruption)
    if let keys = query.keys { rows = try store.filter(rows, keys, interruption) }
    if case .codes(let dimensions) = query.order {
      let columns = dimensions.map { store.columns.dimensions[$0] }
      rows.sort { a, b in
        for column in columns where column[a] != column[b] { return column[a] < column[b] }
        return a < b
      }
    }
    return query.limit.map { Array(rows.prefix($0)) } ?? rows
  }
}

extension ObservationStore {
  /// The rows with these keys. Those of the ledger are looked at first; what it does not name is looked for in all texts.
  fileprivate func filter(
    _ rows: [Int], _ keys: Set<ObservationKey>, _ interruption: Interruption
  ) throws -> [Int] {
    let allowed = Set(rows)
    let ledger = zip(rowsInLedger, try texts.keys(ofRows: rowsInLedger)).filter { keys.contains($1) }
    if ledger.count == keys.count { return ledger.map(\.0).filter(allowed.contains) }
    var found: [Int] = []
    var rest = rows[...]
    while !rest.isEmpty, found.count < keys.count {
      try interruption.check()
      let block = Array(rest.prefix(2048))
      rest = rest.dropFirst(block.count)
      found += zip(block, try texts.keys(ofRows: block)).filter { keys.contains($1) }.map(\.0)
    }
    return found
  }
}
