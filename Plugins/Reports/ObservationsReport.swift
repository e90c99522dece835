package import ReportKit

/// The plain list of observations, one row each, in the order of the dataset.
package struct ObservationsReport: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "observations",
    summary: "One row for each observation: its codes, value, role, place in the source, words and caveats",
    names)

  private static let names = Parameter.boolean(
    "names", "Whether dimensions show the names of their codes in place of the ids")

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let layout = ObservationLayout(request.model, showsNames: request[Self.names])
    return Table(columns: layout.columns, batches: ListedObservations(request, layout))
  }
}

/// The columns that tell an observation.
private struct ObservationLayout: Sendable {
  private(set) var columns: [Column] = []
  private(set) var valueColumn = 0
  private let model: DatasetModel
  /// What stands for each code, by dimension.
  private let codeTexts: [TextList]
  /// By the number of the role.
  private let roleTexts = TextList(Role.allCases.map(\.name))

  init(_ model: DatasetModel, showsNames: Bool) {
    self.model = model
    codeTexts = model.dimensions.map { TextList(showsNames ? $0.codes.names : $0.codes.ids) }
    let fields = model.observationFields
    let measure = model.measure
    if fields.hasIDs { columns.append(.text("id", "Id", "The id of the observation")) }
    columns += model.dimensions.map { dimension in
      .text(
        dimension.id, dimension.title,
        "The \(showsNames ? "name" : "id") of the \(dimension.id) in \(dimension.codes.resource)",
        values: showsNames ? dimension.codes.names.map { Column.Value($0) } : Column.values(of: dimension.codes))
    }
    valueColumn = columns.count
    columns += [
      valueColumn(measure),
      .text("printed", "Printed", "The value as the source prints it"),
      .text(
        "role", "Role",
        "counted: enters sums; of_which: a part of other numbers; contested: contradicted by its own sources",
        values: Role.allCases.map { Column.Value($0.name) }),
    ]
    if fields.hasParts { columns.append(.text("part_of", "Part of", "The observation that this one is a part of")) }
    if fields.hasLoci { columns.append(.text("locus", "Locus", "Where in the source")) }
    if fields.hasQuotes { columns.append(.text("quote", "Quote", "The words of the source")) }
    if !model.caveats.isEmpty { columns.append(.text("caveats", "Caveats", "What a reader has to know")) }
  }

  /// The numbers: of one measure, or of the one that a column of its own names.
  private func valueColumn(_ measure: Measure) -> Column {
    let kind: Column.Kind = model.measures.contains { $0.decimals > 0 } ? .decimal : .integer
    if model.measureIndex == nil {
      var column = Column(
        name: measure.name, title: measure.title, kind: kind, unit: measure.unitName,
        summary: measure.description ?? "The number", selection: .all)
      column.measure = 0
      return column
    }
    return Column(name: "value", title: "Value", kind: kind, summary: "The number, of its measure", selection: .all)
  }

  func batch(_ observations: ObservationBatch) -> Batch {
    let fields = model.observationFields
    var vectors: [ColumnVector] = []
    if fields.hasIDs { vectors.append(.texts(observations.keys, .none)) }
    for (codes, texts) in zip(observations.codes, codeTexts) { vectors.append(.codes(codes, of: texts, .none)) }
    vectors += [
      ColumnVector(observations, in: model),
      .texts(observations.printed, .none),
      .codes(observations.roles.map { UInt32($0.rawValue) }, of: roleTexts, .none),
    ]
    if fields.hasParts { vectors.append(.texts(observations.indices.map { observations.wholes[$0]?.text })) }
    if fields.hasLoci { vectors.append(.texts(observations.loci)) }
    if fields.hasQuotes { vectors.append(.texts(observations.quotes)) }
    if !model.caveats.isEmpty {
      let texts = observations.indices.map { observations.caveats[$0].map(text) }
      vectors.append(.texts(texts))
    }
    return Batch(
      vectors, count: observations.count, annotations: SparseAnnotations(observations, column: valueColumn, in: model),
      provenance: .codes(observations.codes))
  }

  private func text(_ caveats: [Int]) -> String { caveats.map { model.caveats[$0].text }.joined(separator: " ") }

  /// The cells of a row below the list.
  func total(_ title: String, _ value: Cell) -> [Cell] {
    columns.indices.map { $0 == valueColumn ? value : $0 == 0 ? .text(title) : .empty }
  }
}

extension ColumnVector {
  /// Texts, of which some may be missing.
  fileprivate static func texts(_ texts: [String?]) -> ColumnVector {
    let gaps = texts.contains(nil) ? Gaps(codes: texts.map { $0 == nil ? 1 : 0 }, reasons: [nil]) : .none
    return .texts(texts.map { $0 ?? "" }, gaps)
  }
}

private struct ListedObservations: BatchStream {
  private let request: ReportRequest
  private let layout: ObservationLayout
  private var observations: any ObservationStream
  private(set) var closingNotes: [Note] = []
  private(set) var closingTotals: [TotalRow] = []

  init(_ request: ReportRequest, _ layout: ObservationLayout) {
    self.request = request
    self.layout = layout
    observations = request.engine.observations(ObservationQuery(where: [request.selection]))
  }

  mutating func next() async throws -> Batch? {
    if let batch = try await observations.next() { return layout.batch(batch) }
    try await close()
    return nil
  }

  /// The sum of the list is that of its counted rows alone.
  private mutating func close() async throws {
    let aggregate = try await request.engine.total(where: request.selection)
    closingNotes = notesOnOmissions([aggregate])
    if aggregate.observations + aggregate.ofWhich + aggregate.contested < 2 { return }
    func total(_ kind: TotalRow.Kind, _ title: String, _ value: Cell) -> TotalRow {
      TotalRow(kind, title: title, row: Row(layout.total(title, value), provenance: [request.selection]))
    }
    if request.model.measures.count > 1 { return }
    closingTotals = [total(.computed, "Total", Cell(aggregate, in: request.model))]
    for reconciled in try await request.engine.reconciledTotals(covering: request.selection) {
      let statement = StatedCell(reconciled, in: request.model)
      closingTotals.append(total(.stated, statement.title, statement.cell))
    }
  }
}
