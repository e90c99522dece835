public import ReportKit

/// Chooses, orders, renames and retitles columns.
public struct Columns: TransformPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "columns", summary: "Chooses columns and their order, and gives them other names and titles",
    parameters: [
      Parameter(
        name: "choose", summary: "The columns to show, in this order; all of them if nothing is said",
        kind: .columns, default: .optional),
      Parameter(
        name: "rename", summary: "New names by the columns' old names; lower-case words joined by _",
        kind: .columnTexts, default: .optional),
      Parameter(
        name: "titles", summary: "New headings by the columns' old names", kind: .columnTexts, default: .optional),
    ])

  public func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let names = arguments[list: "choose"] ?? table.columns.map(\.name)
    let places = names.compactMap { name in table.columns.firstIndex { $0.name == name } }
    var columns = places.map { table.columns[$0] }
    var errors = arguments.values.isEmpty ? [ParameterError(nothingToDo: "columns")] : []

    for parameter in ["rename", "titles"] {
      for (name, text) in arguments[mapping: parameter] ?? [] {
        guard let index = names.firstIndex(of: name) else {
          errors.append(
            ParameterError(
              parameter: parameter, message: "\(parameter) of columns names \"\(name)\", which is not chosen",
              path: [.key(name)]))
          continue
        }
        if parameter == "titles" {
          columns[index].title = text
        } else if let problem = Column.problem(ofName: text) {
          errors.append(
            ParameterError(parameter: parameter, message: "rename of columns: \(problem)", path: [.value(name)]))
        } else {
          columns[index].name = text
        }
      }
    }
    for (index, column) in columns.enumerated() {
      guard let earlier = columns[..<index].firstIndex(where: { $0.name == column.name }) else { continue }
      let renamed = column.name == names[index] ? earlier : index
      errors.append(
        ParameterError(
          parameter: "rename", message: "rename of columns yields two columns named \"\(column.name)\"",
          path: [.value(names[renamed])]))
    }
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    var result = table
    result.columns = columns
    result.rows = ProjectedRows(source: table.rows, places: places, columns: columns)
    return result
  }
}

extension ParameterError {
  fileprivate init(nothingToDo step: String) {
    self.init(parameter: "choose", message: "\(step) needs choose, rename or titles; or a list of columns")
  }
}

private struct ProjectedRows: RowStream {
  var source: any RowStream
  let places: [Int]
  let columns: [Column]

  var closingNotes: [Note] { source.closingNotes }

  var closingTotals: [TotalRow] {
    source.closingTotals.map { total in
      TotalRow(total.kind, title: total.title, row: project(total.row)).titled(in: columns)
    }
  }

  mutating func next() async throws -> [Row]? {
    try await source.next().map { $0.map(project) }
  }

  private func project(_ row: Row) -> Row {
    Row(places.map { row[$0] }, origins: row.origins)
  }
}
