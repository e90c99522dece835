package import ReportKit

/// What moves from which bloc to which when one classification scheme is replaced by another.
///
/// Every place is in exactly one row, so the rows of a bloc of the old scheme add up to what it was, and those of a
/// bloc of the new one to what it becomes.
package struct ClassificationDiff: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "classification-diff",
    summary: "What moves between blocs when one classification scheme is replaced by another: places and counts",
    from, to, CrosstabAxes.measure, CrosstabAxes.columns, CrosstabAxes.prefer)

  private static let from = Parameter.scheme("from", "The classification scheme that is replaced")
  private static let to = Parameter.scheme(
    "to", "The classification scheme that replaces it", default: .secondChoice)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let model = request.model
    let old = try scheme(Self.from, request)
    let new = try scheme(Self.to, request)
    let axes = try CrosstabAxes(request, row: old.dimension)
    let breakdown = Crosstab(request, axes)
    let dimension = model.dimensions[old.dimension]
    if new.dimension != old.dimension {
      throw ParameterError(
        parameter: "to", message: "the scheme \"\(new.id)\" groups another dimension than \"\(old.id)\"")
    }
    let columns =
      [
        .text("from_bloc", "From", "The id of the bloc in \(old.id); empty for places that it does not classify"),
        .text("from_name", "From name", "The name of the bloc in \(old.id)"),
        .text("to_bloc", "To", "The id of the bloc in \(new.id); empty for places that it does not classify"),
        .text("to_name", "To name", "The name of the bloc in \(new.id)"),
        .text("change", "Change", "same: the bloc has the same id in both schemes; moves: it has not"),
        .text("places", dimension.title, "The names of the places"),
        Column(
          name: "place_count", title: "Places", kind: .integer,
          summary: "How many places of the row have counted observations", total: .sum, selection: .all),
      ] + breakdown.columns

    return Table(columns: columns, notes: [old.note("From"), new.note("To")]) {
      let index = old.dimension
      let grid = try await breakdown.aggregates(by: [index], where: [request.selection])
      let whole = try await breakdown.aggregates(by: [], where: [request.selection])[0]
      var flows: [Flow] = []
      for code in request.codes(of: index) {
        let ofCode = Array(grid[code].prefix(breakdown.codes.count))
        if dimension.hierarchy?.isContainer(code) == true { continue }
        if !request.isListed(ofCode, code, of: index) { continue }
        let (from, to) = (old.group(of: code), new.group(of: code))
        let known = flows.firstIndex { $0.from == from && $0.to == to }
        if known == nil { flows.append(Flow(from: from, to: to)) }
        flows[known ?? flows.count - 1].add(code, isCounted: ofCode.contains { $0.observations > 0 })
      }
      flows.sort { ($0.from ?? .max, $0.to ?? .max) < ($1.from ?? .max, $1.to ?? .max) }
      var rows: [Row] = []
      var all: [Aggregate] = []
      for flow in flows {
        let (from, to) = (flow.from.map { old.groups[$0] }, flow.to.map { new.groups[$0] })
        let selection = request.selection.restricting(index, to: flow.codes)
        let aggregates = try await breakdown.aggregates(by: [], where: [selection])[0]
        all += aggregates.prefix(breakdown.codes.count)
        rows.append(
          Row(
            [
              .text(or: from?.id), .text(from?.name ?? Flow.unclassified), .text(or: to?.id),
              .text(to?.name ?? Flow.unclassified), .text(from?.id == to?.id ? "same" : "moves"),
              .text(flow.codes.map { dimension.codes.names[$0] }.joined(separator: ", ")),
              .integer(flow.countedCount),
            ] + breakdown.cells(aggregates, whole: whole), provenance: [selection]))
      }
      var totals: [TotalRow] = []
      if rows.count > 1 {
        let count = flows.reduce(0) { $0 + $1.countedCount }
        let cells: [Cell] =
          [.text("Total")] + Array(repeating: .empty, count: 5) + [.integer(count)]
          + breakdown.cells(whole, whole: whole)
        totals = [
          TotalRow(
            .computed, title: "Total",
            row: Row(cells, provenance: [model.addends(of: request.selection, by: [axes.column])]))
        ]
      }
      return TableContents(rows: rows, notes: notesOnOmissions(all) + breakdown.notes, totals: totals)
    }
  }

  private func scheme(
    _ parameter: Parameter<Int?>, _ request: ReportRequest
  ) throws(ParameterError) -> Scheme {
    guard let scheme = request[parameter] else {
      throw ParameterError(
        parameter: parameter.declaration.name,
        message: "classification-diff needs classification schemes, and the dataset has none")
    }
    return request.model.schemes[scheme]
  }

  /// The places that go from one bloc to another, or stay in one; nil for what a scheme does not classify.
  private struct Flow {
    let from: Int?
    let to: Int?
    private(set) var codes = CodeSet()
    /// Codes with at least one counted observation.
    private(set) var countedCount = 0

    init(from: Int?, to: Int?) {
      self.from = from
      self.to = to
    }

    mutating func add(_ code: Int, isCounted: Bool) {
      codes.insert(code)
      if isCounted { countedCount += 1 }
    }

    static let unclassified = "not classified"
  }
}
