package import ReportKit

/// Turns columns into rows: each row becomes one row for each of the columns.
package struct Unpivot: TransformPlugin {
  package init() {}

  private static let members = Parameter<[Int]>.columns("columns", "The columns that become rows, in this order")
  private static let names = Parameter<String>.text(
    "names", "The name of the new column with the columns' names", default: "column")
  private static let values = Parameter<String>.text(
    "values", "The name of the new column with their cells", default: "value")

  package let manifest = Manifest(
    name: "unpivot", summary: "Turns columns into rows: one row for each of the columns, with its name and its cell",
    members, names, values)

  package func transform(
    _ table: Table, arguments: Arguments, limits: StepLimits
  ) throws(ParameterErrors) -> Table {
    let shape = try UnpivotShape(
      table.columns, places: arguments[Self.members], names: arguments[Self.names], values: arguments[Self.values])
    var result = table
    result.columns = shape.columns
    result.batches = UnpivotedBatches(source: table.batches, shape: shape)
    return result
  }
}

/// Which column goes where.
private struct UnpivotShape {
  let columns: [Column]
  let input: [Column]
  /// Those that become rows.
  let places: [Int]
  /// The others.
  let kept: [Int]
  /// Before which of the kept ones the names and values stand.
  let position: Int

  init(_ input: [Column], places: [Int], names: String, values: String) throws(ParameterErrors) {
    self.input = input
    self.places = places
    kept = input.indices.filter { !places.contains($0) }
    position = kept.count { $0 < (places.min() ?? 0) }
    let members = places.map { input[$0] }
    var errors: [ParameterError] = []
    let first = members[0]
    for (index, member) in members.enumerated().dropFirst() {
      let problem: String? =
        if member.kind.isNumber != first.kind.isNumber {
          "\(member.name) holds \(member.kind.isNumber ? "numbers" : "text"), and \(first.name) does not"
        } else if member.unit != first.unit {
          "\(member.name) counts \(member.unit ?? "nothing named"), and \(first.name) \(first.unit ?? "nothing named")"
        } else {
          nil
        }
      guard let problem else { continue }
      errors.append(
        ParameterError(
          parameter: "columns", message: "columns of unpivot do not fit into one: \(problem)", path: [.element(index)]))
    }
    let keptNames = kept.map { input[$0].name }
    for (parameter, name) in [("names", names), ("values", values)] {
      let problem =
        Column.problem(ofName: name)
        ?? (keptNames.contains(name) || parameter == "values" && names == name
          ? "there is a column \"\(name)\" already" : nil)
      guard let problem else { continue }
      errors.append(ParameterError(parameter: parameter, message: "\(parameter) of unpivot: \(problem)"))
    }
    if !errors.isEmpty { throw ParameterErrors(errors: errors) }

    var names = Column(
      name: names, title: heading(names), kind: .text, summary: "Which column the \(values) comes from",
      values: members.map { Column.Value($0.name, title: $0.title) })
    names.tellsTotals = true
    var result = kept.map { index in
      var column = input[index]
      // Its cells stand in several rows now.
      column.total = .none
      return column
    }
    let isDecimal = members.contains { $0.kind == .decimal }
    result.insert(
      contentsOf: [
        names,
        Column(
          name: values, title: heading(values), kind: isDecimal ? .decimal : first.kind, unit: first.unit,
          summary: "What stood in the column that \(names.name) names",
          total: members.countDifferentThings ? .sum : .none,
          selection: members.contains { $0.selection != nil } ? .all : nil),
      ], at: position)
    columns = result
  }

  /// One row for each of the columns.
  func rows(_ row: Row) -> [Row] {
    places.map { place in
      // What a kept cell stood on must not be narrowed to this column.
      var cells = kept.map { index in
        var cell = row[index]
        if input[index].selection != nil, cell.provenance == nil {
          cell.provenance = row.provenance(at: index, in: input)
        }
        return cell
      }
      var cell = row[place]
      if columns[position + 1].kind == .decimal, case .integer(let integer) = cell.value {
        cell.value = .decimal(ExactDecimal(units: Int128(integer), scale: 0))
      }
      cells.insert(contentsOf: [.text(input[place].name), cell], at: position)
      return Row(cells, provenance: row.provenance(at: place, in: input))
    }
  }
}

private struct UnpivotedBatches: BatchStream {
  var source: any BatchStream
  let shape: UnpivotShape

  var closingNotes: [Note] { source.closingNotes }

  /// Each total becomes one for each of the columns that has one, which stands in the column of names: it covers the rows
  /// with that name.
  var closingTotals: [TotalRow] {
    // Columns of text hold no totals, but maybe the title of one.
    guard shape.columns[shape.position + 1].kind.isNumber else { return [] }
    return source.closingTotals.flatMap { total in
      zip(shape.rows(total.row), shape.places).filter { total.row[$1].value != .missing(nil) }.map { row, _ in
        var row = row
        for (index, column) in shape.columns.enumerated() where column.kind.isNumber && index != shape.position + 1 {
          row[index] = .empty
        }
        var total = total
        total.row = row
        return total
      }
    }
  }

  mutating func next() async throws -> Batch? {
    guard let batch = try await source.next() else { return nil }
    var result = BatchBuilder(columns: shape.columns)
    for row in batch.rows {
      for row in shape.rows(row) { result.append(row) }
    }
    return result.batch
  }
}

/// `Handed over` for `handed_over`.
func heading(_ name: String) -> String {
  let words = name.split(separator: "_").joined(separator: " ")
  return words.prefix(1).uppercased() + words.dropFirst()
}

extension [Column] {
  /// Whether no observation counts in two of them, so that all may be added up.
  fileprivate var countDifferentThings: Bool {
    allSatisfy { $0.total == .sum }
      && indices.allSatisfy { index in
        self[..<index].allSatisfy { earlier in
          guard let a = earlier.selection, let b = self[index].selection else { return false }
          return a.isDisjoint(with: b)
        }
      }
  }
}

extension Selection {
  fileprivate func isDisjoint(with other: Selection) -> Bool {
    intersection(other).restrictions.contains { $0.codes.isEmpty }
  }
}
