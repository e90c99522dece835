internal import Base
internal import JSON

/// What of one table is another in a later one, in words, as many as are listed.
///
/// Tables come from manifests that anybody can have written: what is done here takes as long as they are large, and ends
/// when its task is cancelled.
package struct TableDifference {
  package private(set) var lines: [String] = []
  /// How many there are in all.
  private(set) var total = 0
  private let limit: Int

  package init(limit: Int) { self.limit = limit }

  mutating func add(_ line: @autoclosure () -> String) {
    total += 1
    if lines.count >= limit { return }
    // What a client has in its file is shown, and U+0000 has no place in a message.
    lines.append(escapingScalars(line()) { $0 == "\0" ? "\\u{0}" : nil })
  }

  /// Compares rows that are about the same: those with equal texts in the first columns of text, as few of them as tell
  /// the rows of each table apart.
  ///
  /// Throws only `CancellationError`.
  package mutating func compare(_ old: TableRecord, _ new: TableRecord) throws {
    compareColumns(old, new)
    let pairs = ColumnPairs(old.columns, new.columns)
    if let oldCells = old.cells, let newCells = new.cells {
      try compareRows((old.columns, oldCells), (new.columns, newCells), pairs)
    }
    compareTotals(old, new, pairs)
    compareNotes(old, new)
  }

  private typealias Rows = (columns: [TableRecord.Column], cells: [[JSONValue]])

  private mutating func compareColumns(_ old: TableRecord, _ new: TableRecord) {
    let (oldNames, newNames) = (old.columns.map(\.name), new.columns.map(\.name))
    let (oldSet, newSet) = (exactSet(oldNames), exactSet(newNames))
    for name in oldNames where !newSet.contains(ExactText(name)) { add("the column \(name) is gone") }
    for name in newNames where !oldSet.contains(ExactText(name)) { add("the column \(name) is new") }
    let a = oldNames.filter { newSet.contains(ExactText($0)) }
    let b = newNames.filter { oldSet.contains(ExactText($0)) }
    if !hasSameBytes(a, b) { add("the columns are in another order: \(b.joined(separator: ", "))") }
  }

  private mutating func compareRows(_ old: Rows, _ new: Rows, _ pairs: ColumnPairs) throws {
    let (oldKeys, newKeys) = try rowKeys(old, new, pairs)
    let titles = (old.columns + new.columns).reduce(into: [ExactText: String]()) { titles, column in
      for (text, title) in column.titles ?? [:] { titles[ExactText(text)] = title }
    }
    func label(_ key: [ExactText]) -> String {
      let texts = key.filter { !$0.wrappedValue.isEmpty }.map { titles[$0] ?? $0.wrappedValue }
      return texts.isEmpty ? "(no name)" : texts.joined(separator: ", ")
    }
    let oldIndices = Dictionary(zip(oldKeys, oldKeys.indices), uniquingKeysWith: { first, _ in first })
    let newSet = Set(newKeys)
    for key in oldKeys where !newSet.contains(key) { add("\(label(key)): the row is gone") }
    for (key, row) in zip(newKeys, new.cells) {
      try Task.checkCancellation()
      guard let index = oldIndices[key] else {
        add("\(label(key)): the row is new")
        continue
      }
      compareCells(old.cells[index], row, pairs, of: label(key))
    }
    let oldOrder = oldKeys.filter(newSet.contains)
    if oldOrder != newKeys.filter({ oldIndices[$0] != nil }) { add("the rows are in another order") }
  }

  private mutating func compareTotals(_ old: TableRecord, _ new: TableRecord, _ pairs: ColumnPairs) {
    let newTitles = exactSet(new.totals.map(\.title))
    for total in old.totals where !newTitles.contains(ExactText(total.title)) {
      add("the row \"\(total.title)\" is gone")
    }
    let before = Dictionary(old.totals.map { (ExactText($0.title), $0.cells) }, uniquingKeysWith: { first, _ in first })
    for total in new.totals {
      if let cells = before[ExactText(total.title)] {
        compareCells(cells, total.cells, pairs, of: total.title)
      } else {
        add("the row \"\(total.title)\" is new")
      }
    }
  }

  private mutating func compareNotes(_ old: TableRecord, _ new: TableRecord) {
    let (oldNotes, newNotes) = (exactSet(old.notes), exactSet(new.notes))
    for note in old.notes where !newNotes.contains(ExactText(note)) { add("a note is gone: \(note)") }
    for note in new.notes where !oldNotes.contains(ExactText(note)) { add("a note is new: \(note)") }
  }

  private mutating func compareCells(
    _ old: [JSONValue], _ new: [JSONValue], _ pairs: ColumnPairs, of row: @autoclosure () -> String
  ) {
    for pair in pairs.pairs where pair.old < old.count && pair.new < new.count {
      let (before, after) = (old[pair.old], new[pair.new])
      if before == after { continue }
      let isDetailed = before.isMissing && after.isMissing
      add(
        "\(row()), \(pair.column.name): \(words(before, pair.column, isDetailed)) -> "
          + words(after, pair.column, isDetailed))
    }
  }

  /// The texts by which rows are told apart; the number of the row, counted from 1, where no texts do it.
  private func rowKeys(_ old: Rows, _ new: Rows, _ pairs: ColumnPairs) throws -> ([[ExactText]], [[ExactText]]) {
    let shared = pairs.pairs.filter(\.isText)
    var (oldGroups, newGroups) = (RowGroups(count: old.cells.count), RowGroups(count: new.cells.count))
    for (count, pair) in zip(1..., shared) {
      try Task.checkCancellation()
      oldGroups.split { old.cells[$0].text(pair.old) }
      newGroups.split { new.cells[$0].text(pair.new) }
      if oldGroups.areSingle, newGroups.areSingle {
        let keys = shared.prefix(count)
        return (
          old.cells.map { cells in keys.map { ExactText(cells.text($0.old)) } },
          new.cells.map { cells in keys.map { ExactText(cells.text($0.new)) } }
        )
      }
    }
    func numbered(_ rows: Rows) -> [[ExactText]] { rows.cells.indices.map { [ExactText("row \($0 + 1)")] } }
    return (numbered(old), numbered(new))
  }
}

