internal import JSON

/// What of one table is another in a later one, in words, as many as are listed.
struct TableDifference {
  private(set) var lines: [String] = []
  /// How many there are in all.
  private(set) var total = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func add(_ line: String) {
    total += 1
    if lines.count < limit { lines.append(line) }
  }

  /// Compares rows that are about the same: those with equal texts in the first columns of text, as few of them as tell
  /// the rows of each table apart.
  mutating func compare(_ old: TableRecord, _ new: TableRecord) {
    compareColumns(old, new)
    if let oldCells = old.cells, let newCells = new.cells {
      compareRows((old.columns, oldCells), (new.columns, newCells))
    }
    compareTotals(old, new)
    for note in old.notes where !new.notes.contains(note) { add("a note is gone: \(note)") }
    for note in new.notes where !old.notes.contains(note) { add("a note is new: \(note)") }
  }

  private typealias Rows = (columns: [TableRecord.Column], cells: [[JSONValue]])

  private mutating func compareColumns(_ old: TableRecord, _ new: TableRecord) {
    let (oldNames, newNames) = (old.columns.map(\.name), new.columns.map(\.name))
    for name in oldNames where !newNames.contains(name) { add("the column \(name) is gone") }
    for name in newNames where !oldNames.contains(name) { add("the column \(name) is new") }
    let (a, b) = (oldNames.filter(newNames.contains), newNames.filter(oldNames.contains))
    if a != b { add("the columns are in another order: \(b.joined(separator: ", "))") }
  }

  private mutating func compareRows(_ old: Rows, _ new: Rows) {
    let (oldKeys, newKeys) = rowKeys(old, new)
    let titles = (old.columns + new.columns).reduce(into: [String: String]()) { titles, column in
      titles.merge(column.titles ?? [:]) { $1 }
    }
    func label(_ key: [String]) -> String {
      let texts = key.filter { !$0.isEmpty }.map { titles[$0] ?? $0 }
      return texts.isEmpty ? "(no name)" : texts.joined(separator: ", ")
    }
    let oldIndices = Dictionary(zip(oldKeys, oldKeys.indices), uniquingKeysWith: { first, _ in first })
    let newSet = Set(newKeys)
    for key in oldKeys where !newSet.contains(key) { add("\(label(key)): the row is gone") }
    for (key, row) in zip(newKeys, new.cells) {
      guard let index = oldIndices[key] else {
        add("\(label(key)): the row is new")
        continue
      }
      compareCells(old.cells[index], old.columns, row, new.columns, of: label(key))
    }
    let oldOrder = oldKeys.filter(newSet.contains)
    if oldOrder != newKeys.filter({ oldIndices[$0] != nil }) { add("the rows are in another order") }
  }

  private mutating func compareTotals(_ old: TableRecord, _ new: TableRecord) {
    for total in old.totals where !new.totals.contains(where: { $0.title == total.title }) {
      add("the row \"\(total.title)\" is gone")
    }
    for total in new.totals {
      if let before = old.totals.first(where: { $0.title == total.title }) {
        compareCells(before.cells, old.columns, total.cells, new.columns, of: total.title)
      } else {
        add("the row \"\(total.title)\" is new")
      }
    }
  }

  private mutating func compareCells(
    _ old: [JSONValue], _ oldColumns: [TableRecord.Column], _ new: [JSONValue], _ newColumns: [TableRecord.Column],
    of row: String
  ) {
    for (column, after) in zip(newColumns, new) {
      guard let index = oldColumns.firstIndex(where: { $0.name == column.name }), old.indices.contains(index) else {
        continue
      }
      let before = old[index]
      if before == after { continue }
      let isDetailed = before.isMissing && after.isMissing
      add(
        "\(row), \(column.name): \(words(before, column, isDetailed)) -> \(words(after, column, isDetailed))")
    }
  }

  /// The texts by which rows are told apart; the number of the row, counted from 1, where no texts do it.
  private func rowKeys(_ old: Rows, _ new: Rows) -> ([[String]], [[String]]) {
    let names = new.columns.filter(\.isText).map(\.name)
    let shared = names.filter { name in old.columns.contains { $0.name == name && $0.isText } }
    for count in shared.indices.map({ $0 + 1 }) {
      let (a, b) = (texts(old, shared.prefix(count)), texts(new, shared.prefix(count)))
      if Set(a).count == a.count, Set(b).count == b.count { return (a, b) }
    }
    return (old.cells.indices.map { ["row \($0 + 1)"] }, new.cells.indices.map { ["row \($0 + 1)"] })
  }

  private func texts(_ rows: Rows, _ names: ArraySlice<String>) -> [[String]] {
    let indices = names.compactMap { name in rows.columns.firstIndex { $0.name == name } }
    return rows.cells.map { cells in indices.map { $0 < cells.count ? cells[$0].stringValue ?? "" : "" } }
  }

  /// - Parameter isDetailed: whether the reason of a missing value matters.
  private func words(_ value: JSONValue, _ column: TableRecord.Column, _ isDetailed: Bool) -> String {
    switch value {
    case .string(let text): column.isText ? "\"\(text)\"" : text
    case .null: isDetailed ? "missing (nothing observed)" : "missing"
    case .object(let object): isDetailed ? "missing (\(object["missing"]?.stringValue ?? "?"))" : "missing"
    default: value.text
    }
  }
}

extension JSONValue {
  fileprivate var isMissing: Bool {
    switch self {
    case .null, .object: true
    default: false
    }
  }
}
