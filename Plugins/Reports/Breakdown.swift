import ReportKit

/// The columns that count: one for each selected code of a dimension, then their total.
struct Breakdown {
  /// The codes of the dimension that the request selects, in the order of the code list.
  let codes: [Int]
  let columns: [Column]
  private let model: DatasetModel

  /// - Parameter index: the index of the dimension; by default that of the breakdown.
  init(for request: ReportRequest, by index: Int? = nil) {
    let model = request.model
    let index = index ?? model.breakdownIndex
    let breakdown = model.dimensions[index]
    codes = request.codes(of: index)
    let unit = model.measure.unitName
    var columns = codes.map { code in
      Column(
        name: breakdown.codes.ids[code], title: breakdown.codes.names[code], kind: .integer, unit: unit,
        summary: "\(model.measure.title) where \(breakdown.id) is \(breakdown.codes.ids[code])", total: .sum,
        selection: Selection.all.restricting(index, to: [code]))
    }
    columns.append(
      Column(
        name: "total", title: "Total", kind: .integer, unit: unit, summary: "The sum of the columns before it",
        total: .sum, selection: Selection.all.restricting(index, to: CodeSet(codes))))
    self.columns = columns
    self.model = model
  }

  /// The cells of a row, from what each code of the breakdown comes to.
  func cells(_ aggregates: [Aggregate]) throws -> [Cell] {
    var total = Aggregate.empty
    for aggregate in aggregates { try total.formUnion(aggregate) }
    return (aggregates + [total]).map { Cell($0, in: model) }
  }
}

/// Whether a code gets a row: where the report looks only at a part of the observations, not without any of them, unless
/// it is asked for by name.
func isListed(_ aggregates: [Aggregate], _ code: Int, of dimension: Int, in request: ReportRequest) -> Bool {
  if request.selection.restrictions.allSatisfy({ $0.dimension == dimension }) { return true }
  return request.selection[dimension]?.contains(code) ?? false
    || aggregates.contains { $0.observations + $0.ofWhich + $0.contested > 0 }
}

/// What the selection leaves out of every sum, in words; nothing when it leaves out nothing.
func notesOnOmissions(_ aggregates: some Sequence<Aggregate>) -> [Note] {
  var partCount = 0
  var contestedCount = 0
  for aggregate in aggregates {
    partCount += aggregate.ofWhich
    contestedCount += aggregate.contested
  }
  var notes: [Note] = []
  if partCount > 0 {
    notes.append(
      Note(
        .scope,
        partCount == 1
          ? "1 number is not added: it counts a part of what another number counts (of_which)"
          : "\(partCount) numbers are not added: they count parts of what other numbers count (of_which)"))
  }
  if contestedCount > 0 {
    notes.append(
      Note(
        .scope,
        contestedCount == 1
          ? "1 number is not added: its sources contradict it elsewhere (contested)"
          : "\(contestedCount) numbers are not added: their sources contradict them elsewhere (contested)"))
  }
  return notes
}

extension ReportRequest {
  static let scheme = Parameter.scheme("scheme", "The classification scheme that puts places into blocs")

  /// The scheme that was asked for; nil when the dataset has none.
  var scheme: Scheme? { self[Self.scheme].map { model.schemes[$0] } }

  /// The places that the request selects, in the order of the code list.
  var places: [Int] { codes(of: model.placeIndex) }

  /// The codes of a dimension that the request selects, in the order of the code list.
  func codes(of dimension: Int) -> [Int] {
    let allowed = selection[dimension]
    return model.dimensions[dimension].codes.ids.indices.filter { allowed?.contains($0) ?? true }
  }
}

extension Scheme {
  /// The ids of its groups, for a column that holds them.
  var values: [Column.Value] { groups.map { Column.Value($0.id, title: $0.name) } }

  /// Says by which classification, and as of when.
  var note: Note { note("Blocs") }

  /// - Parameter use: what the scheme is used for.
  func note(_ use: String) -> Note {
    Note(.scope, "\(use): \(title)\(asOf.map { ", as of \($0)" } ?? "") (\(id))")
  }
}
