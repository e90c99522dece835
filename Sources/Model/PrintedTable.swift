import TabularPackage

/// How a source lays out a table of its numbers: places down, the breakdown across.
public struct PrintedTable: Sendable {
  /// What heads a row or a column.
  public struct Heading: Hashable, Sendable {
    /// A code of the place or of the breakdown.
    public let code: Int
    /// As printed; nil where the source prints none.
    public let label: String?

    /// - Parameter label: as printed; nil where the source prints none.
    public init(code: Int, label: String? = nil) {
      self.code = code
      self.label = label
    }
  }

  /// The table's key in the dataset, which is unique.
  public let id: String
  /// The code of the source.
  public let source: Int
  /// The words above the table.
  public let caption: String?
  /// What heads the column of the places.
  public let corner: String?
  /// In the order in which they are printed.
  public let rows: [Heading]
  /// In the order in which they are printed.
  public let columns: [Heading]
  /// What heads the row of the stated totals.
  public let totalLabel: String?
  /// The words below the table.
  public let note: String?
}

extension ModelReader {
  func readPrintedTables() throws(FileChanged) -> [PrintedTable] {
    guard layout.dimensions.indices.contains(layout.breakdown), let part = parts.printedTables,
      let table = table(part.resource), let id = part.field("id"),
      let sourceField = layout.source.map({ layout.dimensions[$0] }),
      let list = sourceField.codeList, let source = part.reference(sourceField.field.name, to: list)
    else { return [] }
    let rows = try headings(parts.printedTableRows, of: layout.dimensions[layout.place], tableCount: table.rowCount)
    let columns = try headings(
      parts.printedTableColumns, of: layout.dimensions[layout.breakdown], tableCount: table.rowCount)
    let (caption, corner) = (part.field("caption"), part.field("corner"))
    let (totalLabel, note) = (part.field("total_label"), part.field("note"))
    var tables: [PrintedTable] = []
    try table.forEachRow { index, row in
      // What is required was checked while the table was read.
      guard let source = table.rowReferred(byForeignKey: source, inRow: index) else { return }
      tables.append(
        PrintedTable(
          id: row[id] ?? "", source: source, caption: caption.flatMap { row[$0] }, corner: corner.flatMap { row[$0] },
          rows: rows[index], columns: columns[index], totalLabel: totalLabel.flatMap { row[$0] },
          note: note.flatMap { row[$0] }))
    }
    return tables
  }

  /// The headings of each table, in their order.
  private func headings(
    _ part: DatasetParts.Part?, of dimension: DatasetLayout.DimensionField, tableCount: Int
  ) throws(FileChanged) -> [[PrintedTable.Heading]] {
    var headings = [[PrintedTable.Heading]](repeating: [], count: tableCount)
    guard let part, let table = table(part.resource), let tables = parts.printedTables,
      let owner = part.reference("table", to: tables.resource),
      let list = dimension.codeList, let code = part.reference(dimension.field.name, to: list)
    else { return headings }
    let label = part.field("label")
    try table.forEachRow { index, row in
      guard let owner = table.rowReferred(byForeignKey: owner, inRow: index),
        let code = table.rowReferred(byForeignKey: code, inRow: index)
      else { return }
      headings[owner].append(PrintedTable.Heading(code: code, label: label.flatMap { row[$0] }))
    }
    return headings
  }
}
