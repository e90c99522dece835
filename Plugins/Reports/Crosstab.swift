import ReportKit

/// What is asked of a table of numbers: which dimensions stand down and across, of which measure, by which sources.
struct CrosstabAxes: Sendable {
  static let measure = Parameter<Int?>.measure("measure", "The measure; the first one if nothing is said")
  static let rows = Parameter<Int?>.dimension(
    "rows", "The dimension whose codes get a row each; the place if nothing is said")
  static let columns = Parameter<Int?>.dimension(
    "columns", "The dimension whose codes get a column each; the breakdown if nothing is said")
  static let of = Parameter<Int?>.dimension(
    "of", "The dimension that the scheme groups; that of the scheme if nothing is said")
  static let prefer = Parameter<Int?>.optionalSource(
    "prefer", "The source that counts before others where several give a number for the same")

  let row: Int
  let column: Int
  /// The index of the measure; nil where the columns are measures.
  let measure: Int?
  let preferredSources: [Int]

  init(row: Int, column: Int, _ request: ReportRequest, prefer: Int?) throws(ParameterError) {
    let model = request.model
    self.row = row
    self.column = column
    let asked = request[Self.measure]
    measure = column == model.measureIndex ? nil : asked ?? 0
    preferredSources = (prefer.map { [$0] } ?? []) + model.preferredSources.filter { $0 != prefer }
    let ids = model.dimensions.map(\.id)
    if row == column {
      throw ParameterError(
        parameter: "columns", message: "rows and columns are both \"\(ids[row])\"; choose two dimensions",
        suggestions: ids.filter { $0 != ids[row] })
    }
    if row == model.measureIndex {
      throw ParameterError(
        parameter: "rows", message: "measures have units of their own: \"\(ids[row])\" can only stand in the columns",
        suggestions: ids.filter { $0 != ids[row] })
    }
  }

  init(_ request: ReportRequest, row: Int? = nil) throws(ParameterError) {
    let model = request.model
    let row = row ?? request[Self.rows] ?? model.placeIndex
    let column = request[Self.columns] ?? (row == model.breakdownIndex ? model.placeIndex : model.breakdownIndex)
    try self.init(row: row, column: column, request, prefer: request[Self.prefer])
  }
}

/// The columns that count: one for each selected code of a dimension, then what they come to together.
struct Crosstab: Sendable {
  let request: ReportRequest
  let axes: CrosstabAxes
  /// The codes of the columns, in the order of the code list.
  let codes: [Int]
  /// One for each code, then those of ratios where columns are measures, then the total.
  let columns: [Column]
  private let model: DatasetModel
  /// By column before the total the index of its measure.
  private let measures: [Int]

  init(_ request: ReportRequest, _ axes: CrosstabAxes) {
    self.request = request
    self.axes = axes
    let model = request.model
    self.model = model
    codes = request.codes(of: axes.column)
    let dimension = model.dimensions[axes.column]
    var columns: [Column] = []
    var measures: [Int] = []
    for code in codes {
      let measure = axes.measure ?? model.measures.firstIndex { $0.code == code } ?? 0
      let isPart = dimension.hierarchy?.wholes[code] != nil
      let name = dimension.codes.names[code]
      var column = Column(
        name: dimension.codes.ids[code], title: isPart ? "Of which: \(name)" : name, kind: .integer,
        summary: axes.measure == nil
          ? model.measures[measure].description ?? model.measures[measure].title
          : "\(model.measures[measure].title) where \(dimension.id) is \(dimension.codes.ids[code])",
        selection: Selection.all.restricting(axes.column, to: [code]))
      column.isPart = isPart
      if dimension.isTime { column.time = .period(dimension.codes.names[code]) }
      columns.append(column.counting(measure, over: axes.row, in: model))
      measures.append(measure)
    }
    if axes.measure == nil {
      for (index, measure) in model.measures.enumerated() where measure.ratio != nil {
        let column = Column(
          name: measure.name, title: measure.title, kind: .integer, summary: measure.ratioWords(in: model),
          selection: measure.selection(in: model))
        columns.append(column.counting(index, over: axes.row, in: model))
        measures.append(index)
      }
    }
    self.measures = measures
    if let measure = axes.measure { columns.append(Self.total(of: codes, measure, axes, in: model)) }
    self.columns = columns
  }

  private static func total(of codes: [Int], _ measure: Int, _ axes: CrosstabAxes, in model: DatasetModel) -> Column {
    let rule = model.measures[measure].rules[axes.column]
    let isRatio = model.measures[measure].ratio != nil
    let title =
      switch rule {
      case .last where !isRatio: "Last"
      case .first where !isRatio: "First"
      case .mean where !isRatio: "Mean"
      case .max where !isRatio: "Greatest"
      case .min where !isRatio: "Least"
      default: "Total"
      }
    let all = CodeSet(codes)
    let addends = model.dimensions[axes.column].hierarchy.flatMap { $0.addends(among: all) } ?? all
    let column = Column(
      name: "total", title: title, kind: .integer,
      summary: isRatio
        ? model.measures[measure].ratioWords(in: model)
        : title == "Total" ? "The sum of the columns before it" : "The \(title.lowercased()) of the columns before it",
      selection: Selection.all.restricting(axes.column, to: addends))
    return column.counting(measure, over: axes.row, in: model)
  }

