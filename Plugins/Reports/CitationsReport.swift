package import ReportKit

/// The observations behind each cell of a breakdown, and what the cell leaves out and why.
package struct CitationsReport: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "citations",
    summary: "The observations behind each cell of a breakdown: what is added, what is left out, and why",
    Axes.rows, Axes.columns, CrosstabAxes.measure, CrosstabAxes.prefer)

  /// An engine may have to hold one number for each observation to put them in the order of the cells.
  static let maximumRows = 1 << 20

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let layout = CitationLayout(
      request,
      try CrosstabAxes(
        row: request[Axes.rows], column: request[Axes.columns], request, prefer: request[CrosstabAxes.prefer]))
    return Table(columns: layout.columns, batches: CitationBatches(request, layout))
  }
}

/// The columns, and the cells of an observation in them.
private struct CitationLayout: Sendable {
  let axes: CrosstabAxes
  let columns: [Column]
  private let model: DatasetModel
  /// The dimensions that the cell does not tell.
  private let others: [Int]
  /// Those of them of which several codes are looked at.
  private let ruled: [Int]

  init(_ request: ReportRequest, _ axes: CrosstabAxes) {
    let model = request.model
    self.model = model
    self.axes = axes
    let others = model.dimensions.indices.filter { $0 != axes.row && $0 != axes.column }
    self.others = others
    ruled = others.filter { $0 != model.measureIndex && request.codes(of: $0).count > 1 }
    let measure = axes.measure.map { model.measures[$0] }
    func number(_ name: String, _ title: String, _ summary: String, total: Column.Total = .none) -> Column {
      // Numbers of several measures, or that do not all add, have no sum.
      let isOfOne = measure.map { $0.rules.allSatisfy { $0 == .sum } } ?? false
      var column = Column(
        name: name, title: title, kind: model.measures.contains { $0.decimals > 0 } ? .decimal : .integer,
        unit: measure?.unitName, summary: summary,
        total: isOfOne && model.dimensions.allSatisfy { $0.hierarchy == nil } ? total : .none, selection: .all)
      column.measure = axes.measure
      return column
    }
    var columns = [axes.row, axes.column].map { Column.ids(of: model.dimensions[$0]) }
    columns += [
      number("cell", "Cell", "What the cell comes to: the sum of what is added"),
      number("added", "Added", "The number, when it is a part of the sum", total: .sum),
      number("left_out", "Left out", "The number, when it is not a part of the sum"),
      .text("reason", "Reason", "Why the sum leaves it out"),
    ]
    columns += others.map { .ids(of: model.dimensions[$0]) }
    columns.append(.text("printed", "Printed", "The value as the source prints it"))
    let fields = model.observationFields
    if fields.hasLoci { columns.append(.text("locus", "Locus", "Where in the source")) }
    if fields.hasQuotes { columns.append(.text("quote", "Quote", "The words of the source")) }
    if fields.hasIDs { columns.append(.text("id", "Id", "The id of the observation")) }
    self.columns = columns
  }

  /// Why an observation that is counted is no part of the sum of its cell; nil where it is one, or may be.
  private func left(out codes: [Int], of aggregate: Aggregate) -> String? {
    for dimension in ruled {
      let rule = (axes.measure.map { model.measures[$0] } ?? model.measure).rules[dimension]
      switch rule {
      case .sum: continue
      case .last, .first:
        if dimension == model.timeIndex, let periods = aggregate.periods, !periods.contains(codes[dimension]) {
          return "\(rule.rawValue): the number of another period stands for it"
        }
      case .mean, .max, .min, .none: return "\(rule.rawValue): not added over \(model.dimensions[dimension].title)"
      }
    }
    for dimension in others {
      guard let hierarchy = model.dimensions[dimension].hierarchy else { continue }
      if hierarchy.isContainer(codes[dimension]) { return "total: contains others" }
      if hierarchy.wholes[codes[dimension]] != nil { return "of_which: a part of other numbers" }
    }
    return nil
  }

