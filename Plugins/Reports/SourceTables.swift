public import ReportKit

/// The tables of the sources as they print them: their order, headings, marks, stated totals and notes.
///
/// Where the dataset does not say how its sources lay out their tables, places stand in the order of their first
/// observation, and the breakdown across.
public struct SourceTables: ReportPlugin {
  public init() {}

  public let manifest = Manifest(
    name: "source-tables",
    summary: "The tables of the sources as printed: their order, marks for missing numbers, totals and notes",
    parameters: [
      Parameter(
        name: "source", summary: "The source whose tables are shown, or all", kind: .source, default: .firstChoice),
      Parameter(
        name: "totals", summary: "Which totals stand below a table: as stated in it, as computed, or both",
        kind: .choice(["none", "computed", "stated", "both"]), default: .value(.text("stated"))),
    ])

  public func table(for request: ReportRequest) throws(ParameterError) -> Table {
    let dataset = request.dataset
    let tables = try sourceTables(request)
    let place = dataset.place
    let breakdown = dataset.breakdown
    let isSingle = tables.count == 1
    var codes: [Int] = []
    for heading in tables.flatMap(\.columns) where !codes.contains(heading.code) { codes.append(heading.code) }
    let added = try addedCodes(tables, request)

    let corner = tables.compactMap(\.corner).first
    var columns = [
      Column(
        name: "name", title: isSingle ? corner ?? place.title : place.title, kind: .text,
        summary: "The name of the \(place.id) as printed")
    ]
    if !isSingle {
      columns.insert(
        Column(
          name: dataset.source?.id ?? "table", title: dataset.source?.title ?? "Table", kind: .text,
          summary: "The source that prints the table"), at: 0)
    }
    columns += codes.map { code in
      let labels = Set(tables.flatMap(\.columns).filter { $0.code == code }.map(\.label))
      return Column(
        name: breakdown.codes.ids[code],
        title: labels.count == 1
          ? labels.first.flatMap(\.self) ?? breakdown.codes.names[code] : breakdown.codes.names[code],
        kind: .integer, unit: dataset.measure.unit ?? dataset.measure.name,
        summary: "\(dataset.measure.title) where \(breakdown.id) is \(breakdown.codes.ids[code]), as printed",
        total: added.contains(code) ? .sum : .none,
        selection: Selection.all.restricting(dataset.breakdownIndex, to: [code]))
    }
    let totals = request.arguments[text: "totals"] ?? "stated"
    let notes = tables.flatMap { $0.notes(in: dataset, isSingle: isSingle) }

    return Table(columns: columns, notes: notes) {
      var contents = TableContents(rows: [])
      for table in tables {
        let cells = try SourceTableCells(table, codes: codes, request)
        let source: [Cell] = isSingle ? [] : [.text(table.sourceID(in: dataset))]
        contents.rows += try table.rows.map { heading in
          Row(
            source + [.text(heading.label ?? place.codes.names[heading.code])] + (try cells.row(heading.code)),
            origins: [cells.selection.restricting(dataset.placeIndex, to: [heading.code])])
        }
        func append(_ kind: TotalRow.Kind, _ title: String, _ cells: [Cell], origins: [Selection]) {
          contents.totals.append(
            TotalRow(kind, title: title, row: Row(source + [.text(title)] + cells, origins: origins)))
        }
        if totals == "stated" || totals == "both", let stated = try cells.stated() {
          let label = table.totalLabel ?? "Total"
          append(
            .stated, stated.differs ? "\(label) (stated, not what it adds up to)" : label, stated.cells, origins: [])
        }
        if totals == "computed" || totals == "both" {
          append(.computed, totals == "both" ? "Computed" : "Total", try cells.computed(), origins: [cells.selection])
        }
      }
      return contents
    }
  }

  /// The codes of the breakdown whose cells are all sums of counted observations.
  private func addedCodes(_ tables: [SourceTable], _ request: ReportRequest) throws(ParameterError) -> Set<Int> {
    let dataset = request.dataset
    do {
      var added = Set(tables.flatMap(\.columns).map(\.code))
      for table in tables {
        let totals = try dataset.aggregate(
          by: [dataset.breakdownIndex], where: table.selection(in: dataset).intersection(request.selection))
        added = added.filter { totals[$0].ofWhich == 0 && totals[$0].contested == 0 }
      }
      return added
    } catch {
      throw ParameterError(parameter: "source", message: "\(error)")
    }
  }

  private func sourceTables(_ request: ReportRequest) throws(ParameterError) -> [SourceTable] {
    let dataset = request.dataset
    let name = request.arguments[text: "source"] ?? Parameter.allSources
    let wanted = name == Parameter.allSources ? nil : dataset.source?.codes.index(of: name)
    let tables: [SourceTable]
    if dataset.printedTables.isEmpty {
      do {
        tables = try wanted.map { [try SourceTable(of: $0, request)] } ?? SourceTable.all(request)
      } catch {
        throw ParameterError(parameter: "source", message: "\(error)")
      }
    } else {
      tables = dataset.printedTables.filter { wanted == nil || $0.source == wanted }.map {
        SourceTable($0, selectedBy: request)
      }
      if tables.isEmpty {
        var known: [String] = []
        for table in dataset.printedTables {
          guard let id = dataset.source?.codes.ids[table.source], !known.contains(id) else { continue }
          known.append(id)
        }
        throw ParameterError(
          parameter: "source",
          message: "\(name) prints no table; those that do are: \(known.joined(separator: ", "))",
          suggestions: known)
      }
    }
    return tables
  }
}