  /// What each column comes to, and at the end the total, for every combination of codes of some dimensions: in the order
  /// of their cells.
  func aggregates(by dimensions: [Int], where selections: [Selection]) async throws -> AggregateRows {
    if selections.isEmpty { return AggregateRows(count: 1) { [columns] _ in columns.map { _ in .empty } } }
    if axes.measure == nil {
      var grids: [Aggregation] = []
      for measure in measures { grids.append(try await aggregate(by: dimensions, where: selections, measure)) }
      return AggregateRows(count: grids.first?.count ?? 0) { [grids] cell in grids.map { $0[cell: cell] } }
    }
    let grid = try await aggregate(by: dimensions + [axes.column], where: selections, axes.measure)
    let totals = try await aggregate(
      by: dimensions, where: selections.map { $0.restricting(axes.column, to: CodeSet(codes)) }, axes.measure)
    let stride = model.dimensions[axes.column].codes.count
    return AggregateRows(count: totals.count) { [codes] cell in
      codes.map { grid[cell: cell * stride + $0] } + [totals[cell: cell]]
    }
  }

  private func aggregate(by dimensions: [Int], where selections: [Selection], _ measure: Int?) async throws
    -> Aggregation
  {
    try await request.engine.aggregate(
      AggregateQuery(by: dimensions, where: selections, measure: measure, preferring: axes.preferredSources))
  }

  /// The cells of a row.
  ///
  /// - Parameters:
  ///   - whole: what each column comes to in all rows: where it counts nothing but parts of other numbers, these are what
  ///     it shows.
  ///   - showsParts: false where parts have columns of their own.
  func cells(_ aggregates: [Aggregate], whole: [Aggregate], showsParts: Bool = true) -> [Cell] {
    aggregates.indices.map { index in
      let measure = model.measures[index < measures.count ? measures[index] : axes.measure ?? 0]
      if showsParts, whole[index].observations == 0, !whole[index].parts.overlap, aggregates[index].parts.count > 0 {
        return Cell(parts: aggregates[index].parts, of: measure)
      }
      return Cell(aggregates[index], of: measure, in: model)
    }
  }
}

extension Column {
  /// As a column of numbers of a measure, which are added up over rows where the measure adds up.
  func counting(_ index: Int, over row: Int, in model: DatasetModel) -> Column {
    let measure = model.measures[index]
    var column = self
    column.kind = measure.decimals == 0 ? .integer : .decimal
    column.unit = measure.unitName
    column.measure = index
    // What is behind a cell is of its measure alone.
    column.selection?.formIntersection(measure.selection(in: model))
    let adds = measure.ratio == nil && measure.rules[row] == .sum
    let isFlat = model.dimensions[row].hierarchy.map { !$0.hasContainersOrParts } ?? true
    column.total = adds && isFlat ? .sum : .none
    return column
  }
}

extension Hierarchy {
  /// Whether any code contains others or is a part of one.
  var hasContainersOrParts: Bool {
    parents.indices.contains { isContainer($0) || wholes[$0] != nil }
  }
}

extension Measure {
  /// Such as `Deaths per 10000 Inhabitants: the ratio of the sums`.
  func ratioWords(in model: DatasetModel) -> String? {
    ratio.map { ratio in
      "\(model.measures[ratio.of].title) / \(model.measures[ratio.per].title) × \(ratio.times), each after it was added up"
    }
  }

  /// The observations of the measure; those of a ratio are those of both its measures.
  func selection(in model: DatasetModel) -> Selection {
    guard let index = model.measureIndex else { return .all }
    let codes = ratio.map { [$0.of, $0.per].compactMap { model.measures[$0].code } } ?? [code].compactMap(\.self)
    return Selection.all.restricting(index, to: CodeSet(codes))
  }
}

extension Cell {
  /// Numbers that are a part of others, where these are not shown: with a sum of their own.
  init(parts: PartAggregate, of measure: Measure) {
    let note = Note(.scope, "A part of other numbers, which a total does not add")
    if parts.overlap {
      self.init(
        .missing(
          .notAdditive("\(parts.count) numbers are parts of the same, which may overlap, or of what does not add")),
        notes: [note])
      return
    }
    guard let sum = parts.sum else {
      self.init(.missing(Missing(symbol: "…", label: "no number of a part")))
      return
    }
    let lacks = parts.missing > 0 ? [Coverage.Lack(reason: "missing", count: parts.missing)] : []
    self.init(
      Cell.Value(units: sum, decimals: measure.decimals), notes: [note],
      coverage: parts.count > 1 ? Coverage(numbers: parts.numbers, lacks: lacks) : nil)
  }
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
  /// The codes of a dimension that the request selects, in the order of the code list.
  func codes(of dimension: Int) -> [Int] {
    let allowed = selection[dimension]
    return model.dimensions[dimension].codes.ids.indices.filter { allowed?.contains($0) ?? true }
  }

  /// Whether a code gets a row: where the report looks only at a part of the observations, not without any of them, unless
  /// it is asked for by name.
  func isListed(_ aggregates: [Aggregate], _ code: Int, of dimension: Int) -> Bool {
    if selection.restrictions.allSatisfy({ $0.dimension == dimension }) { return true }
    return selection[dimension]?.contains(code) ?? false
      || aggregates.contains { $0.observations + $0.ofWhich + $0.contested > 0 }
  }
}

/// What the columns come to in each row, made when it is looked at: of many rows that is much.
struct AggregateRows: RandomAccessCollection {
  let startIndex = 0
  let endIndex: Int
  private let row: (Int) -> [Aggregate]

  init(count: Int, row: @escaping (Int) -> [Aggregate]) {
    endIndex = count
    self.row = row
  }

  subscript(cell: Int) -> [Aggregate] { row(cell) }
}