private func exactSet(_ texts: [String]) -> Set<ExactText> { Set(texts.map { ExactText($0) }) }

/// - Parameter isDetailed: whether the reason of a missing value matters.
private func words(_ value: JSONValue, _ column: TableRecord.Column, _ isDetailed: Bool) -> String {
  switch value {
  case .string(let text): column.isText ? "\"\(text)\"" : text
  case .null: isDetailed ? "missing (nothing observed)" : "missing"
  case .object(let object) where object["text"] != nil: object["text"]?.stringValue?.debugDescription ?? "?"
  case .object(let object): isDetailed ? "missing (\(object["missing"]?.stringValue ?? "?"))" : "missing"
  default: value.text
  }
}

/// The columns that are in both of two tables, in the order of the later one.
private struct ColumnPairs {
  struct Pair {
    var old: Int
    var new: Int
    /// As it is in the later table.
    var column: TableRecord.Column
    /// In both tables.
    var isText: Bool
  }

  let pairs: [Pair]

  init(_ old: [TableRecord.Column], _ new: [TableRecord.Column]) {
    let names = old.map { ExactText($0.name) }
    let indices = Dictionary(zip(names, old.indices), uniquingKeysWith: { first, _ in first })
    pairs = new.enumerated().compactMap { index, column in
      indices[ExactText(column.name)].map {
        Pair(old: $0, new: index, column: column, isText: column.isText && old[$0].isText)
      }
    }
  }
}

/// Rows in groups of the same texts, which become smaller with each column.
private struct RowGroups {
  private struct Key: Hashable {
    var group: Int
    @ExactText var text: String
  }

  /// By row.
  private var groups: [Int]
  private var groupCount = 1

  init(count: Int) { groups = Array(repeating: 0, count: count) }

  /// Whether each row is alone in its group.
  var areSingle: Bool { groupCount >= groups.count }

  mutating func split(by text: (_ row: Int) -> String) {
    var numbers: [Key: Int] = [:]
    for (row, group) in groups.enumerated() {
      let key = Key(group: group, text: text(row))
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      groups[row] = number
    }
    groupCount = numbers.count
  }
}

extension [JSONValue] {
  fileprivate func text(_ index: Int) -> String { index < count ? self[index].stringValue ?? "" : "" }
}

extension JSONValue {
  fileprivate var isMissing: Bool {
    switch self {
    case .null, .object: true
    default: false
    }
  }
}
