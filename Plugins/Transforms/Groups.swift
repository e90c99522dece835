import ReportKit

extension Table {
  /// What is wrong with the column whose texts part the rows.
  func problems(ofGroups by: Int?, of index: Int, step: String) -> [ParameterError] {
    guard by == index else { return [] }
    return [ParameterError(parameter: "by", message: "by of \(step) must be another column than of")]
  }
}

extension Table {
  /// What is wrong with a new column that is computed from one of numbers, in groups of rows.
  func problems(
    ofNumbers index: Int, groups by: Int?, newName name: String, step: String
  ) -> [ParameterError] {
    problems(ofNumbers: index, parameter: "of", step: step) + problems(ofGroups: by, of: index, step: step)
      + problems(ofNewName: name, step: step)
  }
}

extension [Column] {
  /// How the summary of a new column says that the rows are parted.
  func phrase(ofGroups by: Int?) -> String { by.map { ", for each \(self[$0].name) by itself" } ?? "" }
}

/// The rows that others are compared with, one for each group.
struct BaseRows {
  private var rows: [Cell.Value: Int] = [:]
  let by: Int?

  /// - Parameters:
  ///   - text: of the row; its first one where it is nil.
  ///   - by: the column whose texts part the rows.
  init(_ batch: Batch, text: String?, by: Int?, step: String) throws {
    self.by = by
    for row in batch.indices {
      let group = Self.group(batch, row, by)
      if let text {
        guard batch.columns.contains(where: { $0[row] == .text(text) }) else { continue }
        if rows[group] != nil { throw AmbiguousBase(step: step, text: text, isGrouped: by != nil) }
        rows[group] = row
      } else if rows[group] == nil {
        rows[group] = row
      }
    }
    if let text, rows.isEmpty, batch.count > 0 { throw UnknownBase(step: step, text: text, batch) }
  }

  func row(for row: Int, in batch: Batch) -> Int? { rows[Self.group(batch, row, by)] }

  static func group(_ batch: Batch, _ row: Int, _ by: Int?) -> Cell.Value {
    by.map { batch.value(row, $0) } ?? .missing(nil)
  }
}

/// No row has the text of the base.
private struct UnknownBase: Error, CustomStringConvertible {
  let description: String

  init(step: String, text: String, _ batch: Batch) {
    var texts: [String] = []
    var known: Set<String> = []
    for column in batch.columns {
      for row in batch.indices.prefix(10_000) {
        if case .text(let text) = column[row], known.insert(text).inserted { texts.append(text) }
      }
    }
    let error = ParameterError(parameter: "base", unknown: "row", name: text, among: texts)
    // A list of all texts would be longer than anybody reads.
    description =
      "base of \(step): "
      + (error.suggestions.isEmpty && texts.count > 20 ? "no row has the text \"\(text)\"" : error.message)
  }
}

/// Two rows have the text of the base.
private struct AmbiguousBase: Error, CustomStringConvertible {
  var step: String
  var text: String
  var isGrouped: Bool

  var description: String {
    "base of \(step): more than one row\(isGrouped ? " of a group" : "") has the text \"\(text)\""
      + (isGrouped ? "" : "; by takes a column whose texts part the rows")
  }
}
