import Base

/// A table whose every cell was checked.
public final class Table: Sendable {
  /// The file that was read.
  public let resource: Resource
  /// The resource's schema, which a table always has.
  public let schema: Schema
  /// Without the header.
  public let rowCount: Int

  private let text: TableText
  private let layout: TableLayout
  private let integerColumns: [Int: IntegerColumn]
  private let decimalsOfField: [Int: Int]
  private let codeColumns: [Int: CodeColumn]
  private let vocabularies: [Int: [String]]
  private let foreignKeyColumns: [CodeColumn?]
  private let sparseReferences: [Int: [Int: Int]]

  static let rowsPerOffset = 64

  init(_ loaded: TableLoader.Loaded, sparseReferences: [Int: [Int: Int]]) {
    let plan = loaded.plan
    resource = plan.resource
    schema = plan.schema
    rowCount = loaded.rowCount
    text = loaded.text
    var columnOfField = [Int?](repeating: nil, count: plan.schema.fields.count)
    for (column, field) in plan.fieldOfColumn.enumerated() {
      if let field { columnOfField[field] = column }
    }
    layout = TableLayout(
      columnOfField: columnOfField, missingTexts: plan.schema.fields.map { $0.missingValues.map(\.value) })
    integerColumns = plan.integerColumns
    decimalsOfField = plan.decimals
    codeColumns = plan.codeColumns.merging(loaded.vocabularies.mapValues(\.codes)) { $1 }
    vocabularies = plan.vocabularyTexts.merging(loaded.vocabularies.mapValues(\.texts)) { $1 }
    foreignKeyColumns = plan.foreignKeyColumns
    self.sparseReferences = sparseReferences
  }

  /// Whether texts are at hand; else they are read from the file again, which may wait for a disk.
  public var hasTextInMemory: Bool { text.isInMemory }

  /// The values of a field that was asked for as integers or with decimals: with decimals they count the last digit,
  /// so that 1.5 with two decimals is 150.
  public func integers(_ field: Int) -> IntegerColumn? { integerColumns[field] }

  /// How many digits behind the point the values of `integers` have: those that were asked for, or those that were
  /// found to be needed.
  public func decimals(_ field: Int) -> Int { decimalsOfField[field] ?? 0 }

  /// The places in the vocabulary of a field for which one was given, or whose vocabulary was asked for.
  public func codes(_ field: Int) -> CodeColumn? { codeColumns[field] }

  /// What the codes of a field stand for; empty when none were asked for.
  ///
  /// The texts of a field with a list of its own (`enum`, `categories`) are that list. Those of another field are the
  /// distinct ones that occur: texts in the order in which they first do, periods and integers ascending. Of different
  /// texts for the same period or integer it is the first.
  public func vocabulary(_ field: Int) -> [String] { vocabularies[field] ?? [] }

  /// For each row the row that a foreign key refers to, when the referred table is not large and not this one.
  public func rowsReferred(byForeignKey index: Int) -> CodeColumn? { foreignKeyColumns[index] }

  /// The row that a foreign key refers to in that row; nil when the key is missing.
  public func rowReferred(byForeignKey index: Int, inRow row: Int) -> Int? {
    if let column = foreignKeyColumns[index] {
      let code = column[row]
      return code == column.missingCode ? nil : code
    }
    return sparseReferences[index]?[row]
  }

  /// The rows of a foreign key to a large table or to this one, by the row that refers.
  public func sparseRowsReferred(byForeignKey index: Int) -> [Int: Int] { sparseReferences[index] ?? [:] }

  /// Rows as texts, counted from 0. Rows that lie together are read fastest.
  ///
  /// - Parameter fields: the fields that are looked at; all when nil. The texts of others are empty.
  public func rows(_ rows: Range<Int>, fields: [Int]? = nil) throws(FileChanged) -> [TableRow] {
    let columns = fields.map { fields in fields.compactMap { layout.columnOfField[$0] } }
    return try text.cells(ofRows: rows, columns: columns).map { TableRow(cells: $0, layout: layout) }
  }

  /// Every row, in order.
  public func forEachRow(_ body: (Int, TableRow) -> Void) throws(FileChanged) {
    var start = 0
    while start < rowCount {
      let end = min(rowCount, start + Table.rowsPerOffset)
      for (offset, row) in try rows(start..<end).enumerated() { body(start + offset, row) }
      start = end
    }
  }
}

/// Where the texts of fields stand, and which stand for missing values.
private final class TableLayout: Sendable {
  let columnOfField: [Int?]
  let missingTexts: [[String]]

  init(columnOfField: [Int?], missingTexts: [[String]]) {
    self.columnOfField = columnOfField
    self.missingTexts = missingTexts
  }
}

/// The texts of a row, by the index of the field.
public struct TableRow: Sendable {
  private let cells: [String]
  private let layout: TableLayout

  fileprivate init(cells: [String], layout: TableLayout) {
    self.cells = cells
    self.layout = layout
  }

  /// The text of a field; nil when the value is missing.
  public subscript(field: Int) -> String? {
    guard let text = printed(field), !layout.missingTexts[field].contains(where: { hasSameBytes($0, text) })
    else { return nil }
    return text
  }

  /// What stands in the file, missing or not; nil when the file lacks the field.
  public func printed(_ field: Int) -> String? {
    guard let column = layout.columnOfField[field], column < cells.count else { return nil }
    return cells[column]
  }
}
