package import ReportKit

/// One row for each group of a classification scheme, with what was counted for its members.
package struct BlocAggregate: ReportPlugin {
  package init() {}

  private static let level = Parameter<Int?>.optionalInteger(
    "level", "Which level of nested groups, from 1 for the outermost; all of them if nothing is said", in: 1...16)

  package let manifest = Manifest(
    name: "bloc-aggregate", summary: "One row for each bloc of a classification scheme: the counts by breakdown",
    SchemeChoice.scheme, CrosstabAxes.measure, CrosstabAxes.columns, CrosstabAxes.of, level, CrosstabAxes.prefer)

  package func table(for request: ReportRequest, survey: NoSurvey) throws(ParameterError) -> Table {
    let scheme = try SchemeChoice.any(for: request, report: manifest.name)
    let dimension = request.model.dimensions[scheme.dimension]
    let axes = try CrosstabAxes(request, row: scheme.dimension)
    let tab = Crosstab(request, axes)
    let level = request[Self.level]
    let isNested = scheme.groups.contains { $0.parent != nil }
    var counted = [scheme.countColumn(of: dimension)] + tab.columns
    if SchemeGroups.overlap(scheme, level: level) {
      for index in counted.indices { counted[index].total = .none }
    }
    let headings = isNested ? scheme.levelColumns : scheme.headingColumns
    let columns = headings + counted

    return Table(columns: columns, notes: [scheme.note]) {
      let groups = SchemeGroups(scheme, request, level: level)
      let whole = try await tab.aggregates(by: [], where: [request.selection])[0]
      var rows: [Row] = []
      var all: [Aggregate] = []
      for entry in groups.entries {
        let aggregates = try await tab.aggregates(by: [], where: entry.selections)[0]
        let count = try await memberCount(of: entry.selections, scheme, request, axes)
        if entry.group == nil, count == 0 { continue }
        all += aggregates.prefix(tab.codes.count)
        let names = isNested ? scheme.levelCells(entry) : scheme.headingCells(entry)
        rows.append(
          Row(
            names + [.integer(count)] + tab.cells(aggregates, whole: whole), provenance: entry.selections))
      }
      var totals: [TotalRow] = []
      if rows.count > 1 {
        let count = try await memberCount(of: [request.selection], scheme, request, axes)
        let cells: [Cell] =
          [.text("Total")] + Array(repeating: .empty, count: headings.count - 1) + [.integer(count)]
          + tab.cells(whole, whole: whole)
        totals = [
          TotalRow(
            .computed, title: "Total",
            row: Row(cells, provenance: [request.model.addends(of: request.selection, by: [axes.column])]))
        ]
      }
      let omissions = SchemeGroups.overlap(scheme, level: level) ? whole.dropLast() : all[...]
      return TableContents(
        rows: rows, notes: notesOnOmissions(omissions) + groups.notes + tab.notes, totals: totals)
    }
  }

  /// How many codes of what is selected have counted observations, without those that contain others.
  private func memberCount(
    of selections: [Selection], _ scheme: Scheme, _ request: ReportRequest, _ axes: CrosstabAxes
  ) async throws -> Int {
    if selections.isEmpty { return 0 }
    let hierarchy = request.model.dimensions[scheme.dimension].hierarchy
    let selections = selections.map {
      $0.restricting(axes.column, to: CodeSet(request.codes(of: axes.column)))
    }
    let grid = try await request.engine.aggregate(
      AggregateQuery(by: [scheme.dimension], where: selections, measure: axes.measure))
    return (0..<grid.count).count { code in
      grid[cell: code].observations > 0 && !(hierarchy.map { $0.isContainer(code) || $0.wholes[code] != nil } ?? false)
    }
  }
}

extension Scheme {
  /// The id and the name of a group.
  fileprivate var headingColumns: [Column] {
    [
      .text("bloc", levels.last ?? "Group", "The id of the bloc in the scheme", values: values),
      .text("name", "Name", "The name of the bloc"),
    ]
  }

  fileprivate func headingCells(_ entry: SchemeGroups.Entry) -> [Cell] {
    guard let group = entry.group else { return [.empty, .text("not classified")] }
    return [.text(groups[group].id), .text(groups[group].name)]
  }

  /// A column for each level, so that an outer group is told from those in it.
  fileprivate var levelColumns: [Column] {
    let depth = (groups.indices.map { self.depth(of: $0) }.max() ?? 0) + 1
    return (0..<depth).map { level in
      let title = level < levels.count ? levels[level] : "Level \(level + 1)"
      return .text(
        "level_\(level + 1)", title,
        level == 0 ? "The outermost group" : "The group in it; empty where the row is all of the outer one")
    }
  }

  fileprivate func levelCells(_ entry: SchemeGroups.Entry) -> [Cell] {
    let depth = levelColumns.count
    if entry.group == nil { return [.text("not classified")] + Array(repeating: .empty, count: depth - 1) }
    return (0..<depth).map { level in level < entry.path.count ? .text(groups[entry.path[level]].name) : .empty }
  }

  /// How many members have numbers, in the words of the dataset.
  fileprivate func countColumn(of dimension: Dimension) -> Column {
    let name = dimension.codes.resource
    return Column(
      name: Column.problem(ofName: name) == nil ? name : "members", title: dimension.codes.title ?? dimension.title,
      kind: .integer, summary: "How many places of the bloc have counted observations", total: .sum, selection: .all)
  }
}