  /// - Parameters:
  ///   - sum: what the cell of the breakdown comes to, with what is behind it.
  ///   - aggregate: the same by the rules of the measure.
  func cells(_ observation: Observation, sum: Cell, of aggregate: Aggregate) -> [Cell] {
    let value = Cell(observation, in: model)
    let isLeftOut = left(out: observation.codes, of: aggregate)
    let isAdded = observation.role == .counted && observation.value.number != nil && isLeftOut == nil
    let reason: String?
    switch (observation.role, observation.value) {
    case (.ofWhich, _): reason = "of_which: a part of other numbers"
    case (.contested, _): reason = "contested: its own sources contradict it"
    case (.counted, .missing(let index)): reason = "missing: \(Missing(model.missingReasons[index]).label)"
    case (.counted, .number): reason = isLeftOut
    }
    func id(_ dimension: Int) -> Cell { .text(model.dimensions[dimension].codes.ids[observation.codes[dimension]]) }
    var cells = [
      id(axes.row), id(axes.column), sum, isAdded ? value : .empty, isAdded ? .empty : value, .text(or: reason),
    ]
    cells += others.map(id)
    cells.append(.text(observation.printed))
    let fields = model.observationFields
    if fields.hasLoci { cells.append(.text(or: observation.locus)) }
    if fields.hasQuotes { cells.append(.text(or: observation.quote)) }
    if fields.hasIDs { cells.append(.text(observation.key.text)) }
    return cells
  }
}

/// Cell by cell in the order of the breakdown, and in each the observations in the order of the dataset.
private struct CitationBatches: BatchStream {
  private let request: ReportRequest
  private let layout: CitationLayout
  private var started: (grid: Aggregation, observations: any ObservationStream)?

  init(_ request: ReportRequest, _ layout: CitationLayout) {
    self.request = request
    self.layout = layout
  }

  mutating func next() async throws -> Batch? {
    if started == nil { started = try await start() }
    guard let grid = started?.grid, let batch = try await started?.observations.next() else { return nil }
    var builder = BatchBuilder(columns: layout.columns)
    // Observations of one cell follow each other.
    var last: (cell: Int, sum: Cell)?
    for index in batch.indices {
      let observation = batch[index]
      let codes = [observation.codes[layout.axes.row], observation.codes[layout.axes.column]]
      let cell = grid.cell(of: codes)
      let sum = last.flatMap { $0.cell == cell ? $0.sum : nil } ?? sum(grid[cell: cell], codes)
      last = (cell, sum)
      builder.append(
        layout.cells(observation, sum: sum, of: grid[cell: cell]), provenance: [Selection(codes: observation.codes)])
    }
    return builder.batch
  }

  private func start() async throws -> (grid: Aggregation, observations: any ObservationStream) {
    let axes = [layout.axes.row, layout.axes.column]
    // Of other measures nothing is in the cell.
    let measured =
      layout.axes.measure.map {
        request.selection.intersection(request.model.measures[$0].selection(in: request.model))
      } ?? request.selection
    let counts = try await request.engine.aggregate(by: axes, where: measured)
    let count = (0..<counts.count).reduce(0) { count, cell in
      let aggregate = counts[cell: cell]
      return count + aggregate.observations + aggregate.ofWhich + aggregate.contested
    }
    if count > CitationsReport.maximumRows {
      throw RowLimitExceeded(step: "citations", limit: CitationsReport.maximumRows)
    }
    let grid = try await request.engine.aggregate(
      AggregateQuery(
        by: axes, where: [request.selection],
        measure: layout.axes.measure ?? (request.model.measures.count == 1 ? 0 : nil),
        preferring: layout.axes.preferredSources))
    return (grid, request.engine.observations(ObservationQuery(where: [measured], order: .codes(axes))))
  }

  private func sum(_ aggregate: Aggregate, _ codes: [Int]) -> Cell {
    var cell = Cell(aggregate, of: request.model.measures[layout.axes.measure ?? 0], in: request.model)
    cell.provenance = [
      request.selection.restricting(layout.axes.row, to: [codes[0]])
        .restricting(layout.axes.column, to: [codes[1]])
    ]
    return cell
  }
}
