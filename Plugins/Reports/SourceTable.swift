import ReportKit

/// What is shown of a table of a source: as the dataset says that it is printed, or by its observations.
struct SourceTable: Sendable {
  /// Nil in a dataset without sources.
  let source: Int?
  let rows: [PrintedTable.Heading]
  let columns: [PrintedTable.Heading]
  var caption: String?
  var corner: String?
  var totalLabel: String?
  var note: String?

  init(_ table: PrintedTable, selectedBy request: ReportRequest) {
    let model = request.model
    func isSelected(_ heading: PrintedTable.Heading, _ dimension: Int) -> Bool {
      request.selection[dimension]?.contains(heading.code) ?? true
    }
    source = table.source
    rows = table.rows.filter { isSelected($0, model.placeIndex) }
    columns = table.columns.filter { isSelected($0, model.breakdownIndex) }
    caption = table.caption
    corner = table.corner
    totalLabel = table.totalLabel
    note = table.note
  }

  /// The table of the observations of a source: places and breakdown in the order of their first observation.
  init(of source: Int?, _ request: ReportRequest) async throws {
    let model = request.model
    var selection = request.selection
    if let index = model.sourceIndex, let source { selection.restrict(index, to: [source]) }
    var places = FirstAppearances(in: model.placeIndex)
    var columns = FirstAppearances(in: model.breakdownIndex)
    try await places.count(in: request.engine, where: selection)
    try await columns.count(in: request.engine, where: selection)
    var stream = request.engine.observations(ObservationQuery(where: [selection], texts: []))
    while !places.areAllMet || !columns.areAllMet, let batch = try await stream.next() {
      places.meet(batch)
      columns.meet(batch)
    }
    self.source = source
    rows = places.codes.map { PrintedTable.Heading(code: $0) }
    self.columns = columns.codes.map { PrintedTable.Heading(code: $0) }
  }

  /// One table for each source that is selected and has observations, or one for all where the dataset has no sources.
  static func all(_ request: ReportRequest) async throws -> [SourceTable] {
    guard let index = request.model.sourceIndex else { return [try await SourceTable(of: nil, request)] }
    var tables: [SourceTable] = []
    for source in request.codes(of: index) { tables.append(try await SourceTable(of: source, request)) }
    return tables.filter { !$0.rows.isEmpty }
  }

  func selection(in model: DatasetModel) -> Selection {
    var selection = Selection()
    if let index = model.sourceIndex, let source { selection.restrict(index, to: [source]) }
    selection.restrict(model.placeIndex, to: CodeSet(rows.map(\.code)))
    selection.restrict(model.breakdownIndex, to: CodeSet(columns.map(\.code)))
    return selection
  }

  func sourceID(in model: DatasetModel) -> String { source.flatMap { model.source?.codes.ids[$0] } ?? "" }

  /// The words above and below the table.
  func notes(in model: DatasetModel, isSingle: Bool) -> [Note] {
    let name = isSingle || source == nil ? "" : "\(sourceID(in: model)): "
    return [caption, note].compactMap(\.self).map { Note(.scope, name + $0) }
  }
}

/// The codes of a dimension in the order in which they are met.
private struct FirstAppearances {
  private(set) var codes: [Int] = []
  private let dimension: Int
  private var met = CodeSet()
  private var expected = 0

  init(in dimension: Int) {
    self.dimension = dimension
  }

  /// How many codes there are to be met.
  mutating func count(in engine: any QueryEngine, where selection: Selection) async throws {
    let counts = try await engine.aggregate(by: [dimension], where: selection)
    expected = (0..<counts.count).count { code in
      let aggregate = counts[cell: code]
      return aggregate.observations + aggregate.ofWhich + aggregate.contested > 0
    }
  }

  var areAllMet: Bool { codes.count >= expected }

  mutating func meet(_ batch: ObservationBatch) {
    for code in batch.codes[dimension] where !met.contains(Int(code)) {
      met.insert(Int(code))
      codes.append(Int(code))
    }
  }
}

/// The numbers of a table, for the columns of the report.
struct SourceTableCells {
  let selection: Selection
  private let table: SourceTable
  private let engine: any QueryEngine
  private let model: DatasetModel
  /// The codes of the report's columns; the table may have fewer.
  private let codes: [Int]
  private let grid: Aggregation
  private let setApart: [Place: SetApart]

  private struct Place: Hashable {
    let place: Int
    let code: Int
  }

  init(_ table: SourceTable, codes: [Int], _ request: ReportRequest) async throws {
    self.table = table
    self.codes = codes
    engine = request.engine
    model = request.model
    let (place, breakdown) = (model.placeIndex, model.breakdownIndex)
    selection = table.selection(in: model).intersection(request.selection)
    grid = try await engine.aggregate(by: [place, breakdown], where: selection)
    let all = try await engine.total(where: selection)
    setApart =
      all.ofWhich + all.contested == 0
      ? [:]
      : try await SetApart.all(in: engine, where: selection) { batch, index in
        Place(place: Int(batch.codes[place][index]), code: Int(batch.codes[breakdown][index]))
      }
  }

  /// The cells of a place, empty where the table has no such column.
  func row(_ place: Int) -> [Cell] {
    codes.map { code in
      let aggregate = grid[place, code]
      let apart = setApart[Place(place: place, code: code)]?.cell(
        in: model, without: [model.placeIndex, model.breakdownIndex])
      if aggregate.observations == 0 { return apart ?? .empty }
      var cell = Cell(aggregate, in: model)
      if aggregate.observations > 1 {
        cell.notes.append(Note(.scope, "The sum of \(aggregate.observations) numbers that the source prints apart"))
      }
      if let apart {
        cell.notes += apart.notes
        if case .missing(let several?) = apart.value { cell.notes.append(Note(.scope, several.description)) }
      }
      return cell
    }
  }

  func computed() throws -> [Cell] {
    try codes.map { code in
      var total = Aggregate.empty
      for heading in table.rows { try total.formUnion(grid[heading.code, code]) }
      return Cell(total, in: model)
    }
  }

  /// What the table's source states below the columns; nil when it states nothing.
  func stated() async throws -> (cells: [Cell], differs: Bool)? {
    var differs = false
    var cells: [Cell] = []
    for code in codes {
      let column = selection.restricting(model.breakdownIndex, to: [code])
      let statement = try await engine.reconciledTotals(covering: column).first { reconciled in
        let source = model.statedTotals[reconciled.index].source
        return source == nil || source == table.sourceID(in: model)
      }
      let stated = statement.map { StatedCell($0, in: model) }
      differs = differs || stated?.differs ?? false
      cells.append(stated?.cell ?? .empty)
    }
    return cells.allSatisfy { $0.value == .missing(nil) } ? nil : (cells, differs)
  }
}
