package import ReportKit

/// The tables of the sources as they print them: their order, headings, marks, stated totals and notes.
///
/// Where the dataset does not say how its sources lay out their tables, places stand in the order of their first
/// observation, and the breakdown across.
package struct SourceTables: ReportPlugin {
  package init() {}

  package let manifest = Manifest(
    name: "source-tables",
    summary: "The tables of the sources as printed: their order, marks for missing numbers, totals and notes",
    source, totals)

  private enum Totals: String, CaseIterable {
    case none, computed, stated, both
  }

  private static let source = Parameter.source("source", "The source whose tables are shown, or all")
  private static let totals = Parameter.choice(
    "totals", "Which totals stand below a table: as stated in it, as computed, or both", default: Totals.stated)

  /// The tables, none where the source that is asked for prints none, and the codes of the breakdown whose cells are all
  /// sums of counted observations.
  package struct Survey: Sendable {
    let tables: [SourceTable]
    let added: Set<Int>
  }

  package func survey(_ request: ReportRequest) async throws -> Survey {
    do {
      let tables = try await tables(request)
      return Survey(tables: tables, added: try await addedCodes(tables, request))
    } catch let error as AggregationError {
      throw ParameterError(parameter: "source", message: "\(error)")
    }
  }

  package func table(for request: ReportRequest, survey: Survey) throws(ParameterError) -> Table {
    let model = request.model
    let tables = survey.tables
    if tables.isEmpty, !model.printedTables.isEmpty { throw noTable(request) }
    let isSingle = tables.count == 1
    var codes: [Int] = []
    for heading in tables.flatMap(\.columns) where !codes.contains(heading.code) { codes.append(heading.code) }
    let columns = headings(tables, of: model) + codes.map { column(of: $0, survey, in: model) }
    let totals = request[Self.totals]
    let notes = tables.flatMap { $0.notes(in: model, isSingle: isSingle) }

    return Table(columns: columns, notes: notes) {
      var contents = TableContents(rows: [])
      for table in tables {
        let cells = try await SourceTableCells(table, codes: codes, request)
        let source: [Cell] = isSingle ? [] : [.text(table.sourceID(in: model))]
        contents.rows += table.rows.map { heading in
          Row(
            source + [.text(heading.label ?? model.place.codes.names[heading.code])] + cells.row(heading.code),
            provenance: [cells.selection.restricting(model.placeIndex, to: [heading.code])])
        }
        func append(_ kind: TotalRow.Kind, _ title: String, _ cells: [Cell], provenance: [Selection]) {
          contents.totals.append(
            TotalRow(kind, title: title, row: Row(source + [.text(title)] + cells, provenance: provenance)))
        }
        if totals == .stated || totals == .both, let stated = try await cells.stated() {
          let label = table.totalLabel ?? "Total"
          append(
            .stated, stated.differs ? "\(label) (stated, not what it adds up to)" : label, stated.cells, provenance: [])
        }
        if totals == .computed || totals == .both {
          append(.computed, totals == .both ? "Computed" : "Total", try cells.computed(), provenance: [cells.selection])
        }
      }
      return contents
    }
  }

  /// The columns that tell the rows: the source, unless there is a single table, and the place.
  private func headings(_ tables: [SourceTable], of model: DatasetModel) -> [Column] {
    let place = model.place
    let summary = "The name of the \(place.id) as printed"
    if tables.count == 1 { return [.text("name", tables[0].corner ?? place.title, summary)] }
    return [
      .text(model.source?.id ?? "table", model.source?.title ?? "Table", "The source that prints the table"),
      .text("name", place.title, summary),
    ]
  }

  private func column(of code: Int, _ survey: Survey, in model: DatasetModel) -> Column {
    let breakdown = model.breakdown
    let (id, name) = (breakdown.codes.ids[code], breakdown.codes.names[code])
    // Where all tables head it with the same words, these stand.
    let labels = Set(survey.tables.flatMap(\.columns).filter { $0.code == code }.map(\.label))
    return Column(
      name: id, title: labels.count == 1 ? labels.first.flatMap(\.self) ?? name : name,
      kind: model.measure.decimals == 0 ? .integer : .decimal,
      unit: model.measure.unitName, summary: "\(model.measure.title) where \(breakdown.id) is \(id), as printed",
      total: survey.added.contains(code) ? .sum : .none,
      selection: Selection.all.restricting(model.breakdownIndex, to: [code]))
  }

  /// The codes of the breakdown whose cells are all sums of counted observations.
  private func addedCodes(_ tables: [SourceTable], _ request: ReportRequest) async throws -> Set<Int> {
    let model = request.model
    var added = Set(tables.flatMap(\.columns).map(\.code))
    for table in tables {
      let totals = try await request.engine.aggregate(
        by: [model.breakdownIndex], where: table.selection(in: model).intersection(request.selection))
      added = added.filter { totals[$0].ofWhich == 0 && totals[$0].contested == 0 }
    }
    return added
  }

  private func tables(_ request: ReportRequest) async throws -> [SourceTable] {
    let model = request.model
    let wanted = request[Self.source]
    if model.printedTables.isEmpty {
      if let wanted { return [try await SourceTable(of: wanted, request)] }
      return try await SourceTable.all(request)
    }
    return model.printedTables.filter { wanted == nil || $0.source == wanted }.map {
      SourceTable($0, selectedBy: request)
    }
  }

  /// A source was asked for that prints no table.
  private func noTable(_ request: ReportRequest) -> ParameterError {
    let ids = request.model.source?.codes.ids ?? []
    var known: [String] = []
    for table in request.model.printedTables where !known.contains(ids[table.source]) {
      known.append(ids[table.source])
    }
    let name = request[Self.source].map { ids[$0] } ?? ""
    return ParameterError(
      parameter: "source",
      message: "\(name) prints no table; those that do are: \(known.joined(separator: ", "))",
      suggestions: known)
  }
}
