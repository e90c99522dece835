public import ReportKit

/// The plain list of observations, one row each, in the order of the dataset.
public struct ObservationsReport: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "observations",
    summary: "One row for each observation: its codes, value, role, place in the source, words and caveats",
    parameters: [
      Parameter(
        name: "names", summary: "Whether dimensions show the names of their codes in place of the ids", kind: .boolean,
        default: .value(.boolean(false)))
    ])

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let layout = ObservationColumns(request.dataset, showsNames: request.arguments[boolean: "names"] ?? false)
    return Table(
      columns: layout.columns, rows: ObservationRows(dataset: request.dataset, selection: request.selection, layout))
  }
}

/// The columns that tell an observation.
struct ObservationColumns: Sendable {
  let columns: [Column]
  private let dataset: Snapshot
  /// What stands for each code, by dimension.
  private let codeTexts: [[String]]
  private let hasIDs: Bool
  private let hasParts: Bool
  private let hasLoci: Bool
  private let hasQuotes: Bool
  private let hasCaveats: Bool

  init(_ dataset: Snapshot, showsNames: Bool) {
    self.dataset = dataset
    codeTexts = dataset.dimensions.map { showsNames ? $0.codes.names : $0.codes.ids }
    let observations = dataset.observations
    (hasIDs, hasParts) = (observations.hasIDs, observations.hasParts)
    (hasLoci, hasQuotes) = (observations.hasLoci, observations.hasQuotes)
    hasCaveats = !dataset.caveats.isEmpty
    let measure = dataset.measure
    var columns: [Column] = []
    if hasIDs {
      columns.append(Column(name: "id", title: "Id", kind: .text, summary: "The id of the observation"))
    }
    for dimension in dataset.dimensions {
      columns.append(
        Column(
          name: dimension.id, title: dimension.title, kind: .text,
          summary: "The \(showsNames ? "name" : "id") of the \(dimension.id) in \(dimension.codes.resource)",
          values: showsNames ? dimension.codes.names.map { Column.Value($0) } : Column.values(of: dimension.codes)))
    }
    columns += [
      Column(
        name: measure.name, title: measure.title, kind: .integer, unit: measure.unit ?? measure.name,
        summary: measure.description ?? "The number", selection: .all),
      Column(name: "printed", title: "Printed", kind: .text, summary: "The value as the source prints it"),
      Column(
        name: "role", title: "Role", kind: .text,
        summary: "counted: enters sums; of_which: a part of other numbers; contested: contradicted by its own sources",
        values: Role.allCases.map { Column.Value($0.name) }),
    ]
    if hasParts {
      columns.append(
        Column(name: "part_of", title: "Part of", kind: .text, summary: "The observation that this one is a part of"))
    }
    if hasLoci {
      columns.append(Column(name: "locus", title: "Locus", kind: .text, summary: "Where in the source"))
    }
    if hasQuotes {
      columns.append(Column(name: "quote", title: "Quote", kind: .text, summary: "The words of the source"))
    }
    if hasCaveats {
      columns.append(Column(name: "caveats", title: "Caveats", kind: .text, summary: "What a reader has to know"))
    }
    self.columns = columns
  }

  /// The rows of observations that lie together.
  func rows(_ observations: [Observation]) throws -> [Row] {
    let wholes = Set(observations.compactMap(\.partOf)).sorted()
    let wholeNames = Dictionary(
      uniqueKeysWithValues: zip(
        wholes, try dataset.observations.observations(atRows: wholes).map { $0.id ?? $0.locus ?? "row \($0.row + 1)" }))
    return observations.map { observation in
      row(observation, whole: observation.partOf.flatMap { wholeNames[$0] })
    }
  }

  private func row(_ observation: Observation, whole: String?) -> Row {
    var cells: [Cell] = []
    cells.reserveCapacity(columns.count)
    if hasIDs { cells.append(.text(or: observation.id)) }
    for (dimension, code) in observation.codes.enumerated() { cells.append(.text(codeTexts[dimension][code])) }
    cells.append(Cell(observation, in: dataset))
    cells.append(.text(observation.printed))
    cells.append(.text(observation.role.name))
    if hasParts { cells.append(.text(or: whole)) }
    if hasLoci { cells.append(.text(or: observation.locus)) }
    if hasQuotes { cells.append(.text(or: observation.quote)) }
    if hasCaveats {
      let caveats = observation.caveats.map { dataset.caveats[$0].text }
      cells.append(.text(or: caveats.isEmpty ? nil : caveats.joined(separator: " ")))
    }
    return Row(cells, origins: [Selection(codes: observation.codes)])
  }
}

/// Reads a few thousand observations at a time, however many there are.
private struct ObservationRows: RowStream {
  private let dataset: Snapshot
  private let selection: Selection
  private let layout: ObservationColumns
  private var next = 0
  private(set) var closingNotes: [Note] = []
  private(set) var closingTotals: [TotalRow] = []

  private static let batchSize = 2048

  init(dataset: Snapshot, selection: Selection, _ layout: ObservationColumns) {
    self.dataset = dataset
    self.selection = selection
    self.layout = layout
  }

  mutating func next() async throws -> [Row]? {
    let rows = try dataset.observations.rows(where: selection, from: next, limit: Self.batchSize)
    guard let last = rows.last else {
      try close()
      return nil
    }
    next = last + 1
    return try layout.rows(dataset.observations.observations(atRows: rows))
  }

  /// The sum of the list is that of its counted rows alone.
  private mutating func close() throws {
    let aggregate = try dataset.aggregate(by: [], where: selection)[cell: 0]
    closingNotes = notesOnOmissions([aggregate])
    if aggregate.observations + aggregate.ofWhich + aggregate.contested < 2 { return }
    func row(_ title: String, _ value: Cell) -> Row {
      let cells = layout.columns.enumerated().map { index, column in
        column.name == dataset.measure.name ? value : index == 0 ? .text(title) : .empty
      }
      return Row(cells, origins: [selection])
    }
    closingTotals = [TotalRow(.computed, title: "Total", row: row("Total", Cell(aggregate, in: dataset)))]
    for index in try dataset.statedTotals(covering: selection) {
      let statement = try StatedCell(index, in: dataset)
      closingTotals.append(TotalRow(.stated, title: statement.title, row: row(statement.title, statement.cell)))
    }
  }
}
