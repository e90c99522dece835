package import ReportKit

/// Chooses, orders, renames and retitles columns.
package struct Columns: TransformPlugin {
  package init() {}

  private static let choose = Parameter<[Int]?>.columns(
    "choose", "The columns to show, in this order; all of them if nothing is said")
  private static let drop = Parameter<[Int]?>.columns(
    "drop", "The columns to leave out, in place of those to choose; the others stay in their order")
  private static let rename = Parameter.columnTexts(
    "rename", "New names by the columns' old names; lower-case words joined by _")
  private static let titles = Parameter.columnTexts("titles", "New headings by the columns' old names")

  package let manifest = Manifest(
    name: "columns", summary: "Chooses columns and their order, and gives them other names and titles",
    choose, drop, rename, titles)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let dropped = arguments[Self.drop]
    let places = arguments[Self.choose] ?? table.columns.indices.filter { !(dropped ?? []).contains($0) }
    var columns = places.map { table.columns[$0] }
    var errors = arguments.values.isEmpty ? [ParameterError(nothingToDo: "columns")] : []
    if dropped != nil, arguments[Self.choose] != nil {
      errors.append(ParameterError(parameter: "drop", message: "columns takes choose or drop, not both"))
    } else if places.isEmpty {
      errors.append(ParameterError(parameter: "drop", message: "drop of columns leaves no column"))
    }

    func chosen(_ entry: ColumnText, _ parameter: Parameter<[ColumnText]>) -> Int? {
      if let index = places.firstIndex(of: entry.column) { return index }
      let name = parameter.declaration.name
      errors.append(
        ParameterError(
          parameter: name,
          message: "\(name) of columns names \"\(entry.key)\", which is \(dropped == nil ? "not chosen" : "dropped")",
          path: [.key(entry.key)]))
      return nil
    }
    for entry in arguments[Self.rename] {
      guard let index = chosen(entry, Self.rename) else { continue }
      if let problem = Column.problem(ofName: entry.text) {
        errors.append(
          ParameterError(parameter: "rename", message: "rename of columns: \(problem)", path: [.value(entry.key)]))
      } else {
        columns[index].name = entry.text
      }
    }
    for entry in arguments[Self.titles] {
      if let index = chosen(entry, Self.titles) { columns[index].title = entry.text }
    }
    for (index, column) in columns.enumerated() {
      guard let earlier = columns[..<index].firstIndex(where: { $0.name == column.name }) else { continue }
      let renamed = column.name == table.columns[places[index]].name ? earlier : index
      errors.append(
        ParameterError(
          parameter: "rename", message: "rename of columns yields two columns named \"\(column.name)\"",
          path: [.value(table.columns[places[renamed]].name)]))
    }
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    var result = table
    result.columns = columns
    result.batches = ProjectedBatches(source: table.batches, places: places, input: table.columns, columns: columns)
    return result
  }
}

extension ParameterError {
  fileprivate init(nothingToDo step: String) {
    self.init(parameter: "choose", message: "\(step) needs choose, drop, rename or titles; or a list of columns")
  }
}

private struct ProjectedBatches: BatchStream {
  var source: any BatchStream
  let places: [Int]
  let input: [Column]
  let columns: [Column]

  var closingNotes: [Note] {
    let untold = source.closingTotals.compactMap { teller(of: $0) }.min()
    return source.closingNotes
      + (untold.map { [Note(.scope, "Totals by \(input[$0].name) are left out, as is that column")] } ?? [])
  }

  /// Without those of which nothing would tell any more which rows they cover.
  var closingTotals: [TotalRow] {
    source.closingTotals.filter { teller(of: $0) == nil }.map { total in
      var total = total
      total.row = Row(places.map { total.row[$0] }, provenance: total.row.provenance)
      return total.titled(in: columns)
    }
  }

  /// The column that goes and tells which rows a total covers; nil when there is none.
  private func teller(of total: TotalRow) -> Int? {
    input.indices.first {
      input[$0].tellsTotals && !places.contains($0) && total.row[$0].value.isText(otherThan: total.title)
    }
  }

  mutating func next() async throws -> Batch? { try await source.next()?.projecting(places) }
}
